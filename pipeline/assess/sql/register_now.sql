-- One row per location of the newest CQC register known.  Grain: location_id.
-- A registration date later than the register itself is not used (finding registered_in_future).
SELECT
    row.location_id,
    row.provider_id,
    row.provider_name,
    CASE
        WHEN row.registered_on > intake.ranked_on AND intake.extracted_at IS NOT NULL THEN NULL
        ELSE row.registered_on
    END AS registered_on,
    row.registered_on AS registered_on_raw,
    row.owes_care_home,
    row.owes_home_care,
    row.local_authority_raw,
    row.postcode,
    row.telephone,
    row.intake_no,
    row.source_row,
    intake.ranked_at
FROM core_register_row AS row
INNER JOIN known_intake AS intake USING (intake_no)
WHERE intake.kind = 'service_register'
QUALIFY intake.ranked_at = max(intake.ranked_at) OVER ()
    AND row_number() OVER (
        PARTITION BY row.location_id
        ORDER BY
            row.provider_id, row.provider_name, row.registered_on, row.owes_care_home DESC, row.owes_home_care DESC,
            row.local_authority_raw, row.postcode, row.telephone, intake.sha256, row.source_row
    ) = 1
