-- One row per No that stands against a record-level update inside the window; the outcome is unknown.
SELECT
    statement.intake_no, row.source_sheet, row.source_row, named.heading AS source_column, cell.value_raw
FROM said
INNER JOIN unit USING (unit_no)
INNER JOIN stamped
    ON stamped.provider_type = unit.provider_type
    AND stamped.location_id = unit.location_id
    AND stamped.seq = said.seq
INNER JOIN statement
    ON statement.unit_no = said.unit_no
    AND statement.seq = said.seq
    AND statement.ranked_at = said.ranked_at
    AND NOT statement.is_before_close
INNER JOIN core_status_row AS row ON row.intake_no = statement.intake_no AND row.row_no = statement.row_no
INNER JOIN core_status_column AS named
    ON named.intake_no = statement.intake_no AND named.column_no = statement.column_no
INNER JOIN core_status_cell AS cell
    ON cell.intake_no = statement.intake_no AND cell.row_no = statement.row_no AND cell.column_no = statement.column_no
WHERE said.seq <= $last_seq AND NOT said.is_yes AND stamped.is_inside
