"""Files made to harm: refused with a message, in little memory, and nothing of them reaches the store (DELIVERY S4 to S7)."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from pipeline.record.facts import new_facts
from tests.cases.dirt import book_of
from tests.conftest import Command
from tests.worlds import Inbox, tree_bytes

MOST_MEGABYTES = 300
HEADING = ["CQC Location ID", "Location", "Dec 24"]
MEASURED = """
import resource, sys
from flows.cli import main
try:
    main()
finally:
    own = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
    print(max(int(own), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024, file=sys.stderr)
"""
PLAIN = book_of({"Export": [HEADING, ["1-9000000101", "Invented House", "Yes"]]})
SHEET = "xl/worksheets/sheet1.xml"
ODS = (
    b'<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    b'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0">'
    b'<office:body><office:spreadsheet><table:table table:name="S">%s</table:table></office:spreadsheet></office:body></office:document-content>'
)


def changed(inside: str, change: Callable[[bytes], bytes], extra: dict[str, bytes] | None = None) -> bytes:
    """Return the plain workbook with one member changed, and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == inside else old.read(name))
        for name, data in (extra or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def swollen(data: bytes) -> bytes:
    return data.replace(b"<sheetData>", b"<!--" + b" " * 200_000_000 + b"--><sheetData>")


def lying(data: bytes) -> bytes:
    """Return a workbook whose directory says that its swollen member is small."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        true_size = packed.getinfo(SHEET).file_size.to_bytes(4, "little")
    return data.replace(true_size, (5_000).to_bytes(4, "little"))


def ods(table: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        new.writestr("META-INF/manifest.xml", '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>')
        new.writestr("content.xml", ODS % table)
    return out.getvalue()


def shared_strings() -> bytes:
    """Return a small workbook of many cells that all show one long text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADING)
        for number in range(1, 10_000):
            sheet.write_row(number, 0, [f"1-9{number:09d}", "x" * 20_000, "Yes"])
    return out.getvalue()


