-- One row per reporting unit of the month.  Grain: (provider_type, location_id).
-- Provider, authority and registration date are the register's where it holds the location, else the export's (CONTRACT 4).
SELECT
    listed.unit_no,
    row.provider_type,
    row.location_id,
    row.intake_no,
    row.row_no,
    row.source_sheet,
    row.source_row,
    row.location_name,
    row.sort_name,
    row.provider_id AS provider_id_exported,
    row.local_authority_raw AS local_authority_exported,
    row.registration_status,
    row.user_count,
    register_now.location_id IS NOT NULL AS is_in_register,
    coalesce(nullif(register_now.provider_id, ''), row.provider_id) AS provider_id,
    CASE  -- an id of one source never takes the name of another's
        WHEN coalesce(register_now.provider_id, '') IN ('', row.provider_id)
            THEN coalesce(nullif(register_now.provider_name, ''), row.provider_name)
        ELSE register_now.provider_name
    END AS provider_name,
    coalesce(registered.la_code, exported.la_code) AS la_code,
    CASE
        WHEN registered.la_code IS NOT NULL THEN registered.local_authority
        ELSE exported.local_authority
    END AS local_authority,
    CASE
        WHEN registered.la_code IS NOT NULL THEN registered.region
        ELSE exported.region
    END AS region,
    exported.la_code AS la_code_exported,
    coalesce(register_now.registered_on, row.registered_on, deregistered_now.registered_on) AS registered_on,
    deregistered_now.deregistered_on,
    coalesce(register_now.postcode, '') AS postcode,
    coalesce(register_now.telephone, '') AS telephone
FROM listed
INNER JOIN core_unit_row AS row ON row.intake_no = listed.intake_no AND row.row_no = listed.row_no
LEFT JOIN register_now ON register_now.location_id = row.location_id
LEFT JOIN deregistered_now ON deregistered_now.location_id = row.location_id
LEFT JOIN authority_of AS registered ON registered.raw = register_now.local_authority_raw
LEFT JOIN authority_of AS exported ON exported.raw = row.local_authority_raw
WHERE listed.turn = 1
