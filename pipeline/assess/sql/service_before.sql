-- One row per unit of the month before, with its outcome and status.  Grain: (provider_type, location_id).
SELECT
    unit.location_id,
    unit.provider_type,
    unit.region,
    history.outcome,
    status.status
FROM unit
INNER JOIN history USING (unit_no)
INNER JOIN status USING (unit_no)
