"""The edges of what is read: each odd file ends in a finding that names its cell, or in one refusal."""

import datetime as dt
import json
import os
from pathlib import Path

import pytest
import xlsxwriter

from pipeline.record.home import Home
from pipeline.record.register import Register
from pipeline.rules.authorities import Authorities, authorities_on
from tests.conftest import Command
from tests.worlds import Inbox, write_csv

HEAD = ["CQC Location ID", "Location", "Provider ID", "Provider Type", "Registration Status", "Nov 24", "Dec 24"]
ROW = ["1-9000000101", "House", "1-9900000001", "Care Home", "New", "Yes", "No"]


def looked(asc: Command, path: Path) -> dict[str, object]:
    answer = asc("check", path, "--json")
    assert answer.code == 0, answer.err
    (document,) = json.loads(answer.out)
    return {**document, "rules": {finding["rule"]: finding["times"] for finding in document["findings"]}}


def changed(column: int, value: str) -> list[str]:
    return [*ROW[:column], value, *ROW[column + 1 :]]


@pytest.mark.parametrize(
    ("rows", "rules", "accepted"),
    [
        ([changed(2, "Rose Care Ltd")], {"provider_id_unreadable": 1}, 1),
        ([changed(2, "-")], {}, 1),
        ([changed(4, "Registered")], {"status_unreadable": 1}, 1),
        ([changed(4, "")], {}, 1),
        ([ROW, ROW[:4], ROW], {"row_short": 1}, 2),
        ([ROW, [*ROW, "surplus"], ROW], {"row_short": 1}, 2),
        ([ROW, [], HEAD, ROW], {"rows_left_out": 1}, 2),
        ([ROW, changed(0, ""), ROW], {"id_refused": 1}, 2),
        ([ROW, ["", "Grand Total", "", "", "", "1", "1"]], {"rows_left_out": 1}, 1),
    ],
)
def test_a_row_is_taken_left_out_or_refused(
    asc: Command, tmp_path: Path, rows: list[list[str]], rules: dict[str, int], accepted: int
) -> None:
    answer = looked(asc, write_csv(tmp_path / "x-2024-12-17.csv", HEAD, rows))
    assert (answer["rules"], answer["accepted"]) == (rules, accepted)


@pytest.mark.parametrize(
    ("headings", "rows", "rules", "months"),
    [
        (
            ["CQC Location ID", "24-Nov", "24-Dec"],
            [["1-9000000101", "Yes", "No"]],
            {"month_mangled": 2},
            ["2024-11", "2024-12"],
        ),
        (["CQC Location ID", "Dec 24", "Dec-2024"], [["1-9000000101", "Yes", "Yes"]], {"month_twice": 1}, ["2024-12"]),
        (
            ["CQC Location ID", "Dec 24", "Sep 24"],
            [["1-9000000101", "Yes", "Yes"]],
            {"month_gap": 1},
            ["2024-09", "2024-12"],
        ),
        (["CQC Location ID", "Location ID", "Dec 24"], [["1-9000000101", "1-9000000101", "Yes"]], {}, ["2024-12"]),
        (
            ["CQC Location ID", "Favourite colour", "Dec 24"],
            [["1-9000000101", "blue", "Yes"]],
            {"columns_ignored": 1},
            ["2024-12"],
        ),
    ],
)
def test_headings_are_settled(
    asc: Command, tmp_path: Path, headings: list[str], rows: list[list[str]], rules: dict[str, int], months: list[str]
) -> None:
    answer = looked(asc, write_csv(tmp_path / "care-home-2024-12-17.csv", headings, rows))
    assert (answer["rules"], answer["months"]) == (rules, months)


