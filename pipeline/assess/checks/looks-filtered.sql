-- One row per way in which the exports look filtered: no New service, or none that submitted in the last two months.
-- Looked at over all services, and in each provider type that is large enough.
WITH part AS (
    SELECT 'all services' AS subject, is_new, last_submitted_seq
    FROM service
    UNION ALL
    SELECT provider_type AS subject, is_new, last_submitted_seq
    FROM service
    QUALIFY count(*) OVER (PARTITION BY provider_type) >= $looks_filtered_type_units
)

SELECT subject, 'none is New: was the Registration Status filter left on?' AS detail
FROM part
GROUP BY subject
HAVING NOT bool_or(is_new)
UNION ALL
SELECT subject, 'none submitted in the last two months: was the Last Submission filter left on?' AS detail
FROM part
GROUP BY subject
HAVING coalesce(max(last_submitted_seq), 0) <= $last_seq - $looks_filtered_months
ORDER BY subject, detail
