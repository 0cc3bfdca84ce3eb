-- One row per provider and address the newest CQC register gives it.  Grain: (provider_id, the lines).
SELECT
    row.provider_id,
    row.provider_address_1,
    row.provider_address_2,
    row.provider_city,
    row.provider_county,
    row.provider_postcode,
    min(intake.file_name) AS file_name,
    max(intake.ranked_on) AS as_at
FROM register_now
INNER JOIN core_register_row AS row
    ON row.intake_no = register_now.detail_intake_no AND row.source_row = register_now.detail_row
INNER JOIN known_intake AS intake ON intake.intake_no = row.intake_no
WHERE row.provider_id <> ''
GROUP BY ALL
ORDER BY ALL
