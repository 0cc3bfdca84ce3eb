"""A file -> sheets of rows of text, each row with the number an officer sees. What it is, its bytes say, not its name."""

from pathlib import Path

from pipeline.errors import InputRefused
from pipeline.intake.delimited import read_delimited
from pipeline.intake.findings import Finding
from pipeline.intake.sheets import Contents
from pipeline.intake.workbooks import MEGABYTE, read_workbook
from pipeline.rules.parameters import InForce

NAMES = {"xlsx": (".xlsx", ".xlsm"), "xls": (".xls",), "ods": (".ods",)}  # how each kind of workbook is named
SPREADSHEETS = tuple(name for names in NAMES.values() for name in names)
PACKED, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_contents(path: Path, file: str, in_force: InForce, turned: Path) -> Contents:
    """Read a CSV (UTF-8, cp1252, UTF-16) or a workbook (XLSX, XLS, ODS), within the limits of files.toml.

    The rows of a workbook are kept in the folder `turned`, and taken from there the next time. Raises InputRefused.
    """
    with path.open("rb") as opened:
        start = opened.read(8)
    if not start:
        raise InputRefused(file, "the file is empty (zero bytes).", "Export it again.")
    most = in_force.number("file_megabytes_most")
    if path.stat().st_size > most * MEGABYTE:
        size = path.stat().st_size / MEGABYTE
        raise InputRefused(file, f"{size:,.0f} MB; a file may have {most} MB.", "Export less at a time.")
    if start[:4] in (PACKED, COMPOUND):
        contents = read_workbook(path, file, in_force, turned)
        is_named_so = file.lower().endswith(NAMES[contents.format])
    elif start[:4] == b"%PDF":
        raise InputRefused(file, "this is a PDF, not a table.", "Give the CSV or XLSX export instead.")
    else:
        contents = read_delimited(path, file, in_force)
        is_named_so = not file.lower().endswith(SPREADSHEETS)
    if not is_named_so:
        what = f"{contents.format} workbook" if contents.format else "text"
        contents.findings.append(Finding("type_by_content", value=what))
    return contents
