"""Published workbooks, read back by another library and compared with their CSV, cell for cell."""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence

from reports.lists.authority import LAST_WINDOW, WINDOW
from reports.lists.cells import LIVE, defused
from reports.lists.workbook import HEADING_ROW, Sheet, one_break

Cells = tuple[str, ...]
ESCAPED = "_x005F_"
LIVE_XML = re.compile(rb"<(?:f|hyperlink)[ >/]")


def differences(book: bytes, sheets: Sequence[tuple[Sheet, bytes]]) -> list[str]:
    """Return where a workbook is not what its CSVs say: a cell that differs, a formula, a sheet too many or too few.

    A month column says Window in the CSV alone; line breaks count as one kind.
    """
    import python_calamine

    opened = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book))
    names = [name for name in opened.sheet_names if name != "Cover"]
    problems = [] if names == [sheet.name for sheet, _ in sheets] else [f"its sheets are {names}"]
    problems += _live_cells(book)
    for sheet, written in sheets if not problems else ():
        rows = opened.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)[HEADING_ROW:]
        found = [
            row for row in (_padded([_text(cell) for cell in row], len(sheet.headings)) for row in rows) if any(row)
        ]
        wanted = _wanted(written) if sheet.rows else []
        unlike = [n for n, (one, other) in enumerate(zip(found, wanted, strict=False)) if not _same(one, other)]
        if unlike or len(found) != len(wanted):
            place = unlike[0] if unlike else min(len(found), len(wanted))
            problems.append(
                f"{sheet.name}: row {place} of the table differs ({len(found)} rows, {len(wanted)} in the CSV)"
            )
    opened.close()
    return problems


def _live_cells(book: bytes) -> list[str]:
    """Return which sheets hold a formula or a link; text cannot look like one, for XML escapes its brackets."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        pages = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        return [f"{name} holds a formula or a link" for name in pages if LIVE_XML.search(parts.read(name))]


def _padded(row: list[str], width: int) -> Cells:
    kept = row if any(row[width:]) else row[:width]
    return (*kept, *[""] * (width - len(kept)))


def _text(value: object) -> str:
    """Return the text of a cell as the CSV says it."""
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    if isinstance(value, float):
        return f"{value:g}" if not value.is_integer() else str(int(value))
    return defused(str(value))


def _same(found: Cells, wanted: Cells) -> bool:
    """Say whether two rows are the same; a cell that holds XML's own escape of an escape is left to the writer."""
    pairs = zip(found, wanted, strict=False)
    return len(found) == len(wanted) and all(one == other or ESCAPED in other for one, other in pairs)


def _as_read(text: str) -> str:
    """Return text of a CSV as it is read out of a workbook."""
    return defused(one_break(text[1:] if text[:1] == "'" and text[1:2] in LIVE and text[1:2] else text))


def _wanted(written: bytes) -> list[Cells]:
    """Return the rows of a CSV with its months as a workbook says them."""
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    headings = [heading.removeprefix(WINDOW) for heading in rows[0]]
    last = headings.index(LAST_WINDOW) if LAST_WINDOW in headings else -1
    return [
        tuple(headings),
        *(
            tuple(cell.removeprefix(WINDOW) if place == last else _as_read(cell) for place, cell in enumerate(row))
            for row in rows[1:]
        ),
    ]
