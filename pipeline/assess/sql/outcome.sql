-- One row per unit and window of the calendar, whether or not anything was reported (RULES 3).
-- Grain: (unit_no, seq).
SELECT
    unit.unit_no,
    w.seq,
    CASE
        WHEN unit.registered_on > w.closes_on OR unit.deregistered_on < w.opens_on OR gap.seq IS NOT NULL
            THEN 'not_required'
        WHEN decided.is_excused THEN 'excused'
        WHEN NOT decided.is_excused THEN 'missed'
        WHEN said.is_yes THEN 'submitted'
        WHEN NOT said.is_yes AND stamped.is_inside THEN 'unknown'
        WHEN NOT said.is_yes THEN 'missed'
        WHEN stamped.is_inside THEN 'submitted'
        WHEN stamped.is_before_opening THEN 'missed'
        ELSE 'unknown'
    END AS outcome,
    CASE
        WHEN unit.registered_on IS NOT NULL THEN date_diff('day', unit.registered_on, w.closes_on) < w.new_under_days
        ELSE coalesce(said_new.is_new, FALSE)
    END AS is_new,
    stamped.late_at
FROM unit
CROSS JOIN window_calendar AS w
LEFT JOIN said ON said.unit_no = unit.unit_no AND said.seq = w.seq
LEFT JOIN stamped ON stamped.unit_no = unit.unit_no AND stamped.seq = w.seq
LEFT JOIN said_new ON said_new.unit_no = unit.unit_no AND said_new.seq = w.seq
LEFT JOIN decided_window AS decided
    ON decided.provider_type = unit.provider_type
    AND decided.location_id = unit.location_id
    AND decided.window_month = w.window_month
LEFT JOIN gap_window AS gap ON gap.location_id = unit.location_id AND gap.seq = w.seq
