-- One row per export that is newer than those that give the population, and holds too few services to replace them.
SELECT intake.intake_no, '' AS source_sheet, 0 AS source_row, '' AS source_column, partial_day.provider_type AS value_raw
FROM partial_day
INNER JOIN candidate_file AS file USING (provider_type, day)
INNER JOIN known_intake AS intake ON intake.intake_no = file.intake_no
