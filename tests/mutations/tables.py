"""Whole files as tables that can be changed and written again, in each form in which people keep them."""

import csv
import datetime as dt
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import xlsxwriter

from tests.cases.dirt import lines

MONTH_FORMS = ("%b %y", "%b-%Y")
IDS = ("CQC Location ID", "Location ID")


@dataclass(frozen=True)
class Formula:
    """A cell that is worked out; `value` is what the program that wrote it stored, None where it stored nothing."""

    text: str
    value: object = None


@dataclass(frozen=True)
class Error:
    """A cell that shows an error."""

    text: str = "#N/A"


@dataclass(frozen=True)
class Percent:
    """A number that is shown as a percentage."""

    share: float


Cell = object


@dataclass
class Table:
    """Headings and rows; `above` is how many lines stand over the headings when it is written."""

    head: list[Cell]
    rows: list[list[Cell]]
    above: int = 0

    def copy(self) -> "Table":
        return Table(list(self.head), [list(row) for row in self.rows], self.above)

    def column(self, *names: str) -> int:
        """Return where one of these headings stands, whatever marks stand in it."""
        wanted = {plain_heading(name) for name in names}
        return next(n for n, heading in enumerate(self.head) if plain_heading(heading) in wanted)

    @property
    def id_column(self) -> int:
        return self.column(*IDS)

    @property
    def units(self) -> list[int]:
        """The rows that stand for a service, so no group and no total."""
        return [n for n, row in enumerate(self.rows) if row[self.id_column] not in ("", None)]

    @property
    def months(self) -> dict[dt.date, int]:
        """Where each month stands, oldest first."""
        found = {month_of(heading): n for n, heading in enumerate(self.head)}
        return dict(sorted((month, n) for month, n in found.items() if month))

    @property
    def newest(self) -> int:
        return self.months[max(self.months)]

    @property
    def words(self) -> tuple[Cell, Cell]:
        """What this export writes for Yes and for No."""
        return ("Yes", "No") if any("Yes" in row for row in self.rows) else (1, 0)

    def values(self, column: int) -> list[Cell]:
        """Return a column of the services."""
        return [self.rows[n][column] for n in self.units]

    def put(self, column: int, values: Sequence[Cell]) -> "Table":
        """Write a column of the services."""
        for n, value in zip(self.units, list(values), strict=True):
            self.rows[n][column] = value
        return self

    def put_rows(self, rows: Iterable[list[Cell]]) -> "Table":
        self.rows = [list(row) for row in rows]
        return self

    def without(self, columns: Iterable[int]) -> "Table":
        """Take columns out."""
        gone = set(columns)
        kept = [n for n in range(len(self.head)) if n not in gone]
        return Table([self.head[n] for n in kept], [[row[n] for n in kept] for row in self.rows], self.above)

    def with_column(self, heading: Cell, values: Sequence[Cell], at: int | None = None) -> "Table":
        """Put a column in."""
        at = len(self.head) if at is None else at
        for row, value in zip(self.rows, values, strict=True):
            row.insert(at, value)
        self.head.insert(at, heading)
        return self

    def is_yes(self, cell: Cell) -> bool:
        return cell == self.words[0]

    def is_no(self, cell: Cell) -> bool:
        return cell == self.words[1] and cell != ""

    def locations(self) -> list[str]:
        """Return the id of each row, plain, and "" for rows that have none."""
        column = self.id_column
        return [plain_id(row[column]) for row in self.rows]


def plain_heading(heading: Cell) -> str:
    return " ".join(re.findall("[a-z0-9]+", str(heading).casefold()))


def month_of(heading: Cell) -> dt.date | None:
    """Return the month that a heading of the demonstration's exports stands for."""
    for form in MONTH_FORMS:
        try:
            return dt.datetime.strptime(str(heading), form).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    return None


