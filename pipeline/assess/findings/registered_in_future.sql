-- One row per location whose registration date lies after the register itself.
SELECT detail_intake_no AS intake_no, '' AS source_sheet, detail_row AS source_row, 'Location HSCA start date' AS source_column, strftime(registered_on_raw, '%Y-%m-%d') AS value_raw
FROM register_now
WHERE registered_on IS NULL AND registered_on_raw IS NOT NULL
