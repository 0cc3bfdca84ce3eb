-- One row per unit at risk or due a notice in the last release that no current export lists, or of which the export that lists
-- it says nothing any more: its cell is blank or cannot be read.
SELECT
    previous_service.provider_type,
    previous_service.location_id AS subject,
    'was ' || previous_service.status || ' in the last release, and '
    || CASE
        WHEN unit.location_id IS NULL THEN 'no current export lists it'
        ELSE 'its answer for this month is blank or cannot be read'
    END AS detail,
    1.0 AS figure
FROM previous_service
LEFT JOIN unit USING (provider_type, location_id)
LEFT JOIN deregistered_now ON deregistered_now.location_id = previous_service.location_id
LEFT JOIN service ON service.unit_no = unit.unit_no
LEFT JOIN core_unit_row AS row ON row.intake_no = unit.intake_no AND row.row_no = unit.row_no
LEFT JOIN core_status_column AS named
    ON named.intake_no = unit.intake_no AND named.source_sheet = unit.source_sheet AND named.window_month = $month
WHERE previous_service.status IN ('at_risk', 'notice_due')
    AND CASE
        WHEN unit.location_id IS NULL THEN deregistered_now.location_id IS NULL
        ELSE service.outcome = 'unknown' AND substr(row.said, named.column_no, 1) IN ('_', '?')
    END
ORDER BY previous_service.provider_type, subject
