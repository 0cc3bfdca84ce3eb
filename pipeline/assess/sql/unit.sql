-- One row per reporting unit of the month.  Grain: (provider_type, location_id).
-- Provider, authority and registration date are those of the newest register that holds the location, else the export's
-- (CONTRACT 4).  Of several files of the newest day each column is the newest file's that has it (RULES 3); the place is that
-- of the newest row.  `owes` says whether the location owes the return, as a person decided or as CQC says; NULL is not known.
WITH told AS (
    SELECT
        listed.unit_no,
        arg_min(listed.intake_no, listed.turn) AS intake_no,
        arg_min(listed.row_no, listed.turn) AS row_no,
        arg_min(row.location_name, listed.turn) FILTER (contains(sheet.columns, ' location_name ')) AS location_name,
        arg_min(row.sort_name, listed.turn) FILTER (contains(sheet.columns, ' location_name ')) AS sort_name,
        arg_min(row.provider_id, listed.turn) FILTER (contains(sheet.columns, ' provider_id ')) AS provider_id,
        arg_min(row.provider_name, listed.turn) FILTER (contains(sheet.columns, ' provider_name ')) AS provider_name,
        arg_min(row.local_authority_raw, listed.turn)
            FILTER (contains(sheet.columns, ' local_authority_raw ')) AS local_authority_raw,
        arg_min(row.registration_status, listed.turn)
            FILTER (contains(sheet.columns, ' registration_status ')) AS registration_status,
        arg_min_null(row.user_count, listed.turn) FILTER (contains(sheet.columns, ' user_count ')) AS user_count,
        arg_min_null(
            CASE WHEN row.registered_on > intake.ranked_on AND intake.extracted_at IS NOT NULL THEN NULL ELSE row.registered_on END,
            listed.turn
        ) FILTER (contains(sheet.columns, ' registered_on ')) AS registered_on
    FROM listed
    INNER JOIN core_unit_row AS row ON row.intake_no = listed.intake_no AND row.row_no = listed.row_no
    INNER JOIN core_unit_sheet AS sheet ON sheet.intake_no = row.intake_no AND sheet.source_sheet = row.source_sheet
    INNER JOIN known_intake AS intake ON intake.intake_no = row.intake_no
    GROUP BY listed.unit_no
)

SELECT
    told.unit_no,
    row.provider_type,
    row.location_id,
    row.intake_no,
    row.row_no,
    row.source_sheet,
    row.source_row,
    coalesce(told.location_name, '') AS location_name,
    coalesce(told.sort_name, '') AS sort_name,
    coalesce(told.provider_id, '') AS provider_id_exported,
    coalesce(told.local_authority_raw, '') AS local_authority_exported,
    coalesce(told.registration_status, '') AS registration_status,
    coalesce(told.registration_status, '') = 'New' AS says_new,
    told.user_count,
    coalesce(register_now.is_listed, FALSE) AS is_in_register,
    coalesce(nullif(register_now.provider_id, ''), told.provider_id, '') AS provider_id,
    CASE  -- an id of one source never takes the name of another's
        WHEN coalesce(register_now.provider_id, '') IN ('', told.provider_id)
            THEN coalesce(nullif(register_now.provider_name, ''), told.provider_name, '')
        ELSE register_now.provider_name
    END AS provider_name,
    coalesce(registered.la_code, decided.la_code, exported.la_code) AS la_code,
    CASE
        WHEN registered.la_code IS NOT NULL THEN registered.local_authority
        WHEN decided.la_code IS NOT NULL THEN decided.local_authority
        ELSE exported.local_authority
    END AS local_authority,
    CASE
        WHEN registered.la_code IS NOT NULL THEN registered.region
        WHEN decided.la_code IS NOT NULL THEN decided.region
        ELSE exported.region
    END AS region,
    exported.la_code AS la_code_exported,
    coalesce(register_now.registered_on, told.registered_on, deregistered_now.registered_on) AS registered_on,
    deregistered_now.deregistered_on,
    coalesce(
        decided_owed.is_owed,
        CASE row.provider_type WHEN 'care_home' THEN register_now.owes_care_home ELSE register_now.owes_home_care END
    ) AS owes,
    coalesce(register_now.postcode, '') AS postcode,
    coalesce(register_now.telephone, '') AS telephone
FROM told
INNER JOIN core_unit_row AS row ON row.intake_no = told.intake_no AND row.row_no = told.row_no
LEFT JOIN register_now ON register_now.location_id = row.location_id
LEFT JOIN deregistered_now ON deregistered_now.location_id = row.location_id
LEFT JOIN authority_of AS registered ON registered.raw = register_now.local_authority_raw
LEFT JOIN authority_of AS exported ON exported.raw = told.local_authority_raw
LEFT JOIN authority_decided AS decided ON decided.location_id = row.location_id
LEFT JOIN decided_owed ON decided_owed.location_id = row.location_id AND decided_owed.provider_type = row.provider_type
