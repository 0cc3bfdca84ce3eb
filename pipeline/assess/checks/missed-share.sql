-- One row per provider type of which too large a share missed the month.
SELECT
    provider_type,
    'missed' AS subject,
    count(*) FILTER (outcome = 'missed') || ' of ' || count(*) || ' services missed this month' AS detail,
    100.0 * count(*) FILTER (outcome = 'missed') / count(*) AS figure
FROM service
GROUP BY provider_type
HAVING count(*) >= $whole_least
    AND round(count(*) FILTER (outcome = 'missed') - $missed_share_most * count(*), 9) > 0
ORDER BY provider_type
