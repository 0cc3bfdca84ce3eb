"""Sheets of text -> the one table a file holds: which kind it is, and where its columns are."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from pipeline.errors import InputRefused
from pipeline.intake import cells
from pipeline.intake.blanks import Unreadable
from pipeline.intake.findings import Finding
from pipeline.intake.headings import headings, id_headings, normal_heading, not_loaded
from pipeline.intake.own_lists import refuse_own
from pipeline.intake.seen import FORMULA
from pipeline.intake.sheets import Contents, Row, Sheet
from pipeline.intake.sources import INFORMATIONAL, SOURCES, Kind, Source, Type
from pipeline.intake.unrecognised import NoKind, no_headings, not_one_kind
from pipeline.rules.parameters import InForce


@dataclass(frozen=True, slots=True)
class MonthColumn:
    """A column of answers for one month."""

    index: int
    heading: str
    month: dt.date
    is_mangled: bool = False


@dataclass(frozen=True, slots=True)
class Twins:
    """Two columns that say the same thing, and must agree in every row; the first is read.

    Only two columns for the authority may differ: then the one that names one is read (DATA case 19).
    """

    index: int
    other: int
    what: str
    is_authority: bool = False


@dataclass(slots=True)
class Table:
    """One recognised sheet: its source, its columns by index, its rows below the headings (to be gone through once)."""

    file: str
    sheet: str
    source: Source
    heading_row: int
    headings: list[str]
    columns: dict[str, int]
    rows: Iterator[Row]
    months: list[MonthColumn] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    twins: list[Twins] = field(default_factory=list)
    preamble: list[Row] = field(default_factory=list)  # rows above the headings
    unknown: list[int] = field(default_factory=list)  # columns that nobody knows, looked at for answers
    spanning: set[int] = field(default_factory=set)
    odd: dict[int, dict[int, str]] = field(default_factory=dict)
    is_cut: bool = False
    is_1904: bool = False

    @property
    def read(self) -> list[int]:
        """The indexes of all columns that are read."""
        indexes = {*self.columns.values(), *(column.index for column in self.months)}
        return sorted(indexes | {twins.other for twins in self.twins} | set(self.unknown))

    @property
    def needed(self) -> set[int]:
        """The indexes of the columns a row cannot do without: its id, the answers, what is required."""
        required = {column.name for column in self.source.columns if column.required or column.type is Type.STAMP}
        return {self.columns[name] for name in required & self.columns.keys()} | {
            column.index for column in self.months
        }


def recognise(contents: Contents, in_force: InForce) -> list[Table]:
    """Return the tables of a file: one, or several sheets of one kind; anything else is refused."""
    rows_searched, most = in_force.number("heading_rows_searched"), in_force.number("columns_most")
    heads = [(sheet, list(islice(sheet.rows, rows_searched))) for sheet in contents.sheets]
    for sheet, head in heads:
        for number, row in head:
            if len(row) > most:
                raise InputRefused(
                    contents.file, f"{len(row):,} columns; a list may have {most:,}.", "Leave out all but the list.",
                    sheet=sheet.name, row=number,
                )  # fmt: skip
    for sheet, head in heads:
        refuse_own(contents.file, sheet.name, head)
    tables, passed_over, refused = _tables(contents.file, heads)
    if refused is not None and (not tables or len(heads) == 1):
        raise refused
    if refused is not None:
        raise InputRefused(
            contents.file, "it names ids, and is no list of any known kind.",
            f'Leave the sheet "{refused.sheet}" out of the workbook, or give its list as a file of its own.',
            sheet=refused.sheet, row=refused.row,
        )  # fmt: skip
    if not tables:
        raise no_headings(contents.file, {sheet.name: head for sheet, head in heads}, rows_searched)
    tables[0].findings += passed_over
    tables[-1].is_cut = contents.is_cut
    for table in tables:
        table.is_1904 = contents.is_1904
    kinds = {table.source.layout for table in tables}
    if len(kinds) > 1:
        raise InputRefused(
            contents.file,
            f"its sheets are of different kinds ({', '.join(f'{table.sheet}: {table.source.title}' for table in tables)}).",
            "Give one kind a file: leave the other sheets out.",
        )
    return tables


def _tables(file: str, heads: list[tuple[Sheet, list[Row]]]) -> tuple[list[Table], list[Finding], InputRefused | None]:
    """Return the lists of a file, what is told of sheets that were passed over, and why a sheet is none that we know."""
    tables, passed_over, refused = [], [], None
    for sheet, head in heads:
        try:
            table = _table(file, sheet, head)
        except NoKind as problem:
            refused = refused or problem
            continue
        if table is not None:
            tables.append(table)
        elif _names_ids(head):
            passed_over.append(Finding("sheet_passed_over", sheet.name))
    return tables, passed_over, refused


def _names_ids(head: list[Row]) -> bool:
    """Say whether the first rows of a sheet hold a heading of ids and an id below it; CQC's list of relationships is known."""
    rows = [[normal_heading(cell) for cell in row] for _, row in head]
    is_linked = any(headings("linked_locations").keys() & set(row) for row in rows)
    first = next((place for place, row in enumerate(rows) if id_headings() & set(row)), None)
    if first is None or is_linked:
        return False
    return any(cells.is_sure_id(cells.repaired_id(cell)) for _, row in head[first + 1 :] for cell in row)


