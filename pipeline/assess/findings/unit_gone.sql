-- One row per unit that an export of the month before listed, that no export lists now, and nobody says is deregistered.
-- Any export counts that has a column for the month before, and any record-level extract, taken after its window closed.
SELECT
    row.intake_no,
    row.source_sheet,
    row.source_row,
    'CQC Location ID' AS source_column,
    row.location_id || ' ' || row.provider_type AS value_raw
FROM core_unit_row AS row
INNER JOIN known_intake AS intake USING (intake_no)
INNER JOIN window_calendar AS w ON w.window_month = $month - INTERVAL 1 MONTH
INNER JOIN population_day ON population_day.provider_type = row.provider_type
LEFT JOIN unit ON unit.provider_type = row.provider_type AND unit.location_id = row.location_id
LEFT JOIN deregistered_now ON deregistered_now.location_id = row.location_id
WHERE intake.ranked_at >= w.closed_at
    AND (
        intake.kind = 'record_level'
        OR intake.intake_no IN (SELECT intake_no FROM core_status_column WHERE window_month = w.window_month)
    )
    AND row.id_is_sure
    AND unit.location_id IS NULL
    AND deregistered_now.location_id IS NULL
QUALIFY row_number() OVER (
    PARTITION BY row.location_id, row.provider_type ORDER BY intake.ranked_at DESC, intake.sha256, row.row_no
) = 1
