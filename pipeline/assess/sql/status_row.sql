-- One row per status row of a known export that can be a unit, with the number of its unit.  Grain: (intake_no, row_no).
-- A row whose id is none by its form counts only if the register holds that id (DATA 6).
SELECT
    row.intake_no,
    row.row_no,
    CAST(dense_rank() OVER (ORDER BY row.location_id, row.provider_type) AS INTEGER) AS unit_no
FROM core_status_row AS row
INNER JOIN known_intake USING (intake_no)
WHERE row.id_is_sure OR row.location_id IN (SELECT location_id FROM register_now)
