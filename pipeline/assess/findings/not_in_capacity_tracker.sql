-- One row per return that the CQC register says a location owes, where the exports of that type do not list it.
SELECT
    register_now.intake_no,
    '' AS source_sheet,
    register_now.source_row,
    'Location ID' AS source_column,
    register_now.location_id || ' ' || owed.provider_type AS value_raw
FROM register_now
INNER JOIN (VALUES ('care_home'), ('home_care')) AS owed (provider_type)
    ON (owed.provider_type = 'care_home' AND register_now.owes_care_home)
    OR (owed.provider_type = 'home_care' AND register_now.owes_home_care)
INNER JOIN population_day ON population_day.provider_type = owed.provider_type
INNER JOIN window_calendar AS w ON w.window_month = $month
LEFT JOIN unit ON unit.provider_type = owed.provider_type AND unit.location_id = register_now.location_id
WHERE unit.location_id IS NULL AND (register_now.registered_on IS NULL OR register_now.registered_on <= w.closes_on)
