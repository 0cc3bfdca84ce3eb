"""The process that opens a workbook: its rows become plain CSV files, within limits of memory and time.

Run as `python -I -m pipeline.intake.turning SOURCE FOLDER LIMITS`. Nothing else of the product touches a workbook's inside.
It leaves `FOLDER/<n>.csv` for each sheet, whose first cell is the number of the row, and `FOLDER/sheets.json`; or prints
one JSON object with `problem` and `todo`, and ends with 3.
"""

import csv
import datetime as dt
import hashlib
import json
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

REFUSED = 3
CHUNK = 1 << 20
OVERLAP = 400  # bytes: no tag that is looked for is longer
DECLARES = b"<!DOCTYPE"  # without it no entity can be declared
HIDES = (b'hidden="', b'visibility="')
HIDDEN_ROW = re.compile(
    rb"<(?:[a-z]+:)?row\b[^<>]*\shidden=\"(?:1|true)\"|<table:table-row\b[^<>]*table:visibility=\"(?:filter|collapse)\""
)
HIDDEN_ROW_OF_XLS = re.compile(rb"\x08\x02\x10\x00.{12}([\x00-\xff])", re.DOTALL)  # a ROW record, and its flags
FROM_1904 = re.compile(rb"<(?:[a-z]+:)?workbookPr\b[^<>]*\sdate1904=\"(?:1|true)\"")
STYLE = re.compile(rb"<(?:[a-z]+:)?xf\b[^<>]*\snumFmtId=\"([0-9]+)\"")
PERCENT_FORMAT = re.compile(rb"<(?:[a-z]+:)?numFmt\b[^<>]*\snumFmtId=\"([0-9]+)\"[^<>]*\sformatCode=\"[^\"]*%")
PERCENT_CELL_OF_ODS = re.compile(rb"office:value-type=\"percentage\"")
CELL_STYLES = re.compile(rb"<(?:[a-z]+:)?cellXfs\b.*?</(?:[a-z]+:)?cellXfs>", re.DOTALL)
SAVE_AGAIN = "Open it, save it as .xlsx or .csv, and give that."
LEAVE_OUT = "This is no export. Leave it out, and ask where it came from."


class Refused(Exception):
    """The workbook is not read: (what is wrong, what to do)."""


def main(source: str, folder: str, limits: str) -> None:
    """Turn one workbook."""
    most: dict[str, int] = json.loads(limits)
    for kind, value in (
        (resource.RLIMIT_AS, most["memory"]), (resource.RLIMIT_CPU, most["seconds"]), (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, most["memory"]),
    ):  # fmt: skip
        resource.setrlimit(kind, (value, value))
    try:
        path = Path(source)
        seen = looked_into(path, most) if _starts_packed(path) else Seen(hidden_rows=_hidden_in_xls(path))
        sheets = turned(path, Path(folder), most)
    except Refused as refusal:
        problem, todo = refusal.args
        sys.stdout.write(json.dumps({"problem": problem, "todo": todo}))
        sys.exit(REFUSED)
    text = json.dumps({**asdict(seen), "sheets": sheets}, ensure_ascii=False, indent=1)
    (Path(folder) / "sheets.json").write_text(text, encoding="utf-8")


@dataclass(slots=True)
class Seen:
    """What a workbook's cells do not say themselves: hidden rows, cells shown as a percentage, days counted from 1904."""

    hidden_rows: int = 0
    percent_cells: int = 0
    is_1904: bool = False


def _starts_packed(path: Path) -> bool:
    with path.open("rb") as opened:
        return opened.read(2) == b"PK"


def _hidden_in_xls(path: Path) -> int:
    return sum(found[1][0] >> 5 & 1 for found in HIDDEN_ROW_OF_XLS.finditer(path.read_bytes()))


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
    if name == "content.xml" and b'"percentage"' in window:
        seen.percent_cells += sum(1 for found in PERCENT_CELL_OF_ODS.finditer(window) if found.end() > start)
    elif "worksheets/" in name:
        seen.percent_cells += sum(1 for found in percent_styles.finditer(window) if found.end() > start)
    elif name.endswith("workbook.xml"):
        seen.is_1904 = seen.is_1904 or FROM_1904.search(window) is not None


def _percent_styles(styles: bytes) -> re.Pattern[bytes]:
    """Return the pattern of a cell that is shown as a percentage: one in a style whose number format is one."""
    formats = {b"9", b"10", *PERCENT_FORMAT.findall(styles)}
    cell_styles = CELL_STYLES.search(styles)
    used = STYLE.findall(cell_styles[0]) if cell_styles else []
    wanted = [str(n).encode() for n, number_format in enumerate(used) if number_format in formats]
    if not wanted:
        return re.compile(rb"(?!)")
    return re.compile(rb'<(?:[a-z]+:)?c\b[^<>]*\ss="(?:' + b"|".join(wanted) + rb')"[^<>/]*>')


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


def turned(path: Path, folder: Path, most: dict[str, int]) -> list[dict[str, str]]:
    """Write a CSV for each sheet, and return their names, files and digests, in the order of the workbook."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = []
        for number, name in enumerate(book.sheet_names, 1):
            target = folder / f"{number}.csv"
            _write(book.get_sheet_by_name(name).iter_rows(), target, most)
            with target.open("rb") as written:
                digest = hashlib.file_digest(written, "sha256").hexdigest()
            sheets.append({"name": name, "file": target.name, "sha256": digest})
        return sheets
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise Refused(f"this workbook cannot be opened ({first[:200]}).", SAVE_AGAIN) from None


def _write(rows: Iterator[Sequence[object]], target: Path, most: dict[str, int]) -> None:
    numbers = _Numbers()
    with target.open("w", encoding="utf-8", newline="", errors="replace") as file:
        writer = csv.writer(file, lineterminator="\r\n")  # so that a lone CR or LF in a cell is quoted
        for number, row in enumerate(rows, 1):
            if len(row) > most["columns"]:
                raise Refused(f"{len(row):,} columns; a sheet may have {most['columns']:,}.", SAVE_AGAIN)
            writer.writerow(
                [number, *(c if type(c) is str else numbers[c] if type(c) is float else _text(c) for c in row)]
            )


class _Numbers(dict[float, str]):
    """Number -> text, each worked out once: 12.0 is 12."""

    def __missing__(self, number: float) -> str:
        text = str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
        self[number] = text
        return text


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return "" if cell is None else str(cell)


if __name__ == "__main__":
    main(*sys.argv[1:])
