-- One row per unit of the month before that no export lists now and nobody says is deregistered.
SELECT
    unit_before.intake_no,
    unit_before.source_sheet,
    unit_before.source_row,
    'CQC Location ID' AS source_column,
    unit_before.location_id || ' ' || unit_before.provider_type AS value_raw
FROM unit_before
LEFT JOIN unit USING (provider_type, location_id)
LEFT JOIN deregistered_now ON deregistered_now.location_id = unit_before.location_id
WHERE unit.location_id IS NULL AND deregistered_now.location_id IS NULL
