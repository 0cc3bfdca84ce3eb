-- One row per provider that a list of public bodies or the CQC register names as one, with the basis (RULES 5).
-- Grain: (provider_id, basis).
SELECT
    body.provider_id,
    body.basis || ' (' || intake.file_name || ')' AS basis
FROM core_public_body AS body
INNER JOIN known_intake AS intake USING (intake_no)
UNION
SELECT
    row.provider_id,
    trim(row.ownership_type) || ' in the CQC register (' || intake.file_name || ')' AS basis
FROM register_now
INNER JOIN core_register_row AS row
    ON row.intake_no = register_now.detail_intake_no AND row.source_row = register_now.detail_row
INNER JOIN known_intake AS intake ON intake.intake_no = row.intake_no
WHERE regexp_matches(lower(row.ownership_type), '(^|[^a-z])nhs([^a-z]|$)') AND row.provider_id <> ''
ORDER BY provider_id, basis
