-- One row per missed window that a notice would rely on: of each unit due, the fresh misses of the last windows, oldest
-- first (RULES 5).  Grain: (provider_type, location_id, seq).
SELECT
    service.location_id,
    service.provider_type,
    due_window.window_month,
    due_window.opens_on,
    due_window.closes_on,
    due_window.late_at
FROM due_window
INNER JOIN service USING (unit_no)
WHERE due_window.is_fresh AND due_window.seq > $last_seq - $within
ORDER BY service.location_id, service.provider_type, due_window.seq
