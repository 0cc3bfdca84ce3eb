-- One row per unit row of a known file that can be a unit, with the number of its unit.  Grain: (intake_no, row_no).
-- A row whose id is none by its form counts only if the register holds that id; one whose id the register knows as a
-- provider's, and as no location's, never (DATA 6 and case 36).
SELECT
    row.intake_no,
    row.row_no,
    CAST(dense_rank() OVER (ORDER BY row.location_id, row.provider_type) AS INTEGER) AS unit_no
FROM core_unit_row AS row
INNER JOIN known_intake USING (intake_no)
LEFT JOIN register_now USING (location_id)
LEFT JOIN (SELECT DISTINCT provider_id FROM register_now) AS provider ON provider.provider_id = row.location_id
WHERE register_now.location_id IS NOT NULL OR (row.id_is_sure AND provider.provider_id IS NULL)
