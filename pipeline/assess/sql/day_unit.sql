-- One row per unit, extraction day and provider type that can give the population of the month.
-- Grain: (provider_type, day, unit_no).
SELECT DISTINCT
    file.provider_type,
    file.day,
    unit_row.unit_no,
    gone.location_id IS NOT NULL AS is_deregistered
FROM candidate_file AS file
INNER JOIN core_unit_row AS row ON row.intake_no = file.intake_no AND row.provider_type = file.provider_type
INNER JOIN unit_row ON unit_row.intake_no = row.intake_no AND unit_row.row_no = row.row_no
LEFT JOIN deregistered_now AS gone ON gone.location_id = row.location_id
