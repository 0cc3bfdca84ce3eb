-- One row per unit of which an export of the population holds a blank for the month, when its window had closed as it was taken
-- and nothing else says anything; and one per unit with such blanks for the last windows before it, with the number of them.
WITH blank AS (
    SELECT
        unit.intake_no,
        unit.source_sheet,
        unit.source_row,
        named.heading AS source_column,
        unit.location_id,
        w.seq
    FROM unit
    INNER JOIN core_unit_row AS row ON row.intake_no = unit.intake_no AND row.row_no = unit.row_no
    INNER JOIN known_intake AS intake ON intake.intake_no = unit.intake_no
    INNER JOIN core_status_column AS named ON named.intake_no = unit.intake_no AND named.source_sheet = unit.source_sheet
    INNER JOIN window_calendar AS w ON w.window_month = named.window_month
    INNER JOIN outcome ON outcome.unit_no = unit.unit_no AND outcome.seq = w.seq
    WHERE substr(row.said, named.column_no, 1) = '_'
        AND intake.ranked_at >= w.closed_at
        AND outcome.outcome = 'unknown'
        AND w.seq BETWEEN $last_seq - $within + 1 AND $last_seq
)

SELECT intake_no, source_sheet, source_row, source_column, location_id AS value_raw
FROM blank
WHERE seq = $last_seq
UNION ALL
SELECT
    intake_no,
    source_sheet,
    source_row,
    arg_max(source_column, seq) AS source_column,
    location_id || CASE WHEN count(*) > 1 THEN ' (and ' || count(*) - 1 || ' before)' ELSE '' END AS value_raw
FROM blank
WHERE seq < $last_seq
GROUP BY intake_no, source_sheet, source_row, location_id
