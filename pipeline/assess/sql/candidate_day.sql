-- One row per provider type and extraction day that can give the population of the month, oldest day first, with the
-- number of its units.  Grain: (provider_type, day).
SELECT
    file.provider_type,
    file.day,
    count(DISTINCT unit_row.unit_no) AS units
FROM candidate_file AS file
INNER JOIN core_unit_row AS row ON row.intake_no = file.intake_no AND row.provider_type = file.provider_type
INNER JOIN unit_row ON unit_row.intake_no = row.intake_no AND unit_row.row_no = row.row_no
GROUP BY file.provider_type, file.day
ORDER BY file.provider_type, file.day
