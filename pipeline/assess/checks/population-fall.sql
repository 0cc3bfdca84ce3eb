-- One row per provider type with far fewer services than in the last release.
SELECT
    last.provider_type AS subject,
    last.services || ' services in the last release, ' || coalesce(now.services, 0) || ' now' AS detail
FROM (SELECT provider_type, count(*) AS services FROM previous_service GROUP BY provider_type) AS last
LEFT JOIN (SELECT provider_type, count(*) AS services FROM unit GROUP BY provider_type) AS now USING (provider_type)
WHERE round(last.services * (1 - $population_fall_share) - coalesce(now.services, 0), 9) > 0
ORDER BY last.provider_type
