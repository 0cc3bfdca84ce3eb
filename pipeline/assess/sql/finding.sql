-- One row per problem found in a known file as it was read; what stands under a later month is left out (CONTRACT 4).
SELECT
    found.intake_no,
    found.source_sheet,
    found.source_row,
    found.source_column,
    found.value_raw,
    found.rule
FROM core_finding AS found
INNER JOIN known_intake USING (intake_no)
WHERE NOT EXISTS (
    SELECT 1
    FROM core_status_column AS named
    WHERE named.intake_no = found.intake_no AND named.heading = found.source_column AND named.window_month > $month
)
