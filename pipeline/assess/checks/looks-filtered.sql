-- One row per way in which the exports look filtered: no New service, or none that submitted in the last two months.
-- Looked at over all services, and in each provider type that is large enough.
WITH part AS (
    SELECT 'all services' AS subject, status.is_new, service.last_outcomes[-2:] AS outcomes
    FROM service
    INNER JOIN status USING (provider_type, location_id)
    UNION ALL
    SELECT service.provider_type AS subject, status.is_new, service.last_outcomes[-2:] AS outcomes
    FROM service
    INNER JOIN status USING (provider_type, location_id)
    QUALIFY count(*) OVER (PARTITION BY service.provider_type) >= $looks_filtered_type_units
)

SELECT subject, 'none is New: was the Registration Status filter left on?' AS detail
FROM part
GROUP BY subject
HAVING NOT bool_or(is_new)
UNION ALL
SELECT subject, 'none submitted in the last two months: was the Last Submission filter left on?' AS detail
FROM part
GROUP BY subject
HAVING NOT bool_or(list_contains(outcomes, 'submitted'))
ORDER BY subject, detail
