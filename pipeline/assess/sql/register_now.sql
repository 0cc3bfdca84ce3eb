-- One row per location of the newest CQC register known.  Grain: location_id.
-- What the weekly directory does not say (registration date, dormancy, addresses, ownership) stands in the newest full
-- list that holds the location: (detail_intake_no, detail_row) is its row there.
-- A registration date later than the list itself is not used (finding registered_in_future).
WITH held AS (
    SELECT
        row.*,
        intake.ranked_at,
        intake.layout,
        CASE
            WHEN row.registered_on > intake.ranked_on AND intake.extracted_at IS NOT NULL THEN NULL
            ELSE row.registered_on
        END AS usable_registered_on,
        row_number() OVER (
            PARTITION BY row.location_id, intake.layout
            ORDER BY
                intake.ranked_at DESC, row.provider_id, row.provider_name, row.registered_on, row.owes_care_home DESC,
                row.owes_home_care DESC, row.local_authority_raw, row.postcode, row.telephone, intake.sha256,
                row.source_row
        ) AS turn
    FROM core_register_row AS row
    INNER JOIN known_intake AS intake USING (intake_no)
)

SELECT
    newest.location_id,
    newest.location_name,
    newest.provider_id,
    newest.provider_name,
    detail.usable_registered_on AS registered_on,
    detail.registered_on AS registered_on_raw,
    detail.dormant,
    newest.owes_care_home,
    newest.owes_home_care,
    newest.local_authority_raw,
    newest.postcode,
    newest.telephone,
    coalesce(detail.predecessor_id, '') AS predecessor_id,
    newest.intake_no,
    newest.source_row,
    newest.ranked_at,
    detail.intake_no AS detail_intake_no,
    detail.source_row AS detail_row
FROM held AS newest
LEFT JOIN held AS detail
    ON detail.location_id = newest.location_id AND detail.turn = 1 AND detail.layout = 'service_register'
WHERE newest.turn = 1
    AND newest.ranked_at = (SELECT max(ranked_at) FROM known_intake WHERE kind = 'service_register')
QUALIFY row_number() OVER (PARTITION BY newest.location_id ORDER BY newest.layout) = 1
