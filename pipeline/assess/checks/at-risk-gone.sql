-- One row per unit at risk or due a notice in the last release that no current export lists.
SELECT
    previous_service.location_id || ' ' || previous_service.provider_type AS subject,
    'was ' || previous_service.status || ' in the last release, and no current export lists it' AS detail
FROM previous_service
LEFT JOIN unit USING (provider_type, location_id)
LEFT JOIN deregistered_now ON deregistered_now.location_id = previous_service.location_id
WHERE previous_service.status IN ('at_risk', 'notice_due')
    AND unit.location_id IS NULL
    AND deregistered_now.location_id IS NULL
ORDER BY subject
