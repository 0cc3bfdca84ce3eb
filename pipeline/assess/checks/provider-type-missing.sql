-- One row per provider type for which nothing taken after the close of the window says what became of the month.
SELECT wanted.provider_type AS subject, 'no export has a column for this month and was extracted after its window closed' AS detail
FROM (VALUES ('care_home'), ('home_care')) AS wanted (provider_type)
WHERE wanted.provider_type NOT IN (SELECT provider_type FROM population_day)
    AND NOT EXISTS (
        SELECT 1
        FROM core_stamp AS stamp
        INNER JOIN known_intake AS intake USING (intake_no)
        INNER JOIN window_calendar AS w ON w.window_month = $month
        WHERE stamp.provider_type = wanted.provider_type AND intake.ranked_at >= w.closed_at
    )
