-- One row per missed window that a notice would rely on: of each unit due, the counted misses of the last windows that no
-- earlier notice relies on, oldest first (RULES 5).  Grain: (provider_type, location_id, seq).
SELECT
    service.location_id,
    service.provider_type,
    w.window_month,
    w.opens_on,
    w.closes_on,
    outcome.late_at
FROM service
INNER JOIN outcome USING (unit_no)
INNER JOIN window_calendar AS w USING (seq)
LEFT JOIN relied_before
    ON relied_before.location_id = service.location_id
    AND relied_before.provider_type = service.provider_type
    AND relied_before.window_month = w.window_month
WHERE service.status = 'notice_due'
    AND outcome.outcome = 'missed'
    AND NOT outcome.is_new
    AND outcome.seq > $last_seq - $within
    AND relied_before.window_month IS NULL
ORDER BY service.location_id, service.provider_type, outcome.seq
