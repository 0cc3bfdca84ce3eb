-- One row per location of the newest CQC register, as the last register before that which holds it had it.
-- Grain: location_id.
SELECT
    row.location_id,
    row.provider_id,
    row.local_authority_raw
FROM core_register_row AS row
INNER JOIN known_intake AS intake USING (intake_no)
INNER JOIN register_now ON register_now.location_id = row.location_id AND intake.ranked_at < register_now.ranked_at
QUALIFY row_number() OVER (
    PARTITION BY row.location_id
    ORDER BY intake.ranked_at DESC, row.provider_id, row.local_authority_raw, intake.sha256, row.source_row
) = 1
