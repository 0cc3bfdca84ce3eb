"""Cells that no spreadsheet runs, and the two ways of writing a CSV."""

import csv
from collections.abc import Iterable, Sequence

LIVE = frozenset("=+-@\t\r")


def csv_for_machines(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV as UTF-8 without BOM, with LF; text cells are defused, `None` is blank."""
    return _written(headings, rows, "\n").encode()


def csv_for_officers(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV that Excel opens rightly: UTF-8 with BOM and CRLF; text cells are defused."""
    return _written(headings, rows, "\r\n").encode("utf-8-sig")


def defused(text: str) -> str:
    """Return text as a CSV says it: what a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{text}" if text[:1] in LIVE and text else text


def fused(text: str) -> str:
    """Return the text that a cell of a CSV was written from."""
    return text[1:] if text[:1] == "'" and text[1:2] in LIVE and text[1:] else text


def _written(headings: Sequence[str], rows: Iterable[Sequence[object]], end: str) -> str:
    lines = _Lines()
    writer = csv.writer(lines, lineterminator=QUOTED_ENDS)
    writer.writerow(headings)
    # `defused`, written out for speed; ids, dates and numbers never begin so
    writer.writerows([f"'{cell}" if type(cell) is str and cell[:1] in LIVE else cell for cell in row] for row in rows)
    return "".join(f"{line.removesuffix(QUOTED_ENDS)}{end}" for line in lines)


QUOTED_ENDS = "\r\n"  # Python 3.11 quotes a carriage return in a cell only where it is part of the line end


class _Lines(list[str]):
    """A file for csv.writer, which writes a whole line at a time."""

    def write(self, line: str) -> None:
        self.append(line)
