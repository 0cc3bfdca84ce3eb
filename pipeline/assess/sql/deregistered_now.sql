-- One row per location known as deregistered: the newest list that names it, unless a register taken later than that list
-- and than the end date holds it again (RULES 3).  A registration date later than the list itself is not used.
-- Grain: location_id.
SELECT
    row.location_id,
    CASE
        WHEN row.registered_on > intake.ranked_on AND intake.extracted_at IS NOT NULL THEN NULL
        ELSE row.registered_on
    END AS registered_on,
    row.deregistered_on,
    row.intake_no,
    row.source_row
FROM core_deactivated_row AS row
INNER JOIN known_intake AS intake USING (intake_no)
LEFT JOIN register_now USING (location_id)
LEFT JOIN known_intake AS register ON register.intake_no = register_now.intake_no
WHERE register_now.location_id IS NULL
    OR register_now.ranked_at <= intake.ranked_at
    OR register.ranked_on <= row.deregistered_on
QUALIFY row_number() OVER (
    PARTITION BY row.location_id ORDER BY intake.ranked_at DESC, row.deregistered_on DESC, row.registered_on, intake.sha256, row.source_row
) = 1