@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [
        (
            "x-2024-12-17.csv",
            "CQC Location ID,Provider Type,Dec 24\n1-9000000101,Care Home,Yes\n1-9000000102,Home Care,Yes\n1-9000000103,,Yes\n",
            "some rows have no Provider Type",
        ),
        ("x-2024-12-17.csv", "provider_id,annual_fee_gbp,Dec 24\n1-9900000001,500,Yes\n", "no month columns"),
        ("x-2024-12-17.csv", "CQC Location ID,Provider Type,Dec 24\n1-9000000101,Hospice,Yes\n", 'value "Hospice"'),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(
    asc: Command, tmp_path: Path, name: str, content: str, cause: str
) -> None:
    (tmp_path / name).write_text(content)
    answer = asc("check", tmp_path / name)
    assert answer.code == 3 and cause in answer.err


def test_broken_utf_16_is_refused(asc: Command, tmp_path: Path) -> None:
    path = tmp_path / "care-home-2024-12-17.csv"
    path.write_bytes("CQC Location ID,Dec 24\n1-9000000101,Yes\n".encode("utf-16") + b"\x00")
    answer = asc("check", path)
    assert answer.code == 3 and "UTF-16" in answer.err


def test_a_csv_named_as_a_workbook_is_read_as_what_it_is(asc: Command, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "care-home-2024-12-17.xlsx", HEAD, [ROW])
    assert looked(asc, path)["rules"] == {"type_by_content": 1}
    book = tmp_path / "care-home-2024-12-18.csv"
    path.unlink()
    workbook(book, [[*HEAD], ROW])
    assert looked(asc, book)["rules"] == {"type_by_content": 1}


def workbook(path: Path, *sheets: list[list[object]]) -> Path:
    book = xlsxwriter.Workbook(str(path), {"remove_timezone": True})
    dates = book.add_format({"num_format": "yyyy-mm-dd"})
    for rows in sheets:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(number, column, dt.datetime.combine(cell, dt.time(tzinfo=dt.UTC)), dates)
                else:
                    sheet.write(number, column, cell)
    book.close()
    return path


def test_cells_of_every_type_are_read(asc: Command, tmp_path: Path) -> None:
    rows = [
        [*HEAD[:5], dt.date(2024, 11, 1), dt.date(2024, 12, 1)],
        [*ROW[:5], True, 0],
        [1.25, *ROW[1:5], None, "Yes"],
        ROW,
        ROW,
    ]
    answer = looked(asc, workbook(tmp_path / "x-2024-12-17.xlsx", rows))
    assert (answer["months"], answer["rows"], answer["accepted"]) == (["2024-11", "2024-12"], 4, 3)


def test_a_workbook_with_sheets_of_two_kinds_is_refused(asc: Command, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "care-home-2024-12-17.xlsx",
        [[*HEAD], ROW],
        [["provider_id", "annual_fee_gbp"], ["1-9900000001", 500]],
    )
    answer = asc("check", path)
    assert answer.code == 3 and "different kinds" in answer.err


def test_a_refusal_names_the_sheet(asc: Command, tmp_path: Path) -> None:
    path = workbook(tmp_path / "care-home-2024-12-17.xlsx", [["Location ID", "Town"], ["1-9000000101", "x"]])
    assert 'sheet "Sheet1"' in asc("check", path).err


@pytest.mark.parametrize("column", [2, 3])
def test_a_register_row_with_an_odd_flag_is_kept(asc: Command, tmp_path: Path, column: int) -> None:
    row = ["1-9000000101", "01/04/2015", "Y", "N"]
    row[column] = "perhaps"
    path = write_csv(
        tmp_path / "hsca-2024-12-17.csv",
        ["Location ID", "Location HSCA start date", "Care home?", "Dormant (Y/N)"],
        [row],
    )
    answer = looked(asc, path)
    assert answer["accepted"] == 1 and answer["rules"]["status_unreadable"] == 1


def test_an_unknown_way_of_service_refuses_the_row(asc: Command, tmp_path: Path) -> None:
    rows = [["1-9900000001", "fax", "x", "y"], ["1-9900000002", "post", "x", "y"]]
    path = write_csv(tmp_path / "x-2024-12-17.csv", ["provider_id", "method", "address", "source"], rows)
    assert looked(asc, path)["rules"] == {"row_value_refused": 1}


@pytest.mark.parametrize("stem", ["care home 17_Nonsense_2024", "care home 31.02.24"])
def test_a_name_with_no_day_in_it_says_none(asc: Command, tmp_path: Path, stem: str) -> None:
    assert looked(asc, write_csv(tmp_path / f"{stem}.csv", HEAD, [ROW]))["extracted_at"] == ""


def test_wrong_words_are_wrong_usage(asc: Command, inbox: Inbox, home: Path, tmp_path: Path) -> None:
    path = inbox.write_export("care_home")
    assert asc("ingest", path, "--home", home, "--extracted-at", "yesterday").code == 2
    assert asc("ingest", tmp_path / "nowhere.csv", "--home", home).code == 2
    home_care = write_csv(tmp_path / "x-2024-12-17.csv", HEAD, [changed(3, "Home Care")])
    refused = asc("ingest", home_care, "--home", home, "--provider-type", "care_home")
    assert refused.code == 3 and "not care_home" in refused.err


def test_a_file_name_nobody_can_write_is_refused(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.write()
    Path(os.fsdecode(bytes(inbox.folder) + b"/care-home-\xff.csv")).write_text("x")
    answer = asc("ingest", inbox.folder, "--home", home)
    assert answer.code == 3 and "Rename the file" in answer.err
    assert asc("verify", "--home", home).code == 0


@pytest.mark.parametrize(("day", "code"), [("2024-12-16", 2), ("2024-12-23", 2), ("2025-01-07", 0)])
def test_notices_are_planned_for_a_lawful_day(asc: Command, inbox: Inbox, home: Path, day: str, code: int) -> None:
    inbox.write()
    words = (
        "run",
        "--month",
        "2024-12",
        "--inbox",
        inbox.folder,
        "--home",
        home,
        "--as-at",
        "2024-12-31",
        "--send-on",
        day,
    )
    assert asc(*words).code == code


def test_the_register_takes_no_moment_without_a_zone_and_a_home_without_a_lock_is_not_busy(tmp_path: Path) -> None:
    register = Register(f"sqlite:///{tmp_path}/r.sqlite")
    with pytest.raises(ValueError, match="time zone"):
        register.append("note", "x", {}, dt.datetime.fromisoformat("2024-12-17"))
    register.close()
    assert not Home(tmp_path).is_busy()


def test_two_authorities_of_one_name_are_a_fault_of_the_reference_list() -> None:
    kent, essex = (authorities_on(dt.date(2024, 12, 1)).by_code[code] for code in ("E10000016", "E10000012"))
    with pytest.raises(ValueError, match="two authorities"):
        Authorities([kent, essex], [("Kent County Council", kent.key), ("City of Kent", essex.key)])