def later(month: dt.date, months: int) -> dt.date:
    """Return the first of the month so many months later."""
    number = month.year * 12 + month.month - 1 + months
    return dt.date(number // 12, number % 12 + 1, 1)


def last_day(month: dt.date) -> dt.date:
    return later(month, 1) - dt.timedelta(days=1)


def plain_id(cell: Cell) -> str:
    """Return an id as it is meant, whatever stands around it."""
    found = re.search(r"[1-9][-_\u2010-\u2015\u2212][0-9]{9}", str(cell or ""))
    return f"{found[0][0]}-{found[0][2:]}" if found else ""


def rows_by_unit(table: Table) -> dict[str, Counter[tuple[tuple[str, str], ...]]]:
    """Return what a table says of each location, wherever its rows and columns stand."""
    found: dict[str, Counter[tuple[tuple[str, str], ...]]] = {}
    for location_id, row in zip(table.locations(), table.rows, strict=True):
        if location_id:
            said = tuple(sorted((str(heading), str(cell)) for heading, cell in zip(table.head, row, strict=True)))
            found.setdefault(location_id, Counter())[said] += 1
    return found


def differing(before: Table, after: Table) -> set[str]:
    """Return the locations of which two tables say different things."""
    old, new = rows_by_unit(before), rows_by_unit(after)
    return {location_id for location_id in old.keys() | new.keys() if old.get(location_id) != new.get(location_id)}


# --- reading and writing ----------------------------------------------------------------------------------------------


def read_table(path: Path) -> Table:
    """Read a file of the demonstration."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        rows = [
            ["" if cell is None else cell for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)
        ]
        book.close()
        return Table(rows[0], rows[1:])
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rest = csv.reader(file)
    return Table(list(head), [list(row) for row in rest])


def csv_bytes(table: Table, delimiter: str = ",", end: str = "\r\n", encoding: str = "utf-8-sig") -> bytes:
    """Return a table as a CSV."""
    shown = [["" if cell is None else str(cell) for cell in row] for row in [table.head, *table.rows]]
    return lines(shown, delimiter, end).encode(encoding)


def xlsx_bytes(
    table: Table, more: Sequence[tuple[str, Sequence[Sequence[Cell]]]] = (), hidden: Iterable[int] = ()
) -> bytes:
    """Return a table as a workbook; `more` sheets stand before it, `hidden` rows do not show."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2024, 12, 17, tzinfo=dt.UTC).replace(tzinfo=None)})
        as_date, as_share = book.add_format({"num_format": "mmm yy"}), book.add_format({"num_format": "0%"})
        for title, rows in [*more, ("Export", [table.head, *table.rows])]:
            sheet = book.add_worksheet(title)
            for down, row in enumerate(rows):
                for across, cell in enumerate(row):
                    match cell:
                        case None | "":
                            continue
                        case bool():
                            sheet.write_boolean(down, across, cell)
                        case int() | float():
                            sheet.write_number(down, across, cell)
                        case Percent():
                            sheet.write_number(down, across, cell.share, as_share)
                        case dt.date():
                            sheet.write_datetime(down, across, dt.datetime(cell.year, cell.month, cell.day), as_date)  # noqa: DTZ001
                        case Formula():
                            sheet.write_formula(
                                down, across, f"={cell.text}", None, "" if cell.value is None else cell.value
                            )
                        case Error():
                            sheet.write_formula(down, across, "=NA()", None, cell.text)
                        case _:
                            sheet.write_string(down, across, str(cell))
        for row in hidden:
            sheet.set_row(row, None, None, {"hidden": True})
    return out.getvalue()


ODS_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" office:version="1.3"'
)


def ods_cell(cell: Cell) -> str:
    """Return a cell as LibreOffice writes it."""
    match cell:
        case None | "":
            return "<table:table-cell/>"
        case bool():
            marks, shown = f'office:value-type="boolean" office:boolean-value="{str(cell).lower()}"', str(cell).upper()
        case int() | float():
            marks, shown = f'office:value-type="float" office:value="{cell}"', str(cell)
        case Percent():
            marks, shown = f'office:value-type="percentage" office:value="{cell.share}"', f"{cell.share:.0%}"
        case dt.date():
            marks, shown = f'office:value-type="date" office:date-value="{cell.isoformat()}"', f"{cell:%b %y}"
        case Formula():
            worked = cell.value if isinstance(cell.value, int) else None
            kind = (
                f'office:value-type="float" office:value="{worked}"'
                if worked is not None
                else 'office:value-type="string"'
            )
            marks, shown = (
                f"table:formula={quoteattr('of:=' + cell.text)} {kind}",
                "" if cell.value is None else str(cell.value),
            )
        case Error():
            marks = (
                'table:formula="of:=NA()" office:value-type="string" office:string-value="" calcext:value-type="error"'
            )
            shown = cell.text
        case _:
            marks, shown = 'office:value-type="string"', str(cell)
    return f"<table:table-cell {marks}><text:p>{escape(shown)}</text:p></table:table-cell>"


def ods_bytes(table: Table) -> bytes:
    """Return a table as an OpenDocument workbook."""
    rows = "".join(
        f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in [table.head, *table.rows]
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {ODS_NAMES}><office:body><office:spreadsheet>'
        f'<table:table table:name="Export">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        f'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(zipfile.ZipInfo("mimetype"), kind)
        for name, text in (("content.xml", content), ("META-INF/manifest.xml", manifest)):
            packed.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


WRITERS = {".csv": csv_bytes, ".xlsx": xlsx_bytes, ".ods": ods_bytes}


@dataclass(frozen=True)
class File:
    """A named table."""

    name: str
    table: Table

    @property
    def stem(self) -> str:
        return Path(self.name).stem

    def called(self, name: str) -> "File":
        return replace(self, name=name)

    def data(self) -> bytes:
        """Return the bytes that its name's ending asks for."""
        return WRITERS[Path(self.name).suffix](self.table)
