-- One row per export with a column for the month (or record-level extract of its population) of whose rows too many contradict
-- the CQC register: in provider, authority or the return owed.  No difference is what one of the two does not say, a location
-- that no register holds, a name that is no authority's, or that of a predecessor.
WITH looked_at AS (
    SELECT
        row.intake_no,
        row.provider_type,
        row.location_id,
        register_now.location_id IS NOT NULL
        AND (
            (register_now.provider_id <> '' AND row.provider_id <> '' AND register_now.provider_id <> row.provider_id)
            OR coalesce(registered.la_code <> exported.la_code, FALSE)
            OR coalesce(
                NOT CASE row.provider_type
                    WHEN 'care_home' THEN register_now.owes_care_home
                    ELSE register_now.owes_home_care
                END,
                FALSE
            ) AND NOT coalesce(decided_owed.is_owed, FALSE)
        ) AS differs
    FROM unit_row
    INNER JOIN core_unit_row AS row ON row.intake_no = unit_row.intake_no AND row.row_no = unit_row.row_no
    LEFT JOIN register_now ON register_now.location_id = row.location_id
    LEFT JOIN authority_of AS registered ON registered.raw = register_now.local_authority_raw
    LEFT JOIN authority_of AS exported ON exported.raw = row.local_authority_raw
    LEFT JOIN decided_owed ON decided_owed.location_id = row.location_id AND decided_owed.provider_type = row.provider_type
    WHERE row.intake_no IN (
        SELECT intake_no FROM core_status_column WHERE window_month = $month
        UNION
        SELECT intake_no FROM candidate_file
    )
)

SELECT
    looked_at.provider_type,
    'the register' AS subject,
    any_value(intake.file_name) || ', ' || count(*) FILTER (looked_at.differs) || ' of ' || count(*) || ' rows, the first '
    || min(looked_at.location_id) FILTER (looked_at.differs) AS detail,
    100.0 * count(*) FILTER (looked_at.differs) / count(*) AS figure
FROM looked_at
INNER JOIN known_intake AS intake USING (intake_no)
GROUP BY looked_at.intake_no, looked_at.provider_type
HAVING count(*) >= $register_least
    AND count(*) FILTER (looked_at.differs) >= $contradicts_rows_least
    AND round(count(*) FILTER (looked_at.differs) - $contradicts_share * count(*), 9) > 0
ORDER BY looked_at.provider_type, detail
