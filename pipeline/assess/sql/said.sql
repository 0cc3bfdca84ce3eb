-- One row per unit and window for which a status export says Yes or No: the newest word counts, and at equal times a Yes.
-- Grain: (unit_no, seq).
SELECT
    unit_no,
    seq,
    arg_max(is_yes, epoch(ranked_at) * 2 + CAST(is_yes AS INTEGER)) AS is_yes,
    bool_or(is_yes) AS was_ever_yes,
    bool_or(NOT is_yes) AS was_ever_no,
    max(ranked_at) AS ranked_at
FROM statement
WHERE NOT is_before_close
GROUP BY unit_no, seq
