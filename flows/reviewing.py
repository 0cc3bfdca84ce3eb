"""After each run: does every open case still stand on what is known now (RULES 9)?"""

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

from flows.case_letters import draft_withdrawal
from flows.casework import Record, append, case_named
from pipeline.assess.assessment import Judgement
from pipeline.enforce.cases import Case, cases_of
from pipeline.enforce.standing import changed, units_now
from pipeline.intake.ingest import Stores
from pipeline.record.home import Home
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
    found = []
    for case in known:
        gone = changed(case.windows, now)
        if gone and gone != _last_said(case):
            because = "; ".join(f"{window} is {outcome} now" for window, outcome in gone.items())
            asked = Record(case.ref, "review_needed", days[case.ref], by, because)
            with stores.register.writing() as ledger:
                if not case_named(ledger, case.ref).is_open:
                    continue
                append(ledger, home, asked, moment, said={"windows": gone})
            found.append(Review(case.ref, because, draft_withdrawal(stores, home, case, days[case.ref])))
    return found


def _known_on(case: Case) -> dt.date:
    """Return the day up to which a case's notice knew its evidence: an older month that is run again puts it in no doubt."""
    issued = case.last("issued")
    return issued.on if issued is not None else dt.date.fromisoformat(case.opening["send_on"])


def _last_said(case: Case) -> object:
    return next(
        (e.details["windows"] for e in reversed(case.events) if e.event == "review_needed" and "windows" in e.details),
        None,
    )
