-- One row per last update later than the extract that names it; it was not used.
SELECT stamp.intake_no, row.source_sheet, row.source_row, stamp.heading AS source_column, stamp.value_raw
FROM core_stamp AS stamp
INNER JOIN known_intake AS intake USING (intake_no)
INNER JOIN core_unit_row AS row ON row.intake_no = stamp.intake_no AND row.row_no = stamp.row_no
WHERE stamp.updated_at >= intake.known_until
