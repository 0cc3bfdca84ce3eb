-- One row per provider type with far more units without evidence than the month before.
SELECT
    now.provider_type,
    'unknown' AS subject,
    format('{:.1f} % without evidence, {:.1f} % the month before', now.percent, last.percent) AS detail,
    now.percent - last.percent AS figure
FROM (
    SELECT provider_type, 100.0 * count(*) FILTER (outcome = 'unknown') / count(*) AS percent
    FROM service GROUP BY provider_type
) AS now
INNER JOIN (
    SELECT provider_type, 100.0 * count(*) FILTER (outcome = 'unknown') / count(*) AS percent
    FROM service_before GROUP BY provider_type
) AS last USING (provider_type)
WHERE round(now.percent - last.percent, 9) > $unknown_jump_points
ORDER BY now.provider_type
