-- One row if the newest CQC register lacks too many of the locations of the last whole one.
SELECT
    '' AS provider_type,
    (SELECT string_agg(intake.sha256, ' ' ORDER BY intake.sha256)
        FROM register INNER JOIN known_intake AS intake USING (intake_no) WHERE register.day_no = register_fallen.day_no)
        AS subject,
    lacking || ' of the ' || locations || ' locations of the last whole register are neither in the newest ('
    || (SELECT string_agg(intake.file_name, ', ' ORDER BY intake.file_name)
        FROM register INNER JOIN known_intake AS intake USING (intake_no) WHERE register.day_no = register_fallen.day_no)
    || ') nor deregistered' AS detail,
    100.0 * lacking / locations AS figure
FROM register_fallen
