-- One row per provider type and moment of exports with a column for the month in which too many answers differ from those of the
-- newest export before it that holds the unit, about windows that had closed when that one was taken.  Yes or No in both counts,
-- nothing else.  Units whose answers are letter for letter the same are counted as they stand; only the others are looked at
-- window by window.
WITH held AS (
    SELECT
        unit_row.unit_no,
        intake.ranked_at,
        row.provider_type,
        row.intake_no,
        row.source_sheet,
        row.said
    FROM unit_row
    INNER JOIN core_unit_row AS row ON row.intake_no = unit_row.intake_no AND row.row_no = unit_row.row_no
    INNER JOIN known_intake AS intake ON intake.intake_no = row.intake_no
    WHERE intake.kind = 'monthly_status'
    QUALIFY row_number() OVER (PARTITION BY unit_row.unit_no, intake.ranked_at ORDER BY row.intake_no, row.row_no) = 1
),

paired AS (
    SELECT
        held.*,
        lag(intake_no) OVER unit AS before_intake_no,
        lag(source_sheet) OVER unit AS before_sheet,
        lag(said) OVER unit AS before_said,
        lag(ranked_at) OVER unit AS before_at
    FROM held
    WINDOW unit AS (PARTITION BY unit_no ORDER BY ranked_at)
    QUALIFY before_at IS NOT NULL AND intake_no IN (SELECT intake_no FROM core_status_column WHERE window_month = $month)
),

-- the columns of two sheets that stand for one window, closed when the earlier was taken
shared AS (
    SELECT
        sheets.intake_no,
        sheets.source_sheet,
        sheets.before_intake_no,
        sheets.before_sheet,
        now.column_no,
        before.column_no AS before_no
    FROM (SELECT DISTINCT intake_no, source_sheet, before_intake_no, before_sheet, before_at FROM paired) AS sheets
    INNER JOIN core_status_column AS now ON now.intake_no = sheets.intake_no AND now.source_sheet = sheets.source_sheet
    INNER JOIN core_status_column AS before
        ON before.intake_no = sheets.before_intake_no
        AND before.source_sheet = sheets.before_sheet
        AND before.window_month = now.window_month
    INNER JOIN window_calendar AS w ON w.window_month = now.window_month AND w.closed_at <= sheets.before_at
),

span AS (
    SELECT
        intake_no,
        source_sheet,
        before_intake_no,
        before_sheet,
        min(column_no) AS starts,
        min(before_no) AS before_starts,
        count(*) AS columns,
        max(column_no) - min(column_no) + 1 = count(*) AND count(DISTINCT column_no - before_no) = 1 AS is_even
    FROM shared
    GROUP BY intake_no, source_sheet, before_intake_no, before_sheet
),

looked_at AS (
    SELECT
        paired.*,
        substr(paired.said, span.starts, span.columns) AS answers_now,
        span.is_even
        AND substr(paired.said, span.starts, span.columns) = substr(paired.before_said, span.before_starts, span.columns) AS is_same
    FROM paired
    INNER JOIN span USING (intake_no, source_sheet, before_intake_no, before_sheet)
),

counted AS (
    SELECT provider_type, ranked_at, intake_no, unit_no, length(replace(replace(answers_now, '_', ''), '?', '')) AS cells, 0 AS differing
    FROM looked_at
    WHERE is_same
    UNION ALL
    SELECT
        row.provider_type,
        row.ranked_at,
        row.intake_no,
        row.unit_no,
        count(*) AS cells,
        count(*) FILTER (substr(row.said, shared.column_no, 1) <> substr(row.before_said, shared.before_no, 1)) AS differing
    FROM looked_at AS row
    INNER JOIN shared USING (intake_no, source_sheet, before_intake_no, before_sheet)
    WHERE NOT row.is_same
        AND substr(row.said, shared.column_no, 1) IN ('Y', 'N')
        AND substr(row.before_said, shared.before_no, 1) IN ('Y', 'N')
    GROUP BY row.provider_type, row.ranked_at, row.intake_no, row.unit_no
),

compared AS (
    SELECT
        provider_type,
        ranked_at,
        list(DISTINCT intake_no) AS intakes,
        count(*) AS units,
        sum(cells) AS cells,
        sum(differing) AS differing
    FROM counted
    WHERE cells > 0
    GROUP BY provider_type, ranked_at
)

SELECT
    compared.provider_type,
    'the export before' AS subject,
    (
        SELECT string_agg(intake.file_name, ', ' ORDER BY intake.file_name)
        FROM known_intake AS intake
        WHERE list_contains(compared.intakes, intake.intake_no)
    )
    || ', ' || differing || ' of ' || cells || ' answers about closed windows differ from the export before' AS detail,
    100.0 * differing / cells AS figure
FROM compared
WHERE units >= $whole_least
    AND differing >= $rewritten_cells_least
    AND round(differing - $rewritten_share * cells, 9) > 0
ORDER BY compared.provider_type, detail
