-- One row per export that is newer than those that give the population, and holds too few services to replace them.
SELECT intake.intake_no, '' AS source_sheet, 0 AS source_row, '' AS source_column, partial_day.provider_type AS value_raw
FROM partial_day
INNER JOIN known_intake AS intake ON intake.kind = 'monthly_status' AND intake.ranked_on = partial_day.day
WHERE intake.intake_no IN (
    SELECT row.intake_no FROM core_status_row AS row WHERE row.provider_type = partial_day.provider_type
)
