"""Make the stored files again: `python -m tests.cases.files.make_files`. Needs LibreOffice (`soffice`) on the path.

An .xlsx is written with openpyxl and given to LibreOffice, which saves it as people would: .ods, .xls, .csv, .html.
"""

import datetime as dt
import shutil
import subprocess
import tempfile
from pathlib import Path

import openpyxl

from tests.cases.dirt import HEAD, register_headings, register_row, row, uid

HERE = Path(__file__).parent
TEXT = "Text - txt - csv (StarCalc)"
DUAL = ("Location ID", "Location Name", "Location HSCA Start Date", "Location Type/Sector", "Provider ID", "Provider Name",
        "Linked Organisation ID", "Linked Organisation Name", "Relationship", "Relationship Start Date", "Primary ID")  # fmt: skip


def convert(source: Path, to: str, name: str) -> None:
    """Let LibreOffice save `source` by the filter `to`, and store it under a name."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["soffice", "--headless", "--convert-to", to, "--outdir", folder, str(source)], check=True)
        (made,) = Path(folder).iterdir()
        shutil.move(made, HERE / name)


def export(path: Path) -> None:
    """A workbook with a README sheet first, criteria above the headings, date cells as month headings, a hidden row, a filter."""
    book = openpyxl.Workbook()
    book.active.title = "README"
    book.active.append(["Exported from an invented system"])
    sheet = book.create_sheet("Export")
    sheet.append(["Primary Field", "Local Authority"])
    sheet.append([])
    sheet.append([*HEAD[:6], *(dt.datetime.fromisoformat(f"2024-{month}-01") for month in (10, 11, 12))])
    for column in "GHI":
        sheet[f"{column}3"].number_format = "mmm yy"
    for n in (1, 2, 3):
        sheet.append(row(uid(16, n), f"Stored House {n}", "YYN" if n == 2 else "YYY"))
    sheet.row_dimensions[5].hidden = True
    sheet.auto_filter.ref = "A3:I6"
    book.save(path)


def plain(path: Path) -> None:
    """One sheet with names that need their encoding."""
    book = openpyxl.Workbook()
    book.active.append(list(HEAD))
    book.active.append(row(uid(2, 51), "Rose \u2013 \u201cCottage\u201d; Daisy\u2019s, Caf\u00e9"))
    book.active.append(row(uid(2, 52), "Line one\nline two"))
    book.active.append(row(uid(2, 53), "Last House", "YYN"))
    book.save(path)


def register(path: Path) -> None:
    """The CQC register with its three sheets; the third has an id heading too (headings as other readers of it name them)."""
    book = openpyxl.Workbook()
    book.active.title = "README"
    book.active.append(["HSCA Active Locations, invented"])
    data = book.create_sheet("HSCA_Active_Locations")
    head = register_headings()
    data.append(head)
    for n in (1, 2):
        said = register_row(uid(9, n), **{"Location Dual Registered": "Y"})
        data.append([said.get(heading, "") for heading in head])
    dual = book.create_sheet("Dual_Registration_Locations")
    dual.append(list(DUAL))
    dual.append([uid(9, 1), "Invented House", "25/04/2015", "Social Care Org", "1-9800000001", "Invented Care Ltd",
                 uid(9, 2), "Invented House", "Dual registration", "25/04/2015", "Y"])  # fmt: skip
    book.save(path)


def main() -> None:
    """Write every stored file."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.xlsx"
        export(source)
        convert(source, "ods", "export-with-hidden-row.ods")
        convert(source, "xls:MS Excel 97", "export-with-hidden-row.xls")
        plain(source)
        convert(source, f"csv:{TEXT}:44,34,1", "resaved-cp1252.csv")
        convert(source, f"csv:{TEXT}:9,34,65535", "resaved-unicode-text.csv")
        convert(source, f"csv:{TEXT}:59,34,76", "resaved-semicolon.csv")
        convert(source, "html:HTML (StarCalc)", "web-page.html")
        register(source)
        convert(source, "ods", "register-with-three-sheets.ods")


if __name__ == "__main__":
    main()
