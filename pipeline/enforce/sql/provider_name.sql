-- One row per provider with a unit due and name that the newest register holding it or, for units it lacks, the exports give it.
-- Grain: (provider_id, is_registered, name).
WITH due AS (
    SELECT DISTINCT provider_id
    FROM service
    WHERE status = 'notice_due' AND provider_id <> ''
)

SELECT DISTINCT
    register_now.provider_id,
    TRUE AS is_registered,
    register_now.provider_name AS name
FROM register_now
INNER JOIN due USING (provider_id)
WHERE register_now.provider_name <> ''
QUALIFY register_now.ranked_at = max(register_now.ranked_at) OVER (PARTITION BY register_now.provider_id)
UNION
SELECT DISTINCT
    service.provider_id,
    FALSE AS is_registered,
    service.provider_name AS name
FROM service
INNER JOIN due USING (provider_id)
WHERE service.provider_name <> ''
ORDER BY ALL
