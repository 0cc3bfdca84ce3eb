-- One row per moment at which registers were taken, with the digests of their files: by them a person's word is remembered.
-- Grain: day_no.
SELECT
    register.day_no,
    string_agg(intake.sha256, ' ' ORDER BY intake.sha256) AS digests
FROM register
INNER JOIN known_intake AS intake USING (intake_no)
GROUP BY register.day_no
