"""The process that opens a workbook: its rows become plain CSV files, within limits of memory and time.

Run as `python -I -m pipeline.intake.turning SOURCE FOLDER LIMITS`. Nothing else of the product touches a workbook's inside.
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
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.errors import OF_THE_DISK
from pipeline.intake.packed import SAVE_AGAIN, Refused, looked_into, looked_into_xls

REFUSED, DISK_FAILED = 3, 4
FAILURES = OF_THE_DISK - {errno.EFBIG}  # a file too large is one that our own limit stopped


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
        seen = looked_into(path, most) if _starts_packed(path) else looked_into_xls(path)
        sheets = turned(path, Path(folder), most)
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


def turned(path: Path, folder: Path, most: dict[str, int]) -> list[dict[str, str]]:
    """Write a CSV for each sheet, and return their names, files and digests, in the order of the workbook."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets: list[dict[str, str]] = []
        if len(book.sheet_names) > most["sheets"]:
            raise Refused(f"{len(book.sheet_names):,} sheets; a workbook may have {most['sheets']}.", SAVE_AGAIN)
        room = Room(most["rows"], most["xlsx"])
        for number, name in enumerate(book.sheet_names, 1):
            target = folder / f"{number}.csv"
            _write(book.get_sheet_by_name(name).iter_rows(), target, most, room)
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


def _write(rows: Iterator[Sequence[object]], target: Path, most: dict[str, int], room: Room) -> None:
    numbers = _Numbers()
    with target.open("w", encoding="utf-8", newline="", errors="replace") as file:
        writer = csv.writer(file, lineterminator="\r\n")  # so that a lone CR or LF in a cell is quoted
        for number, row in enumerate(rows, 1):
            if len(row) > most["columns"]:
                raise Refused(f"{len(row):,} columns; a sheet may have {most['columns']:,}.", SAVE_AGAIN)
            texts = [c if type(c) is str else numbers[c] if type(c) is float else _text(c) for c in row]
            lengths = list(map(len, texts))
            if max(lengths, default=0) > most["characters"]:
                raise Refused(f"row {number} has a cell of more than {most['characters']:,} characters.", SAVE_AGAIN)
            room.characters -= sum(lengths)
            room.rows -= 1
            if room.rows < 0 or room.characters < 0:
                raise Refused("it holds more rows or letters than a workbook may.", SAVE_AGAIN)
            writer.writerow([number, *texts])


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
