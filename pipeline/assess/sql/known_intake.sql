-- One row per intake known at the end of the day asked about, and not left out of the month by a person.
-- Grain: intake_no.
SELECT
    intake_no, sha256, file_name, kind, layout, provider_type, extracted_at, ranked_at, ranked_on, known_until, rows_read,
    rows_refused
FROM core_intake
WHERE ranked_at < $known_before AND NOT list_contains($left_out, sha256)
