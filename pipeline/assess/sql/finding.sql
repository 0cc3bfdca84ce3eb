-- One row per problem found in a known file as it was read; what stands under a later month is left out
-- (CONTRACT 4), but for what such a month itself is told of.
SELECT
    found.intake_no,
    found.source_sheet,
    found.source_row,
    found.source_column,
    found.value_raw,
    found.rule
FROM core_finding AS found
INNER JOIN known_intake USING (intake_no)
WHERE found.rule IN ('window_not_open', 'month_after_extraction') OR NOT EXISTS (
    SELECT 1
    FROM core_status_column AS named
    WHERE named.intake_no = found.intake_no AND named.heading = found.source_column AND named.window_month > $month
)
