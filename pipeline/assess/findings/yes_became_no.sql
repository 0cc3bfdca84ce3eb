-- One row per No that a newer export put in place of a Yes.
SELECT statement.intake_no, place.source_sheet, place.source_row, place.source_column, answer_at(place.answers, place.column_no) AS value_raw
FROM said
INNER JOIN statement USING (unit_no, seq, ranked_at)
INNER JOIN status_cell AS place USING (intake_no, row_no, column_no)
WHERE said.seq <= $last_seq
    AND said.unit_no IN (SELECT unit_no FROM unit)
    AND NOT said.is_yes
    AND said.was_ever_yes
    AND NOT statement.is_before_close
