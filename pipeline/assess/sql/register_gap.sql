-- One row per gap of registration: a list of deactivated locations names an end, and a register taken later than that day and
-- than that list holds the location again, for the first time on `held_again_on` (RULES 3).
-- Grain: (location_id, deregistered_on, held_again_on).
WITH again AS (
    SELECT
        gone.location_id,
        gone.deregistered_on,
        gone.intake_no,
        gone.source_row,
        min(register.ranked_on) AS held_again_on
    FROM core_deactivated_row AS gone
    INNER JOIN known_intake AS list USING (intake_no)
    INNER JOIN core_register_row AS row ON row.location_id = gone.location_id
    INNER JOIN known_intake AS register
        ON register.intake_no = row.intake_no
        AND register.ranked_at > list.ranked_at
        AND register.ranked_on > gone.deregistered_on
    GROUP BY gone.location_id, gone.deregistered_on, gone.intake_no, gone.source_row
)

SELECT
    location_id,
    deregistered_on,
    held_again_on,
    min(intake_no) AS intake_no,
    min_by(source_row, intake_no) AS source_row
FROM again
GROUP BY location_id, deregistered_on, held_again_on
