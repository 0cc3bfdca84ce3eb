-- One row per provider with a unit that is due, at risk or on watch, with the worst of its statuses.  Grain: provider_id.
SELECT
    provider_id,
    min(provider_name) AS provider_name,
    arg_min(status, list_position(['notice_due', 'at_risk', 'watch'], status)) AS worst,
    count(*) AS services
FROM service
WHERE status IN ('notice_due', 'at_risk', 'watch') AND provider_id <> ''
GROUP BY provider_id
ORDER BY provider_id
