"""An old workbook (.xls) before anybody opens it: how many cells its sheets span, and what its cells are beside their text.

Works inside the process that turns workbooks (turning.py), and imports as little as that does.  A workbook is a stream of
records, each with its number and its length ([MS-XLS] 2.1.4).
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from pipeline.intake.seen import CLEAR, FORMULA, LEAVE_OUT, NO_PASSWORD, SAVE_AGAIN, Refused, Seen

BOF, BOUNDSHEET, DATEMODE, FILEPASS, FORMAT, XF = 0x0809, 0x0085, 0x0022, 0x002F, 0x041E, 0x00E0
ROW, FORMULA_CELL, BOOLERR, NUMBER, RK, MULRK, LABEL, LABELSST, MULBLANK, BLANK = (
    0x0208, 0x0006, 0x0205, 0x0203, 0x027E, 0x00BD, 0x0204, 0x00FD, 0x00BE, 0x0201,
)  # fmt: skip
CELLS = (FORMULA_CELL, BOOLERR, NUMBER, RK, MULRK, LABEL, LABELSST, MULBLANK, BLANK)
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
BIFF8 = b"\x00\x06"  # the version that Excel has written since 97
PERCENT = (9, 10)  # the numbers of Excel's own formats for percentages


def looked_into_xls(path: Path, most: dict[str, int]) -> Seen:
    """Return what is seen in an .xls; refused are those protected by a password, those that are no workbook, and those whose
    sheets span more cells than allowed, however few are filled."""
    content = _stream(path)
    seen, sheets, styles, formats = Seen("xls"), {}, [], set(PERCENT)
    percent: frozenset[int] = frozenset()
    sheet, span = "", _Span(most["cells"])
    has_flag = content[4:6] == BIFF8  # before a text, whether its letters take two bytes
    for place, kind, body in _records(content):
        if kind == FILEPASS:
            raise Refused("it is protected by a password.", NO_PASSWORD)
        if kind == BOUNDSHEET and len(body) >= 8:
            sheets[int.from_bytes(body[:4], "little")] = _text(body[6:], 1, has_flag)
            seen.hidden_sheets += bool(body[4] & 3)
        elif kind == DATEMODE and len(body) >= 2:
            seen.is_1904 = seen.is_1904 or body[0] == 1
        elif kind == FORMAT and len(body) >= 5 and "%" in _text(body[2:], 2 if has_flag else 1, has_flag):
            formats.add(int.from_bytes(body[:2], "little"))
        elif kind == XF and len(body) >= 4:
            styles.append(int.from_bytes(body[2:4], "little"))
        elif kind == BOF and place in sheets:
            sheet = sheets[place]
            percent = frozenset(number for number, format_no in enumerate(styles) if format_no in formats)
            span.begin()
        elif kind == ROW and sheet and len(body) >= 16:
            seen.hidden_rows += body[12] >> 5 & 1
        elif kind in CELLS and sheet and len(body) >= 6:
            _look(seen, sheet, kind, body, percent)
            span.reach(body, kind)
    return seen


class _Span:
    """How many cells the sheets span, from their first to their last filled one."""

    def __init__(self, most: int) -> None:
        self._most, self._before = most, 0
        self._rows = self._columns = 0

    def begin(self) -> None:
        """Begin another sheet."""
        self._before += self._rows * self._columns
        self._rows = self._columns = 0

    def reach(self, body: bytes, kind: int) -> None:
        """Take in one cell; raises Refused where the sheets span too many."""
        row, column = struct.unpack_from("<HH", body)
        if kind in (MULRK, MULBLANK):
            column = int.from_bytes(body[-2:], "little")
        self._rows, self._columns = max(self._rows, row + 1), max(self._columns, column + 1)
        if self._before + self._rows * self._columns > self._most:
            raise Refused(f"its sheets span more than {self._most:,} cells, down to row {row + 1:,}.", CLEAR)


def _look(seen: Seen, sheet: str, kind: int, body: bytes, percent: frozenset[int]) -> None:
    row, column = struct.unpack_from("<HH", body)
    if kind == FORMULA_CELL:
        seen.note(sheet, row + 1, column, FORMULA)
    elif kind == BOOLERR and len(body) >= 8 and body[7]:
        seen.note(sheet, row + 1, column, ERRORS.get(body[6], "#ERROR"))
    elif kind in (NUMBER, RK):
        if int.from_bytes(body[4:6], "little") in percent:
            seen.note_percent(sheet, row + 1, column)
    elif kind == MULRK:
        for n, start in enumerate(range(4, len(body) - 7, 6)):
            if int.from_bytes(body[start : start + 2], "little") in percent:
                seen.note_percent(sheet, row + 1, column + n)


def _stream(path: Path) -> bytes:
    """Return the stream of records of a workbook."""
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as opened:
            if opened.exists("EncryptedPackage"):
                raise Refused("it is protected by a password.", NO_PASSWORD)
            for name in ("Workbook", "Book"):
                if opened.exists(name):
                    return bytes(opened.openstream(name).read())
    except (OSError, ValueError, IndexError, TypeError, AttributeError, struct.error) as error:
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise Refused(f"this workbook cannot be opened ({first[:200]}).", SAVE_AGAIN) from None
    raise Refused("this is no workbook, but another kind of Office document.", LEAVE_OUT)


def _records(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield place, number and body of each record."""
    place = 0
    while place + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, place)
        yield place, kind, content[place + 4 : place + 4 + length]
        place += 4 + length


def _text(body: bytes, size: int, has_flag: bool) -> str:
    """Return a short text: its length in `size` bytes, then (since Excel 97) whether its letters take two bytes, then the letters."""
    count, start = int.from_bytes(body[:size], "little"), size + has_flag
    is_wide = has_flag and body[size : size + 1] != b"\x00"
    letters = body[start : start + count * (2 if is_wide else 1)]
    return letters.decode("utf-16-le" if is_wide else "latin-1", "replace")
