-- One row per intake whose bytes are held under another provider type or extraction time too.
SELECT intake_no, '' AS source_sheet, 0 AS source_row, '' AS source_column, provider_type AS value_raw
FROM known_intake
QUALIFY count(*) OVER (PARTITION BY sha256) > 1
