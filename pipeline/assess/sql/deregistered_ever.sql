-- One row per location that a list of deactivated locations names.  Grain: location_id.
SELECT DISTINCT location_id
FROM core_deactivated_row
INNER JOIN known_intake USING (intake_no)
