"""The rows of a table -> typed columns; each row is taken, left out by rule, or refused with a finding."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from pipeline.intake import cells
from pipeline.intake.findings import Finding
from pipeline.intake.reading import CONTROL
from pipeline.intake.sources import Column, Kind, Type, headings, normal_heading
from pipeline.intake.tables import Table
from pipeline.rules.authorities import Authorities, authorities_on, normal_name

TOTALS = frozenset({"total", "grand total", "subtotal", "sub total", "england", "yorkshire humberside", "yorkshire and humberside",
                    "east", "eastern", "unspecified"})  # fmt: skip

NUMBER = re.compile(r"[0-9.,]+ ?%?")  # a group row holds counts or shares beside its name, and no other words
OWING = ("care_home", "domiciliary_care", "supported_living", "extra_care", "shared_lives")


@dataclass(slots=True)
class Typed:
    """The taken rows of one table: their numbers, raw cells and typed columns, all of one length."""

    table: Table
    numbers: list[int] = field(default_factory=list)
    raw: list[list[str]] = field(default_factory=list)
    columns: dict[str, list[object]] = field(default_factory=dict)
    sure: list[bool] = field(default_factory=list)
    answers: list[tuple[str, ...]] = field(
        default_factory=list
    )  # the cells under the months, in the order of the months
    findings: list[Finding] = field(default_factory=list)
    refused: int = 0

    @property
    def read(self) -> int:
        """The number of rows that are records, taken or refused."""
        return len(self.numbers) + self.refused

    def refuse(self, rule: str, row: int, column: str = "", value: str = "") -> None:
        """Count one row as refused and say why."""
        self.refused += 1
        self.findings.append(Finding(rule, self.table.sheet, row, column, value))


def typed(table: Table, most_users: int) -> Typed:
    """Read every row of a table; a user count above `most_users` is a slip."""
    answer = Typed(table, findings=list(table.findings))
    if table.has_control:
        _clean(answer)
    _take_records(answer)
    for column in table.source.columns[1:]:
        _read_column(answer, column, most_users)
    answer.answers = list(zip(*(_values(answer, column.index) for column in table.months), strict=True))
    _look_at_whole(answer)
    return answer


def _values(answer: Typed, index: int) -> list[str]:
    return list(map(itemgetter(index), answer.raw))


def _look_at_whole(answer: Typed) -> None:
    """Add the findings about all rows together: words under months that say nothing, locations that owe nothing."""
    table = answer.table
    if not answer.read:
        answer.findings.append(Finding("no_rows", table.sheet, table.heading_row))
    words = set().union(*answer.answers)
    unreadable = {word for word in words if cells.tidy(word) and cells.says(word) is None}
    if unreadable:
        answer.findings += [
            Finding("value_unreadable", table.sheet, number, column.heading, word)
            for number, row in zip(answer.numbers, answer.answers, strict=True)
            for column, word in zip(table.months, row, strict=True)
            if word in unreadable
        ]
    if table.source.kind is Kind.SERVICE_REGISTER:
        idle = sum(not any(flags) for flags in zip(*(answer.columns[name] for name in OWING), strict=True))
        if idle:
            answer.findings.append(Finding("rows_owing_nothing", table.sheet, 0, "", f"{idle} rows"))


def _clean(answer: Typed) -> None:
    """Remove control characters from text; an id that holds one is left as it is, and refused later."""
    table = answer.table
    spared = table.columns[table.source.id_column]
    for number, row in table.rows:
        for index, cell in enumerate(row):
            if index != spared and CONTROL.search(cell):
                heading = table.headings[index] if index < len(table.headings) else ""
                answer.findings.append(
                    Finding("cells_cleaned", table.sheet, number, heading, CONTROL.sub("\ufffd", cell))
                )
                row[index] = CONTROL.sub("", cell)


def _take_records(answer: Typed) -> None:
    table = answer.table
    id_index, width = table.columns[table.source.id_column], len(table.headings)
    id_heading = table.headings[id_index]
    group = _Groups(table)
    ids: list[object] = []
    for number, row in table.rows:
        raw_id = row[id_index] if id_index < len(row) else ""
        if len(row) == width and cells.is_sure_id(raw_id):
            group.fill_down(row)
            ids.append(raw_id)
            answer.sure.append(True)
        elif not any(map(cells.tidy, row)) or group.is_no_record(row, raw_id):
            continue
        elif len(row) < width or any(map(cells.tidy, row[width:])):
            answer.refuse("row_short", number, "", f"{len(row)} cells where the headings have {width}")
            continue
        else:
            repaired = cells.repaired_id(raw_id)
            if not (cells.is_sure_id(repaired) or cells.POSSIBLE_ID.fullmatch(repaired)):
                answer.refuse("id_refused", number, id_heading, raw_id)
                continue
            if repaired != raw_id:
                answer.findings.append(Finding("id_repaired", table.sheet, number, id_heading, raw_id))
            group.fill_down(row)
            ids.append(repaired)
            answer.sure.append(cells.is_sure_id(repaired) or table.source.kind != Kind.MONTHLY_STATUS)
        answer.numbers.append(number)
        answer.raw.append(row)
    answer.columns[table.source.id_column] = ids
    if group.left_out:
        first = group.left_out[0]
        answer.findings.append(Finding("rows_left_out", table.sheet, 0, "", f"{len(group.left_out)} rows ({first})"))


class _Groups:
    """Group, total and repeated heading rows: left out, their authority filling down where rows name none."""

    def __init__(self, table: Table) -> None:
        self.left_out: list[str] = []
        self._id_headings = {h for h, name in headings(table.source.kind).items() if name == table.source.id_column}
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
        first = next(cells.tidy(cell) for cell in row if cells.tidy(cell))
        if normal_heading(raw_id) in self._id_headings:
            self.left_out.append("headings again")
            return True
        if cells.tidy(raw_id) not in ("", first) or not all(map(NUMBER.fullmatch, _others(row, first))):
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
    return [text for cell in row if (text := cells.tidy(cell)) not in ("", first)]


def _read_column(answer: Typed, column: Column, most_users: int) -> None:
    """Read one column for all rows; values repeat, so each different text is read once."""
    table = answer.table
    index = table.columns.get(column.name)
    if index is None:
        answer.columns[column.name] = [None if _may_be_null(column.type) else ""] * len(answer.numbers)
        return
    heading = table.headings[index] if index < len(table.headings) else ""
    values, read = _values(answer, index), _reader(column)
    known: dict[str, Any] = {}
    bad: set[str] = set()
    for text in set(values):
        try:
            known[text] = read(text)
            if column.type is Type.COUNT and (known[text] or 0) > most_users:
                raise cells.Unreadable(f"at most {most_users}")
        except cells.Unreadable:
            known[text] = None if _may_be_null(column.type) else ""
            bad.add(text)
        if column.required and known[text] in (None, ""):
            bad.add(text)
    if bad and column.required:
        _drop(answer, index, heading, bad)
        values = _values(answer, index)
    elif bad:
        rule = _rule(column.type)
        answer.findings += [
            Finding(rule, table.sheet, number, heading, text)
            for number, text in zip(answer.numbers, values, strict=True)
            if text in bad
        ]
    answer.columns[column.name] = list(map(known.__getitem__, values))


def _drop(answer: Typed, index: int, heading: str, bad: set[str]) -> None:
    keep = [row[index] not in bad for row in answer.raw]
    for number, row, kept in zip(answer.numbers, answer.raw, keep, strict=True):
        if not kept:
            answer.refuse("row_value_refused", number, heading, row[index])
    for name, values in answer.columns.items():
        answer.columns[name] = [value for value, kept in zip(values, keep, strict=True) if kept]
    answer.numbers = [value for value, kept in zip(answer.numbers, keep, strict=True) if kept]
    answer.raw = [value for value, kept in zip(answer.raw, keep, strict=True) if kept]
    answer.sure = [value for value, kept in zip(answer.sure, keep, strict=True) if kept]


def _reader(column: Column) -> Callable[[str], object]:
    return _provider_id if column.type in (Type.PROVIDER_ID, Type.LOCATION_ID) else cells.READERS[column.type]


def _provider_id(text: str) -> str:
    repaired = cells.repaired_id(text)
    if repaired in ("", "-", "*"):
        return ""
    if not (cells.is_sure_id(repaired) or cells.POSSIBLE_ID.fullmatch(repaired)):
        raise cells.Unreadable("a CQC provider id")
    return repaired


def _may_be_null(kind: Type) -> bool:
    return kind in (Type.DATE, Type.COUNT, Type.FLAG, Type.POUNDS, Type.PROVIDER_TYPE)


def _rule(kind: Type) -> str:
    return {
        Type.DATE: "date_unreadable", Type.COUNT: "count_unreadable", Type.PROVIDER_ID: "provider_id_unreadable",
    }.get(kind, "status_unreadable")  # fmt: skip
