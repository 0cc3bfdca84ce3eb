"""The parts of a packed workbook: which is which, whatever its name, and what its cells are beside their text.

Works inside the process that turns workbooks (turning.py), and imports as little as that does.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from xml.parsers import expat

from pipeline.intake.seen import FORMULA, SAVE_AGAIN, Refused, Seen

SMALL = re.compile(rb"<(?:[\w.-]+:)?(?:workbook|styleSheet|Relationships)[\s>/]")
SHEET = re.compile(rb"<(?:[\w.-]+:)?worksheet[\s>/]")
ODS = re.compile(rb"<(?:[\w.-]+:)?document-content[\s>/]")
HIDES = (b"hidden=", b"visibility=")
HIDDEN_ROW = re.compile(
    rb"<(?:[\w.-]+:)?row\b[^<>]*\shidden=[\"'](?:1|true)[\"']|<table:table-row\b[^<>]*table:visibility=[\"'](?:filter|collapse)[\"']"
)
ODD_IN_SHEET = (b"<f", b":f", b'"e"', b"'e'")  # what any sheet with a formula or an error holds
ODD_IN_ODS = (
    b"formula=",
    b'"error"',
    b"'error'",
    b'"percentage"',
    b"'percentage'",
    b'display="false"',
    b"display='false'",
)
PERCENT = ("9", "10")  # the numbers of Excel's own formats for percentages
REPEATED_MOST = 20_000  # cells alike that one element may stand for, as far as they are looked at


class Kind(Enum):
    """What a part is."""

    SMALL = "workbook, styles or relationships"
    SHEET = "worksheet"
    ODS = "content of an ODS"
    OTHER = "other"


def kind_of(start: bytes) -> Kind:
    """Return what a part says it is at its start."""
    for kind, pattern in ((Kind.SHEET, SHEET), (Kind.ODS, ODS), (Kind.SMALL, SMALL)):
        if pattern.search(start):
            return kind
    return Kind.OTHER


def hidden_rows(window: bytes, start: int) -> int:
    """Return the number of hidden rows that end after a place of a part of a sheet."""
    if not any(word in window for word in HIDES):
        return 0
    return sum(1 for found in HIDDEN_ROW.finditer(window) if found.end() > start)


def is_odd_in(kind: Kind, window: bytes) -> bool:
    """Say whether a part of a sheet may hold a cell that is more than its text."""
    return any(mark in window for mark in (ODD_IN_SHEET if kind is Kind.SHEET else ODD_IN_ODS))


@dataclass(slots=True)
class Workbook:
    """What the small parts of an XLSX say: the sheet of each part, and the cell styles that show percentages."""

    sheets: dict[str, str] = field(default_factory=dict)
    percent_styles: frozenset[str] = frozenset()


def read_workbook_parts(parts: Mapping[str, bytes], seen: Seen) -> Workbook:
    """Read the small parts; notes hidden sheets and days counted from 1904."""
    workbook = Workbook()
    targets: dict[str, str] = {}
    names: dict[str, str] = {}
    for name, content in parts.items():
        for tag, attributes in _elements(content):
            if tag == "Relationship" and "workbook" in _plain(name):
                targets[attributes.get("Id", "")] = attributes.get("Target", "")
            elif tag == "sheet":
                names[next((value for key, value in attributes.items() if key.endswith(":id")), "")] = attributes.get(
                    "name", ""
                )
                seen.hidden_sheets += attributes.get("state", "visible") != "visible"
            elif tag == "workbookPr":
                seen.is_1904 = seen.is_1904 or attributes.get("date1904", "0") in ("1", "true")
        workbook.percent_styles |= _percent_styles(content)
    for key, target in targets.items():
        if key in names:
            workbook.sheets[_plain(target).removeprefix("xl/")] = names[key]
    return workbook


def _plain(name: str) -> str:
    """Return the name of a part without case, with plain slashes, as far as programs agree on it."""
    return re.sub(r"^(\./|/)+", "", name.replace("\\", "/")).casefold()


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _elements(content: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: found.append((_local(tag), attributes))
    _parse(parser, [content])
    return iter(found)


def _parse(parser: expat.XMLParserType, content: Iterator[bytes] | list[bytes]) -> None:
    try:
        for part in content:
            parser.Parse(part, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError):
        raise Refused("this workbook cannot be opened (damaged).", SAVE_AGAIN) from None


def _percent_styles(content: bytes) -> frozenset[str]:
    """Return the cell styles that show a number as a percentage."""
    formats, styles, number, is_inside = set(PERCENT), set(), 0, False
    for tag, attributes in _elements(content):
        if tag == "numFmt" and "%" in re.sub(r'"[^"]*"|\\.', "", attributes.get("formatCode", "")):
            formats.add(attributes.get("numFmtId", ""))
        elif tag in ("cellXfs", "cellStyles", "dxfs"):
            is_inside = tag == "cellXfs"
        elif tag == "xf" and is_inside:
            if attributes.get("numFmtId") in formats:
                styles.add(str(number))
            number += 1
    return frozenset(styles)


def careful_look(seen: Seen, kind: Kind, workbook: Workbook, name: str, content: Iterator[bytes]) -> None:
    """Go through the cells of a sheet (or of an ODS) and note formulas, errors and percentages."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    if kind is Kind.ODS:
        _listen_to_ods(parser, seen)
    else:
        plain = _plain(name).removeprefix("xl/")
        sheet = workbook.sheets.get(plain)
        if sheet is None:
            raise Refused("its parts cannot be told apart (a sheet that the workbook does not name).", SAVE_AGAIN)
        _listen_to_sheet(parser, seen, sheet, workbook.percent_styles)
    _parse(parser, content)


