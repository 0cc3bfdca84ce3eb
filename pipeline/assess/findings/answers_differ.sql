-- One row per No that stands against a Yes of the same extraction time; the Yes was used.
SELECT statement.intake_no, place.source_sheet, place.source_row, place.source_column, answer_at(place.answers, place.column_no) AS value_raw
FROM statement
INNER JOIN status_cell AS place USING (intake_no, row_no, column_no)
WHERE statement.seq <= $last_seq
    AND statement.unit_no IN (SELECT unit_no FROM unit)
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
