-- One row per unit whose location, by the CQC register, offers neither service; what a person decided stands.
SELECT unit.intake_no, unit.source_sheet, unit.source_row, 'CQC Location ID' AS source_column, unit.location_id AS value_raw
FROM unit
INNER JOIN register_now USING (location_id)
LEFT JOIN decided_owed USING (location_id, provider_type)
WHERE NOT register_now.owes_care_home AND NOT register_now.owes_home_care AND NOT coalesce(decided_owed.is_owed, FALSE)
