-- One row per unit that a CQC register, if one is held, does not hold and no list names as deregistered.
SELECT intake_no, source_sheet, source_row, 'CQC Location ID' AS source_column, location_id AS value_raw
FROM unmatched
WHERE known_to = 'capacity_tracker'
