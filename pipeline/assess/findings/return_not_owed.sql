-- One row per unit whose location, by the CQC register, owes the other return and not this one; what a person decided stands.
SELECT
    unit.intake_no,
    unit.source_sheet,
    unit.source_row,
    'CQC Location ID' AS source_column,
    unit.location_id || ' ' || unit.provider_type AS value_raw
FROM unit
INNER JOIN register_now USING (location_id)
LEFT JOIN decided_owed USING (location_id, provider_type)
WHERE NOT coalesce(decided_owed.is_owed, FALSE)
    AND CASE unit.provider_type
        WHEN 'care_home' THEN NOT register_now.owes_care_home AND coalesce(register_now.owes_home_care, TRUE)
        ELSE NOT register_now.owes_home_care AND coalesce(register_now.owes_care_home, TRUE)
    END
