-- One row per unit and window of the calendar, whether or not anything was reported (RULES 3).
-- Grain: (provider_type, location_id, window_month).
SELECT
    unit.provider_type,
    unit.location_id,
    w.window_month,
    w.seq,
    CASE
        WHEN unit.registered_on > w.closes_on OR unit.deregistered_on < w.opens_on THEN 'not_required'
        WHEN excused.location_id IS NOT NULL THEN 'excused'
        WHEN said.says = 'submitted' THEN 'submitted'
        WHEN said.says = 'missed' AND stamped.is_inside THEN 'unknown'
        WHEN said.says = 'missed' THEN 'missed'
        WHEN stamped.is_inside THEN 'submitted'
        WHEN stamped.is_before_opening THEN 'missed'
        ELSE 'unknown'
    END AS outcome,
    coalesce(date_diff('day', unit.registered_on, w.closes_on) < w.new_under_days, FALSE) AS is_new,
    stamped.late_at
FROM unit
CROSS JOIN window_calendar AS w
LEFT JOIN said
    ON said.provider_type = unit.provider_type
    AND said.location_id = unit.location_id
    AND said.window_month = w.window_month
LEFT JOIN stamped
    ON stamped.provider_type = unit.provider_type
    AND stamped.location_id = unit.location_id
    AND stamped.window_month = w.window_month
LEFT JOIN excused
    ON excused.provider_type = unit.provider_type
    AND excused.location_id = unit.location_id
    AND excused.window_month = w.window_month
