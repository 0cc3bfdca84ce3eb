-- One row per filled cell under a month of the export being taken in.  Grain: (row_no, column_no).
SELECT
    $intake_no AS intake_no,
    cell.row_no,
    cell.column_no,
    cell.value_raw,
    raw_word.says
FROM (
    SELECT
        row_no,
        unnest(string_split(answers, $break)) AS value_raw,
        unnest(range($first_column, $first_column + len(string_split(answers, $break)))) AS column_no
    FROM raw_cells
) AS cell
INNER JOIN raw_word USING (value_raw)
