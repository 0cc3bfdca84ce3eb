"""The same cells as an .xlsx (XlsxWriter), an .ods and an .xls (both by hand): formulas, errors, shares, hidden things."""

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import xlsxwriter

from tests.cases.attacked.cfb import compound

ERRORS = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#NUM!": 0x24, "#N/A": 0x2A}


@dataclass(frozen=True)
class Formula:
    """A formula, and the value that its writer stored for it (None: none)."""

    stored: str | int | bool | None = 0
    text: str = 'IF(C2<>"","Yes","No")'


@dataclass(frozen=True)
class Fault:
    """An error, as the value of a formula."""

    code: str


@dataclass(frozen=True)
class Share:
    """A number shown as a percentage."""

    value: float


@dataclass(frozen=True)
class Sheet:
    """Rows, and what of them is hidden (rows counted from 1)."""

    rows: Sequence[Sequence[object]]
    name: str = "Export"
    hidden_rows: Collection[int] = field(default_factory=tuple)
    hidden: bool = False


def xlsx(*sheets: Sheet, recalculate: bool = False) -> bytes:
    """Return sheets as an .xlsx; `recalculate` leaves the mark that a spreadsheet has to work out every formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    percent, day = book.add_format({"num_format": "0%"}), book.add_format({"num_format": "dd/mm/yyyy"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        for r, cells in enumerate(sheet.rows):
            if r + 1 in sheet.hidden_rows:
                page.set_row(r, None, None, {"hidden": True})
            for c, cell in enumerate(cells):
                if isinstance(cell, Formula):
                    page.write_formula(r, c, f"={cell.text}", None, "" if cell.stored is None else cell.stored)
                elif isinstance(cell, Fault):
                    page.write_formula(r, c, "=NA()", None, cell.code)
                elif isinstance(cell, Share):
                    page.write_number(r, c, cell.value, percent)
                elif isinstance(cell, dt.date):
                    page.write_datetime(r, c, dt.datetime.combine(cell, dt.time()), day)
                else:
                    page.write(r, c, cell)
        if sheet.hidden:
            page.hide()
    book.close()
    changes = {} if recalculate else {b' fullCalcOnLoad="1"': b""}
    return repacked(out.getvalue(), changes=changes | {b"<v></v>": b""})


def repacked(
    data: bytes, rename: Callable[[str], str] = lambda name: name, changes: Mapping[bytes, bytes] | None = None
) -> bytes:
    """Return a zip with other names inside, and other bytes in its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            part = old.read(one)
            for was, now in (changes or {}).items():
                part = part.replace(was, now)
            made = zipfile.ZipInfo("x")
            made.filename = rename(one.filename)  # as given: the class itself would turn backslashes round
            made.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(made, part)
    return out.getvalue()


# --- .ods -------------------------------------------------------------------------------------------------------------

SPACES = " ".join(f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for short, name in (
    ("office", "office"), ("style", "style"), ("table", "table"), ("text", "text"), ("number", "datastyle")))  # fmt: skip
CALCEXT = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def said_in_ods(cell: object) -> str:
    """Return a cell's attributes and text."""
    value: object = cell
    formula = ""
    if isinstance(cell, Formula):
        value, formula = cell.stored, f'table:formula="of:={escape(cell.text, quote=True)}" '
    if isinstance(cell, Fault):
        return ('table:formula="of:=NA()" office:value-type="string" office:string-value="" calcext:value-type="error">'
                f"<text:p>{cell.code}</text:p>")  # fmt: skip
    if isinstance(cell, Share):
        shown = f"<text:p>{cell.value:.0%}</text:p>"
        return f'office:value-type="percentage" office:value="{cell.value}">{shown}'
    if value is None:
        return f"{formula}>"
    if isinstance(value, bool):
        word = str(value).lower()
        return f'{formula}office:value-type="boolean" office:boolean-value="{word}"><text:p>{word.upper()}</text:p>'
    if isinstance(value, int | float):
        return f'{formula}office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
    if isinstance(value, dt.date):
        return f'{formula}office:value-type="date" office:date-value="{value.isoformat()}"><text:p>{value}</text:p>'
    if value == "":
        return f"{formula}>"
    return f'{formula}office:value-type="string"><text:p>{escape(str(value))}</text:p>'


def ods(*sheets: Sheet) -> bytes:
    """Return sheets as an .ods."""
    tables = ""
    for sheet in sheets:
        rows = ""
        for number, cells in enumerate(sheet.rows, 1):
            hidden = ' table:visibility="collapse"' if number in sheet.hidden_rows else ""
            inside = "".join(f"<table:table-cell {said_in_ods(cell)}</table:table-cell>" for cell in cells)
            rows += f"<table:table-row{hidden}>{inside}</table:table-row>"
        style = "hidden" if sheet.hidden else "shown"
        tables += f'<table:table table:name="{sheet.name}" table:style-name="{style}">{rows}</table:table>'
    styles = "".join(f'<style:style style:name="{name}" style:family="table"><style:table-properties table:display="{display}"/>'
                     "</style:style>" for name, display in (("shown", "true"), ("hidden", "false")))  # fmt: skip
    content = (f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES} {CALCEXT} office:version="1.3">'
               f"<office:automatic-styles>{styles}</office:automatic-styles>"
               f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
               "</office:document-content>")  # fmt: skip
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = ('<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
                'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
                f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
                '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
                "</manifest:manifest>")  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", kind, zipfile.ZIP_STORED)
        file.writestr("META-INF/manifest.xml", manifest)
        file.writestr("content.xml", content)
    return out.getvalue()


