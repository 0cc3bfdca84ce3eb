-- One row per unit that the newest CQC register puts under another provider than the register before it.
SELECT unit.intake_no, unit.source_sheet, unit.source_row, 'Provider ID' AS source_column, register_before.provider_id || ' -> ' || unit.provider_id AS value_raw
FROM unit
INNER JOIN register_before USING (location_id)
WHERE unit.is_in_register AND register_before.provider_id <> '' AND register_before.provider_id <> unit.provider_id
