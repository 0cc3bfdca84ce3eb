"""What has to be done about notices: cases whose clocks run out or that need a review, batches not issued, old held entries."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flows.alerts import Alert, Alerts
from flows.opening import register_of
from flows.operations import operations_of
from flows.settings import calendar_of, parameters
from flows.step import Step
from pipeline.enforce.batches import APPROVAL, ISSUE, records_of
from pipeline.enforce.cases import Case, cases_of
from pipeline.enforce.queue import Entry, queue_of
from pipeline.errors import Damaged
from pipeline.record.home import Home
from pipeline.rules.windows import parse_month, window_for
from pipeline.rules.working_days import WorkingDays
from reports.batches import PublishedBatch, whole_batches

SHOWN = 20  # references in one message; the commands it names list them all


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What waits on a day: urgent cases in order of their days, approved batches to be issued, held entries grown old."""

    day: dt.date
    cases: Sequence[Case]
    unissued: Sequence[PublishedBatch]
    old: Sequence[Entry]

    @property
    def counts(self) -> dict[str, int]:
        """How many cases wait, by what they are; batches to be issued; entries grown old."""
        states = Counter(str(case.state(self.day)) for case in self.cases)
        return {**dict(sorted(states.items())), "batches to issue": len(self.unissued), "held too long": len(self.old)}

    @property
    def text(self) -> str:
        """What is told of them: references, days and counts, no names; empty where nothing waits."""
        lines = []
        for case in self.cases[:SHOWN]:
            step, by = case.next_step(self.day)
            lines.append(f"{case.ref}: {case.state(self.day)}; next {step}{f' by {by}' if by else ''}")
        if len(self.cases) > SHOWN:
            lines.append(f"... and {len(self.cases) - SHOWN} more cases: asc-compliance cases list --due-within 14")
        for batch in self.unissued:
            lines.append(f"{batch.name}: approved, planned to be sent on {batch.summary['send_on']}, and not issued")
        if self.old:
            reasons = Counter(entry.reason for entry in self.old)
            said = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
            oldest = min(entry.since for entry in self.old)
            lines.append(f"Held too long, the oldest since {oldest}: {said}. All of them: asc-compliance held list")
        return "\n".join(lines)


def deadlines(home: Home, day: dt.date, moment: dt.datetime, step: Step) -> Deadlines:
    """Return what waits on a day, and tell the operators of it, once a day.

    A batch that is damaged keeps nothing else from being told; then Damaged is raised.
    """
    alerts = Alerts(home, day, moment)
    with alerts.of("deadlines", "deadlines could not all be looked up"):
        found, damaged = step("look up", lambda: _looked_up(home, day))
        if found.text:
            alerts.tell(Alert("deadlines", "what has to be done about notices", found.text))
        if damaged:
            raise damaged[0]
    return found


def _looked_up(home: Home, day: dt.date) -> tuple[Deadlines, list[Damaged]]:
    limits, days = operations_of(home.made()).alerts, calendar_of(home)
    last = days.after(day, limits.due_within_working_days)
    register = register_of(home)
    try:
        cases = [case for case in cases_of(register).values() if case.as_at(day).is_open and case.is_urgent(day, last)]
        standing, records = queue_of(register).standing.values(), records_of(register)
    finally:
        register.close()
    batches, damaged = whole_batches(home.releases, records)
    approved = [batch for batch in batches if batch.state == "approved"]
    found = Deadlines(
        day,
        sorted(cases, key=lambda case: (case.next_step(day)[1] or day, case.ref)),
        [batch for batch in approved if dt.date.fromisoformat(batch.summary["send_on"]) <= day],
        [entry for entry in standing if _is_old(entry, day, limits.held_old_after_days, days)],
    )
    return found, damaged


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did with a batch: batch.approved, or notice.issued."""

    name: str
    batch: str


def done_since(home: Home, moment: dt.datetime) -> list[Act]:
    """Return the batches approved and issued since a moment, oldest first."""
    register = register_of(home.made())
    since = moment.astimezone(dt.UTC).isoformat(timespec="seconds")
    acts = [
        (event.no, Act(name, event.subject))
        for kind, name in ((APPROVAL, "batch.approved"), (ISSUE, "notice.issued"))
        for event in register.events(kind)
        if event.at >= since
    ]
    register.close()
    return [act for _, act in sorted(acts, key=lambda act: act[0])]


def _is_old(entry: Entry, day: dt.date, most: int, days: WorkingDays) -> bool:
    began = window_for(parse_month(entry.since), days, parameters()).run_on
    return (day - began).days > most
