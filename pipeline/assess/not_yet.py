"""Who has not submitted yet in a window that is open: for reminders, never for a status."""

import datetime as dt

from pipeline.assess.assessment import SQL
from pipeline.record.decisions import Unit
from pipeline.record.facts import Facts, sql, utc
from pipeline.rules.windows import Window


def not_yet(facts: Facts, window: Window) -> tuple[dict[str, dt.datetime], set[Unit]]:
    """Return when the newest file taken inside the window was taken, by provider type, and the units that had not submitted
    in it by then. Where no file says anything of a unit, it is not among them.

    `facts` holds the known intakes of a judgement, as `assess` leaves them.
    """
    asked: dict[str, object] = {
        "month": window.month,
        "opens_at": utc(window.opens_at),
        "closed_at": utc(window.closed_at),
    }
    taken = facts.query(
        "SELECT row.provider_type, max(intake.extracted_at) FROM core_unit_row AS row"
        " INNER JOIN known_intake AS intake USING (intake_no)"
        " WHERE intake.extracted_at >= $opens_at AND intake.extracted_at < $closed_at AND (intake.kind = 'record_level'"
        " OR intake_no IN (SELECT intake_no FROM core_status_column WHERE window_month = $month)) GROUP BY ALL",
        asked,
    )
    units = {(location_id, kind) for location_id, kind, _ in facts.query(sql(SQL, "sql/not_yet.sql"), asked)}
    return dict(taken), units
