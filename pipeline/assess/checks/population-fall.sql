-- One row per provider type of whose services in the last release, or of the export before, too many are in no export now
-- without being deregistered; by sets of locations, not by sizes (CONTRACT 2).
WITH fall AS (
    SELECT
        last.provider_type,
        'the last release' AS subject,
        count(*) AS services,
        count(*) FILTER (unit.location_id IS NULL AND gone.location_id IS NULL) AS lacking
    FROM previous_service AS last
    LEFT JOIN unit USING (provider_type, location_id)
    LEFT JOIN deregistered_now AS gone ON gone.location_id = last.location_id
    GROUP BY last.provider_type
    UNION ALL
    SELECT provider_type, 'the export before' AS subject, units AS services, lacking
    FROM fallen_day
)

SELECT
    provider_type,
    subject,
    lacking || ' of the ' || services || ' services of ' || subject || ' are in no export now' AS detail,
    100.0 * lacking / services AS figure
FROM fall
WHERE round(lacking - services * $population_fall_share, 9) > 0
ORDER BY provider_type, subject
