-- One row per provider type and region with far more misses than the month before.
SELECT
    now.provider_type,
    coalesce(now.region, 'no region') AS subject,
    format('{:.1f} % missed, {:.1f} % the month before', now.percent, last.percent) AS detail,
    now.percent - last.percent AS figure
FROM (
    SELECT provider_type, region, 100.0 * count(*) FILTER (outcome = 'missed') / count(*) AS percent
    FROM service GROUP BY provider_type, region
) AS now
INNER JOIN (
    SELECT provider_type, region, 100.0 * count(*) FILTER (outcome = 'missed') / count(*) AS percent
    FROM service_before GROUP BY provider_type, region
) AS last ON last.provider_type = now.provider_type AND last.region IS NOT DISTINCT FROM now.region
WHERE round(now.percent - last.percent, 9) > $missed_jump_points
    AND round(now.percent - $missed_jump_ratio * last.percent, 9) > 0
ORDER BY now.provider_type, now.region
