"""Rows that are no records: groups, totals, headings again."""

import datetime as dt
import re

from pipeline.errors import InputRefused
from pipeline.intake.blanks import tidy
from pipeline.intake.cells import is_answer
from pipeline.intake.headings import headings, normal_heading
from pipeline.intake.sources import Kind
from pipeline.intake.tables import Table
from pipeline.rules.authorities import Authorities, authorities_on, normal_name

TOTALS = frozenset({"total", "grand total", "subtotal", "sub total", "england", "yorkshire humberside", "yorkshire and humberside",
                    "east", "eastern", "unspecified"})  # fmt: skip

SUBTOTAL = re.compile(r"\s*(?:\([^()]*\)|sub ?-?total|total)$", re.IGNORECASE)  # "Kent Total", "Kent (12 services)"
NUMBER = re.compile(r"[0-9.,]+ ?%?")  # a group row holds counts or shares beside its name, and no other words


class Groups:
    """Group, total and repeated heading rows: left out, their authority filling down where rows name none."""

    def __init__(self, table: Table) -> None:
        self.left_out: list[str] = []
        self.providers = 0  # rows about a provider, not about a location
        self.notes: list[tuple[int, list[str]]] = []  # words alone since the last record: a footer, if none follows
        self._id_headings = {h for h, name in headings(table.source.layout).items() if name == table.source.id_column}
        self._file, self._sheet = table.file, table.sheet
        self._headings = [normal_heading(heading) for heading in table.headings]
        newest = max((column.month for column in table.months), default=dt.date(2024, 1, 1))
        self._authorities: Authorities = authorities_on(newest)
        self._regions = {normal_name(authority.region) for authority in self._authorities.all} | TOTALS
        self._fills_down = table.source.kind == Kind.MONTHLY_STATUS and "local_authority_raw" not in table.columns
        self._current = ""
        self._months = [column.index for column in table.months]
        self._width = len(table.headings)
        if self._fills_down:
            table.columns["local_authority_raw"] = len(table.headings)

    def is_no_record(self, number: int, row: list[str], raw_id: str) -> bool:
        """Say whether a row without a certain id is a heading, a group or a total, and remember its authority.

        Raises InputRefused for a second heading row that differs from the first: what stands below would be misread.
        """
        first = next(tidy(cell) for cell in row if tidy(cell))
        if self._is_heading(number, row):
            self.left_out.append("headings again")
            return True
        if tidy(raw_id) not in ("", first) or not all(map(NUMBER.fullmatch, _others(row, first))):
            return False
        names = [first, SUBTOTAL.sub("", first)]
        place = next((name for name in names if self._authorities.find(name) is not None), "")
        is_region = any(normal_name(name) in self._regions for name in names)
        is_known, stands_for_id = bool(place or is_region), tidy(raw_id) == first
        if self._has_answers(row) and not (is_known and (stands_for_id or self._has_months_alone(row, first))):
            return False  # a service without an id, whatever its name
        is_alone = not _others(row, first) or stands_for_id
        if not is_known and not (self._fills_down and _is_name(first) and is_alone):
            return False
        self._current = place or ("" if is_region else names[1])
        self.left_out.append(first)
        return True

    def _has_months_alone(self, row: list[str], first: str) -> bool:
        """Say whether beside its name a row holds nothing but what stands under the months: of a service more is said."""
        return not _others([cell for index, cell in enumerate(row) if index not in self._months], first)

    def _has_answers(self, row: list[str]) -> bool:
        """Say whether all that stands under the months of a row is answers; counts and shares are not."""
        filled = [row[index] for index in self._months if index < len(row) and tidy(row[index])]
        return bool(filled) and all(map(is_answer, filled))

    def _is_heading(self, number: int, row: list[str]) -> bool:
        normal = [normal_heading(cell) for cell in row]
        if not self._id_headings & set(normal):
            return False
        if normal[: self._width] == self._headings and not any(normal[self._width :]):
            return True
        if sum(heading in self._headings for heading in normal if heading) < 2:
            return False
        raise InputRefused(
            self._file, "a second row of headings, with other columns than the first.",
            "Give each list as a file of its own.", sheet=self._sheet, row=number,
        )  # fmt: skip

    def fill_down(self, row: list[str]) -> None:
        """Add the authority of the group to a row of a file that has no column for it."""
        if self._fills_down:
            row[self._width :] = [self._current]


def _is_name(text: str) -> bool:
    """Say whether text can be the name of a group that nobody knows: then its services are nobody else's."""
    return not any(map(str.isdigit, SUBTOTAL.sub("", text))) and any(map(str.isalpha, text))


def _others(row: list[str], first: str) -> list[str]:
    """Return the filled cells of a row that do not hold its first text."""
    return [text for cell in row if (text := tidy(cell)) not in ("", first)]
