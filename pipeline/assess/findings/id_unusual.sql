-- One row per row of a known export whose id is none by its form, but one that the register holds.
SELECT row.intake_no, row.source_sheet, row.source_row, 'CQC Location ID' AS source_column, row.location_id AS value_raw
FROM core_unit_row AS row
INNER JOIN known_intake USING (intake_no)
WHERE NOT row.id_is_sure AND row.location_id IN (SELECT location_id FROM register_now)
