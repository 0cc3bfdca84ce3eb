"""Does a notice still stand on what is known now: of its windows, of its units, of its provider (RULES 9)."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from pipeline.assess.assessment import Judgement, Outcome, assess_units
from pipeline.enforce.cases import Case
from pipeline.enforce.grounds import SQL
from pipeline.record.decisions import Unit
from pipeline.record.facts import Facts, sql
from pipeline.rules.windows import LONDON, month_text


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one window of a unit: its outcome, and the day the data came after all, for one missed."""

    outcome: str
    late_on: dt.date | None


@dataclass(frozen=True, slots=True)
class UnitNow:
    """What is known of a unit: its provider, its last day, if it was deregistered, and its windows by month."""

    provider_id: str
    deregistered_on: dt.date | None
    windows: dict[dt.date, Seen]

    def came_since(self, month: dt.date) -> bool:
        """Say whether it has submitted in a window after a month."""
        return any(seen.outcome == Outcome.SUBMITTED for later, seen in self.windows.items() if later > month)


NOT_KNOWN = UnitNow("", None, {})


def units_now(facts: Facts, judgement: Judgement, units: Iterable[Unit]) -> dict[Unit, UnitNow]:
    """Return what the files known at the judgement's day say of units, up to the window of its month.

    A unit that no known file holds is not in the answer.
    """
    assess_units(facts, judgement, sorted(set(units)))
    found: dict[Unit, UnitNow] = {}
    for location_id, kind, ended, provider_id, month, outcome, late_at in facts.query(sql(SQL, "sql/unit_now.sql")):
        late_on = late_at.replace(tzinfo=dt.UTC).astimezone(LONDON).date() if late_at else None
        unit = found.setdefault((location_id, kind), UnitNow(provider_id, ended, {}))
        unit.windows[month] = Seen(outcome, late_on if outcome == Outcome.MISSED else None)
    return found


def doubts(case: Case, now: Mapping[Unit, UnitNow], public_bodies: Collection[str]) -> dict[str, str]:
    """Return what a notice rests on and is so no longer: windows relied on that are not missed (`location:type:month` -> the
    outcome now), units of another provider, a provider that is a public body."""
    answer = {}
    for location_id, kind, month in case.windows:
        seen = now.get((location_id, kind), NOT_KNOWN).windows.get(month)
        outcome = seen.outcome if seen else Outcome.UNKNOWN.value
        if outcome != Outcome.MISSED:
            answer[f"{location_id}:{kind}:{month_text(month)}"] = outcome
        provider_id = now.get((location_id, kind), NOT_KNOWN).provider_id
        if provider_id not in ("", case.provider_id):
            answer[f"{location_id}:{kind}"] = f"a service of {provider_id}"
    if case.provider_id in public_bodies:
        answer[case.provider_id] = "a public body"
    return answer


def words(doubt: Mapping[str, str]) -> str:
    """Return doubts as a sentence."""
    return "; ".join(f"{what} is {outcome} now" for what, outcome in doubt.items())


def why_not_sent(
    case: Case, now: Mapping[Unit, UnitNow], public_bodies: Collection[str], holds: Collection[str], sent_on: dt.date
) -> str | None:
    """Return why an approved letter is not to be sent on a day after all, or None for one that still stands."""
    units = sorted({(location_id, kind) for location_id, kind, _ in case.windows})
    month = dt.date.fromisoformat(f"{case.month}-01")
    if case.provider_id in holds:
        return "on hold (a decision)"
    if doubt := doubts(case, now, public_bodies):
        return words(doubt)
    for unit in units:
        ended = now[unit].deregistered_on
        if ended is not None and ended <= sent_on:
            return f"{unit[0]} {unit[1]} was deregistered on {ended}"
    if all(now[location_id, kind].windows[window].late_on for location_id, kind, window in case.windows):
        return "every window relied on was supplied late"
    if all(now[unit].came_since(month) for unit in units):
        return "submitted since, in a later window"
    return None
