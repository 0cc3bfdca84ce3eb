-- One row per update inside a window that lies before the service's registration; the submission stands.
SELECT stamp.intake_no, row.source_sheet, row.source_row, stamp.heading AS source_column, stamp.value_raw
FROM core_stamp AS stamp
INNER JOIN known_intake AS intake USING (intake_no)
INNER JOIN unit_row ON unit_row.intake_no = stamp.intake_no AND unit_row.row_no = stamp.row_no
INNER JOIN core_unit_row AS row ON row.intake_no = stamp.intake_no AND row.row_no = stamp.row_no
INNER JOIN unit ON unit.unit_no = unit_row.unit_no
INNER JOIN window_calendar AS w ON stamp.updated_at >= w.opens_at AND stamp.updated_at < w.closed_at
WHERE stamp.updated_at < unit.registered_on
    AND stamp.updated_at < intake.known_until
    AND unit.registered_on <= w.closes_on
