-- One row per address recorded for service by post on a provider: the newest as at a day not after the planned sending day.
-- Grain: (provider_id, address).
SELECT DISTINCT
    recorded.provider_id,
    recorded.address,
    recorded.source,
    coalesce(recorded.as_at, intake.ranked_on) AS as_at
FROM core_service_address AS recorded
INNER JOIN known_intake AS intake USING (intake_no)
WHERE recorded.method = $method AND coalesce(recorded.as_at, intake.ranked_on) <= $send_on
QUALIFY coalesce(recorded.as_at, intake.ranked_on)
    = max(coalesce(recorded.as_at, intake.ranked_on)) OVER (PARTITION BY recorded.provider_id)
ORDER BY ALL
