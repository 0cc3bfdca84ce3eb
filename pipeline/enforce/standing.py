"""Does a notice still stand on what is known now: of its windows, of its units, of its provider (RULES 9)."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.assess.assessment import Judgement, Outcome, assess_units
from pipeline.enforce.cases import Case, Window
from pipeline.enforce.grounds import SQL
from pipeline.record.decisions import Decisions, Unit
from pipeline.record.facts import Facts, sql
from pipeline.rules.windows import LONDON, month_text


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one window of a unit: its outcome, and the day the data came after all, for one missed."""

    outcome: str
    late_on: dt.date | None


@dataclass(frozen=True, slots=True)
class UnitNow:
    """What is known of a unit: its last day, if it was deregistered, and its windows by month."""

    deregistered_on: dt.date | None
    windows: Mapping[dt.date, Seen]

    def came_since(self, month: dt.date) -> bool:
        """Say whether it has submitted in a window after a month."""
        return any(seen.outcome == Outcome.SUBMITTED for later, seen in self.windows.items() if later > month)


NOT_KNOWN = UnitNow(None, {})


def units_now(facts: Facts, judgement: Judgement, units: Iterable[Unit]) -> dict[Unit, UnitNow]:
    """Return what the files known at the judgement's day say of units, up to the window of its month.

    A unit that no known file holds is not in the answer.
    """
    assess_units(facts, judgement, sorted(set(units)))
    found: dict[Unit, tuple[dt.date | None, dict[dt.date, Seen]]] = {}
    for location_id, kind, ended, month, outcome, late_at in facts.query(sql(SQL, "sql/unit_now.sql")):
        late_on = late_at.replace(tzinfo=dt.UTC).astimezone(LONDON).date() if late_at else None
        found.setdefault((location_id, kind), (ended, {}))[1][month] = Seen(
            outcome, late_on if outcome == Outcome.MISSED else None
        )
    return {unit: UnitNow(ended, windows) for unit, (ended, windows) in found.items()}


def changed(windows: Sequence[Window], now: Mapping[Unit, UnitNow]) -> dict[str, str]:
    """Return the windows relied on that are no longer missed, each with its outcome now; `location:type:month` -> outcome."""
    answer = {}
    for location_id, kind, month in windows:
        seen = now.get((location_id, kind), NOT_KNOWN).windows.get(month)
        outcome = seen.outcome if seen else Outcome.UNKNOWN.value
        if outcome != Outcome.MISSED:
            answer[f"{location_id}:{kind}:{month_text(month)}"] = outcome
    return answer


def why_not_sent(case: Case, now: Mapping[Unit, UnitNow], decisions: Decisions, sent_on: dt.date) -> str | None:
    """Return why an approved letter is not to be sent on a day after all, or None for one that still stands."""
    units = sorted({(location_id, kind) for location_id, kind, _ in case.windows})
    month = dt.date.fromisoformat(f"{case.month}-01")
    if case.provider_id in decisions.holds:
        return "on hold (a decision)"
    if decisions.provider_kinds.get(case.provider_id, {}).get("decision") == "public_body":
        return "a public body (a decision)"
    if gone := changed(case.windows, now):
        return "; ".join(f"{window} is {outcome} now" for window, outcome in gone.items())
    for unit in units:
        ended = now[unit].deregistered_on
        if ended is not None and ended <= sent_on:
            return f"{unit[0]} {unit[1]} was deregistered on {ended}"
    if all(now[location_id, kind].windows[window].late_on for location_id, kind, window in case.windows):
        return "every window relied on was supplied late"
    if all(now[unit].came_since(month) for unit in units):
        return "submitted since, in a later window"
    return None
