-- One row per Yes or No about a window in which the unit was not registered.
SELECT
    statement.intake_no, row.source_sheet, row.source_row, named.heading AS source_column, cell.value_raw
FROM statement
INNER JOIN outcome ON outcome.unit_no = statement.unit_no AND outcome.seq = statement.seq
INNER JOIN core_status_row AS row ON row.intake_no = statement.intake_no AND row.row_no = statement.row_no
INNER JOIN core_status_column AS named
    ON named.intake_no = statement.intake_no AND named.column_no = statement.column_no
INNER JOIN core_status_cell AS cell
    ON cell.intake_no = statement.intake_no AND cell.row_no = statement.row_no AND cell.column_no = statement.column_no
WHERE outcome.outcome = 'not_required'
