-- One row per service that only one of Capacity Tracker and CQC knows: listed in the exports and neither held by the
-- newest whole CQC register (if one is held at all) nor known as deregistered; or owing a return by that register, registered by
-- the close of the window, and in no export of its type.  Grain: (known_to, provider_type, location_id).
SELECT
    'capacity_tracker' AS known_to,
    la_code,
    local_authority,
    location_id,
    location_name,
    provider_type,
    provider_id,
    provider_name,
    registered_on,
    intake_no,
    source_sheet,
    source_row
FROM unit
WHERE NOT is_in_register AND deregistered_on IS NULL AND EXISTS (SELECT 1 FROM register_now)
UNION ALL
SELECT
    'cqc' AS known_to,
    place.la_code,
    place.local_authority,
    register_now.location_id,
    register_now.location_name,
    owed.provider_type,
    register_now.provider_id,
    register_now.provider_name,
    register_now.registered_on,
    register_now.intake_no,
    '' AS source_sheet,
    register_now.source_row
FROM owed_return AS owed
INNER JOIN register_now USING (location_id)
LEFT JOIN unit ON unit.provider_type = owed.provider_type AND unit.location_id = register_now.location_id
LEFT JOIN authority_of AS place ON place.raw = register_now.local_authority_raw
WHERE unit.location_id IS NULL
