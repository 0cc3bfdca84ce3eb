-- One row per unit with a gap of registration in which windows opened: they are not required.
SELECT DISTINCT
    register_gap.intake_no,
    '' AS source_sheet,
    register_gap.source_row,
    'Location HSCA End Date' AS source_column,
    register_gap.location_id || ' ended ' || register_gap.deregistered_on || ', held again ' || register_gap.held_again_on AS value_raw
FROM register_gap
INNER JOIN gap_window USING (location_id, deregistered_on, held_again_on)
WHERE register_gap.location_id IN (SELECT location_id FROM unit)
