-- One row per unit whose export names no authority that we know; the CQC register's was used.
SELECT intake_no, source_sheet, source_row, 'Local Authority' AS source_column, local_authority_exported AS value_raw
FROM unit
WHERE la_code_exported IS NULL AND la_code IS NOT NULL AND local_authority_exported <> ''
