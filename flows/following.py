"""Following a case up: what its services did since the notice, and what stops a final notice."""

import datetime as dt
from pathlib import Path
from typing import Any

from flows.casework import Record, case_named, record
from flows.opening import reading
from flows.settings import calendar_of, settings_of
from pipeline.assess.assessment import Judgement
from pipeline.enforce.cases import Case
from pipeline.enforce.standing import NOT_KNOWN, units_now
from pipeline.record.decisions import decisions_in_force
from pipeline.record.home import Home
from pipeline.rules.windows import month_text, newest_opened


def since_notice(home: Home, ref: str, day: dt.date, moment: dt.datetime) -> tuple[Case, list[dict[str, Any]]]:
    """Return a case, and for each of its services the windows relied on and all since, with what is known of them."""
    with reading(home, moment) as (stores, _):
        case = case_named(stores.register, ref)
        judgement = Judgement(
            newest_opened(day, stores.parameters), day, calendar_of(home), stores.parameters, decisions_in_force(stores.register)
        )  # fmt: skip
        units = sorted({(location_id, kind) for location_id, kind, _ in case.windows})
        now = units_now(stores.facts, judgement, units)
    answer = []
    for unit in units:
        relied_on = {month for *of, month in case.windows if tuple(of) == unit}
        windows = [
            {
                "month": month_text(month),
                "outcome": seen.outcome,
                "late_on": seen.late_on,
                "relied_on": month in relied_on,
            }
            for month, seen in now.get(unit, NOT_KNOWN).windows.items()
            if month in relied_on or month_text(month) > case.month
        ]
        answer.append({"location_id": unit[0], "provider_type": unit[1], "windows": windows})
    return case, answer


def record_step(home: Home, asked: Record, evidence: Path | None, moment: dt.datetime) -> Case:
    """Record one event of a case and return the case."""
    return record(home, asked, evidence, moment, _pay_days(home) if asked.event == "final_notice" else None)


def _pay_days(home: Home) -> int | None:
    """Return the days for payment that the settings give, None where they give none."""
    days = settings_of(home).get("payment", {}).get("days")
    return days if isinstance(days, int) and not isinstance(days, bool) else None
