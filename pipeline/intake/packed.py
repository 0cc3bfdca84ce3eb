"""A packed workbook (XLSX, ODS) before anybody opens it: how much it unpacks to, whether it means harm, and what its parts show.

Works inside the process that turns workbooks (turning.py), and imports as little as that does.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from pipeline.intake.parts import Kind, careful_look, hidden_rows, is_odd_in, kind_of, read_workbook_parts
from pipeline.intake.seen import LEAVE_OUT, NO_PASSWORD, SAVE_AGAIN, Refused, Seen

CHUNK = 1 << 20
OVERLAP = 400  # bytes: no tag that is looked for is longer
DECLARES = b"<!ENTITY"


def looked_into(path: Path, most: dict[str, int]) -> Seen:
    """Unpack every member without keeping it, and return what was seen on the way.

    Refused are: more members, more bytes or a higher ratio than allowed, whatever the directory says; names that lead
    elsewhere; declared entities. What a part is, it says itself: names inside may be anything. A sheet in which anything stands
    that is more than text is looked at once more, cell by cell.
    """
    members = _members(path, most)
    is_ods = any(member.filename.casefold() == "content.xml" for member in members)
    limit = most["ods" if is_ods else "xlsx"]
    room = allowed = min(limit, most["ratio"] * path.stat().st_size)
    if sum(member.file_size for member in members) > room:
        raise _too_large(room)
    seen, kept, odd = Seen("ods" if is_ods else "xlsx"), {}, []
    with path.open("rb") as opened:
        for member in members:
            kind, before, is_odd = None, b"", False
            for part in _unpacked(opened, member):
                room -= len(part)
                if room < 0:
                    raise _too_large(allowed)
                kind = kind or kind_of(part)
                window = before + part
                if DECLARES in window and member.filename.lower().endswith((".xml", ".rels")):
                    raise Refused("it declares entities, which no spreadsheet program writes.", LEAVE_OUT)
                if kind in (Kind.SHEET, Kind.ODS):
                    seen.hidden_rows += hidden_rows(window, len(before))
                    is_odd = is_odd or is_odd_in(kind, window)
                before = window[-OVERLAP:]
            if kind is Kind.SMALL:
                kept[member.filename] = b"".join(_unpacked(opened, member))
            elif kind in (Kind.SHEET, Kind.ODS):
                odd.append((member, kind, is_odd))
        workbook = read_workbook_parts(kept, seen)
        for member, kind, is_odd in odd:
            if is_odd or workbook.percent_styles:
                careful_look(seen, kind, workbook, member.filename, _unpacked(opened, member))
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
        raise Refused("it is protected by a password.", NO_PASSWORD)
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
