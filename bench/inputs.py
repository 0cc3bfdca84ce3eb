"""The inputs of a measurement: the demonstration's world, its workbook turned into an equal CSV for both sides."""

import csv
import subprocess
from pathlib import Path

from python_calamine import load_workbook


def make(product: Path, out: Path, units: int, months: int) -> Path:
    """Invent the world and return the folder of its CSVs."""
    order = [product, "demo", "--out", out, "--units", str(units), "--months", str(months), "--only-inputs"]
    subprocess.run(order, check=True, stdout=subprocess.DEVNULL)
    for book in (out / "inbox").glob("*.xlsx"):
        with book.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(map(_plain, load_workbook(book).get_sheet_by_index(0).iter_rows()))
        book.unlink()
    return out / "inbox"


def _plain(row: list[object]) -> list[object]:
    return [int(cell) if isinstance(cell, float) and cell.is_integer() else cell for cell in row]
