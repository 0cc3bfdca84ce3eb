-- One row per unit: its status for the month and the reason in words (RULES 4).  Grain: unit_no.
WITH judged AS (
    SELECT
        unit.unit_no,
        history.outcome,
        history.run_all,
        history.run,
        history.misses_within,
        history.misses_but_oldest,
        len(list_intersect(coalesce(history.seqs_new, []), range($last_seq - history.run_all, $last_seq + 1))) AS new_in_run,
        CASE
            WHEN unit.registered_on IS NOT NULL
                THEN date_diff('day', unit.registered_on, w.closes_on) < w.new_under_days
            ELSE unit.says_new
        END AS is_new,
        history.run >= $notice_run AS is_run_due,
        history.misses_within >= $notice_misses AS is_count_due
    FROM unit
    INNER JOIN history USING (unit_no)
    INNER JOIN window_calendar AS w ON w.seq = $last_seq
)

SELECT
    unit_no,
    CASE
        WHEN outcome = 'not_required' THEN 'not_required'
        WHEN is_new THEN 'new'
        WHEN outcome = 'unknown' THEN 'unknown'
        WHEN outcome = 'missed' AND run > 0 AND (is_run_due OR is_count_due) THEN 'notice_due'
        WHEN run_all >= $at_risk_run THEN 'at_risk'
        WHEN misses_but_oldest >= $notice_misses - 1 THEN 'watch'
        WHEN outcome = 'missed' THEN 'missed'
        ELSE 'compliant'
    END AS status,
    CASE status
        WHEN 'notice_due' THEN concat_ws(
            '; ',
            CASE WHEN is_run_due THEN run || ' windows in a row' END,
            CASE WHEN is_run_due AND new_in_run > 0 THEN new_in_run || ' more while new' END,
            CASE WHEN is_count_due THEN misses_within || ' of the last ' || $within || ' windows' END
        )
        WHEN 'at_risk' THEN concat_ws(
            '; ',
            run_all || ' windows in a row',
            CASE WHEN new_in_run > 0 THEN new_in_run || ' of them while new' END
        )
        WHEN 'watch' THEN misses_but_oldest || ' of the last ' || ($within - 1) || ' windows'
        ELSE ''
    END AS reason,
    is_new
FROM judged
