-- One row per unit and window for which the first status export after the window's close, and before the next one's, says of
-- the unit whether it was New; of two at one time a New counts (RULES 4).  Grain: (unit_no, seq).
SELECT
    unit_row.unit_no,
    w.seq,
    arg_min(row.registration_status = 'New', (intake.ranked_at, row.registration_status <> 'New')) AS is_new
FROM unit_row
INNER JOIN core_unit_row AS row ON row.intake_no = unit_row.intake_no AND row.row_no = unit_row.row_no
INNER JOIN known_intake AS intake ON intake.intake_no = row.intake_no
INNER JOIN window_calendar AS w ON intake.ranked_at >= w.closed_at AND intake.ranked_at < w.next_closed_at
WHERE intake.kind = 'monthly_status' AND row.registration_status <> ''
GROUP BY unit_row.unit_no, w.seq
