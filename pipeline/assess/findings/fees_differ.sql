-- One row per fee of a provider for which another amount stands for the same day.
SELECT fee.intake_no, '' AS source_sheet, fee.source_row, 'annual_fee_gbp' AS source_column, CAST(fee.annual_fee_pence / 100 AS VARCHAR) AS value_raw
FROM core_provider_fee AS fee
INNER JOIN known_intake USING (intake_no)
QUALIFY count(DISTINCT fee.annual_fee_pence) OVER (
    PARTITION BY fee.provider_id, coalesce(fee.as_at, known_intake.ranked_on)
) > 1
