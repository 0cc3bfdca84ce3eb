-- One row per file and provider type that can give the population of the month: a status export with a column for it,
-- taken after its window closed; for a type without any, a record-level extract taken after it (CONTRACT 4).
-- Grain: (provider_type, intake_no).
WITH taken AS (
    SELECT DISTINCT
        row.provider_type,
        row.intake_no,
        intake.kind,
        intake.ranked_on AS day
    FROM core_unit_row AS row
    INNER JOIN known_intake AS intake USING (intake_no)
    INNER JOIN window_calendar AS w ON w.window_month = $month
    WHERE intake.ranked_at >= w.closed_at
        AND (
            intake.kind = 'record_level'
            OR intake.intake_no IN (SELECT intake_no FROM core_status_column WHERE window_month = $month)
        )
)

SELECT provider_type, intake_no, day
FROM taken
WHERE kind <> 'record_level'
    OR provider_type NOT IN (SELECT provider_type FROM taken WHERE kind <> 'record_level')
