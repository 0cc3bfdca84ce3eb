-- One row per Yes that a newer export put in place of a No seen after the close.
SELECT DISTINCT statement.intake_no, place.source_sheet, place.source_row, place.source_column, answer_at(place.answers, place.column_no) AS value_raw
FROM said
INNER JOIN statement USING (unit_no, seq, ranked_at)
INNER JOIN statement AS earlier ON earlier.unit_no = said.unit_no AND earlier.seq = said.seq AND earlier.ranked_at < said.ranked_at
INNER JOIN status_cell AS place
    ON place.intake_no = statement.intake_no
    AND place.row_no = statement.row_no
    AND place.column_no = statement.column_no
WHERE said.seq <= $last_seq
    AND said.unit_no IN (SELECT unit_no FROM unit)
    AND said.is_yes
    AND said.was_ever_no
    AND statement.is_yes
    AND NOT earlier.is_yes
    AND NOT earlier.is_before_close