def _table(file: str, sheet: Sheet, head: list[Row]) -> Table | None:
    for position, (number, cells_of_row) in enumerate(head):
        row = _unmarked(sheet, number, cells_of_row)
        normal = [normal_heading(cell) for cell in row]
        if headings("linked_locations").keys() & set(normal):
            return None  # CQC's list of relationships between locations
        if id_headings() & set(normal) and sum(map(bool, normal)) > 1:
            if sum(map(bool, normal)) == 2 and not _fits(normal, any(map(cells.is_month, normal))):
                continue  # a note or a criterion that names the id
            found = _classified(file, sheet.name, number, row, normal)
            found.rows = chain(head[position + 1 :], sheet.rows)
            found.spanning, found.odd = sheet.spanning, sheet.odd
            found.preamble = head[:position]
            _choose_columns(found)
            _order_months(found)
            return found
    return None


def _unmarked(sheet: Sheet, number: int, row: list[str]) -> list[str]:
    """Return the cells of a row as headings: what is stored behind a formula."""
    formulas = {index for index, what in sheet.odd.get(number, {}).items() if what == FORMULA}
    return [cell.removeprefix(FORMULA) if index in formulas else cell for index, cell in enumerate(row)]


def _classified(file: str, sheet: str, number: int, row: list[str], normal: list[str]) -> Table:
    months, problems = [], []
    for index, heading in enumerate(row):
        try:
            named = cells.month_heading(heading)
        except Unreadable as error:
            raise InputRefused(
                file, f"a date that stands for no month; allowed is {error}.",
                "Export again instead of re-saving in Excel.", sheet=sheet, row=number, column=heading,
            ) from None  # fmt: skip
        if named is not None:
            months.append(MonthColumn(index, heading.strip(), *named))
            if named[1]:
                problems.append(Finding("month_mangled", sheet, number, heading.strip(), f"read as {named[0]:%b %Y}"))
    fits = _fits(normal, bool(months))
    if len(fits) != 1:
        raise not_one_kind(file, sheet, number, normal, fits, bool(months))
    (source,) = fits
    return Table(file, sheet, source, number, [cell.strip() for cell in row], {}, iter(()), months, problems)


def _fits(normal: list[str], has_months: bool) -> list[Source]:
    """Return the layouts that a row of normalised headings fits."""
    deregistered = {h for h, c in headings(Kind.DEACTIVATED_LOCATIONS).items() if c == "deregistered_on"}
    fits = []
    for source in SOURCES:
        names = headings(source.layout)
        present = {names[heading] for heading in normal if heading in names}
        foreign = "deregistered_on" in source.lacks and bool(deregistered & set(normal))
        has_one = not source.needs_one or source.needs_one & present
        if source.needs <= present and has_one and not foreign and source.has_months == has_months:
            fits.append(source)
    return fits


def _choose_columns(table: Table) -> None:
    """Choose one index a column, and note the columns that repeat one or that nobody knows."""
    names = headings(table.source.layout)
    months = {column.index for column in table.months}
    unknown, again = [], []
    for index, heading in enumerate(table.headings):
        name = names.get(normal_heading(heading))
        if name is None:
            if index not in months and normal_heading(heading) not in not_loaded():
                unknown += [heading] if heading else []
                table.unknown += [index] if table.source.has_months else []
        elif name in table.columns and name == "account":
            continue  # several people of one service: the first is looked at
        elif name in table.columns and name in INFORMATIONAL:
            again.append(f"{heading} (used: {table.headings[table.columns[name]]})")
        elif name in table.columns:
            words, is_authority = f"the {name.replace('_', ' ')}", name == "local_authority_raw"
            table.twins.append(Twins(table.columns[name], index, words, is_authority))
        else:
            table.columns[name] = index
    if again:
        table.findings.append(Finding("columns_twice", table.sheet, table.heading_row, "", "; ".join(again)))
    if unknown:
        table.findings.append(Finding("columns_ignored", table.sheet, table.heading_row, "", "; ".join(unknown)))


def _order_months(table: Table) -> None:
    """Put the month columns in order, one a month."""
    chosen: dict[dt.date, MonthColumn] = {}
    for column in table.months:
        first = chosen.setdefault(column.month, column)
        if first is not column and (first.is_mangled or column.is_mangled):
            raise InputRefused(
                table.file, f"it stands for {column.month:%B %Y}, as does \"{first.heading}\", and Excel has changed one of them.",
                "Export again instead of re-saving in Excel.", sheet=table.sheet, row=table.heading_row, column=column.heading,
            )  # fmt: skip
        if first is not column:
            table.twins.append(Twins(first.index, column.index, f"{column.month:%B %Y}"))
            table.findings.append(Finding("month_twice", table.sheet, table.heading_row, column.heading))
    table.months = [chosen[month] for month in sorted(chosen)]
    for earlier, later in zip(table.months, table.months[1:], strict=False):
        if (later.month.year - earlier.month.year) * 12 + later.month.month - earlier.month.month > 1:
            table.findings.append(Finding("month_gap", table.sheet, table.heading_row, later.heading))
