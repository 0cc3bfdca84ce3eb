-- One row per No that stands against a Yes of the same extraction time; the Yes was used.
SELECT DISTINCT
    statement.intake_no,
    place.source_sheet,
    place.source_row,
    place.source_column,
    answer_at(place.answers, place.column_no) AS value_raw
FROM statement
INNER JOIN statement AS yes USING (unit_no, seq, ranked_at)
INNER JOIN status_cell AS place
    ON place.intake_no = statement.intake_no
    AND place.row_no = statement.row_no
    AND place.column_no = statement.column_no
WHERE statement.seq <= $last_seq
    AND statement.unit_no IN (SELECT unit_no FROM unit)
    AND NOT statement.is_yes
    AND NOT statement.is_before_close
    AND yes.is_yes
