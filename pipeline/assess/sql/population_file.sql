-- One row per file and provider type that gives the population of the month: those of the chosen days.
-- Grain: (provider_type, intake_no).
SELECT
    file.provider_type,
    file.intake_no
FROM candidate_file AS file
INNER JOIN population_day AS chosen USING (provider_type, day)
