-- One row per unit and window about which a record-level extract says something: an update inside the window, or, in an
-- extract taken after the close, a last update before the opening (RULES 3).  An update later than its extract is not
-- used; where two columns of a row contradict each other, only what both say counts.  An update after the close is late only
-- before the next window opens: a later one is the return of another month.  Grain: (unit_no, seq).
WITH stamp AS (
    SELECT
        unit_row.unit_no,
        least(stamp.updated_at, coalesce(stamp.other_at, stamp.updated_at)) AS from_at,
        greatest(stamp.updated_at, coalesce(stamp.other_at, stamp.updated_at)) AS to_at,
        intake.ranked_at
    FROM core_stamp AS stamp
    INNER JOIN known_intake AS intake USING (intake_no)
    INNER JOIN unit_row ON unit_row.intake_no = stamp.intake_no AND unit_row.row_no = stamp.row_no
    WHERE stamp.updated_at < intake.known_until
)

SELECT
    stamp.unit_no,
    w.seq,
    bool_or(stamp.from_at >= w.opens_at AND stamp.to_at < w.closed_at) AS is_inside,
    bool_or(stamp.to_at < w.opens_at AND stamp.ranked_at >= w.closed_at) AS is_before_opening,
    min(stamp.from_at) FILTER (stamp.from_at >= w.closed_at AND stamp.to_at < w.next_opens_at) AS late_at
FROM stamp
CROSS JOIN window_calendar AS w
GROUP BY stamp.unit_no, w.seq
