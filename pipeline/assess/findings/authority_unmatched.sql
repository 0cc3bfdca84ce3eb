-- One row per unit without any authority.
SELECT intake_no, source_sheet, source_row, 'Local Authority' AS source_column, local_authority_exported AS value_raw
FROM unit
WHERE la_code IS NULL
