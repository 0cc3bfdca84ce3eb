-- One row per unit that CQC says is deregistered.
SELECT intake_no, source_sheet, source_row, 'CQC Location ID' AS source_column, location_id AS value_raw
FROM unit
WHERE deregistered_on IS NOT NULL
