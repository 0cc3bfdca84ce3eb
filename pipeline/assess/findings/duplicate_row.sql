-- One row per further row of a unit within one export that gives the population.
SELECT listed.intake_no, listed.source_sheet, listed.source_row, 'CQC Location ID' AS source_column, listed.location_id AS value_raw
FROM listed
QUALIFY row_number() OVER (
    PARTITION BY listed.intake_no, listed.provider_type, listed.location_id ORDER BY listed.row_no
) > 1
