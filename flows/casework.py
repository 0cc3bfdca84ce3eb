"""Recording what happens to a case: by its lawful steps alone, each with the dates it sets."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flows.opening import register_of
from flows.settings import calendar_of, london_day, parameters
from pipeline.enforce.cases import KIND, UNDECIDED, Case, cases_of
from pipeline.enforce.lawful import check_step
from pipeline.enforce.steps import EXCUSES, RECORDED, STEPS, STOPPED_BY_REVIEW
from pipeline.errors import UnlawfulStep, UsageError
from pipeline.record.archive import Archive
from pipeline.record.decisions import decisions_in_force
from pipeline.record.home import Home
from pipeline.record.register import Events, Ledger
from pipeline.rules.notice_dates import Method, final_notice_dates


@dataclass(frozen=True, slots=True)
class Record:
    """One event to record of a case; `details` holds what else is said: reason, result, method, evidence."""

    ref: str
    event: str
    on: dt.date
    by: str
    because: str
    details: Mapping[str, str] = field(default_factory=dict)


def record(home: Home, asked: Record, evidence: Path | None, moment: dt.datetime, pay_days: int | None = None) -> Case:
    """Write one event of a case down and return the case; raises UnlawfulStep, and UsageError for a case that is not.

    Evidence is archived once the step is known to be lawful, so that the archive holds nothing that no event names.
    """
    register = register_of(home)
    try:
        with register.writing() as ledger:
            check_step(case_named(ledger, asked.ref), asked.event, asked.on)
            said = {}
            if evidence is not None:
                sha256 = Archive(home.archive).add(evidence)
                said = {"evidence": {"name": evidence.name, "sha256": sha256}}
            append(ledger, home, asked, moment, pay_days, said)
            return case_named(ledger, asked.ref)
    finally:
        register.close()


def append(
    ledger: Ledger, home: Home, asked: Record, moment: dt.datetime, pay_days: int | None = None,
    said: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write one event down in the writer's transaction, with the dates it sets and the excuses it gives."""
    case = case_named(ledger, asked.ref)
    if asked.event in (*RECORDED, "withdrawn") and asked.on > london_day(moment):
        raise UsageError(f"{asked.on} has not come yet; an event is recorded once it has happened.")
    check_step(case, asked.event, asked.on)
    if asked.event in STOPPED_BY_REVIEW:
        kind = decisions_in_force(ledger).provider_kinds.get(case.provider_id, {}).get("decision")
        if kind == "public_body":
            raise UnlawfulStep(asked.ref, asked.event, "its provider is a public body, by a decision (s.277E)")
    body: dict[str, Any] = {
        "event": asked.event, "on": asked.on.isoformat(), "by": asked.by, "because": asked.because, **asked.details, **(said or {}),
        "rule": STEPS[asked.event].rule, "made_with": version("asc-compliance"),
    }  # fmt: skip
    if asked.event == "final_notice":
        method = Method(asked.details.get("method", Method.POST))
        dates = final_notice_dates(asked.on, method, calendar_of(home), parameters().on(asked.on), pay_days)
        body |= {name: day.isoformat() if day else "" for name, day in dates.items()}
    ledger.append(KIND, asked.ref, body, moment)
    if asked.event == "representations_received" and case.stage not in UNDECIDED:
        unread = "representations that came in time were written down after the decision"
        doubt = {"event": "review_needed", "on": asked.on.isoformat(), "by": asked.by, "because": unread}
        ledger.append(KIND, asked.ref, doubt, moment)
    if asked.details.get("reason") in EXCUSES:
        _excuse(ledger, case, asked, moment)


def _excuse(ledger: Ledger, case: Case, asked: Record, moment: dt.datetime) -> None:
    """Excuse the windows relied on: the data was supplied, an excuse accepted or a record wrong (RULES 5)."""
    for location_id, kind, month in case.windows:
        because = f"{asked.ref} {asked.event}, {asked.details['reason']}: {asked.because}"
        body = {
            "location_id": location_id, "provider_type": kind, "month": f"{month:%Y-%m}", "decision": "excused", "by": asked.by,
            "because": because, "evidence_sha256": "",
        }  # fmt: skip
        ledger.append("window decision", f"{location_id} {kind} {month:%Y-%m}", body, moment)


def case_named(ledger: Events, ref: str) -> Case:
    """Return a case; raises UsageError for a reference that none has."""
    found = cases_of(ledger, ref)
    if ref not in found:
        raise UsageError(f'There is no case "{ref}". A draft is none: its batch has to be approved first.')
    return found[ref]
