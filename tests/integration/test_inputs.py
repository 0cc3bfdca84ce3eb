"""Files as people give them: taken whole, or refused with file and cause, and nothing published (CONTRACT 3 and 4)."""

import json
from pathlib import Path

import pytest
import xlsxwriter

from tests.conftest import Answer, Command
from tests.worlds import EXPORT_HEADINGS, MONTHS, Inbox, findings_of, services_of, tree_bytes, write_csv

HEAD = ["CQC Location ID", "Location", "Nov 24", "Dec 24"]
ROW = ["1-9000000101", "Invented House", "Yes", "No"]


def publish(asc: Command, inbox: Inbox, home: Path, *more: object) -> Answer:
    return asc("run", "--month", "2024-12", "--inbox", inbox.folder, "--home", home, "--as-at", "2024-12-31", *more)


def text(content: str, encoding: str = "utf-8") -> bytes:
    return content.encode(encoding)


REFUSED = {
    "zero bytes": ("care-home-2024-12-17.csv", b"", "empty"),
    "blank lines only": ("care-home-2024-12-17.csv", b"\n\n\n", "no heading row"),
    "a web page": ("care-home-2024-12-17.xls", b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
    "a PDF": ("care-home-2024-12-17.csv", b"%PDF-1.7 ...", "PDF"),
    "a broken workbook": ("care-home-2024-12-17.xlsx", b"PK\x03\x04 not a workbook", "cannot be opened"),
    "no id column": ("care-home-2024-12-17.csv", text("Name,Town,Nov 24\nInvented House,Nowhere,Yes\n"), 'Headings found: "Name", "Town", "Nov 24"'),
    "no month column": ("care-home-2024-12-17.csv", text("CQC Location ID,Location\n1-9000000101,x\n"), "month column"),
    "two kinds at once": ("x-2024-12-17.csv", text("provider_id,annual_fee_gbp,basis\n1-9000000001,500,NHS\n"), "more than one kind"),
    "no provider type": ("status-2024-12-17.csv", text("CQC Location ID,Dec 24\n1-9000000101,Yes\n"), "--provider-type"),
    "column and name contradict": ("care-home-2024-12-17.csv", text("CQC Location ID,Provider Type,Dec 24\n1-9000000101,Home Care,Yes\n"), "its name says care_home"),
    "twice the same month, differing": ("care-home-2024-12-17.csv", text("CQC Location ID,Dec 24,Dec-2024\n1-9000000101,Yes,No\n"), "December 2024 differ"),
    "two id columns, differing": ("care-home-2024-12-17.csv", text("CQC Location ID,Location ID,Dec 24\n1-9000000101,1-9000000102,Yes\n"), "two columns for the location id differ"),
    "a date that is no month": ("care-home-2024-12-17.csv", text("CQC Location ID,2024-11-15\n1-9000000101,Yes\n"), "stands for no month"),
    "most ids are numbers": ("care-home-2024-12-17.csv", text("CQC Location ID,Dec 24\n1.23E+09,Yes\n1.24E+09,No\n"), "2 of its 2 rows"),
    "most values are percentages": ("care-home-2024-12-17.csv", text("CQC Location ID,Nov 24,Dec 24\n1-9000000101,50 %,40 %\n"), "Data Type = Numbers"),
    "a quote that never ends": ("care-home-2024-12-17.csv", text('CQC Location ID,Dec 24\n1-9000000101,"Yes\n'), "cannot be split"),
    "bytes of no encoding": ("care-home-2024-12-17.csv", b"CQC Location ID,Location,Dec 24\n1-9000000101,caf\x81\x8d,Yes\n", "row 2"),
    "UTF-16 without its mark": ("care-home-2024-12-17.csv", text("CQC Location ID,Dec 24\n1-9000000101,Yes\n", "utf-16-le"), "UTF-16"),
    "a cell of ten megabytes": ("care-home-2024-12-17.csv", text("CQC Location ID,Location,Dec 24\n1-9000000101," + "x" * 10_000_000 + ",Yes\n"), "cannot be split"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("name", "content", "cause"), REFUSED.values(), ids=list(REFUSED))
def test_a_file_that_cannot_be_used_is_refused_and_nothing_is_published(
    asc: Command, inbox: Inbox, home: Path, tmp_path: Path, name: str, content: bytes, cause: str
) -> None:
    inbox.write()
    assert publish(asc, inbox, home).code == 0
    before = tree_bytes(home / "releases")
    (inbox.folder / name).write_bytes(content)
    answer = publish(asc, inbox, home)
    assert answer.code == 3
    assert name in answer.err and cause in answer.err and "Nothing was taken in." in answer.err
    assert "Traceback" not in answer.err
    assert tree_bytes(home / "releases") == before
    assert asc("check", inbox.folder / name).code == 3
    assert asc("verify", "--home", home).code == 0


def test_every_bad_file_of_a_folder_is_named_at_once(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.write()
    (inbox.folder / "a-care-home.csv").write_bytes(b"")
    (inbox.folder / "b-care-home.csv").write_text("Name\nx\n")
    answer = publish(asc, inbox, home)
    assert answer.code == 3 and "a-care-home.csv" in answer.err and "b-care-home.csv" in answer.err


def test_headings_only_is_no_refusal_but_the_missing_services_stop_the_month(
    asc: Command, inbox: Inbox, home: Path
) -> None:
    inbox.write()
    write_csv(inbox.export_path("home_care"), [*EXPORT_HEADINGS, *MONTHS], [])
    answer = publish(asc, inbox, home)
    assert answer.code == 4 and "provider-type-missing" in answer.err


def test_stray_files_of_a_folder_are_skipped_and_named(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.write()
    for name in ("bulletin.pdf", "note.txt", "mail.msg", ".DS_Store", "Thumbs.db", "~$export.xlsx"):
        (inbox.folder / name).write_bytes(b"x")
    answer = publish(asc, inbox, home)
    assert answer.code == 0
    for name in ("bulletin.pdf", "note.txt", "mail.msg", ".DS_Store", "Thumbs.db", "~$export.xlsx"):
        assert f"{name}: skipped" in answer.err


ENCODINGS = {"utf-8": "utf-8", "with BOM": "utf-8-sig", "cp1252": "cp1252", "utf-16": "utf-16"}


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=list(ENCODINGS))
def test_a_csv_is_read_in_every_encoding_and_with_every_delimiter(
    asc: Command, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = tmp_path / "care-home-2024-12-17.csv"
    lines = [HEAD, ["1-9000000101", "Café – “House”", "Yes", "No"]]
    path.write_bytes("\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    answer = json.loads(asc("check", path, "--json").out)
    assert [(a["kind"], a["provider_type"], a["rows"], a["accepted"], a["months"]) for a in answer] == [
        ("monthly_status", "care_home", 1, 1, ["2024-11", "2024-12"])
    ]


def test_columns_are_matched_by_heading_never_by_position(
    asc: Command, inbox: Inbox, home: Path, tmp_path: Path
) -> None:
    inbox.units[4].history = "Y" * 9 + "NNN"
    inbox.write()
    assert publish(asc, inbox, home).code == 0
    shuffled = Inbox(tmp_path / "shuffled", units=inbox.units)
    shuffled.write()
    for kind in ("care_home", "home_care"):
        path = shuffled.export_path(kind)
        head, *rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
        path.write_text("".join(",".join(reversed(line)) + "\n" for line in [head, *reversed(rows)]), encoding="utf-8")
    other = tmp_path / "other home"
    assert publish(asc, shuffled, other).code == 0
    assert services_of(home) == services_of(other)


def workbook(path: Path, rows: list[list[object]], before: list[list[object]] | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    book.add_worksheet("README").write_row(0, 0, ["Exported from an invented system"])
    sheet = book.add_worksheet("Export")
    for number, row in enumerate([*(before or []), *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    return path


def test_a_workbook_is_read_with_its_preamble_and_the_rows_are_numbered_as_excel_shows_them(
    asc: Command, inbox: Inbox, home: Path
) -> None:
    inbox.write()
    rows: list[list[object]] = [unit.cells(MONTHS) for unit in inbox.units if unit.provider_type == "home_care"]
    for row in rows:
        row[-12:] = [{"Yes": 1, "No": 0}.get(str(value), value) for value in row[-12:]]
    rows[3][-3] = "maybe"
    inbox.export_path("home_care").unlink()
    workbook(
        inbox.folder / "home-care-2024-12-17.xlsx",
        [[*EXPORT_HEADINGS, *MONTHS], *rows],
        [["Criteria"], ["Geography: England"]],
    )
    assert publish(asc, inbox, home).code == 0
    (finding,) = findings_of(home, "value_unreadable")
    assert (finding["sheet"], finding["row"], finding["column"], finding["value"]) == ("Export", "7", "Oct 24", "maybe")
    explained = json.loads(asc("explain", rows[0][0], "--home", home, "--json").out)
    assert explained["windows"][-1]["evidence"][0]["row"] == 4


def test_findings_name_file_row_column_and_value(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.units[4].users = "many"
    inbox.units[6].location_id = "1\u20139000000106 "
    inbox.write()
    assert publish(asc, inbox, home).code == 0
    (users,) = findings_of(home, "count_unreadable")
    assert (users["file"], users["row"], users["column"], users["value"]) == (
        "status-care-home-2024-12-17.csv",
        "4",
        "User Count",
        "many",
    )
    repaired = findings_of(home, "id_repaired")
    assert {finding["value"] for finding in repaired} == {"1\u20139000000106 "}
    assert ("1-9000000106", "care_home") in services_of(home)


ALLOWED = {"1,234": "1234", "12.0": "12", " 7 ": "7", "0": "0", "": ""}


@pytest.mark.slow
@pytest.mark.parametrize(("written", "read"), ALLOWED.items())
def test_user_counts_are_read_as_people_write_them(
    asc: Command, inbox: Inbox, home: Path, written: str, read: str
) -> None:
    inbox.units[4].users = written
    inbox.write()
    assert publish(asc, inbox, home).code == 0
    assert services_of(home)["1-9000000102", "care_home"]["user_count"] == read


FEES = {
    "1234": True,
    "1,234.00": True,
    "£1234.00": True,
    "0": False,
    "-5": False,
    "about 500": False,
    "1055.0": True,
    "1055.5": True,
    "£ 1,055.00": True,
    "1055.505": False,
    "": False,
}


@pytest.mark.parametrize(("fee", "is_taken"), FEES.items())
def test_a_fee_is_an_amount_above_zero_or_its_row_is_refused(
    asc: Command, tmp_path: Path, fee: str, is_taken: bool
) -> None:
    rows = [["1-9900000001", fee, "2024-12-01"], ["1-9900000002", "500", "2024-12-01"]]
    path = write_csv(tmp_path / "fees.csv", ["provider_id", "annual_fee_gbp", "as_at"], rows)
    (answer,) = json.loads(asc("check", path, "--json").out)
    assert answer["accepted"] == (2 if is_taken else 1)


def test_a_public_body_without_a_basis_is_refused(asc: Command, tmp_path: Path) -> None:
    rows = [["1-9900000001", "Invented Council", ""], ["1-9900000002", "Other Council", "local authority"]]
    path = write_csv(tmp_path / "public-2024-12-01.csv", ["provider_id", "name", "basis"], rows)
    (answer,) = json.loads(asc("check", path, "--json").out)
    assert (answer["kind"], answer["accepted"], answer["rows"]) == ("public_bodies", 1, 2)


def test_service_addresses_are_told_from_the_others(asc: Command, tmp_path: Path) -> None:
    rows = [["1-9900000001", "e-mail", "legal@invalid.example", "letter of 1 May", "2024-05-01"]]
    path = write_csv(tmp_path / "x-2024-12-01.csv", ["provider_id", "method", "address", "source", "as_at"], rows)
    (answer,) = json.loads(asc("check", path, "--json").out)
    assert (answer["kind"], answer["accepted"]) == ("service_addresses", 1)
