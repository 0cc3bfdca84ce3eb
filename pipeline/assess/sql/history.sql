-- One row per unit: what its windows up to the month add up to (RULES 4).  A miss while the unit was new never counts.
-- The run is counted over the calendar of windows, never over rows.  Grain: (provider_type, location_id).
SELECT
    provider_type,
    location_id,
    max(outcome) FILTER (seq = $last_seq) AS outcome,
    $last_seq - coalesce(max(seq) FILTER (outcome <> 'missed' OR is_new), 0) AS run,
    count(*) FILTER (outcome = 'missed' AND NOT is_new AND seq > $last_seq - $within) AS misses_within,
    count(*) FILTER (outcome = 'missed' AND NOT is_new AND seq > $last_seq - $within + 1) AS misses_but_oldest,
    list(window_month ORDER BY seq) FILTER (outcome = 'missed' AND NOT is_new AND seq > $last_seq - $within)
        AS windows_missed,
    max(window_month) FILTER (outcome = 'submitted') AS last_submitted,
    list(outcome ORDER BY seq) FILTER (seq > $last_seq - $within) AS last_outcomes
FROM outcome
GROUP BY provider_type, location_id