def many_sheets(count: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        new.writestr("META-INF/manifest.xml", '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>')
        start, end = (ODS % b"|").split(b'<table:table table:name="S">|</table:table>')
        tables = b"".join(b'<table:table table:name="S%d"></table:table>' % number for number in range(count))
        new.writestr("content.xml", start + tables + end)
    return out.getvalue()


BOMB = changed(SHEET, swollen)
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
REFUSED = {
    "a bomb": ("book.xlsx", BOMB, "unpacks to more than"),
    "a bomb that lies about its size": ("book.xlsx", lying(BOMB), "unpacks to more than"),
    "entities": ("book.xlsx", changed(SHEET, lambda data: ENTITIES + data), "declares entities"),
    "entities from outside": ("book.xlsx", changed(SHEET, lambda data: OUTSIDE + data), "declares entities"),
    "names that lead elsewhere": ("book.xlsx", changed(SHEET, bytes, {"../../evil.xml": b"x"}), "lead to other folders"),
    "names from the root": ("book.xlsx", changed(SHEET, bytes, {"/etc/evil.xml": b"x"}), "lead to other folders"),
    "thousands of members": ("book.xlsx", changed(SHEET, bytes, {f"xl/{n}.bin": b"x" for n in range(3_000)}), "files inside"),
    "repeated cells": ("book.ods", ods(
        b'<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="string" '
        b'table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>'), ""),
    "repeated columns": ("book.ods", ods(
        b'<table:table-row><table:table-cell office:value-type="string" table:number-columns-repeated="16384">'
        b"<text:p>x</text:p></table:table-cell></table:table-row>"), "columns"),
    "ten thousand columns": ("care-home-2024-12-17.csv", b"CQC Location ID" + b",x" * 10_000 + b"\n1-9000000101" + b"," * 10_000, "columns"),
    "ten thousand columns in a workbook": ("book.xlsx", book_of({"Export": [[*HEADING, *["x"] * 10_000]]}), "columns"),
    "a cell of ten megabytes": ("care-home-2024-12-17.csv", b"CQC Location ID,Dec 24\n1-9000000101," + b"x" * 10_000_000, "cannot be split"),
    "NULs between all letters": ("care-home-2024-12-17.csv", "CQC Location ID,Dec 24\n1-9000000101,Yes\n".encode("utf-16-le"), "UTF-16"),
    "one long text in many cells": ("care-home-2024-12-17.xlsx", shared_strings(), "more rows or letters"),
    "thousands of sheets": ("care-home-2024-12-17.ods", many_sheets(2_000), "2,000 sheets"),
    "a line of commas": ("care-home-2024-12-17.csv", b"CQC Location ID,Dec 24\n" + b"," * 20_000_000, "a line longer"),
    "blank lines without end": ("care-home-2024-12-17.csv", b"CQC Location ID,Dec 24\n" + b"\n" * 2_000_000, "lines"),
    "nothing but NULs": ("care-home-2024-12-17.csv", bytes(1_000_000), "UTF-16"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "cause"), REFUSED.values(), ids=list(REFUSED))
def test_a_hostile_file_is_refused_in_little_memory(tmp_path: Path, name: str, data: bytes, cause: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    order = [sys.executable, "-c", MEASURED, "check", str(path)]
    process = subprocess.run(order, capture_output=True, text=True, check=False)
    *said, peak = process.stderr.splitlines()
    text = "\n".join(said)
    assert process.returncode == 3, text
    assert name in text and cause in text and "Traceback" not in text
    assert float(peak) < MOST_MEGABYTES


def test_a_dimension_that_lies_does_no_harm(asc: Command, tmp_path: Path) -> None:
    path = tmp_path / "care-home-2024-12-17.xlsx"
    path.write_bytes(changed(SHEET, lambda data: data.replace(b'ref="A1:C2"', b'ref="A1:XFD1048576"')))
    assert asc("check", path).code == 0


def test_a_hostile_file_among_good_ones_leaves_the_store_and_their_rows_alone(
    asc: Command, inbox: Inbox, home: Path
) -> None:
    inbox.write()
    run = ("run", "--month", "2024-12", "--as-at", "2024-12-17", "--home", home)
    assert asc(*run, "--inbox", inbox.folder).code == 0
    before = tree_bytes(home / "releases")
    (inbox.folder / "zz-care-home-2024-12-17.xlsx").write_bytes(BOMB)
    answer = asc(*run, "--inbox", inbox.folder)
    assert answer.code == 3 and "zz-care-home" in answer.err and answer.err.count("Nothing was taken in") == 1
    assert tree_bytes(home / "releases") == before
    assert asc("verify", "--home", home).code == 0


NAMES = ("'; DROP TABLE core_intake; --", "\"; ATTACH '/tmp/x'; --", "$month", "{{ 7 * 7 }}", "*.csv", "[a-z]?.csv")


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_is_only_ever_a_name(asc: Command, inbox: Inbox, home: Path, name: str) -> None:
    inbox.write()
    old = inbox.export_path("care_home")
    old.rename(old.with_name(f"care-home-2024-12-17 {name.replace('/', '')}.csv"))
    answer = asc("run", "--month", "2024-12", "--as-at", "2024-12-17", "--home", home, "--inbox", inbox.folder)
    assert answer.code == 0, answer.err


FORBIDDEN = (
    "ATTACH '/tmp/other.duckdb'", "COPY core_intake TO '/tmp/out.csv'", "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'", "INSTALL httpfs", "LOAD httpfs", "SELECT * FROM read_text('https://127.0.0.1/')",
    "SET enable_external_access = true", "SELECT * FROM read_blob('../../etc/passwd')",
)  # fmt: skip


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_facts_are_locked_down(tmp_path: Path, statement: str) -> None:
    facts = new_facts(tmp_path / "facts.duckdb", tmp_path)
    with pytest.raises(duckdb.Error):
        facts.query(statement)
    facts.close()
