-- One row per month column that holds a No seen before its window closed, with the number of them.
SELECT
    statement.intake_no, '' AS source_sheet, 0 AS source_row, cell.source_column, count(*) || ' services' AS value_raw
FROM statement
INNER JOIN status_cell AS cell USING (intake_no, row_no, column_no)
INNER JOIN unit USING (unit_no)
WHERE statement.is_before_close AND statement.seq <= $last_seq
GROUP BY statement.intake_no, cell.source_column
