-- One row per window of the last ones, provider type and outcome, newest window first, with the number of units.
SELECT
    w.window_month,
    unit.provider_type,
    outcome.outcome,
    count(*) AS units
FROM outcome
INNER JOIN unit USING (unit_no)
INNER JOIN window_calendar AS w USING (seq)
INNER JOIN window_calendar AS last ON last.window_month = $month
WHERE outcome.seq > last.seq - $within
GROUP BY w.window_month, unit.provider_type, outcome.outcome
ORDER BY w.window_month DESC, unit.provider_type, outcome.outcome
