"""The rows of a table -> typed columns; each row is taken, left out by rule, or refused with a finding."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import compress, repeat
from operator import itemgetter
from typing import Any

from pipeline.errors import InputRefused
from pipeline.intake import cells
from pipeline.intake.findings import Finding
from pipeline.intake.groups import Groups
from pipeline.intake.reading import CONTROL
from pipeline.intake.sources import Column, Kind, Type
from pipeline.intake.tables import Table

LONGEST = 32_767  # characters in a cell of a workbook
OWING = ("care_home", "domiciliary_care", "supported_living", "extra_care", "shared_lives")


@dataclass(slots=True)
class Typed:
    """The taken rows of one table: their numbers, cells by column index and typed columns, all of one length."""

    table: Table
    numbers: list[int] = field(default_factory=list)
    cells: dict[int, Sequence[str]] = field(default_factory=dict)
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
    _take_records(answer)
    _refuse_unequal_twins(answer)
    for index in list(answer.cells):
        _clean(answer, index)
    for column in table.source.columns[1:]:
        _read_column(answer, column, most_users)
    answer.answers = list(zip(*(answer.cells[column.index] for column in table.months), strict=True))
    _look_at_whole(answer)
    return answer


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


def _refuse_unequal_twins(answer: Typed) -> None:
    table = answer.table
    for twins in table.twins:
        pairs = zip(answer.numbers, answer.cells[twins.index], answer.cells[twins.other], strict=True)
        for number, first, other in pairs:
            if cells.tidy(first) != cells.tidy(other):
                first_heading, heading = table.headings[twins.index], table.headings[twins.other]
                raise InputRefused(
                    table.file, f'two columns for {twins.what} differ ("{first_heading}", "{heading}").',
                    "Leave one of them in the file.",
                    sheet=table.sheet, row=number, column=heading, value=other,
                )  # fmt: skip


def _clean(answer: Typed, index: int) -> None:
    """Remove control characters from the text of a column; an id that holds one is left as it is, and refused later.

    A row with a cell longer than any workbook can hold is refused.
    """
    table, values = answer.table, answer.cells[index]
    heading = table.headings[index] if index < len(table.headings) else ""
    if any(len(text) > LONGEST for text in values):
        _drop(answer, index, heading, {text for text in values if len(text) > LONGEST})
        values = answer.cells[index]
    if index == table.columns[table.source.id_column] or not CONTROL.search("\n".join(values)):
        return
    answer.findings += [
        Finding("cells_cleaned", table.sheet, number, heading, CONTROL.sub("\ufffd", text))
        for number, text in zip(answer.numbers, values, strict=True)
        if CONTROL.search(text)
    ]
    answer.cells[index] = [CONTROL.sub("", text) for text in values]


def _take_records(answer: Typed) -> None:
    """Go through the rows and keep, of those that are records, the cells of the columns that are read."""
    table = answer.table
    id_index, width = table.columns[table.source.id_column], len(table.headings)
    group = Groups(table)
    picked: list[tuple[str, ...]] = []
    ids: list[str] = []
    indexes = table.read
    pick, is_sure = itemgetter(*indexes, id_index), cells.SURE_ID.fullmatch
    for number, row in table.rows:
        raw_id = row[id_index] if id_index < len(row) else ""
        if len(row) != width or not is_sure(raw_id):
            raw_id = _unusual(answer, group, number, row, raw_id)
            if not raw_id:
                continue
        group.fill_down(row)
        ids.append(raw_id)
        answer.numbers.append(number)
        picked.append(pick(row))
    answer.cells = dict(zip(indexes, zip(*picked, strict=True) if picked else repeat(()), strict=False))
    answer.columns[table.source.id_column] = list(ids)
    is_status = table.source.kind is Kind.MONTHLY_STATUS
    answer.sure = [not is_status or is_sure(text) is not None for text in ids]
    if group.left_out:
        first = group.left_out[0]
        answer.findings.append(Finding("rows_left_out", table.sheet, 0, "", f"{len(group.left_out)} rows ({first})"))


def _unusual(answer: Typed, group: Groups, number: int, row: list[str], raw_id: str) -> str:
    """Return the id of a row that is not certain at first sight; blank where it is no record, or is refused."""
    table = answer.table
    heading, width = table.headings[table.columns[table.source.id_column]], len(table.headings)
    if not any(map(cells.tidy, row)) or group.is_no_record(row, raw_id):
        return ""
    if len(row) < width or any(map(cells.tidy, row[width:])):
        answer.refuse("row_short", number, "", f"{len(row)} cells where the headings have {width}")
        return ""
    repaired = cells.repaired_id(raw_id)
    if not (cells.is_sure_id(repaired) or cells.POSSIBLE_ID.fullmatch(repaired)):
        answer.refuse("id_refused", number, heading, raw_id)
        return ""
    if repaired != raw_id:
        answer.findings.append(Finding("id_repaired", table.sheet, number, heading, raw_id))
    return repaired


def _read_column(answer: Typed, column: Column, most_users: int) -> None:
    """Read one column for all rows; values repeat, so each different text is read once."""
    table = answer.table
    index = table.columns.get(column.name)
    if index is None:
        answer.columns[column.name] = [None if _may_be_null(column.type) else ""] * len(answer.numbers)
        return
    heading = table.headings[index] if index < len(table.headings) else ""
    values, read = answer.cells[index], _reader(column)
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
    if bad and (column.required or column.strict):
        _drop(answer, index, heading, bad)
        values = answer.cells[index]
    elif bad:
        rule = _rule(column.type)
        answer.findings += [
            Finding(rule, table.sheet, number, heading, text)
            for number, text in zip(answer.numbers, values, strict=True)
            if text in bad
        ]
    answer.columns[column.name] = list(map(known.__getitem__, values))


def _drop(answer: Typed, index: int, heading: str, bad: set[str]) -> None:
    keep = [text not in bad for text in answer.cells[index]]
    for number, text, kept in zip(answer.numbers, answer.cells[index], keep, strict=True):
        if not kept:
            answer.refuse("row_value_refused", number, heading, text[:100])
    answer.columns = {name: list(compress(values, keep)) for name, values in answer.columns.items()}
    answer.cells = {place: list(compress(values, keep)) for place, values in answer.cells.items()}
    answer.numbers = list(compress(answer.numbers, keep))
    answer.sure = list(compress(answer.sure, keep))


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
