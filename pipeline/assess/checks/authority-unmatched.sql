-- One row per name of an authority that nobody knows.
SELECT
    '"' || local_authority_exported || '"' AS subject,
    count(*) || ' services have no authority' AS detail
FROM unit
WHERE la_code IS NULL
GROUP BY local_authority_exported
ORDER BY local_authority_exported
