-- One row per Yes or No about a window in which the unit was not registered.
SELECT statement.intake_no, place.source_sheet, place.source_row, place.source_column, answer_at(place.answers, place.column_no) AS value_raw
FROM statement
INNER JOIN outcome USING (unit_no, seq)
INNER JOIN status_cell AS place USING (intake_no, row_no, column_no)
WHERE outcome.outcome = 'not_required'
