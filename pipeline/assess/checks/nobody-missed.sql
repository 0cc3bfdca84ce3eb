-- One row per provider type of which nobody missed the month, though many missed each of the windows before.
WITH missed AS (
    SELECT unit.provider_type, outcome.seq, count(*) FILTER (outcome.outcome = 'missed') AS services, count(*) AS units
    FROM outcome
    INNER JOIN unit USING (unit_no)
    WHERE outcome.seq BETWEEN $last_seq - $nobody_missed_windows AND $last_seq
    GROUP BY unit.provider_type, outcome.seq
)

SELECT
    provider_type,
    'missed' AS subject,
    'nobody missed this month; at least ' || min(services) FILTER (seq < $last_seq) || ' did in each of the '
    || CAST($nobody_missed_windows AS INTEGER) || ' windows before' AS detail,
    1.0 AS figure
FROM missed
GROUP BY provider_type
HAVING max(units) >= $whole_least
    AND max(services) FILTER (seq = $last_seq) = 0
    AND count(*) FILTER (seq < $last_seq AND services >= $nobody_missed_least) = $nobody_missed_windows
ORDER BY provider_type
