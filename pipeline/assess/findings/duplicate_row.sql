-- One row per further row of a unit within one export that gives the population.
SELECT row.intake_no, row.source_sheet, row.source_row, 'CQC Location ID' AS source_column, row.location_id AS value_raw
FROM listed
INNER JOIN core_unit_row AS row ON row.intake_no = listed.intake_no AND row.row_no = listed.row_no
QUALIFY row_number() OVER (PARTITION BY listed.intake_no, listed.unit_no ORDER BY listed.row_no) > 1
