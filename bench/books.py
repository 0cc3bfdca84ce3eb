"""What do 153 workbooks cost, beside bare XlsxWriter and openpyxl writing the same cells? `python -m bench.books`."""

import argparse
import datetime as dt
import io
import json
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median

from bench.measuring import facts, measured
from reports.lists.cells import csv_for_officers
from reports.lists.reading_back import differences
from reports.lists.workbook import Cover, Sheet, workbook

BOOKS = 153
HEADINGS = ["CQC Location ID", "Location", "Provider", "Provider Type", "Local Authority", "Registration Status", "User Count",
            *(f"Month {n}" for n in range(12)), "Status", "Reason", "Windows missed in a row", "Last", "Postcode", "Telephone",
            "Next window opens", "Next window closes", "What to do"]  # fmt: skip
DAY = dt.date(2025, 1, 8)
Rows = list[list[object]]


def rows(book: int, count: int) -> Rows:
    """Return the rows of one sheet."""
    return [
        [f"1-9{book:05d}{n:03d}", f"Imaginary House {n}", f"Invented Care {book} Ltd", "Care Home", "Kent", "Established", n % 9,
         *["Yes" if (n + m) % 5 else "No" for m in range(12)], "At risk", "2 windows in a row", 2, "Oct 24", "ZZ99 1AA",
         "01632 960000", DAY, DAY, f"Ask the provider to update Capacity Tracker from {DAY}, even if only with a nil return."]
        for n in range(count)
    ]  # fmt: skip


def product(book: int, sheets: Sequence[Rows]) -> None:
    """Write a workbook as the product does."""
    made = [Sheet(f"Sheet {n}", "Title", "Sentence", f"Table{n}", HEADINGS, cells) for n, cells in enumerate(sheets)]
    workbook("Title", Cover("Title", [("Label", "words")] * 15), made)


def product_checked(book: int, sheets: Sequence[Rows]) -> None:
    """Write a workbook as the product does, and read it back."""
    made = [Sheet(f"Sheet {n}", "Title", "Sentence", f"Table{n}", HEADINGS, cells) for n, cells in enumerate(sheets)]
    written = workbook("Title", Cover("Title", [("Label", "words")] * 15), made)
    pairs = [(sheet, csv_for_officers(HEADINGS, cells)) for sheet, cells in zip(made, sheets, strict=True)]
    assert not differences(written, pairs)


def bare(book: int, sheets: Sequence[Rows]) -> None:
    """Write the same cells and tables with XlsxWriter and nothing else."""
    import xlsxwriter

    made = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True})
    day = made.add_format({"num_format": "dd mmm yyyy"})
    cover = made.add_worksheet()
    for line in range(15):
        cover.write_row(line, 0, ["Label", "words"])
    for cells in sheets:
        page = made.add_worksheet()
        columns = [{"header": heading} for heading in HEADINGS]
        page.add_table(2, 0, 2 + len(cells), len(HEADINGS) - 1, {"columns": columns})
        for place, row in enumerate(cells, 3):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    page.write_datetime(place, column, cell, day)
                elif isinstance(cell, str):
                    page.write_string(place, column, cell)
                else:
                    page.write_number(place, column, cell)
    made.close()


def openpyxl_writer(book: int, sheets: Sequence[Rows]) -> None:
    """Write the same cells with openpyxl."""
    import openpyxl

    made = openpyxl.Workbook()
    for line in range(15):
        made.active.cell(line + 1, 1, "Label")
        made.active.cell(line + 1, 2, "words")
    for cells in sheets:
        page = made.create_sheet()
        page.append(HEADINGS)
        for row in cells:
            page.append(row)
    made.save(io.BytesIO())


CASES: dict[str, Callable[[int, Sequence[Rows]], None]] = {
    "product": product, "with reading back": product_checked, "bare XlsxWriter": bare, "openpyxl": openpyxl_writer,
}  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.books", description="Workbooks beside their peers.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--case", choices=list(CASES))
    asked = parser.parse_args()
    if asked.case:
        cells = [[rows(book, 10 + book % 40), rows(book + 500, 5 + book % 20)] for book in range(BOOKS)]
        CASES[asked.case](0, cells[0])
        began = time.process_time()
        for book in range(BOOKS):
            CASES[asked.case](book, cells[book])
        print(json.dumps({"seconds": time.process_time() - began}))
        return
    print(f"{BOOKS} workbooks of two sheets, 15 to 74 rows of {len(HEADINGS)} columns")
    print(facts(), flush=True)
    rounds: dict[str, list[float]] = {name: [] for name in CASES}
    for _ in range(asked.rounds):
        for name in CASES:
            rounds[name].append(
                json.loads(measured([sys.executable, "-m", "bench.books", "--case", name]).said)["seconds"]
            )
    seconds = {name: median(figures) for name, figures in rounds.items()}
    for name, cpu in seconds.items():
        print(f"{name:<18}{cpu:7.2f} s CPU  {cpu / seconds['bare XlsxWriter']:5.2f} x bare XlsxWriter")


if __name__ == "__main__":
    main()
