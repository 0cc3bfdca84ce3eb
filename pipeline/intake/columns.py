"""The cells of taken rows -> typed columns; a value that cannot be read is blank, or refuses its row, with a finding."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from itertools import compress
from typing import Any

from pipeline.errors import InputRefused
from pipeline.intake import cells, moments
from pipeline.intake.blanks import Unreadable, tidy
from pipeline.intake.delimited import CONTROL
from pipeline.intake.findings import Finding
from pipeline.intake.other_columns import account_for_unknown, drop_other_service_type
from pipeline.intake.rows import Typed
from pipeline.intake.sources import Column, Kind, Type
from pipeline.intake.stamps import StampColumn, stamps_of
from pipeline.intake.tables import Table, Twins
from pipeline.rules.authorities import authorities_on
from pipeline.rules.parameters import InForce
from pipeline.rules.windows import COLLECTION_BEGAN, LONDON

LOCAL_FORMS = ("registered_on", "deregistered_on", "provider_started_on")  # dates of CQC, which people save anew
DATES = ("registered_on", "deregistered_on", "as_at")  # by which it is decided who is new, and what is newest
DECISIVE = (Type.FLAG, Type.REGISTRATION_STATUS)  # unreadable as a whole, they would decide wrongly
LONGEST = 32_767  # characters in a cell of a workbook


def read_columns(answer: Typed, in_force: InForce) -> None:
    """Fill `columns`, `answers` and `stamps` of the taken rows; a number beyond what is in force is a slip."""
    table = answer.table
    drop_other_service_type(answer)
    for twins in table.twins:
        (_choose_authority if twins.is_authority else _refuse_unequal)(answer, twins)
    for index in list(answer.cells):
        _clean(answer, index)
    for column in table.source.columns[1:]:
        if column.type is not Type.STAMP:
            _read_column(answer, column, in_force)
    account_for_unknown(answer)
    answer.answers = list(zip(*(answer.cells[column.index] for column in table.months), strict=True))
    _read_stamps(answer, in_force.number("stamp_year_least"))


def _refuse_unequal(answer: Typed, twins: Twins) -> None:
    """Refuse a file in which two columns for one thing differ in a row."""
    table = answer.table
    pairs = zip(answer.numbers, answer.cells[twins.index], answer.cells[twins.other], strict=True)
    for number, first, other in pairs:
        if tidy(first) != tidy(other):
            first_heading, heading = table.headings[twins.index], table.headings[twins.other]
            raise InputRefused(
                table.file, f'two columns for {twins.what} differ ("{first_heading}", "{heading}").',
                "Leave one of them in the file.",
                sheet=table.sheet, row=number, column=heading, value=other,
            )  # fmt: skip


def _choose_authority(answer: Typed, twins: Twins) -> None:
    """Read, of two columns for the authority, the one that names one; where they name two, neither (DATA case 19)."""
    known = [authorities_on(day) for day in (COLLECTION_BEGAN, dt.date.max)]
    found = {
        text: next(filter(None, (names.find(text) for names in known)), None)
        for index in (twins.index, twins.other)
        for text in set(answer.cells[index])
    }
    chosen = []
    for number, first, other in zip(answer.numbers, answer.cells[twins.index], answer.cells[twins.other], strict=True):
        differ = found[first] is not None and found[other] is not None and found[first] is not found[other]
        if differ:
            heading = answer.table.headings[twins.other]
            answer.findings.append(
                Finding("authority_columns_differ", answer.table.sheet, number, heading, f"{first} / {other}")
            )
        chosen.append("" if differ else first if found[first] is not None or not tidy(other) else other)
    answer.cells[twins.index] = chosen


def _shown(table: Table, index: int, text: str) -> str:
    """Return a value as findings show it: whose account it is, is told to nobody."""
    return "" if index == table.columns.get("account") else text


def _clean(answer: Typed, index: int) -> None:
    """Remove control characters from the text of a column; an id that holds one is left as it is, and refused later.

    A row with a cell longer than any workbook can hold is refused.
    """
    table, values = answer.table, answer.cells[index]
    heading = table.headings[index] if index < len(table.headings) else ""
    if max(map(len, values), default=0) > LONGEST:
        _drop(answer, index, heading, {text for text in values if len(text) > LONGEST})
        values = answer.cells[index]
    joined = "".join(values)
    if index == table.columns[table.source.id_column] or not CONTROL.search(joined):
        return
    answer.findings += [
        Finding("cells_cleaned", table.sheet, number, heading, _shown(table, index, CONTROL.sub("\ufffd", text)))
        for number, text in zip(answer.numbers, values, strict=True)
        if CONTROL.search(text)
    ]
    answer.cells[index] = [CONTROL.sub("", text) for text in values]


def _read_column(answer: Typed, column: Column, in_force: InForce) -> None:
    """Read one column for all rows; values repeat, so each different text is read once.

    Raises InputRefused where more than a share of its cells cannot be read, and something is decided by them.
    """
    table = answer.table
    index = table.columns.get(column.name)
    if index is None:
        answer.columns[column.name] = [None if _may_be_null(column.type) else ""] * len(answer.numbers)
        return
    heading = table.headings[index] if index < len(table.headings) else ""
    values = answer.cells[index]
    read = _reader(answer, column, heading, values)
    known: dict[str, Any] = {}
    most_users = in_force.number("user_count_most")
    bad: set[str] = set()
    allowed = ""
    for text in set(values):
        try:
            known[text] = read(text)
            if column.type is Type.COUNT and (known[text] or 0) > most_users:
                raise Unreadable(f"at most {most_users}")
        except Unreadable as unreadable:
            known[text] = None if _may_be_null(column.type) else ""
            bad.add(text)
            allowed = str(unreadable)
        if column.required and known[text] in (None, ""):
            bad.add(text)
    if bad and (column.required or column.strict):
        answer.allowed[heading] = allowed or "a value: it may not be blank"
        _drop(answer, index, heading, bad)
        values = answer.cells[index]
    elif bad:
        rule = _rule(column.type)
        _refuse_mostly_unreadable(
            answer,
            column,
            heading,
            bad,
            allowed,
            in_force.share("file_refused_share"),
            in_force.number("register_least"),
        )
        answer.findings += [
            Finding(rule, table.sheet, number, heading, text)
            for number, text in zip(answer.numbers, values, strict=True)
            if text in bad
        ]
    answer.columns[column.name] = list(map(known.__getitem__, values))


def _refuse_mostly_unreadable(
    answer: Typed, column: Column, heading: str, bad: set[str], allowed: str, share: float, least: int
) -> None:
    """Refuse a file of which most cells of a column that something is decided by cannot be read."""
    table = answer.table
    values = answer.cells[table.columns[column.name]]
    filled, unreadable = sum(1 for text in values if tidy(text)), sum(text in bad for text in values)
    is_decisive = column.name in DATES or (column.type in DECISIVE and filled >= least)
    if not is_decisive or unreadable <= share * len(values):
        return
    place = next(n for n, text in enumerate(values) if text in bad)
    raise InputRefused(
        table.file, f"{unreadable} of the {filled} values of this column cannot be read; allowed is {allowed}.", table.source.again,
        sheet=table.sheet, row=answer.numbers[place], column=heading, value=_shown(table, table.columns[column.name], values[place]),
    )  # fmt: skip


def _drop(answer: Typed, index: int, heading: str, bad: set[str], rule: str = "row_value_refused") -> None:
    keep = [text not in bad for text in answer.cells[index]]
    for number, text, kept in zip(answer.numbers, answer.cells[index], keep, strict=True):
        if not kept:
            answer.refuse(rule, number, heading, _shown(answer.table, index, text[:100]))
    answer.columns = {name: list(compress(values, keep)) for name, values in answer.columns.items()}
    answer.cells = {place: list(compress(values, keep)) for place, values in answer.cells.items()}
    answer.numbers = list(compress(answer.numbers, keep))
    answer.sure = list(compress(answer.sure, keep))


def _reader(answer: Typed, column: Column, heading: str, values: Sequence[str]) -> Callable[[str], object]:
    """Return how a cell of the column is read; whether days or months come first is decided for the whole column."""
    if column.type is not Type.DATE:
        return _provider_id if column.type in (Type.PROVIDER_ID, Type.LOCATION_ID) else cells.READERS[column.type]
    order = moments.order_of(set(values), answer.table.is_1904, takes_local_forms=column.name in LOCAL_FORMS)
    if not order.is_sure:
        answer.findings.append(Finding("date_order_assumed", answer.table.sheet, 0, heading, "day/month"))
    return partial(moments.date, order=order)


def _provider_id(text: str) -> str:
    repaired = cells.repaired_id(text)
    if repaired in ("", "-", "*"):
        return ""
    if not (cells.is_sure_id(repaired) or cells.POSSIBLE_ID.fullmatch(repaired)):
        raise Unreadable("a CQC provider id")
    return repaired


def _may_be_null(kind: Type) -> bool:
    return kind in (Type.DATE, Type.COUNT, Type.FLAG, Type.POUNDS, Type.PROVIDER_TYPE)


def _rule(kind: Type) -> str:
    return {
        Type.DATE: "date_unreadable", Type.COUNT: "count_unreadable", Type.PROVIDER_ID: "provider_id_unreadable",
    }.get(kind, "status_unreadable")  # fmt: skip


def _read_stamps(answer: Typed, year_least: int) -> None:
    """Read the last-updated columns, UTC first."""
    table, columns = answer.table, []
    if table.source.kind is not Kind.RECORD_LEVEL:
        return
    for name, zone in (("updated_utc", dt.UTC), ("updated_local", LONDON)):
        if name in table.columns:
            index = table.columns[name]
            columns.append(StampColumn(table.headings[index], zone, answer.cells[index], table.is_1904, year_least))
    answer.stamps, findings = stamps_of(table.sheet, answer.numbers, columns)
    answer.findings += findings
