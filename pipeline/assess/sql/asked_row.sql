-- One row per unit row of a known file about a unit asked about.  Grain: (intake_no, row_no).
SELECT
    every.intake_no,
    every.row_no,
    every.unit_no
FROM every_unit_row AS every
INNER JOIN core_unit_row AS row ON row.intake_no = every.intake_no AND row.row_no = every.row_no
INNER JOIN asked_unit ON asked_unit.location_id = row.location_id AND asked_unit.provider_type = row.provider_type
