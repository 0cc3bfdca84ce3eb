-- One row per unit asked about and window of the calendar, oldest first.  Grain: (provider_type, location_id, seq).
SELECT
    unit.location_id,
    unit.provider_type,
    w.window_month,
    w.opens_on,
    w.closes_on,
    outcome.outcome,
    outcome.is_new,
    outcome.late_at
FROM asked_unit
INNER JOIN unit USING (location_id, provider_type)
INNER JOIN outcome USING (unit_no)
INNER JOIN window_calendar AS w USING (seq)
ORDER BY unit.location_id, unit.provider_type, w.seq
