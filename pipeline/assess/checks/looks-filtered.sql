-- One row per way in which the exports look filtered: no New service, or none that submitted in the last two months.
-- Looked at over all services, and in each provider type that is large enough.
WITH part AS (
    SELECT '' AS provider_type, 'all services' AS subject, is_new, last_submitted_seq
    FROM service
    UNION ALL
    SELECT provider_type, provider_type AS subject, is_new, last_submitted_seq
    FROM service
    QUALIFY count(*) OVER (PARTITION BY provider_type) >= $looks_filtered_type_units
)

SELECT
    provider_type,
    subject || ', New' AS subject,
    'none is New: was the Registration Status filter left on?' AS detail,
    1.0 AS figure
FROM part
GROUP BY provider_type, subject
HAVING NOT bool_or(is_new)
UNION ALL
SELECT
    provider_type,
    subject || ', submitted' AS subject,
    'none submitted in the last two months: was the Last Submission filter left on?' AS detail,
    1.0 AS figure
FROM part
GROUP BY provider_type, subject
HAVING coalesce(max(last_submitted_seq), 0) <= $last_seq - $looks_filtered_months
ORDER BY subject, detail
