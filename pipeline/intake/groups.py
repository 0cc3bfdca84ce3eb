"""Rows that are no records: groups, totals, headings again."""

import datetime as dt
import re

from pipeline.intake.blanks import tidy
from pipeline.intake.sources import Kind, headings, normal_heading
from pipeline.intake.tables import Table
from pipeline.rules.authorities import Authorities, authorities_on, normal_name

TOTALS = frozenset({"total", "grand total", "subtotal", "sub total", "england", "yorkshire humberside", "yorkshire and humberside",
                    "east", "eastern", "unspecified"})  # fmt: skip

NUMBER = re.compile(r"[0-9.,]+ ?%?")  # a group row holds counts or shares beside its name, and no other words


class Groups:
    """Group, total and repeated heading rows: left out, their authority filling down where rows name none."""

    def __init__(self, table: Table) -> None:
        self.left_out: list[str] = []
        self.providers = 0  # rows about a provider, not about a location
        self.notes: list[
            tuple[int, list[str]]
        ] = []  # rows of words alone since the last record: a footer, if none follows
        self._id_headings = {h for h, name in headings(table.source.layout).items() if name == table.source.id_column}
        newest = max((column.month for column in table.months), default=dt.date(2024, 1, 1))
        self._authorities: Authorities = authorities_on(newest)
        self._regions = {normal_name(authority.region) for authority in self._authorities.all} | TOTALS
        self._fills_down = table.source.kind == Kind.MONTHLY_STATUS and "local_authority_raw" not in table.columns
        self._current = ""
        self._width = len(table.headings)
        if self._fills_down:
            table.columns["local_authority_raw"] = len(table.headings)

    def is_no_record(self, row: list[str], raw_id: str) -> bool:
        """Say whether a row without a certain id is a heading, a group or a total, and remember its authority."""
        first = next(tidy(cell) for cell in row if tidy(cell))
        if normal_heading(raw_id) in self._id_headings:
            self.left_out.append("headings again")
            return True
        if tidy(raw_id) not in ("", first) or not all(map(NUMBER.fullmatch, _others(row, first))):
            return False
        authority = self._authorities.find(first)
        if authority is None and normal_name(first) not in self._regions:
            return False
        self._current = first if authority is not None else ""
        self.left_out.append(first)
        return True

    def fill_down(self, row: list[str]) -> None:
        """Add the authority of the group to a row of a file that has no column for it."""
        if self._fills_down:
            row[self._width :] = [self._current]


def _others(row: list[str], first: str) -> list[str]:
    """Return the filled cells of a row that do not hold its first text."""
    return [text for cell in row if (text := tidy(cell)) not in ("", first)]
