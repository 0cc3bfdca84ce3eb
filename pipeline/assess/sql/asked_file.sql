-- One row per known file and provider type that holds a unit asked about.  Grain: (provider_type, intake_no).
SELECT DISTINCT
    row.provider_type,
    row.intake_no
FROM unit_row
INNER JOIN core_unit_row AS row ON row.intake_no = unit_row.intake_no AND row.row_no = unit_row.row_no
