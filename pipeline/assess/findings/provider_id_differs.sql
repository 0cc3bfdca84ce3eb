-- One row per unit whose export names another provider than the CQC register, which was used.
SELECT intake_no, source_sheet, source_row, 'Provider ID' AS source_column, provider_id_exported AS value_raw
FROM unit
WHERE is_in_register AND provider_id_exported <> '' AND provider_id_exported <> provider_id
