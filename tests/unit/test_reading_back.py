"""A workbook that does not say what its CSV says is found out."""

import datetime as dt
import io
from collections.abc import Callable

import pytest
import xlsxwriter

from reports.lists.cells import csv_for_officers
from reports.lists.reading_back import differences
from reports.lists.workbook import HEADING_ROW, Cover, Sheet, workbook

ROW = ["1-900000001", "=Live House", "A\nB", "01632 960000", dt.date(2025, 1, 8), 3, None]
SHEET = Sheet(
    "Care Home", "Title", "Sentence", "CareHome", ["Id", "Name", "Lines", "Telephone", "Day", "Count", "None"], [ROW]
)
WRITTEN = csv_for_officers(SHEET.headings, SHEET.rows)


def test_the_same_cells_are_no_difference() -> None:
    book = workbook("Title", Cover("Title", [("Label", "words")]), [SHEET])
    assert differences(book, [(SHEET, WRITTEN)]) == []


def by_hand(change: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], object]) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    page = book.add_worksheet(SHEET.name)
    for place, row in enumerate([SHEET.headings, ROW], HEADING_ROW):
        for column, cell in enumerate(row):
            if isinstance(cell, dt.date):
                page.write_datetime(place, column, cell, book.add_format({"num_format": "dd mmm yyyy"}))
            elif isinstance(cell, int):
                page.write_number(place, column, cell)
            elif cell is not None:
                page.write_string(place, column, cell)
    change(book, page)
    book.close()
    return made.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        lambda book, page: page.write_string(HEADING_ROW + 1, 1, "Other House"),
        lambda book, page: page.write_formula(HEADING_ROW + 1, 1, "=1+1", value="=Live House"),
        lambda book, page: page.write_url(0, 20, "https://example.org/"),
        lambda book, page: page.write_number(HEADING_ROW + 1, 5, 3.5),
        lambda book, page: page.write_string(HEADING_ROW + 2, 0, "one row more"),
        lambda book, page: page.write_string(HEADING_ROW + 1, 9, "one column more"),
        lambda book, page: book.add_worksheet("More"),
    ],
)
def test_a_difference_is_found(change: Callable[..., object]) -> None:
    assert differences(by_hand(lambda book, page: None), [(SHEET, WRITTEN)]) == []
    assert differences(by_hand(change), [(SHEET, WRITTEN)])
