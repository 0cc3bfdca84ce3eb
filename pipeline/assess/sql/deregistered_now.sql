-- One row per location known as deregistered: the newest list that names it, unless a later register holds it again.
-- Grain: location_id.
SELECT
    row.location_id,
    row.registered_on,
    row.deregistered_on,
    row.intake_no,
    row.source_row
FROM core_deactivated_row AS row
INNER JOIN known_intake AS intake USING (intake_no)
LEFT JOIN register_now USING (location_id)
WHERE register_now.location_id IS NULL OR register_now.ranked_at <= intake.ranked_at
QUALIFY row_number() OVER (
    PARTITION BY row.location_id ORDER BY intake.ranked_at DESC, row.deregistered_on DESC, row.registered_on, intake.sha256, row.source_row
) = 1
