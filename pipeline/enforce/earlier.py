"""What earlier notices stand in the way of new ones, and where a batch stands among those of its month (RULES 5)."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.enforce.batches import BatchRecord
from pipeline.enforce.cases import Case, Window
from pipeline.record.facts import Facts, Row
from pipeline.rules.windows import month_text


@dataclass(frozen=True, slots=True)
class Earlier:
    """What earlier notices stand for: providers with an open case, and windows (location id, type, month) relied on."""

    open_cases: Mapping[str, str]
    relied_on: frozenset[Window]


def earlier_of(cases: Iterable[Case]) -> Earlier:
    """Return what these cases stand for."""
    kept = list(cases)
    return Earlier(
        {case.provider_id: case.ref for case in kept if case.is_open},
        frozenset(window for case in kept if case.relies for window in case.windows),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a batch stands: its number, the number of its first letter, the cases that bear on it, and the providers that
    have a letter in an earlier batch of the month."""

    number: int
    first_letter: int
    cases: Sequence[Case]
    noticed: frozenset[str]

    @property
    def earlier(self) -> Earlier:
        """What its cases stand for."""
        return earlier_of(self.cases)

    @property
    def made_of(self) -> dict[str, Any]:
        """What it adds to that of which a release is made (CONTRACT 1): nothing, where there is no earlier notice."""
        if self.number == 1 and not self.cases:
            return {}
        lines = sorted(
            [case.ref, case.provider_id, case.is_open, case.relies, *case.opening["windows"]] for case in self.cases
        )
        return {"batch": self.number, "first_letter": self.first_letter, "earlier_notices": lines}  # fmt: skip


def place_of(
    number: int,
    month: dt.date,
    oldest: dt.date,
    cases: Mapping[str, Case],
    records: Mapping[str, BatchRecord],
    later: bool,
) -> Place:
    """Return the place of the batch of a month with that number. `oldest` is the first month a notice of it can rely on;
    cases of later months bear on it with `later` alone."""
    name = month_text(month)
    before = [record for record in records.values() if record.approval["month"] == name and record.number < number]
    names = {record.name for record in before}
    mine = [case for case in cases.values() if case.opening["batch"] in names and (case.is_open or case.relies)]
    others = [
        case
        for case in cases.values()
        if case.month < name or (later and case.month > name)
        if case.is_open or (case.relies and any(window[2] >= oldest for window in case.windows))
    ]
    noticed = frozenset(case.provider_id for case in mine if case.relies)
    first = 1 + max((int(record.approval["last_letter"]) for record in before), default=0)
    return Place(number, first, sorted([*mine, *others], key=lambda case: case.ref), noticed)


def load_relied_before(facts: Facts, earlier: Earlier) -> None:
    """Make the table of windows that approved or issued notices rely on."""
    rows: list[Row] = sorted(earlier.relied_on)
    facts.load(
        "relied_before", {"location_id": "VARCHAR", "provider_type": "VARCHAR", "window_month": "DATE"}, rows, temp=True
    )
