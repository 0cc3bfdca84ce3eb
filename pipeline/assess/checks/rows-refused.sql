-- One row per file in use of which too many rows were refused, with the first of them.
SELECT
    '' AS provider_type,
    replace(trim(intake.kind || ' ' || intake.provider_type), '_', ' ') AS subject,
    intake.file_name || ', ' || (intake.rows_refused + count(unusable.row_no)) || ' of ' || intake.rows_read || ' rows refused'
    || coalesce(', the first in row ' || min(unusable.source_row) || ': "' || min_by(unusable.location_id, unusable.source_row) || '" is no id that the CQC register holds', '')
        AS detail,
    100.0 * (intake.rows_refused + count(unusable.row_no)) / intake.rows_read AS figure
FROM known_intake AS intake
LEFT JOIN (
    SELECT row.intake_no, row.row_no, row.source_row, row.location_id
    FROM core_unit_row AS row
    LEFT JOIN unit_row ON unit_row.intake_no = row.intake_no AND unit_row.row_no = row.row_no
    WHERE unit_row.row_no IS NULL
) AS unusable ON unusable.intake_no = intake.intake_no
WHERE CASE intake.kind
    WHEN 'monthly_status'
        THEN intake.intake_no IN (SELECT intake_no FROM core_status_column WHERE window_month = $month)
    ELSE intake.ranked_at = (SELECT max(ranked_at) FROM known_intake AS other WHERE other.kind = intake.kind)
END
GROUP BY intake.intake_no, intake.file_name, intake.kind, intake.provider_type, intake.rows_refused, intake.rows_read
HAVING round(intake.rows_refused + count(unusable.row_no) - $rows_refused_share * intake.rows_read, 9) > 0
ORDER BY subject, detail
