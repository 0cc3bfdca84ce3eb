-- One row per filled cell that a known file holds about a unit asked about and a window of the calendar, newest
-- extraction first: a word under the month, a last update inside the window, one before it in an extract taken after the
-- close, or the first one after it.  Grain: (intake_no, row_no, column_no).
WITH asked AS (
    SELECT unit_row.unit_no, row.*
    FROM core_unit_row AS row
    INNER JOIN asked_unit
        ON asked_unit.location_id = row.location_id AND asked_unit.provider_type = row.provider_type
    LEFT JOIN unit_row ON unit_row.intake_no = row.intake_no AND unit_row.row_no = row.row_no
),

found AS (
    SELECT
        asked.location_id,
        asked.provider_type,
        cell.window_month,
        asked.intake_no,
        cell.source_sheet,
        cell.source_row,
        cell.source_column,
        cell.column_no,
        answer_at(cell.answers, cell.column_no) AS value_raw,
        coalesce((cell.says = 'submitted') = said.is_yes AND intake.ranked_at = said.ranked_at, FALSE) AS decides
    FROM status_cell AS cell
    INNER JOIN asked ON asked.intake_no = cell.intake_no AND asked.row_no = cell.row_no
    INNER JOIN known_intake AS intake ON intake.intake_no = cell.intake_no
    INNER JOIN window_calendar AS w ON w.window_month = cell.window_month
    LEFT JOIN said ON said.unit_no = asked.unit_no AND said.seq = w.seq
    UNION ALL
    SELECT
        asked.location_id,
        asked.provider_type,
        w.window_month,
        asked.intake_no,
        asked.source_sheet,
        asked.source_row,
        stamp.heading AS source_column,
        0 AS column_no,
        stamp.value_raw,
        said.unit_no IS NULL
        AND stamp.other_at IS NULL
        AND (
            (stamped.is_inside AND stamp.updated_at >= w.opens_at)
            OR (NOT stamped.is_inside AND stamp.updated_at < w.opens_at)
        ) AS decides
    FROM core_stamp AS stamp
    INNER JOIN asked ON asked.intake_no = stamp.intake_no AND asked.row_no = stamp.row_no
    INNER JOIN known_intake AS intake ON intake.intake_no = stamp.intake_no
    INNER JOIN stamped ON stamped.unit_no = asked.unit_no
    INNER JOIN window_calendar AS w ON w.seq = stamped.seq
    LEFT JOIN said ON said.unit_no = asked.unit_no AND said.seq = w.seq
    WHERE (stamp.updated_at >= w.opens_at AND stamp.updated_at < w.closed_at)
        OR (stamp.updated_at < w.opens_at AND intake.ranked_at >= w.closed_at)
        OR stamp.updated_at = stamped.late_at
)

SELECT
    found.location_id,
    found.provider_type,
    found.window_month,
    intake.file_name,
    intake.sha256,
    found.source_sheet,
    found.source_row,
    found.source_column,
    found.value_raw,
    intake.extracted_at,
    found.decides
FROM found
INNER JOIN known_intake AS intake USING (intake_no)
ORDER BY
    found.location_id, found.provider_type, found.window_month, intake.ranked_at DESC, intake.sha256, found.source_sheet,
    found.source_row, found.column_no
