"""What a workbook shows before anybody opens it: how much it unpacks to, what it hides, and whether it means harm.

Works inside the process that turns workbooks (turning.py), and imports as little as that does.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20
OVERLAP = 400  # bytes: no tag that is looked for is longer
DECLARES = b"<!ENTITY"
HIDES = (b'hidden="', b'visibility="')
HIDDEN_ROW = re.compile(
    rb"<(?:[a-z]+:)?row\b[^<>]*\shidden=\"(?:1|true)\"|<table:table-row\b[^<>]*table:visibility=\"(?:filter|collapse)\""
)
HIDDEN_ROW_OF_XLS = re.compile(rb"\x08\x02\x10\x00.{12}([\x00-\xff])", re.DOTALL)  # a ROW record, and its flags
FROM_1904 = re.compile(rb"<(?:[a-z]+:)?workbookPr\b[^<>]*\sdate1904=\"(?:1|true)\"")
STYLE = re.compile(rb"<(?:[a-z]+:)?xf\b[^<>]*\snumFmtId=\"([0-9]+)\"")
PERCENT_FORMAT = re.compile(
    rb"<(?:[a-z]+:)?numFmt\s[^<>]{0,80}?numFmtId=\"([0-9]+)\"[^<>]{0,80}?formatCode=\"[^\"<>]{0,80}%"
)
HIDDEN_SHEET = re.compile(rb"<(?:[a-z]+:)?sheet\b[^<>]*\sstate=\"(?:veryH|h)idden\"")
CELL_STYLES = re.compile(rb"<(?:[a-z]+:)?cellXfs\b.*?</(?:[a-z]+:)?cellXfs>", re.DOTALL)
SAVE_AGAIN = "Open it, save it as .xlsx or .csv, and give that."
LEAVE_OUT = "This is no export. Leave it out, and ask where it came from."


class Refused(Exception):
    """The workbook is not read: (what is wrong, what to do)."""


@dataclass(slots=True)
class Seen:
    """What a workbook's cells do not say themselves: hidden rows and sheets, cells shown as a percentage (their number by
    column, A is 0), days counted from 1904."""

    hidden_rows: int = 0
    hidden_sheets: int = 0
    percent_cells: dict[int, int] = field(default_factory=dict)
    is_1904: bool = False


def looked_into(path: Path, most: dict[str, int]) -> Seen:
    """Unpack every member without keeping it, and return what was seen on the way.

    Refused are: more members, more bytes or a higher ratio than allowed, whatever the directory says; names that lead
    elsewhere; declared entities.
    """
    members = _members(path, most)
    is_ods = any(member.filename == "content.xml" for member in members)
    limit = most["ods" if is_ods else "xlsx"]
    room = min(limit, most["ratio"] * path.stat().st_size)
    if sum(member.file_size for member in members) > room:
        raise _too_large(limit)
    seen, percent_styles = Seen(), re.compile(rb"(?!)")
    members.sort(key=lambda member: not member.filename.endswith("styles.xml"))
    with path.open("rb") as opened:
        for member in members:
            before, whole = b"", b""
            for part in _unpacked(opened, member):
                room -= len(part)
                if room < 0:
                    raise _too_large(limit)
                _look(seen, before, part, member.filename, percent_styles)
                before = (before + part)[-OVERLAP:]
                if member.filename.endswith("styles.xml") and not is_ods:
                    whole += part
            if whole:
                percent_styles = _percent_styles(whole)
    return seen


def _members(path: Path, most: dict[str, int]) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Refused("this workbook cannot be opened (not a whole ZIP file).", SAVE_AGAIN) from None
    if len(members) > most["members"]:
        raise Refused(f"{len(members):,} files inside; a workbook may have {most['members']}.", LEAVE_OUT)
    for member in members:
        if member.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", member.filename):
            raise Refused("names inside that lead to other folders.", LEAVE_OUT)
    return members


def _look(seen: Seen, before: bytes, part: bytes, name: str, percent_styles: re.Pattern[bytes]) -> None:
    """Note what a part of a member shows; `before` is the end of the part before it."""
    window, start = before + part, len(before)
    if DECLARES in window and name.lower().endswith((".xml", ".rels")):
        raise Refused("it declares entities, which no spreadsheet program writes.", LEAVE_OUT)
    if any(word in window for word in HIDES):
        seen.hidden_rows += sum(1 for found in HIDDEN_ROW.finditer(window) if found.end() > start)
    if "worksheets/" in name:
        for found in percent_styles.finditer(window):
            if found.end() > start:
                column = _column(found[1])
                seen.percent_cells[column] = seen.percent_cells.get(column, 0) + 1
    elif name.endswith("workbook.xml"):
        seen.is_1904 = seen.is_1904 or FROM_1904.search(window) is not None
        seen.hidden_sheets += sum(1 for found in HIDDEN_SHEET.finditer(window) if found.end() > start)


def _column(letters: bytes) -> int:
    """Return the number of a column, A is 0."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _percent_styles(styles: bytes) -> re.Pattern[bytes]:
    """Return the pattern of a cell that is shown as a percentage: a number in a style whose number format is one.

    Text stays text whatever its style: a Yes in such a cell is shown as Yes.
    """
    formats = {b"9", b"10", *PERCENT_FORMAT.findall(styles)}
    cell_styles = CELL_STYLES.search(styles)
    used = STYLE.findall(cell_styles[0]) if cell_styles else []
    wanted = [str(n).encode() for n, number_format in enumerate(used) if number_format in formats]
    if not wanted:
        return re.compile(rb"(?!)")
    return re.compile(rb'<(?:[a-z]+:)?c r="([A-Z]{1,3})[0-9]{1,7}" s="(?:' + b"|".join(wanted) + rb')"(?: t="n")?>')


def _too_large(room: int) -> Refused:
    return Refused(f"it unpacks to more than {room / 1e6:,.1f} MB.", LEAVE_OUT)


def _unpacked(opened: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what a member truly unpacks to: the sizes of the directory are not believed."""
    opened.seek(member.header_offset + 26)
    lengths = opened.read(4)
    if len(lengths) < 4:
        raise Refused("this workbook cannot be opened (cut off).", SAVE_AGAIN)
    opened.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), 1)
    if member.flag_bits & 1:
        raise Refused("it is protected by a password.", "Save it without one, and give that.")
    if member.compress_type == zipfile.ZIP_STORED:
        left = member.compress_size
        while left > 0 and (part := opened.read(min(CHUNK, left))):
            left -= len(part)
            yield part
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        yield from _inflated(opened)
    else:
        raise Refused("it is packed in a way no spreadsheet program uses.", SAVE_AGAIN)


def _inflated(opened: BinaryIO) -> Iterator[bytes]:
    unpacker, rest = zlib.decompressobj(-15), b""
    try:
        while not unpacker.eof:
            rest = rest or opened.read(CHUNK)
            if not rest:
                raise Refused("this workbook cannot be opened (cut off).", SAVE_AGAIN)
            yield unpacker.decompress(rest, CHUNK)
            rest = unpacker.unconsumed_tail
    except zlib.error:
        raise Refused("this workbook cannot be opened (damaged).", SAVE_AGAIN) from None


def looked_into_xls(path: Path) -> Seen:
    """Return the number of hidden rows of an .xls; what else it hides is not seen."""
    rows = HIDDEN_ROW_OF_XLS.finditer(path.read_bytes())
    return Seen(hidden_rows=sum(found[1][0] >> 5 & 1 for found in rows))
