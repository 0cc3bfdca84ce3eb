-- One row per return that the CQC register says a location owes, where the exports of that type do not list it.
SELECT intake_no, source_sheet, source_row, 'Location ID' AS source_column, location_id || ' ' || provider_type AS value_raw
FROM unmatched
WHERE known_to = 'cqc'
