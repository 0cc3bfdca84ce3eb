-- One row per provider type for which nothing taken after the close of the window lists the services of the month.
SELECT
    wanted.provider_type AS subject,
    'no status export has a column for this month and was taken after its window closed, and no record-level extract was'
        AS detail
FROM (VALUES ('care_home'), ('home_care')) AS wanted (provider_type)
WHERE wanted.provider_type NOT IN (SELECT provider_type FROM population_day)
