-- One row per unit whose status is notice_due, with what the misses that no earlier notice relies on add up to (RULES 5).
-- `left_out` says why a unit is not in the letter; the misses no notice relies on yet must meet the trigger alone.
-- Grain: (provider_type, location_id).
WITH fresh AS (
    SELECT
        service.unit_no,
        $last_seq - max(outcome.seq) FILTER (
            outcome.outcome <> 'missed' OR outcome.is_new OR relied_before.window_month IS NOT NULL
        ) AS run,
        count(*) FILTER (
            outcome.outcome = 'missed'
            AND NOT outcome.is_new
            AND relied_before.window_month IS NULL
            AND outcome.seq > $last_seq - $within
        ) AS misses,
        bool_or(relied_before.window_month IS NOT NULL AND outcome.seq = $last_seq) AS is_last_relied_on
    FROM service
    INNER JOIN outcome USING (unit_no)
    INNER JOIN window_calendar AS w USING (seq)
    LEFT JOIN relied_before
        ON relied_before.location_id = service.location_id
        AND relied_before.provider_type = service.provider_type
        AND relied_before.window_month = w.window_month
    WHERE service.status = 'notice_due' AND outcome.seq <= $last_seq
    GROUP BY service.unit_no
)

SELECT
    service.provider_id,
    service.provider_name,
    service.location_id,
    service.location_name,
    service.provider_type,
    service.local_authority,
    service.reason,
    CASE
        WHEN service.deregistered_on <= $send_on THEN 'deregistered'
        WHEN fresh.is_last_relied_on THEN 'no_fresh_windows'
        WHEN coalesce(fresh.run, $last_seq) < $notice_run AND fresh.misses < $notice_misses THEN 'no_fresh_windows'
    END AS left_out
FROM service
INNER JOIN fresh USING (unit_no)
ORDER BY service.provider_id, service.location_id, service.provider_type