# --- .xls (BIFF8) -----------------------------------------------------------------------------------------------------

PERCENT = 16  # the number of the extended format that shows percentages; 15 is that of ordinary cells
DAY = 17


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def text_of(text: str) -> bytes:
    """Return a text with its length in two bytes, in one or two bytes a letter."""
    if all(ord(letter) < 256 for letter in text):
        return struct.pack("<HB", len(text), 0) + text.encode("latin-1")
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def cell_in_xls(row: int, column: int, cell: object) -> bytes:
    """Return the records of one cell."""
    place = struct.pack("<HHH", row, column, 15)
    if cell is None or cell == "":
        return b""
    if isinstance(cell, Formula | Fault):
        stored = cell.stored if isinstance(cell, Formula) else None
        after = b""
        if isinstance(cell, Fault):
            result = bytes([2, 0, ERRORS[cell.code], 0, 0, 0, 0xFF, 0xFF])
        elif isinstance(stored, str):
            result, after = bytes([0, 0, 0, 0, 0, 0, 0xFF, 0xFF]), record(0x207, text_of(stored))
        elif isinstance(stored, bool):
            result = bytes([1, 0, stored, 0, 0, 0, 0xFF, 0xFF])
        elif stored is None:
            result = bytes([3, 0, 0, 0, 0, 0, 0xFF, 0xFF])
        else:
            result = struct.pack("<d", stored)
        tokens = bytes([0x1E, 0, 0])  # the whole number 0: what the formula says does not matter here
        return record(0x06, place + result + struct.pack("<HIH", 0, 0, len(tokens)) + tokens) + after
    if isinstance(cell, bool):
        return record(0x205, place + bytes([cell, 0]))
    if isinstance(cell, Share):
        return record(0x203, struct.pack("<HHHd", row, column, PERCENT, cell.value))
    if isinstance(cell, dt.date):
        return record(0x203, struct.pack("<HHHd", row, column, DAY, (cell - dt.date(1899, 12, 30)).days))
    if isinstance(cell, int | float):
        return record(0x203, place + struct.pack("<d", cell))
    return record(0x204, place + text_of(str(cell)))


def xls(*sheets: Sheet, places: Mapping[tuple[int, int], str] | None = None) -> bytes:
    """Return sheets as an .xls; `places` puts further texts on the first sheet, by row and column from 0."""
    formats = [0] * 16 + [9, 14]
    begin = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0x0DBB, 0x07CC, 0, 6)) + record(0x42, b"\xb0\x04")
    begin += record(0x22, b"\0\0")
    for shown in formats:
        begin += record(0xE0, struct.pack("<HHH", 0, shown, 1) + bytes(14))
    bodies = []
    for sheet in sheets:
        body = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0x0DBB, 0x07CC, 0, 6))
        wide = max((len(cells) for cells in sheet.rows), default=0)
        tall = len(sheet.rows)
        more = sorted((places or {}).items()) if sheet is sheets[0] else []
        tall, wide = max([tall, *(r + 1 for (r, _), _ in more)]), max([wide, *(c + 1 for (_, c), _ in more)])
        body += record(0x200, struct.pack("<IIHHH", 0, tall, 0, wide, 0))
        parts = []
        for number in sorted(sheet.hidden_rows):
            parts.append(record(0x208, struct.pack("<HHHHHHHH", number - 1, 0, wide, 0xFF, 0, 0, 0x0120, 15)))
        for r, cells in enumerate(sheet.rows):
            parts.extend(cell_in_xls(r, c, cell) for c, cell in enumerate(cells))
        parts.extend(cell_in_xls(r, c, text) for (r, c), text in more)
        bodies.append(body + b"".join(parts) + record(0x0A))
    names = [
        struct.pack("<BBBB", sheet.hidden, 0, len(sheet.name), 0) + sheet.name.encode("latin-1") for sheet in sheets
    ]
    at = len(begin) + sum(len(record(0x85, b"\0\0\0\0" + name)) for name in names) + len(record(0x0A))
    for name, body in zip(names, bodies, strict=True):
        begin += record(0x85, struct.pack("<I", at) + name)
        at += len(body)
    return compound({"Workbook": begin + record(0x0A) + b"".join(bodies)})


FORMATS: dict[str, Callable[..., bytes]] = {"xlsx": xlsx, "ods": ods, "xls": xls}
