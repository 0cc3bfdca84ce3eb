-- One row per unit and window about which a record-level extract says something: an update inside the window, or, in an
-- extract taken after the close, a last update before the opening.  Grain: (provider_type, location_id, seq).
SELECT
    stamp.provider_type,
    stamp.location_id,
    w.seq,
    bool_or(stamp.updated_at >= w.opens_at AND stamp.updated_at < w.closed_at) AS is_inside,
    bool_or(stamp.updated_at < w.opens_at AND intake.ranked_at >= w.closed_at) AS is_before_opening,
    min(stamp.updated_at) FILTER (stamp.updated_at >= w.closed_at) AS late_at
FROM core_stamp AS stamp
INNER JOIN known_intake AS intake USING (intake_no)
CROSS JOIN window_calendar AS w
GROUP BY stamp.provider_type, stamp.location_id, w.seq
