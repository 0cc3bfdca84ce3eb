-- One row per unit whose status is notice_due and window up to the month: whether a new notice may rely on it, as a counted
-- miss of the provider's own (`is_own`) that no earlier notice relies on (`is_fresh`) (RULES 5).  Grain: (unit_no, seq).
SELECT
    service.unit_no,
    outcome.seq,
    w.window_month,
    w.opens_on,
    w.closes_on,
    outcome.late_at,
    outcome.outcome = 'missed' AND NOT outcome.is_new AND holder.is_held AS is_own,
    is_own AND relied_before.window_month IS NULL AS is_fresh
FROM service
INNER JOIN outcome USING (unit_no)
INNER JOIN window_calendar AS w USING (seq)
INNER JOIN holder ON holder.unit_no = service.unit_no AND holder.seq = outcome.seq
LEFT JOIN relied_before
    ON relied_before.location_id = service.location_id
    AND relied_before.provider_type = service.provider_type
    AND relied_before.window_month = w.window_month
WHERE service.status = 'notice_due' AND outcome.seq <= $last_seq
