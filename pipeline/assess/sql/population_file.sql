-- One row per export and provider type that gives the population of the month: those of the chosen days that have a
-- column for the month and were taken after its window closed.  Grain: (provider_type, intake_no).
SELECT DISTINCT
    row.provider_type,
    row.intake_no
FROM core_status_row AS row
INNER JOIN known_intake AS intake USING (intake_no)
INNER JOIN population_day AS chosen ON chosen.provider_type = row.provider_type AND chosen.day = intake.ranked_on
INNER JOIN window_calendar AS w ON w.window_month = $month
WHERE intake.ranked_at >= w.closed_at
    AND intake.intake_no IN (SELECT intake_no FROM core_status_column WHERE window_month = $month)
