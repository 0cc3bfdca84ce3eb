-- One row per authority that had services in the last release and has none now.
SELECT
    '' AS provider_type,
    previous_service.la_code || ' ' || any_value(previous_service.local_authority) AS subject,
    count(*) || ' services in the last release, none now' AS detail,
    count(*) AS figure
FROM previous_service
INNER JOIN authority USING (la_code)
WHERE previous_service.la_code NOT IN (SELECT la_code FROM unit WHERE la_code IS NOT NULL)
GROUP BY previous_service.la_code
ORDER BY previous_service.la_code
