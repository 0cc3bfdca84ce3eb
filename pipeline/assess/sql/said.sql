-- One row per unit and window for which a status export says Yes or No: the newest word counts, and at equal times a Yes.
-- Grain: (provider_type, location_id, window_month).
SELECT
    provider_type,
    location_id,
    window_month,
    arg_max(says, epoch(ranked_at) * 2 + CAST(says = 'submitted' AS INTEGER)) AS says,
    bool_or(says = 'submitted') AS was_ever_yes,
    max(ranked_at) AS ranked_at
FROM statement
WHERE NOT is_before_close
GROUP BY provider_type, location_id, window_month
