-- One row per Yes or No that a known status export holds for a unit and a window of the calendar that had opened when it was
-- taken.  A No seen before the window closed is no evidence; a Yes is (RULES 3).  Grain: (intake_no, row_no, column_no).
SELECT
    unit_row.unit_no,
    w.seq,
    cell.says = 'submitted' AS is_yes,
    intake.ranked_at,
    cell.says = 'missed' AND intake.ranked_at < w.closed_at AS is_before_close,
    cell.intake_no,
    cell.row_no,
    cell.column_no
FROM status_cell AS cell
INNER JOIN known_intake AS intake USING (intake_no)
INNER JOIN unit_row ON unit_row.intake_no = cell.intake_no AND unit_row.row_no = cell.row_no
INNER JOIN window_calendar AS w ON w.window_month = cell.window_month AND w.opens_at <= intake.ranked_at
WHERE cell.says IS NOT NULL
