-- One row per month column that holds a No seen before its window closed, with the number of them.
SELECT
    statement.intake_no, '' AS source_sheet, 0 AS source_row, named.heading AS source_column, count(*) || ' services' AS value_raw
FROM statement
INNER JOIN core_status_column AS named
    ON named.intake_no = statement.intake_no AND named.column_no = statement.column_no
INNER JOIN unit USING (unit_no)
WHERE statement.is_before_close AND statement.seq <= $last_seq
GROUP BY statement.intake_no, named.heading
