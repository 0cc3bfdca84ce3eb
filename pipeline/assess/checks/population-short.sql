-- Of a provider type that no release before lists: one row per provider type of whose returns owed by the CQC register too many are in no export that gives the
-- population.
SELECT
    owed.provider_type,
    'the CQC register' AS subject,
    count(*) FILTER (unit.location_id IS NULL) || ' of ' || count(*) || ' locations that owe this return by the CQC register are in no export'
        AS detail,
    100.0 * count(*) FILTER (unit.location_id IS NULL) / count(*) AS figure
FROM owed_return AS owed
LEFT JOIN unit USING (provider_type, location_id)
WHERE owed.provider_type NOT IN (SELECT provider_type FROM previous_service)
GROUP BY owed.provider_type
HAVING count(*) >= $register_least
    AND round(count(*) FILTER (unit.location_id IS NULL) - $population_short_share * count(*), 9) > 0
ORDER BY owed.provider_type
