-- One row per provider and address that the newest full CQC register holding the provider gives it.
-- Grain: (provider_id, the lines).
WITH newest AS (
    SELECT row.*, intake.file_name, intake.ranked_on
    FROM register_now
    INNER JOIN core_register_row AS row
        ON row.intake_no = register_now.detail_intake_no AND row.source_row = register_now.detail_row
    INNER JOIN known_intake AS intake ON intake.intake_no = row.intake_no
    WHERE row.provider_id <> ''
    QUALIFY intake.ranked_at = max(intake.ranked_at) OVER (PARTITION BY row.provider_id)
)

SELECT
    provider_id,
    provider_address_1,
    provider_address_2,
    provider_city,
    provider_county,
    provider_postcode,
    min(file_name) AS file_name,
    max(ranked_on) AS as_at
FROM newest
GROUP BY ALL
ORDER BY ALL
