-- One row per file in use of which too many rows were refused.
SELECT
    intake.file_name AS subject,
    (intake.rows_refused + count(row.intake_no)) || ' of ' || intake.rows_read || ' rows refused' AS detail
FROM known_intake AS intake
LEFT JOIN core_unit_row AS row
    ON row.intake_no = intake.intake_no
    AND (row.intake_no, row.row_no) NOT IN (SELECT (intake_no, row_no) FROM unit_row)
WHERE CASE intake.kind
    WHEN 'monthly_status'
        THEN intake.intake_no IN (SELECT intake_no FROM core_status_column WHERE window_month = $month)
    ELSE intake.ranked_at = (SELECT max(ranked_at) FROM known_intake AS other WHERE other.kind = intake.kind)
END
GROUP BY intake.intake_no, intake.file_name, intake.rows_refused, intake.rows_read
HAVING round(intake.rows_refused + count(row.intake_no) - $rows_refused_share * intake.rows_read, 9) > 0
ORDER BY subject
