-- One row per No that stands against a record-level update inside the window; the outcome is unknown.
SELECT statement.intake_no, place.source_sheet, place.source_row, place.source_column, answer_at(place.answers, place.column_no) AS value_raw
FROM said
INNER JOIN unit USING (unit_no)
INNER JOIN stamped USING (unit_no, seq)
INNER JOIN statement USING (unit_no, seq, ranked_at)
INNER JOIN status_cell AS place
    ON place.intake_no = statement.intake_no
    AND place.row_no = statement.row_no
    AND place.column_no = statement.column_no
WHERE said.seq <= $last_seq AND NOT said.is_yes AND stamped.is_inside AND NOT statement.is_before_close
