-- One row per file older than another one of its kind and provider type: it never overrides the newer.
SELECT intake_no, '' AS source_sheet, 0 AS source_row, '' AS source_column, strftime(ranked_on, '%Y-%m-%d') AS value_raw
FROM known_intake
WHERE extracted_at IS NOT NULL
QUALIFY ranked_at < max(ranked_at) OVER (PARTITION BY kind, provider_type)
