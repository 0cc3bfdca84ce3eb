"""After each run: does every open case still stand on what is known now (RULES 9)?"""

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

from flows.case_letters import draft_withdrawal
from flows.casework import Record, append, case_named
from pipeline.assess.assessment import Judgement
from pipeline.enforce.cases import Case, cases_of
from pipeline.enforce.grounds import grounds_of
from pipeline.enforce.standing import doubts, units_now, words
from pipeline.errors import AscError
from pipeline.intake.ingest import Stores
from pipeline.record.home import Home
from pipeline.rules.notice_dates import Method
from pipeline.rules.windows import newest_opened


@dataclass(frozen=True, slots=True)
class Review:
    """A case that a run put in doubt: its reference, why, and the draft of a withdrawal, where one could be made."""

    ref: str
    because: str
    draft: Path | None


def review(stores: Stores, home: Home, judgement: Judgement, by: str, moment: dt.datetime) -> list[Review]:
    """Write down which open cases rely on a window that is no longer missed; what was said of a case before is not said
    again. `judgement` is that of the run: its decisions count, and its day, where no notice is newer."""
    known = [case for case in cases_of(stores.register).values() if case.is_open]
    if not known:
        return []
    days = {case.ref: max(judgement.as_at, _known_on(case)) for case in known}
    day = max(days.values())
    newest = max(newest_opened(day, stores.parameters), *(month for case in known for _, _, month in case.windows))
    today = replace(judgement, month=newest, as_at=day)
    now = units_now(
        stores.facts, today, [(location_id, kind) for case in known for location_id, kind, _ in case.windows]
    )
    bodies = grounds_of(stores.facts, today.decisions, day, Method.POST).public_bodies
    found: dict[str, dict[str, str]] = {}
    for case in known:
        doubt = doubts(case, now, bodies)
        if doubt != _last_said(case):
            issued = case.last("issued")
            on = max(judgement.as_at, issued.on) if issued else judgement.as_at
            event = "review_needed" if doubt else "as_before"
            asked = Record(case.ref, event, on, by, words(doubt) or "what it rests on is as it was again")
            with stores.register.writing() as ledger:
                if case_named(ledger, case.ref).is_open:
                    append(ledger, home, asked, moment, said={"doubts": doubt})
                    found |= {case.ref: doubt} if doubt else {}
    return [Review(ref, words(doubt), _drafted(stores, home, ref, days[ref])) for ref, doubt in found.items()]


def _drafted(stores: Stores, home: Home, ref: str, day: dt.date) -> Path | None:
    """Draft a withdrawal; a paper of the case that is damaged keeps no other case from being looked at."""
    try:
        return draft_withdrawal(stores, home, case_named(stores.register, ref), day)
    except AscError:
        return None


def _known_on(case: Case) -> dt.date:
    """Return the day up to which a case's notice knew its evidence: an older month that is run again puts it in no doubt."""
    issued = case.last("issued")
    return issued.on if issued is not None else dt.date.fromisoformat(case.opening["send_on"])


def _last_said(case: Case) -> object:
    return next((e.details["doubts"] for e in reversed(case.events) if "doubts" in e.details), {})
