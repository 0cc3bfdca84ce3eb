"""The rows of a table: each is taken, left out by rule, or refused with a finding."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat
from operator import itemgetter

from pipeline.intake import cells
from pipeline.intake.blanks import tidy
from pipeline.intake.findings import Finding
from pipeline.intake.groups import Groups
from pipeline.intake.headings import says_rows_are_missing
from pipeline.intake.seen import FORMULA, PERCENT
from pipeline.intake.sources import Kind
from pipeline.intake.stamps import Stamp
from pipeline.intake.swallowed import swallows
from pipeline.intake.tables import Table


@dataclass(slots=True)
class Typed:
    """The taken rows of one table: their numbers, cells by column index and typed columns, all of one length."""

    table: Table
    numbers: list[int] = field(default_factory=list)
    cells: dict[int, Sequence[str]] = field(default_factory=dict)
    columns: dict[str, list[object]] = field(default_factory=dict)
    sure: list[bool] = field(default_factory=list)
    answers: list[tuple[str, ...]] = field(default_factory=list)  # the cells under the months, oldest month first
    stamps: list[Stamp] = field(default_factory=list)  # of a record-level extract, by row number
    findings: list[Finding] = field(default_factory=list)
    allowed: dict[str, str] = field(default_factory=dict)  # by heading, what a cell may hold that refused its row
    refused: int = 0
    last_row: int = 0  # the number of the last row there is, whatever it holds

    @property
    def read(self) -> int:
        """The number of rows that are records, taken or refused."""
        return len(self.numbers) + self.refused

    def refuse(self, rule: str, row: int, column: str = "", value: str = "") -> None:
        """Count one row as refused and say why."""
        self.refused += 1
        self.findings.append(Finding(rule, self.table.sheet, row, column, value))


def take_records(answer: Typed) -> None:
    """Go through the rows and keep, of those that are records, the cells of the columns that are read."""
    table = answer.table
    id_index, width = table.columns[table.source.id_column], len(table.headings)
    group = Groups(table)
    picked: list[tuple[str, ...]] = []
    ids: list[str] = []
    indexes, number = table.read, 0
    nameless = [index for index, text in enumerate(table.headings) if not text]
    shifted: set[int] = set()
    pick, is_sure = itemgetter(*indexes, id_index), cells.SURE_ID.fullmatch
    for number, row in table.rows:
        if number in table.odd:
            _without_marks(table, number, row)
        raw_id = row[id_index] if id_index < len(row) else ""
        if number in table.spanning and swallows(row, cells.repaired_id(raw_id)):
            _refuse_swallowing(answer, number, row, cells.repaired_id(raw_id))
            continue
        if len(row) != width or not is_sure(raw_id):
            raw_id = _unusual(answer, group, number, row, raw_id)
            if not raw_id:
                continue
        if group.notes:
            _refuse_notes(answer, group, width)
        if nameless and any(tidy(row[index]) for index in nameless):
            shifted.add(len(ids))
        group.fill_down(row)
        ids.append(raw_id)
        answer.numbers.append(number)
        picked.append(pick(row))
    answer.last_row = number
    if len(shifted) <= len(ids) // 2:  # else it is a column without a heading
        for place in sorted(shifted, reverse=True):
            answer.refuse("row_shifted", answer.numbers.pop(place))
            del ids[place], picked[place]
    answer.cells = dict(zip(indexes, zip(*picked, strict=True) if picked else repeat(()), strict=False))
    answer.columns[table.source.id_column] = list(ids)
    has_units = table.source.kind in (Kind.MONTHLY_STATUS, Kind.RECORD_LEVEL)
    answer.sure = [not has_units or is_sure(text) is not None for text in ids]
    if table.is_cut:
        _find_cut(answer, group, number, width)
    notes = [*table.preamble, *group.notes]
    answer.findings += [
        Finding("rows_may_be_missing", table.sheet, number, "", text[:200])
        for number, row in notes
        if says_rows_are_missing(text := tidy(" ".join(filter(None, map(tidy, row)))))
    ]
    group.left_out += [tidy(" ".join(row)) for _, row in group.notes]
    if group.providers:
        answer.findings.append(Finding("rows_provider_level", table.sheet, 0, "", f"{group.providers} rows"))
    if group.left_out:
        first = group.left_out[0]
        answer.findings.append(Finding("rows_left_out", table.sheet, 0, "", f"{len(group.left_out)} rows ({first})"))


def _without_marks(table: Table, number: int, row: list[str]) -> None:
    """Take the mark of a formula off what is stored behind it, but under a month: there a formula says nothing, nor does a
    number that is shown as a percentage."""
    months = {column.index for column in table.months}
    for index, what in table.odd[number].items():
        if index >= len(row):
            continue
        if what == FORMULA and index not in months:
            row[index] = row[index].removeprefix(FORMULA)
        elif what == PERCENT and index in months and not row[index].endswith(PERCENT):
            row[index] = f"{row[index]} (shown as %)"


def _refuse_swallowing(answer: Typed, number: int, row: list[str], own: str) -> None:
    """Refuse a record that spans lines and holds ids of others, showing where the others begin."""
    index = next(n for n, cell in enumerate(row) if swallows([cell], own))
    heading = answer.table.headings[index] if index < len(answer.table.headings) else ""
    answer.refuse("row_swallows", number, heading, tidy(row[index])[:100])


def _unusual(answer: Typed, group: Groups, number: int, row: list[str], raw_id: str) -> str:
    """Return the id of a row that is not certain at first sight; blank where it is no record, or is refused."""
    table = answer.table
    heading, width = table.headings[table.columns[table.source.id_column]], len(table.headings)
    if not any(map(tidy, row)) or group.is_no_record(number, row, raw_id):
        return ""
    if _is_note(row, table.columns[table.source.id_column]):
        group.notes.append((number, row))
        return ""
    if len(row) < width and not table.needed.intersection(range(len(row), width)):
        row += [""] * (width - len(row))  # Excel leaves empty cells off the end of a row
    if len(row) < width or any(map(tidy, row[width:])):
        answer.refuse("row_short", number, "", f"{len(row)} cells where the headings have {width}")
        return ""
    if not tidy(raw_id) and _is_provider(table, row):
        group.providers += 1
        return ""
    repaired = cells.repaired_id(raw_id)
    if not (cells.is_sure_id(repaired) or cells.POSSIBLE_ID.fullmatch(repaired)):
        answer.refuse("id_refused", number, heading, raw_id[:100])
        return ""
    if repaired != raw_id:
        answer.findings.append(Finding("id_repaired", table.sheet, number, heading, raw_id))
    return repaired


def _is_note(row: list[str], id_index: int) -> bool:
    """Say whether a row is words alone, in its first cell or where the id stands: below the last record, a footer."""
    filled = [(index, text) for index, cell in enumerate(row) if (text := tidy(cell))]
    (index, text) = filled[0]
    return len(filled) == 1 and index in (0, id_index) and " " in text and any(map(str.isalpha, text))


def _refuse_notes(answer: Typed, group: Groups, width: int) -> None:
    """Words alone between records are no footer: their rows are refused."""
    for number, row in group.notes:
        is_short = len(row) < width
        answer.refuse("row_short" if is_short else "id_refused", number, "", tidy(" ".join(row))[:100])
    group.notes.clear()


def _find_cut(answer: Typed, group: Groups, number: int, width: int) -> None:
    """Where a file has no end of line and its last row is short, say that it was cut off."""
    if group.notes and group.notes[-1][0] == number and len(group.notes[-1][1]) < width:
        answer.refuse("row_short", *group.notes.pop()[:1])
    last = answer.findings[-1:]
    if [(finding.rule, finding.row) for finding in last] == [("row_short", number)]:
        answer.findings[-1] = replace(last[0], rule="row_truncated")


def _is_provider(table: Table, row: list[str]) -> bool:
    """Say whether a row of a register is about a provider, not about a location (DATA case 48a)."""
    index = table.columns.get("provider_id")
    return table.source.kind is Kind.SERVICE_REGISTER and index is not None and cells.is_sure_id(tidy(row[index]))
