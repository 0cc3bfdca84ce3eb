-- One row per unit whose status is notice_due and window: whether the provider that a notice would be given to held the service
-- at the window's close (s.277E: the penalty falls on the person who failed).  The newest register not after the close says who
-- held it, else the first after it; nobody held it before CQC registered them as a provider.  For a location in no register the
-- export's provider held it.  Grain: (unit_no, seq).
WITH said AS (
    SELECT
        row.location_id,
        row.provider_id,
        intake.ranked_at,
        row_number() OVER (
            PARTITION BY row.location_id, intake.ranked_at ORDER BY intake.layout, row.provider_id, intake.sha256, row.source_row
        ) AS turn
    FROM core_register_row AS row
    INNER JOIN known_intake AS intake USING (intake_no)
    WHERE row.location_id IN (SELECT location_id FROM service WHERE status = 'notice_due')
),

started AS (
    SELECT row.provider_id, arg_max(row.provider_started_on, intake.ranked_at) AS started_on
    FROM core_register_row AS row
    INNER JOIN known_intake AS intake USING (intake_no)
    WHERE row.provider_started_on IS NOT NULL
    GROUP BY row.provider_id
)

SELECT
    service.unit_no,
    w.seq,
    CASE
        WHEN count(said.location_id) = 0 THEN TRUE
        WHEN started.started_on > w.closes_on THEN FALSE
        WHEN coalesce(
            arg_max(said.provider_id, said.ranked_at) FILTER (said.ranked_at < w.closed_at),
            arg_min(said.provider_id, said.ranked_at) FILTER (said.ranked_at >= w.closed_at)
        ) IN ('', service.provider_id)
            THEN NOT coalesce(bool_or(said.provider_id NOT IN ('', service.provider_id)), FALSE)
            OR coalesce(
                arg_max(said.provider_id, said.ranked_at) FILTER (said.ranked_at < w.closed_at),
                arg_min(said.provider_id, said.ranked_at) FILTER (said.ranked_at >= w.closed_at)
            ) <> ''
        ELSE FALSE
    END AS is_held
FROM service
CROSS JOIN window_calendar AS w
LEFT JOIN said ON said.location_id = service.location_id AND said.turn = 1
LEFT JOIN started ON started.provider_id = service.provider_id
WHERE service.status = 'notice_due' AND w.seq <= $last_seq
GROUP BY service.unit_no, w.seq, w.closes_on, w.closed_at, service.provider_id, started.started_on
