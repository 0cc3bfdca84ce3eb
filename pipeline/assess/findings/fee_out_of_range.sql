-- One row per fee outside the range of recent schemes.
SELECT fee.intake_no, '' AS source_sheet, fee.source_row, 'annual_fee_gbp' AS source_column, CAST(fee.annual_fee_pence / 100 AS VARCHAR) AS value_raw
FROM core_provider_fee AS fee
INNER JOIN known_intake USING (intake_no)
WHERE fee.annual_fee_pence NOT BETWEEN $fee_pounds_least * 100 AND $fee_pounds_most * 100
