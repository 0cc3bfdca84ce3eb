-- One row per provider with a known annual fee: the newest as at a day not after the planned sending day (RULES 7); more
-- than one amount for that day is no amount.  Grain: provider_id.
WITH dated AS (
    SELECT
        fee.provider_id,
        fee.annual_fee_pence,
        coalesce(fee.as_at, intake.ranked_on) AS as_at,
        fee.scheme,
        fee.source,
        intake.file_name,
        intake.sha256,
        fee.source_row
    FROM core_provider_fee AS fee
    INNER JOIN known_intake AS intake USING (intake_no)
    WHERE coalesce(fee.as_at, intake.ranked_on) <= $send_on
    QUALIFY coalesce(fee.as_at, intake.ranked_on) = max(coalesce(fee.as_at, intake.ranked_on)) OVER (PARTITION BY fee.provider_id)
)

SELECT
    provider_id,
    list_sort(list(DISTINCT annual_fee_pence)) AS amounts,
    any_value(as_at) AS as_at,
    min_by(scheme, (file_name, sha256, source_row)) AS scheme,
    min_by(source, (file_name, sha256, source_row)) AS source,
    min(file_name) AS file_name,
    min_by(sha256, (file_name, sha256, source_row)) AS sha256,
    min_by(source_row, (file_name, sha256, source_row)) AS source_row
FROM dated
GROUP BY provider_id
ORDER BY provider_id
