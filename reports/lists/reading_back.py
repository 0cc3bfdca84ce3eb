"""Published workbooks, read back by another library and compared with their CSV, cell for cell."""

import csv
import datetime as dt
import io
from collections.abc import Sequence

from reports.lists.authority import LAST_WINDOW, WINDOW
from reports.lists.cells import LIVE, defused
from reports.lists.workbook import HEADING_ROW, Sheet, one_break

Cells = tuple[str, ...]


def differences(book: bytes, sheets: Sequence[tuple[Sheet, bytes]]) -> list[str]:
    """Return where a workbook is not what its CSVs say: a cell that differs, a formula, a sheet too many or too few.

    A month column says Window in the CSV alone; line breaks count as one kind.
    """
    import openpyxl

    opened = openpyxl.load_workbook(io.BytesIO(book), read_only=True)
    names = [name for name in opened.sheetnames if name != "Cover"]
    problems = [] if names == [sheet.name for sheet, _ in sheets] else [f"its sheets are {names}"]
    for sheet, written in sheets if not problems else ():
        rows = opened[sheet.name].iter_rows(min_row=HEADING_ROW + 1, max_col=len(sheet.headings) + 1)
        found = [
            row for row in (_padded([_text(cell) for cell in row], len(sheet.headings)) for row in rows) if any(row)
        ]
        wanted = _wanted(written) if sheet.rows else []
        if found != wanted:
            pairs = zip(found, wanted, strict=False)
            place = next((n for n, (one, other) in enumerate(pairs) if one != other), min(len(found), len(wanted)))
            problems.append(
                f"{sheet.name}: row {place} of the table differs ({len(found)} rows, {len(wanted)} in the CSV)"
            )
    opened.close()
    return problems


def _padded(row: list[str], width: int) -> Cells:
    kept = row if any(row[width:]) else row[:width]
    return (*kept, *[""] * (width - len(kept)))


def _text(cell: object) -> str:
    """Return the text of a cell as the CSV says it; a formula says that it is one."""
    value = getattr(cell, "value", None)
    if getattr(cell, "data_type", "") == "f":
        return f"formula: {value}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return "" if value is None else defused(str(value))


def _as_read(text: str) -> str:
    """Return text of a CSV as openpyxl reads it out of a workbook: it takes x005F_, an escape of XML, for nothing."""
    return defused(
        one_break(text[1:] if text[:1] == "'" and text[1:2] in LIVE and text[1:2] else text).replace("x005F_", "")
    )


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
