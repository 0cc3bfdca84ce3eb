-- One row per fee as at a day after the run day of the month: it is not used before, and the other rows of its file are.
SELECT fee.intake_no, '' AS source_sheet, fee.source_row, 'as_at' AS source_column, strftime(fee.as_at, '%Y-%m-%d') AS value_raw
FROM core_provider_fee AS fee
INNER JOIN known_intake USING (intake_no)
WHERE fee.as_at > $run_on
