-- One row per provider type and extraction day of status exports that have a column for the month and were taken after
-- its window closed, oldest day first: the days that can give the population (CONTRACT 4).  Grain: (provider_type, day).
SELECT
    row.provider_type,
    intake.ranked_on AS day,
    count(DISTINCT status_row.unit_no) AS units
FROM status_row
INNER JOIN core_status_row AS row ON row.intake_no = status_row.intake_no AND row.row_no = status_row.row_no
INNER JOIN known_intake AS intake ON intake.intake_no = row.intake_no
INNER JOIN window_calendar AS w ON w.window_month = $month
WHERE intake.ranked_at >= w.closed_at
    AND intake.intake_no IN (SELECT intake_no FROM core_status_column WHERE window_month = $month)
GROUP BY row.provider_type, intake.ranked_on
ORDER BY row.provider_type, day
