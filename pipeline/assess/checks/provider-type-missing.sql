-- One row per provider type for which nothing taken after the close of the window lists the services of the month; files that
-- have its column and no time, or one before the close, are named.
SELECT
    wanted.provider_type,
    'export' AS subject,
    'no status export has a column for this month and was taken after its window closed, and no record-level extract was'
    || coalesce('; ' || near.files, '') AS detail,
    1.0 AS figure
FROM (VALUES ('care_home'), ('home_care')) AS wanted (provider_type)
LEFT JOIN (
    SELECT provider_type, string_agg(file, '; ' ORDER BY file) AS files
    FROM (
        SELECT DISTINCT
            row.provider_type,
            intake.file_name || CASE
                WHEN intake.extracted_at IS NULL THEN ': nobody said when it was taken (its name says no day, or two)'
                ELSE ': taken ' || strftime(intake.ranked_on, '%Y-%m-%d') || ', before the close'
            END AS file
        FROM core_unit_row AS row
        INNER JOIN known_intake AS intake USING (intake_no)
        WHERE intake.intake_no IN (SELECT intake_no FROM core_status_column WHERE window_month = $month)
    )
    GROUP BY provider_type
) AS near ON near.provider_type = wanted.provider_type
WHERE wanted.provider_type NOT IN (SELECT provider_type FROM population_day)
ORDER BY wanted.provider_type
