-- One row per name of an authority that nobody knows, or that stands for several.
SELECT
    '' AS provider_type,
    '"' || unit.local_authority_exported || '"' AS subject,
    count(*) || ' services have no authority, the first ' || min(unit.location_id)
    || coalesce('; it stands for ' || any_value(several.successors) || ': say of each location whose it is', '') AS detail,
    count(*) AS figure
FROM unit
LEFT JOIN several_authorities AS several ON several.raw = unit.local_authority_exported
WHERE unit.la_code IS NULL
GROUP BY unit.local_authority_exported
ORDER BY unit.local_authority_exported
