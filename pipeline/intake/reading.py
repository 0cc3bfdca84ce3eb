"""The bytes of one file -> sheets of rows of text, each row with the number an officer sees."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import python_calamine

from pipeline.errors import InputRefused
from pipeline.intake.findings import Finding
from pipeline.intake.sources import SOURCES, headings, normal_heading

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
DELIMITERS = ",;|\t"
SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods")


@dataclass(slots=True)
class Sheet:
    """One sheet of a workbook, or the only one of a CSV (with a blank name); its rows can be gone through once."""

    name: str
    rows: Iterator[tuple[int, list[str]]]


@dataclass(slots=True)
class Contents:
    """What a file holds, before anybody asks what it is."""

    file: str
    sheets: list[Sheet]
    findings: list[Finding] = field(default_factory=list)


def read_contents(path: Path, file: str) -> Contents:
    """Read a CSV (UTF-8, cp1252, UTF-16) or a workbook (XLSX, XLS, ODS) by what it holds, not by its name."""
    with path.open("rb") as opened:
        start = opened.read(8)
    if not start:
        raise InputRefused(file, "the file is empty (zero bytes).", "Export it again.")
    if start[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return _workbook(path, file)
    if start[:4] == b"%PDF":
        raise InputRefused(file, "this is a PDF, not a table.", "Give the CSV or XLSX export instead.")
    return _csv(path.read_bytes(), file)


def _workbook(path: Path, file: str) -> Contents:
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        numbers = _Numbers()
        sheets = [
            Sheet(name, enumerate((_texts(row, numbers) for row in book.get_sheet_by_name(name).iter_rows()), 1))
            for name in book.sheet_names
        ]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise InputRefused(
            file,
            f"this workbook cannot be opened ({str(error).splitlines()[0]}).",
            "Open it, save it as .xlsx or .csv, and give that.",
        ) from None
    wrong = not file.lower().endswith(SPREADSHEETS)
    return Contents(file, sheets, [Finding("type_by_content", value="workbook")] if wrong else [])


class _Numbers(dict[float, str]):
    """Number -> text, each worked out once: 12.0 is 12."""

    def __missing__(self, number: float) -> str:
        text = str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
        self[number] = text
        return text


def _texts(row: Sequence[object], numbers: _Numbers) -> list[str]:
    return [cell if type(cell) is str else numbers[cell] if type(cell) is float else _text(cell) for cell in row]


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return "" if cell is None else str(cell)


def _csv(data: bytes, file: str) -> Contents:
    if data.lstrip()[:1] == b"<":
        raise InputRefused(file, "this is a web page or XML, not a table.", "Export it as CSV or XLSX.")
    text, findings = _decoded(data, file)
    if file.lower().endswith(SPREADSHEETS):
        findings.append(Finding("type_by_content", value="text"))
    return Contents(file, [Sheet("", _records(file, text, _delimiter(text)))], findings)


def _records(file: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    last, first = 0, 1
    try:
        for row in reader:
            yield first, row
            last, first = first, reader.line_num + 1
    except csv.Error as error:
        raise InputRefused(
            file,
            f"the lines after row {last} cannot be split into cells ({error}).",
            "Export it again.",
            row=last,
        ) from None


def _decoded(data: bytes, file: str) -> tuple[str, list[Finding]]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif data.count(0) > len(data) // 4:
        raise InputRefused(file, "this looks like UTF-16 without its mark.", 'Save it as "CSV UTF-8" and give that.')
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            raise InputRefused(file, f"not valid UTF-16 ({error.reason}).", "Export it again.") from None
    try:
        return data.decode("cp1252"), [Finding("decoded_as_cp1252")]
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputRefused(
            file,
            f"a byte that is neither UTF-8 nor Windows text (0x{data[error.start]:02x}).",
            'Save it as "CSV UTF-8" and give that.',
            row=line,
        ) from None


def _delimiter(text: str) -> str:
    """Return the delimiter that makes a heading row with an id heading of the first lines; a comma if none does."""
    wanted = {
        heading for source in SOURCES for heading, column in headings(source.kind).items() if column == source.id_column
    }
    lines = text[:100_000].splitlines()[:40]
    for delimiter in DELIMITERS:
        for line in lines:
            cells = {normal_heading(cell.strip('"')) for cell in line.split(delimiter)}
            if len(cells) > 1 and cells & wanted:
                return delimiter
    return ","