def _listen_to_sheet(parser: expat.XMLParserType, seen: Seen, sheet: str, percent_styles: frozenset[str]) -> None:
    row, column, kind, text = 0, -1, "", ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, kind, text
        tag = _local(tag)
        if tag == "row":
            row, column = int(attributes.get("r", row + 1)), -1
        elif tag == "c":
            place = re.fullmatch(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", attributes.get("r", ""))
            column = _number(place[1]) if place else column + 1
            row = int(place[2]) if place else row
            kind, text = attributes.get("t", "n"), ""
            if kind == "n" and attributes.get("s") in percent_styles:
                seen.note_percent(sheet, row, column)
        elif tag == "f":
            seen.note(sheet, row, column, FORMULA)

    def characters(data: str) -> None:
        nonlocal text
        text += data if kind == "e" else ""

    def end(tag: str) -> None:
        if _local(tag) == "c" and kind == "e":
            seen.note(sheet, row, column, text.strip() or "#ERROR")

    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, characters, end


def _number(letters: str) -> int:
    """Return the number of a column, A is 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _listen_to_ods(parser: expat.XMLParserType, seen: Seen) -> None:
    sheet, row, column, rows = "", 0, 0, 1
    hiding: set[str] = set()
    style = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal sheet, row, column, rows, style
        tag, said = _local(tag), {_local(key): value for key, value in attributes.items()}
        if tag == "style":
            style = said.get("name", "")
        elif tag == "table-properties" and said.get("display") == "false":
            hiding.add(style)
        elif tag == "table":
            sheet, row, rows = said.get("name", ""), 0, 1
            seen.hidden_sheets += said.get("style-name", "") in hiding
        elif tag == "table-row":
            row, column = row + rows, 0
            rows = int(said.get("number-rows-repeated", "1"))
            row = row or 1
        elif tag in ("table-cell", "covered-table-cell"):
            times = int(said.get("number-columns-repeated", "1"))
            what = FORMULA if "formula" in said else "#ERROR" if said.get("value-type") == "error" else ""
            is_percent = said.get("value-type") == "percentage"
            if what or is_percent:
                for place in range(min(rows, REPEATED_MOST)):
                    for n in range(column, column + min(times, REPEATED_MOST)):
                        if what:
                            seen.note(sheet, row + place, n, what)
                        else:
                            seen.note_percent(sheet, row + place, n)
            column += times

    parser.StartElementHandler = start
