-- One row per unit that files taken inside an open window hold, and that had not submitted in it by then.
-- This is no evidence of a miss, and is for reminders alone: a No counts only after the close (RULES 3).
-- Grain: (provider_type, location_id).
WITH inside AS (
    SELECT intake_no, extracted_at, known_until
    FROM known_intake
    WHERE extracted_at >= $opens_at AND extracted_at < $closed_at
),

seen AS (
    SELECT
        cell.intake_no,
        cell.row_no,
        inside.extracted_at,
        cell.says = 'submitted' AS is_yes
    FROM status_cell AS cell
    INNER JOIN inside USING (intake_no)
    WHERE cell.window_month = $month AND cell.says IS NOT NULL
    UNION ALL
    SELECT
        stamp.intake_no,
        stamp.row_no,
        inside.extracted_at,
        greatest(stamp.updated_at, coalesce(stamp.other_at, stamp.updated_at)) >= $opens_at AS is_yes
    FROM core_stamp AS stamp
    INNER JOIN inside USING (intake_no)
    WHERE stamp.updated_at < inside.known_until
)

SELECT
    row.location_id,
    row.provider_type,
    max(seen.extracted_at) AS seen_at
FROM seen
INNER JOIN core_unit_row AS row USING (intake_no, row_no)
GROUP BY row.location_id, row.provider_type
HAVING NOT bool_or(seen.is_yes)
ORDER BY row.location_id, row.provider_type
