-- One row per unit: what its windows up to the month add up to (RULES 4).  `run_all` counts every miss in a row, `run` those of
-- them, back from the month, that count towards a notice: a miss while the unit was new never does.
-- Runs are counted over the calendar of windows, never over rows.  Grain: unit_no.
SELECT
    unit_no,
    max(outcome) FILTER (seq = $last_seq) AS outcome,
    $last_seq - coalesce(max(seq) FILTER (outcome <> 'missed'), 0) AS run_all,
    $last_seq - coalesce(max(seq) FILTER (outcome <> 'missed' OR is_new), 0) AS run,
    list(seq) FILTER (outcome = 'missed' AND is_new) AS seqs_new,
    count(*) FILTER (outcome = 'missed' AND NOT is_new AND seq > $last_seq - $within) AS misses_within,
    count(*) FILTER (outcome = 'missed' AND NOT is_new AND seq > $last_seq - $within + 1) AS misses_but_oldest,
    list_sort(list(seq) FILTER (outcome = 'missed' AND NOT is_new AND seq > $last_seq - $within)) AS seqs_missed,
    max(seq) FILTER (outcome = 'submitted') AS last_submitted_seq
FROM outcome
WHERE seq <= $last_seq
GROUP BY unit_no
