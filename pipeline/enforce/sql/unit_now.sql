-- One row per unit asked about and window, oldest first: what is known of it now.  Grain: (provider_type, location_id, seq).
SELECT
    unit.location_id,
    unit.provider_type,
    unit.deregistered_on,
    unit.provider_id,
    w.window_month,
    outcome.outcome,
    outcome.late_at
FROM unit
INNER JOIN outcome USING (unit_no)
INNER JOIN window_calendar AS w USING (seq)
ORDER BY unit.location_id, unit.provider_type, w.seq
