"""Following a case up: what its services did since the notice, and what stops a final notice."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

from flows.casework import Record, append, case_named, record
from flows.final_notice import fee_on, pay_days, pounds_of
from flows.opening import reading
from flows.settings import calendar_of, settings_of
from pipeline.assess.assessment import Judgement
from pipeline.enforce.cases import Case
from pipeline.enforce.grounds import pounds
from pipeline.enforce.lawful import check_step
from pipeline.enforce.standing import NOT_KNOWN, units_now
from pipeline.errors import UnlawfulStep
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
    """Record one event of a case and return the case.

    At a final notice the fee is looked up again; where it is not the one that the notice stated, the case is put under
    review instead, and UnlawfulStep is raised (RULES 7).
    """
    if asked.event != "final_notice":
        return record(home, asked, evidence, moment)
    with reading(home, moment) as (stores, _):
        case = case_named(stores.register, asked.ref)
        check_step(case, asked.event, asked.on)
        fee, _ = fee_on(stores, home, case, asked.on)
        _check_letter(case, asked)
        if pounds(fee.amounts[0]) != pounds_of(case.amount):
            because = f"the fee is {pounds(fee.amounts[0])} now, and the notice said {pounds_of(case.amount)}"
            amount = pounds(fee.amounts[0]).replace(",", "")
            with stores.register.writing() as ledger:
                doubt = Record(asked.ref, "review_needed", asked.on, asked.by, because, {"amount_gbp": amount})
                append(ledger, home, doubt, moment)
            raise UnlawfulStep(
                asked.ref, asked.event, f"{because}; it is under review now: record `reviewed` (reg 3)", ""
            )
    asked = replace(asked, details={**asked.details, "amount_gbp": case.amount})
    return record(home, asked, evidence, moment, pay_days(settings_of(home)))


def _check_letter(case: Case, asked: Record) -> None:
    """Raise UnlawfulStep where the final notice was made for another day than it is said to be sent."""
    made = [
        event.on for event in case.events if event.event == "letter_made" and event.details["letter"] == "final_notice"
    ]
    if made and asked.on not in made:
        days = ", ".join(map(str, sorted(set(made))))
        raise UnlawfulStep(
            case.ref, asked.event, f"its letter was made to be sent on {days}: make it again for {asked.on}"
        )
