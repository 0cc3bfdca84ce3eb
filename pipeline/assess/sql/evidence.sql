-- One row per filled cell that a known export holds about a unit asked about and a window of the calendar, newest
-- extraction first.
-- Grain: (intake_no, row_no, column_no).
SELECT
    row.location_id,
    row.provider_type,
    cell.window_month,
    intake.file_name,
    intake.sha256,
    cell.source_sheet,
    cell.source_row,
    cell.source_column,
    answer_at(cell.answers, cell.column_no) AS value_raw,
    intake.extracted_at,
    coalesce((cell.says = 'submitted') = said.is_yes AND intake.ranked_at = said.ranked_at, FALSE) AS decides
FROM status_cell AS cell
INNER JOIN known_intake AS intake USING (intake_no)
INNER JOIN core_status_row AS row ON row.intake_no = cell.intake_no AND row.row_no = cell.row_no
INNER JOIN asked_unit
    ON asked_unit.location_id = row.location_id AND asked_unit.provider_type = row.provider_type
INNER JOIN window_calendar AS w ON w.window_month = cell.window_month
LEFT JOIN status_row ON status_row.intake_no = row.intake_no AND status_row.row_no = row.row_no
LEFT JOIN said ON said.unit_no = status_row.unit_no AND said.seq = w.seq
ORDER BY row.location_id, row.provider_type, cell.window_month, intake.ranked_at DESC, intake.sha256, cell.source_sheet, cell.source_row, cell.column_no
