-- One row per unit that the newest CQC register puts under another authority than the register before it.
SELECT unit.intake_no, unit.source_sheet, unit.source_row, 'Local Authority' AS source_column, before.local_authority || ' -> ' || unit.local_authority AS value_raw
FROM unit
INNER JOIN register_before USING (location_id)
INNER JOIN authority_of AS before ON before.raw = register_before.local_authority_raw
INNER JOIN register_now USING (location_id)
INNER JOIN authority_of AS now ON now.raw = register_now.local_authority_raw
WHERE before.la_code <> now.la_code
