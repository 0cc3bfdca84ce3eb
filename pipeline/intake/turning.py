"""The process that opens a workbook: its rows become plain CSV files, within limits of memory and time.

Run as `python -I -m pipeline.intake.turning SOURCE FOLDER LIMITS`. Nothing else of intake touches a workbook's inside.
It leaves `FOLDER/<n>.csv` for each sheet, whose first cell is the number of the row, and `FOLDER/sheets.json`; or prints
one JSON object with `problem` and `todo`, and ends with 3; or one with `errno`, and ends with 4, where the disk failed.
"""

import csv
import datetime as dt
import errno
import hashlib
import json
import resource
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import OF_THE_DISK
from pipeline.intake.compound import looked_into_xls
from pipeline.intake.packed import looked_into
from pipeline.intake.seen import CLEAR, FORMULA, PERCENT, SAVE_AGAIN, Refused, Seen, cell_name

REFUSED, DISK_FAILED = 3, 4
FAILURES = OF_THE_DISK - {errno.EFBIG}  # a file too large is one that our own limit stopped


def main(source: str, folder: str, limits: str) -> None:
    """Turn one workbook."""
    most: dict[str, int] = json.loads(limits)
    is_packed = _starts_packed(Path(source))
    memory = most["memory"] if is_packed else most["xls_memory"]
    for kind, value in (
        (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, most["seconds"]), (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, most["memory"]),
    ):  # fmt: skip
        resource.setrlimit(kind, (value, value))
    try:
        path = Path(source)
        seen = looked_into(path, most) if is_packed else looked_into_xls(path, most)
        sheets = turned(path, Path(folder), most, seen)
        text = json.dumps({**asdict(seen), "sheets": sheets}, ensure_ascii=False, indent=1)
        (Path(folder) / "sheets.json").write_text(text, encoding="utf-8")
    except Refused as refusal:
        problem, todo = refusal.args
        sys.stdout.write(json.dumps({"problem": problem, "todo": todo}))
        sys.exit(REFUSED)
    except OSError as error:
        if error.errno not in FAILURES:
            raise
        sys.stdout.write(json.dumps({"errno": error.errno}))
        sys.exit(DISK_FAILED)


def _starts_packed(path: Path) -> bool:
    with path.open("rb") as opened:
        return opened.read(2) == b"PK"


def turned(path: Path, folder: Path, most: dict[str, int], seen: Seen) -> list[dict[str, str]]:
    """Write a CSV for each sheet, and return their names, files and digests, in the order of the workbook."""
    import python_calamine

    try:
        with path.open("rb") as opened:  # by content: a name may say anything
            book = python_calamine.CalamineWorkbook.from_filelike(opened)
        sheets: list[dict[str, str]] = []
        if len(book.sheet_names) > most["sheets"]:
            raise Refused(f"{len(book.sheet_names):,} sheets; a workbook may have {most['sheets']}.", SAVE_AGAIN)
        if set(seen.odd) - set(book.sheet_names):
            raise Refused("its sheets cannot be told apart.", SAVE_AGAIN)
        room = Room(most["rows"], most["xlsx"])
        for number, name in enumerate(book.sheet_names, 1):
            target = folder / f"{number}.csv"
            sheet = book.get_sheet_by_name(name)
            _write(name, sheet, target, most, room, seen.odd.get(name, {}))
            with target.open("rb") as written:
                digest = hashlib.file_digest(written, "sha256").hexdigest()
            sheets.append({"name": name, "file": target.name, "sha256": digest})
        return sheets
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno in FAILURES:
            raise
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise Refused(f"this workbook cannot be opened ({first[:200]}).", SAVE_AGAIN) from None


@dataclass(slots=True)
class Room:
    """What a workbook may still hold: rows and characters."""

    rows: int
    characters: int


def _write(
    name: str, sheet: Any, target: Path, most: dict[str, int], room: Room, odd: Mapping[int, Mapping[int, str]]
) -> None:
    """Write the rows of a sheet from row 1 and column A on; `odd` cells (a formula, an error) say that they are."""
    numbers = _Numbers()
    (first_column, last_row) = (sheet.start[1], sheet.end[0] + 1) if sheet.start else (0, 0)
    if last_row > room.rows:
        raise _too_far(name, sheet.iter_rows(), first_column, most, last_row)
    indent = [""] * first_column
    with target.open("w", encoding="utf-8", newline="", errors="replace") as file:
        writer = csv.writer(file, lineterminator="\r\n")  # so that a lone CR or LF in a cell is quoted
        for number, row in enumerate(sheet.iter_rows(), 1):
            if len(row) + first_column > most["columns"]:
                raise _too_far(name, sheet.iter_rows(), first_column, most, 0)
            texts = indent + [c if type(c) is str else numbers[c] if type(c) is float else _text(c) for c in row]
            for column, what in odd.get(number, {}).items():
                texts += [""] * (column + 1 - len(texts))
                if what == FORMULA:
                    texts[column] = f"{FORMULA}{texts[column]}"
                elif what != PERCENT:
                    texts[column] = what
            lengths = list(map(len, texts))
            if max(lengths, default=0) > most["characters"]:
                raise Refused(f"row {number} has a cell of more than {most['characters']:,} characters.", SAVE_AGAIN)
            room.characters -= sum(lengths)
            room.rows -= 1
            if room.rows < 0 or room.characters < 0:
                raise Refused("it holds more rows or letters than a workbook may.", CLEAR)
            writer.writerow([number, *texts])


def _too_far(
    name: str, rows: Iterator[Sequence[object]], first_column: int, most: dict[str, int], last_row: int
) -> Refused:
    """Return the refusal that names a cell beyond what a sheet may have: a row too low, or a column too far to the right."""
    if last_row:
        return Refused(f'sheet "{name}" goes down to row {last_row:,}; a list may have {most["rows"]:,} rows.', CLEAR)
    for number, row in enumerate(rows, 1):
        far = next((n for n, cell in enumerate(row, first_column) if n >= most["columns"] and _text(cell) != ""), None)
        if far is not None:
            where = cell_name(number, far)
            return Refused(f'sheet "{name}" has a cell {where}; a sheet may have {most["columns"]:,} columns.', CLEAR)
    return Refused(f'sheet "{name}" has more columns than the {most["columns"]:,} that a sheet may have.', CLEAR)


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
