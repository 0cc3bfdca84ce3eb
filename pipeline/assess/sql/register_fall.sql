-- One row: of the locations that owe a return by the registers of one moment (all of them, where those lists do not say what
-- is owed), how many there are, and how many the registers of a later moment lack without their being deregistered (RULES 3).
WITH held AS (
    SELECT
        row.location_id,
        register.day_no,
        bool_or(row.owes_care_home OR row.owes_home_care) AS owes,
        bool_or(row.owes_care_home IS NOT NULL OR row.owes_home_care IS NOT NULL) AS is_told
    FROM core_register_row AS row
    INNER JOIN register USING (intake_no)
    WHERE register.day_no IN ($before, $after)
    GROUP BY row.location_id, register.day_no
),

owing AS (
    SELECT location_id
    FROM held
    WHERE day_no = $before AND (owes OR NOT (SELECT bool_or(is_told) FROM held WHERE day_no = $before))
)

SELECT
    count(*) AS locations,
    count(*) FILTER (after.location_id IS NULL AND gone.location_id IS NULL) AS lacking
FROM owing
LEFT JOIN held AS after ON after.location_id = owing.location_id AND after.day_no = $after
LEFT JOIN deregistered_ever AS gone ON gone.location_id = owing.location_id
