-- One row per listed unit and window of the last ones, oldest first: what officers see.  Grain: (unit_no, seq).
SELECT
    outcome.unit_no,
    outcome.outcome
FROM outcome
INNER JOIN service USING (unit_no)
INNER JOIN window_calendar AS w ON w.window_month = $month
WHERE list_contains($listed, service.status) AND outcome.seq BETWEEN w.seq - $within + 1 AND w.seq
ORDER BY outcome.unit_no, outcome.seq
