-- One row per register that lacks too many of the locations of the last whole one to say that any is gone.
SELECT register.intake_no, '' AS source_sheet, 0 AS source_row, '' AS source_column, fallen.lacking || ' of ' || fallen.locations || ' locations' AS value_raw
FROM register_fallen AS fallen
INNER JOIN register USING (day_no)
