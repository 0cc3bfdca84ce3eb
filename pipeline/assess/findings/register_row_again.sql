-- One row per further row of a location in the newest CQC register that holds it.
SELECT row.intake_no, '' AS source_sheet, row.source_row, 'Location ID' AS source_column, row.location_id AS value_raw
FROM core_register_row AS row
INNER JOIN register_now ON register_now.location_id = row.location_id AND register_now.is_listed
INNER JOIN known_intake AS intake ON intake.intake_no = row.intake_no AND intake.ranked_at = register_now.ranked_at
WHERE (row.intake_no, row.source_row) <> (register_now.intake_no, register_now.source_row)
    AND intake.layout = (SELECT known.layout FROM known_intake AS known WHERE known.intake_no = register_now.intake_no)
