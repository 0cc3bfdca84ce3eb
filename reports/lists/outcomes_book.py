"""The workbook in which the enforcement team writes down what happened to many cases at once."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

HEADINGS = ("Letter reference", "Provider", "State", "Decide by", "What happened", "On", "Reason", "Why, in words")
SHEET = "Outcomes"
WIDTHS = (20, 34, 24, 14, 26, 14, 18, 50)
HELP = (
    "One row for each open case. Choose what happened, and write the day on which it did. A row with nothing chosen is passed "
    "over; for a second event of a case copy its row. Every row is taken in, or none.",
    "Reason: for no_penalty data_supplied, excuse_accepted or record_wrong, where one of them is why; for appeal_decided "
    "quashed or upheld.",
)


def outcomes_book(cases: Sequence[dict[str, Any]], events: Sequence[str], reasons: Sequence[str]) -> bytes:
    """Return the workbook: a sheet with a row for each case, what can be chosen behind drop-downs, and a sheet of help."""
    import xlsxwriter

    sink = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    book = xlsxwriter.Workbook(sink, options)
    book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC), "title": "Outcomes of cases"})
    text, head = (
        book.add_format({"num_format": "@", "text_wrap": True}),
        book.add_format({"bold": True, "text_wrap": True}),
    )
    day = book.add_format({"num_format": "dd mmm yyyy", "align": "left"})
    sheet = book.add_worksheet(SHEET)
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 30)
    for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
        sheet.set_column(column, column, width, day if heading in ("Decide by", "On") else text)
        sheet.write_string(0, column, heading, head)
    for row, case in enumerate(cases, 1):
        for column, name in enumerate(("letter_ref", "provider_name", "state")):
            sheet.write_string(row, column, str(case[name]), text)
        if case["decide_by"]:
            sheet.write_datetime(row, 3, dt.datetime.combine(case["decide_by"], dt.time()), day)
    last = max(len(cases) * 3, 100)
    sheet.data_validation(1, 4, last, 4, {"validate": "list", "source": list(events)})
    sheet.data_validation(1, 5, last, 5, {
        "validate": "date", "criteria": ">=", "value": dt.date(2022, 12, 1), "error_message": "Write a day, as 31/01/2025.",
    })  # fmt: skip
    sheet.data_validation(1, 6, last, 6, {"validate": "list", "source": list(reasons)})
    page = book.add_worksheet("How to fill it in")
    page.set_column(0, 0, 100, book.add_format({"text_wrap": True}))
    for row, line in enumerate(HELP):
        page.write_string(row, 0, line)
    book.close()
    return sink.getvalue()
