"""Byte-stable workbooks: text that is never a formula or a link, real dates, one named table a sheet, ready to print."""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter

CREATED = dt.datetime(2022, 12, 1, tzinfo=dt.UTC)  # a fixed day, so that the same cells are the same bytes
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDEST, LINE = 40, 15  # of a column, in characters; the height of a line of text, in points
HEADING_ROW = 2  # below a title and a sentence
COVER_WIDTHS = (48, 104)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a title, a sentence, and a table; without rows there is no table, and the sentence says so."""

    name: str
    title: str
    sentence: str
    table: str
    headings: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Cover:
    """The first sheet: a title, and lines of a label and what it says."""

    title: str
    lines: Sequence[tuple[str, str]]


def workbook(title: str, cover: Cover | None, sheets: Sequence[Sheet]) -> bytes:
    """Return an XLSX file; a cell is text, a whole number, a date, or blank for None and for empty text."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, OPTIONS)
    book.set_properties({"title": title, "created": CREATED})
    styles = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "label": book.add_format({"bold": True, "valign": "top", "text_wrap": True}),
        "heading": book.add_format({"bold": True, "valign": "top", "text_wrap": True, "bottom": 1}),
        "text": book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
        "date": book.add_format({"num_format": "dd mmm yyyy", "valign": "top", "align": "left"}),
        "number": book.add_format({"num_format": "0", "valign": "top", "align": "left"}),
    }
    if cover is not None:
        _write_cover(book.add_worksheet("Cover"), cover, styles)
    for sheet in sheets:
        _write_sheet(book.add_worksheet(sheet.name), sheet, styles)
    book.close()
    return made.getvalue()


def _write_cover(page: xlsxwriter.worksheet.Worksheet, cover: Cover, styles: dict[str, object]) -> None:
    for column, width in enumerate(COVER_WIDTHS):
        page.set_column(column, column, width)
    page.write_string(0, 0, cover.title, styles["title"])
    for number, (label, words) in enumerate(cover.lines, 1):
        page.write_string(number, 0, label, styles["label"])
        page.write_string(number, 1, words, styles["text"])
        page.set_row(number, LINE * max(_lines(label, COVER_WIDTHS[0]), _lines(words, COVER_WIDTHS[1])))
    _set_up_print(page, 1)


def _write_sheet(page: xlsxwriter.worksheet.Worksheet, sheet: Sheet, styles: dict[str, object]) -> None:
    page.write_string(0, 0, sheet.title, styles["title"])
    page.write_string(1, 0, sheet.sentence)
    _set_up_print(page, 2)
    if not sheet.rows:
        return
    last_row, last_column = HEADING_ROW + len(sheet.rows), len(sheet.headings) - 1
    page.add_table(
        HEADING_ROW, 0, last_row, last_column,
        {"name": sheet.table, "style": "Table Style Light 1",
         "columns": [{"header": heading, "header_format": styles["heading"]} for heading in sheet.headings]},
    )  # fmt: skip
    text, date, number = styles["text"], styles["date"], styles["number"]
    for place, row in enumerate(sheet.rows, HEADING_ROW + 1):
        for column, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                page.write_string(place, column, one_break(cell), text)
            elif isinstance(cell, dt.date):
                page.write_datetime(place, column, cell, date)
            else:
                page.write_number(place, column, cell, number)
    widths = [_width(heading, [row[column] for row in sheet.rows]) for column, heading in enumerate(sheet.headings)]
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    for place, row in enumerate([sheet.headings, *sheet.rows], HEADING_ROW):
        page.set_row(place, LINE * max(map(_lines, row, widths)))
    page.freeze_panes(HEADING_ROW + 1, 2)
    page.repeat_rows(HEADING_ROW)
    page.repeat_columns(0, 1)


def one_break(text: str) -> str:
    """Return text with every line break as Excel has it inside a cell."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _width(heading: str, cells: Sequence[object]) -> int:
    """Return the width of a column in characters: that of its longest cell and of the longest word of its heading."""
    longest = max(len(str(cell)) for cell in cells)
    return min(WIDEST, max(longest, max(map(len, heading.split())) + 2) + 2)  # 2 for the arrow of the filter


def _lines(cell: object, width: int) -> int:
    """Return how many lines a cell takes, a little on the safe side."""
    return sum(-(-max(1, len(line)) // max(1, width - 2)) for line in str(cell or "").split("\n"))


def _set_up_print(page: xlsxwriter.worksheet.Worksheet, pages_wide: int) -> None:
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(pages_wide, 0)
    page.set_footer("&L&A&RPage &P of &N")
