"""Last-updated columns of record-level extracts -> moments in UTC (DATA 3 and cases 54 to 59)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.intake.blanks import Unreadable, tidy
from pipeline.intake.findings import Finding
from pipeline.intake.moments import Order, moment, order_of
from pipeline.rules.windows import LONDON

NEVER = ("", "-", "*", "never", "null")  # no update is known: no evidence
SAME = dt.timedelta(seconds=1)  # what rounding can make of one moment
HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Stamp:
    """The last update of one row: its moment, another one where two columns contradict, and the cell it stood in."""

    number: int
    updated_at: dt.datetime
    other_at: dt.datetime | None
    heading: str
    raw: str


@dataclass(slots=True)
class StampColumn:
    """One column of last updates: its heading, its zone, its cells, and what each reads as; an update of a year before
    `year_least` cannot be true."""

    heading: str
    zone: dt.tzinfo
    cells: Sequence[str]
    is_1904: bool
    year_least: int

    def read(
        self, sheet: str, numbers: Sequence[int], known: Sequence[object], findings: list[Finding]
    ) -> list[dt.datetime | None]:
        """Return the moments; None where a cell says nothing, or nothing that can be used (then with a finding, unless
        the row's update is `known` from another column)."""
        order = order_of(set(self.cells), self.is_1904)
        if not order.is_sure:
            findings.append(Finding("date_order_assumed", sheet, 0, self.heading, "day/month"))
        read = {text: self._one(text, order) for text in set(self.cells)}
        found = [read[text] for text in self.cells]
        findings += [
            Finding(rule, sheet, number, self.heading, text)
            for number, text, (_, rule), other in zip(numbers, self.cells, found, known, strict=True)
            if rule and other is None
        ]
        return [at for at, _ in found]

    def _one(self, text: str, order: Order) -> tuple[dt.datetime | None, str]:
        if tidy(text).casefold() in NEVER:
            return None, ""
        try:
            local = moment(text, order)
        except Unreadable:
            return None, "stamp_unreadable"
        if local.tzinfo is not None:
            at, rule = local.astimezone(dt.UTC), ""
        else:
            at, rule = local.replace(tzinfo=self.zone).astimezone(dt.UTC), ""
            if at.astimezone(self.zone).replace(tzinfo=None) != local:
                rule = "stamp_hour_missing"
            elif local.replace(tzinfo=self.zone, fold=1).astimezone(dt.UTC) != at:
                rule = "stamp_hour_twice"
        return (at, rule) if at.year >= self.year_least else (None, "stamp_too_old")


def stamps_of(sheet: str, numbers: Sequence[int], columns: Sequence[StampColumn]) -> tuple[list[Stamp], list[Finding]]:
    """Return the last update of each row that has one, and what is wrong with the others.

    The first column is preferred; where a second one stands apart by other than 0 or 1 hour, both are kept.
    """
    findings: list[Finding] = []
    read: list[list[dt.datetime | None]] = []
    for column in columns:
        known = [next(filter(None, moments), None) for moments in zip(*read, strict=True)] or [None] * len(numbers)
        read.append(column.read(sheet, numbers, known, findings))
    answer = []
    for place, number in enumerate(numbers):
        filled = [(at, column) for moments, column in zip(read, columns, strict=True) if (at := moments[place])]
        if not filled:
            continue
        at, column = filled[0]
        other_at = next((other for other, _ in filled[1:] if _apart(at, other)), None)
        if other_at is not None:
            both = f"{column.cells[place]} / {filled[1][1].cells[place]}"
            findings.append(Finding("stamps_apart", sheet, number, column.heading, both))
        answer.append(Stamp(number, at, other_at, column.heading, column.cells[place]))
    return answer, findings


def _apart(utc: dt.datetime, local: dt.datetime) -> bool:
    """Say whether two readings of one update are neither the same moment nor the same wall clock (0 or 1 hour apart)."""
    difference = local.astimezone(LONDON).replace(tzinfo=None) - utc.replace(tzinfo=None)
    return min(abs(difference), abs(difference - HOUR)) > SAME
