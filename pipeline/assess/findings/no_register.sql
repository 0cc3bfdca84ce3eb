-- One row if no CQC register is known.
SELECT NULL AS intake_no, '' AS source_sheet, 0 AS source_row, '' AS source_column, '' AS value_raw
WHERE NOT EXISTS (SELECT 1 FROM register_now)
