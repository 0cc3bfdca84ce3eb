-- One row per row of a known file whose id the CQC register knows as a provider's, and as no location's.
SELECT row.intake_no, row.source_sheet, row.source_row, 'CQC Location ID' AS source_column, row.location_id AS value_raw
FROM core_unit_row AS row
INNER JOIN known_intake USING (intake_no)
WHERE row.location_id IN (SELECT provider_id FROM register_now)
    AND row.location_id NOT IN (SELECT location_id FROM register_now)
