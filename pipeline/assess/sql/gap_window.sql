-- One row per location and window that lies in a gap of its registration: it opened after the end, and is not the last one
-- closed before the day on which a register holds the location again, nor a later one (RULES 3).
-- Grain: (location_id, seq).
SELECT DISTINCT
    register_gap.location_id,
    w.seq,
    register_gap.deregistered_on,
    register_gap.held_again_on
FROM register_gap
INNER JOIN window_calendar AS w
    ON w.opens_on > register_gap.deregistered_on
    AND w.next_closed_at <= CAST(register_gap.held_again_on AS TIMESTAMP)
QUALIFY row_number() OVER (PARTITION BY register_gap.location_id, w.seq ORDER BY register_gap.deregistered_on DESC, register_gap.held_again_on) = 1
