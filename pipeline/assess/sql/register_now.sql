-- One row per location that any CQC register known holds: what the newest that holds it says (RULES 3).  `is_listed` says
-- whether the newest whole register lists it, or one taken later: only a whole register can say that a location is gone.
-- Grain: location_id.
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
    newest.region_raw,
    newest.postcode,
    newest.telephone,
    coalesce(detail.predecessor_id, '') AS predecessor_id,
    newest.intake_no,
    newest.source_row,
    newest.ranked_at,
    detail.intake_no AS detail_intake_no,
    detail.source_row AS detail_row,
    newest.ranked_at >= (SELECT max(register.ranked_at) FROM register INNER JOIN whole_register USING (day_no)) AS is_listed
FROM held AS newest
LEFT JOIN held AS detail
    ON detail.location_id = newest.location_id AND detail.turn = 1 AND detail.layout = 'service_register'
WHERE newest.turn = 1
QUALIFY row_number() OVER (PARTITION BY newest.location_id ORDER BY newest.ranked_at DESC, newest.layout) = 1
