-- One row per return that the CQC register says a location owes for the month: listed, registered by the close of the window, not
-- deregistered, of a provider type that has exports.  Grain: (provider_type, location_id).
SELECT
    owed.provider_type,
    register_now.location_id
FROM register_now
INNER JOIN (VALUES ('care_home'), ('home_care')) AS owed (provider_type)
    ON (owed.provider_type = 'care_home' AND register_now.owes_care_home)
    OR (owed.provider_type = 'home_care' AND register_now.owes_home_care)
INNER JOIN population_day ON population_day.provider_type = owed.provider_type
INNER JOIN window_calendar AS w ON w.window_month = $month
LEFT JOIN deregistered_now AS gone ON gone.location_id = register_now.location_id
WHERE register_now.is_listed
    AND gone.location_id IS NULL
    AND (register_now.registered_on IS NULL OR register_now.registered_on <= w.closes_on)
