-- One row per unit: all that lists and letters are made from, in the order of CONTRACT 5.
-- Grain: (provider_type, location_id).
SELECT
    unit.la_code,
    unit.local_authority,
    unit.region,
    unit.location_id,
    unit.location_name,
    unit.sort_name,
    unit.provider_id,
    unit.provider_name,
    unit.provider_type,
    unit.registration_status,
    unit.registered_on,
    unit.deregistered_on,
    unit.is_in_register,
    unit.owes,
    unit.user_count,
    unit.postcode,
    unit.telephone,
    history.outcome,
    status.status,
    status.reason,
    status.is_new,
    history.run_all,
    history.run,
    history.misses_within,
    history.seqs_missed,
    history.last_submitted_seq,
    unit.unit_no
FROM unit
INNER JOIN history USING (unit_no)
INNER JOIN status USING (unit_no)
ORDER BY
    list_position(
        ['notice_due', 'at_risk', 'watch', 'missed', 'unknown', 'new', 'compliant', 'not_required'], status.status
    ),
    unit.sort_name,
    unit.location_id,
    unit.provider_type
