-- One row per unit whose registration, as CQC says, follows that of another location; nothing is carried over from it.
SELECT unit.intake_no, unit.source_sheet, unit.source_row, 'CQC Location ID' AS source_column, unit.location_id || ' follows ' || register_now.predecessor_id AS value_raw
FROM unit
INNER JOIN register_now USING (location_id)
WHERE register_now.predecessor_id <> ''
