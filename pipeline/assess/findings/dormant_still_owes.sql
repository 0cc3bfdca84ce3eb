-- One row per unit whose location CQC marks as dormant: dormancy exempts nobody.
SELECT unit.intake_no, unit.source_sheet, unit.source_row, 'CQC Location ID' AS source_column, unit.location_id AS value_raw
FROM unit
INNER JOIN register_now USING (location_id)
WHERE register_now.dormant
