-- One row per provider type and moment of exports with a column for the month in which too many answers differ from those of the
-- newest export before it that holds the unit, about windows that had closed when that one was taken.  Yes or No in both counts,
-- nothing else.
WITH of_month AS (
    SELECT DISTINCT intake_no FROM core_status_column WHERE window_month = $month
),

-- one row per unit and moment: its first
held AS (
    SELECT unit_row.unit_no, unit_row.intake_no, unit_row.row_no, intake.ranked_at
    FROM unit_row
    INNER JOIN known_intake AS intake USING (intake_no)
    WHERE intake.kind = 'monthly_status'
    QUALIFY row_number() OVER (PARTITION BY unit_row.unit_no, intake.ranked_at ORDER BY unit_row.intake_no, unit_row.row_no) = 1
),

paired AS (
    SELECT
        unit_no,
        intake_no,
        row_no,
        ranked_at,
        lag(intake_no) OVER unit AS before_intake_no,
        lag(row_no) OVER unit AS before_row_no,
        lag(ranked_at) OVER unit AS before_at
    FROM held
    WINDOW unit AS (PARTITION BY unit_no ORDER BY ranked_at)
),

compared AS (
    SELECT
        now.provider_type,
        paired.ranked_at,
        string_agg(DISTINCT CAST(paired.intake_no AS VARCHAR), ' ') AS intakes,
        count(DISTINCT paired.unit_no) AS units,
        count(*) AS cells,
        count(*) FILTER (substr(now.said, now_column.column_no, 1) <> substr(before.said, before_column.column_no, 1)) AS differing
    FROM paired
    INNER JOIN of_month USING (intake_no)
    INNER JOIN core_unit_row AS now ON now.intake_no = paired.intake_no AND now.row_no = paired.row_no
    INNER JOIN core_unit_row AS before ON before.intake_no = paired.before_intake_no AND before.row_no = paired.before_row_no
    INNER JOIN core_status_column AS now_column
        ON now_column.intake_no = now.intake_no AND now_column.source_sheet = now.source_sheet
    INNER JOIN core_status_column AS before_column
        ON before_column.intake_no = before.intake_no
        AND before_column.source_sheet = before.source_sheet
        AND before_column.window_month = now_column.window_month
    INNER JOIN window_calendar AS w ON w.window_month = now_column.window_month AND w.closed_at <= paired.before_at
    WHERE substr(now.said, now_column.column_no, 1) IN ('Y', 'N')
        AND substr(before.said, before_column.column_no, 1) IN ('Y', 'N')
    GROUP BY now.provider_type, paired.ranked_at
)

SELECT
    compared.provider_type,
    'the export before' AS subject,
    (SELECT string_agg(intake.file_name, ', ' ORDER BY intake.file_name)
        FROM known_intake AS intake
        WHERE list_contains(string_split(compared.intakes, ' '), CAST(intake.intake_no AS VARCHAR)))
    || ', ' || differing || ' of ' || cells || ' answers about closed windows differ from the export before' AS detail,
    100.0 * differing / cells AS figure
FROM compared
WHERE units >= $whole_least
    AND differing >= $rewritten_cells_least
    AND round(differing - $rewritten_share * cells, 9) > 0
ORDER BY compared.provider_type, detail
