-- One row per No that stands against a Yes of the same extraction time; the Yes was used.
SELECT
    statement.intake_no, row.source_sheet, row.source_row, named.heading AS source_column, cell.value_raw
FROM statement
INNER JOIN core_status_row AS row ON row.intake_no = statement.intake_no AND row.row_no = statement.row_no
INNER JOIN core_status_column AS named
    ON named.intake_no = statement.intake_no AND named.column_no = statement.column_no
INNER JOIN core_status_cell AS cell
    ON cell.intake_no = statement.intake_no AND cell.row_no = statement.row_no AND cell.column_no = statement.column_no
INNER JOIN unit USING (unit_no)
WHERE statement.seq <= $last_seq
    AND NOT statement.is_yes
    AND NOT statement.is_before_close
    AND EXISTS (
        SELECT 1
        FROM statement AS yes
        WHERE yes.unit_no = statement.unit_no
            AND yes.seq = statement.seq
            AND yes.ranked_at = statement.ranked_at
            AND yes.is_yes
    )
