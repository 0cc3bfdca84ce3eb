-- One row per CQC register known, oldest first; `day_no` counts the moments at which registers were taken.
-- Grain: intake_no.
SELECT
    intake_no,
    ranked_at,
    CAST(dense_rank() OVER (ORDER BY ranked_at) AS INTEGER) AS day_no
FROM known_intake
WHERE kind = 'service_register'
