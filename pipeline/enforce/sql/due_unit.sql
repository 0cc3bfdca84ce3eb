-- One row per unit whose status is notice_due.  `left_out` says why it is not in the letter: it has closed by the planned
-- sending day, or its fresh misses, with the month's own among them, do not meet the trigger alone (RULES 5).
-- Grain: (provider_type, location_id).
WITH fresh AS (
    SELECT
        unit_no,
        $last_seq - coalesce(max(seq) FILTER (NOT is_fresh), 0) AS run,
        count(*) FILTER (is_fresh AND seq > $last_seq - $within) AS misses
    FROM due_window
    GROUP BY unit_no
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
        WHEN fresh.run = 0 OR (fresh.run < $notice_run AND fresh.misses < $notice_misses) THEN 'no_fresh_windows'
    END AS left_out
FROM service
INNER JOIN fresh USING (unit_no)
ORDER BY service.provider_id, service.location_id, service.provider_type
