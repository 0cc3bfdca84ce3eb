-- One row per unit whose export names another authority than the CQC register, which was used.
SELECT intake_no, source_sheet, source_row, 'Local Authority' AS source_column, local_authority_exported AS value_raw
FROM unit
WHERE la_code_exported <> la_code
