-- One row per unit whose status is notice_due.  `left_out` says why it is not in the letter, the first that applies (RULES 5):
-- it has closed by the planned sending day; the newest whole register does not list it; by the register, or as a person
-- decided, it does not owe the return; what its provider itself missed does not meet the trigger; or its fresh misses, with
-- the month's own among them, do not meet it alone.  Grain: (provider_type, location_id).
WITH windows AS (
    SELECT
        unit_no,
        $last_seq - coalesce(max(seq) FILTER (NOT is_own), 0) AS own_run,
        count(*) FILTER (is_own AND seq > $last_seq - $within) AS own_misses,
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
        WHEN NOT service.is_in_register AND EXISTS (SELECT 1 FROM register) THEN 'not_in_register'
        WHEN NOT service.owes THEN 'not_owed'
        WHEN windows.own_run = 0 OR (windows.own_run < $notice_run AND windows.own_misses < $notice_misses) THEN 'owner_changed'
        WHEN windows.run = 0 OR (windows.run < $notice_run AND windows.misses < $notice_misses) THEN 'no_fresh_windows'
    END AS left_out
FROM service
INNER JOIN windows USING (unit_no)
ORDER BY service.provider_id, service.location_id, service.provider_type
