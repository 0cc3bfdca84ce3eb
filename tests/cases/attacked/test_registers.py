"""Registers: dates in the column's own form, what they cannot say, sheets that are full, Mac Roman (05, 15, 17, 20)."""

import re
from pathlib import Path

import pytest

from tests.cases.attacked.books import FORMATS, Sheet
from tests.cases.attacked.crowds import accepted, findings, run, save, world
from tests.cases.dirt import call, csv_of, look, look_at, refusal, register_csv, register_row, row, uid
from tests.worlds import REGISTER_HEADINGS, Inbox, rows_of, services_of

REGISTER = "HSCA_Active_Locations_2024-12-16.csv"
START = "Location HSCA start date"

# --- dates ------------------------------------------------------------------------------------------------------------

FORMS = {
    "dd/mm/yyyy": ("13/10/2024", "01/04/2015", "01/11/2024"), "dd/mm/yy": ("13/10/24", "01/04/15", "01/11/24"),
    "dd-mm-yyyy": ("13-10-2024", "01-04-2015", "01-11-2024"), "dd-mm-yy": ("13-10-24", "01-04-15", "01-11-24"),
    "dd.mm.yyyy": ("13.10.2024", "01.04.2015", "01.11.2024"), "d/m/yy": ("13/10/24", "1/4/15", "1/11/24"),
    "ISO": ("2024-10-13", "2015-04-01", "2024-11-01"), "dd-Mon-yy": ("13-Oct-24", "01-Apr-15", "01-Nov-24"),
}  # fmt: skip


def dated(inbox: Inbox, recent: str, old: str, newest: str) -> None:
    """Write the dates of the register in a form; the second care home was registered 64 days before the close."""
    path = inbox.folder / REGISTER
    rows = rows_of(path)
    for one in rows:
        one[START] = newest if one[START] == "01/11/2024" else old
    rows[1][START] = recent
    save(path, [list(REGISTER_HEADINGS), *(list(one.values()) for one in rows)])


@pytest.mark.parametrize("form", FORMS)
def test_a_service_registered_64_days_before_is_new_in_every_form(tmp_path: Path, form: str) -> None:
    inbox, home = world(tmp_path, 12), tmp_path / "home"
    for one in inbox.units:
        one.status = ""
    inbox.units[1].history = "Y" * 9 + "NNN"
    inbox.write()
    dated(inbox, *FORMS[form])
    accepted(inbox, home, "missed-jump", "looks-filtered")
    service = services_of(home)[inbox.units[1].location_id, "care_home"]
    assert (service["status"], service["registered_on"]) == ("new", "2024-10-13")
    assert services_of(home)[inbox.units[2].location_id, "care_home"]["registered_on"] == "2015-04-01"
    assert not findings(home, "date_unreadable")


@pytest.mark.parametrize(
    ("written", "meant"), [("01/04/98", "1998-04-01"), ("31-12-69", "1969-12-31"), ("05/06/11", "2011-06-05")]
)
def test_a_year_of_two_digits_is_never_in_the_future(tmp_path: Path, written: str, meant: str) -> None:
    inbox, home = world(tmp_path, 12), tmp_path / "home"
    dated(inbox, written, "25/04/15", "25/11/24")
    accepted(inbox, home, "looks-filtered")
    said = services_of(home)[inbox.units[1].location_id, "care_home"]["registered_on"]
    assert said in ("", meant), "that year, or a date that is not used"


@pytest.mark.parametrize(
    "dates", [["Q3 2015", "spring", "n/k", "tbc"], ["13/13/2015"] * 4, ["20150401x", "2015", "April 2015", "--"], ["45330 days"] * 4],
    ids=["words", "no day", "parts of days", "numbers and words"],
)  # fmt: skip
def test_a_register_whose_dates_are_mostly_unreadable_is_refused(tmp_path: Path, dates: list[str]) -> None:
    rows = [register_row(uid(40, n), **{START: day}) for n, day in enumerate([*dates, "25/04/2015"])]
    said = refusal(tmp_path, REGISTER, register_csv(*rows))
    assert START in said and dates[0] in said and "row 2" in said, said
    assert re.search(r"\d\d/\d\d/\d{4}|dd/mm/yyyy", said, re.IGNORECASE), "what is allowed"


def test_a_run_stops_at_such_a_register(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 12), tmp_path / "home"
    dated(inbox, "soon", "long ago", "lately")
    answer = run(inbox, home)
    assert answer.code == 3 and REGISTER in answer.err and not (home / "releases" / "2024-12" / "CURRENT").exists()


def test_a_few_unreadable_dates_or_many_blank_ones_are_no_reason(tmp_path: Path) -> None:
    few = [register_row(uid(41, n), **{START: "n/k" if n == 0 else "25/04/2015"}) for n in range(6)]
    looked = look_at(tmp_path, REGISTER, register_csv(*few))
    assert looked.accepted == 6 and looked.rules.get("date_unreadable") == 1
    blank = [register_row(uid(41, n), **{START: "25/04/2015" if n == 0 else ""}) for n in range(6)]
    assert look_at(tmp_path, REGISTER, register_csv(*blank)).accepted == 6


def ended(*dates: str) -> bytes:
    head = ["Location ID", "Location HSCA start date", "Location HSCA End Date"]
    return csv_of(*([uid(42, n), "25/04/15", day] for n, day in enumerate(dates)), head=head)


def test_the_list_of_deactivated_locations_is_read_the_same_way(tmp_path: Path) -> None:
    looked = look_at(tmp_path, "Deactivated_Locations_2024-12-16.csv", ended("13/10/24", "30-11-2024", "01/12/24"))
    assert looked.accepted == 3 and "date_unreadable" not in looked.rules


def test_a_list_of_deactivated_locations_with_unreadable_ends_is_refused(tmp_path: Path) -> None:
    """Who has gone would be unknown: half of the file says nothing."""
    said = refusal(tmp_path, "Deactivated_Locations_2024-12-16.csv", ended("autumn", "tbc", "n/k", "30/11/2024"))
    assert "autumn" in said


def test_a_list_with_start_and_end_dates_is_what_it_is_whatever_its_name(tmp_path: Path) -> None:
    looked = look_at(tmp_path, "HSCA_Active_Locations_2024-12-16.csv", ended("30/11/2024", "30/11/2024"))
    assert "deactivated" in looked.document["kind"]


# --- what a register cannot say ---------------------------------------------------------------------------------------


def without(inbox: Inbox, *headings: str) -> None:
    path = inbox.folder / REGISTER
    rows = rows_of(path)
    kept = [heading for heading in REGISTER_HEADINGS if heading not in headings]
    save(path, [kept, *([one[heading] for heading in kept] for one in rows)])


HOME_CARE, CARE_HOME = "Service type - Domiciliary care service", "Care home?"


@pytest.mark.parametrize(
    "gone", [(HOME_CARE,), (CARE_HOME,), (HOME_CARE, CARE_HOME)], ids=["home care", "care home", "both"]
)
def test_a_register_without_the_columns_of_what_is_owed_is_told(tmp_path: Path, gone: tuple[str, ...]) -> None:
    inbox, home = world(tmp_path, 12), tmp_path / "home"
    without(inbox, *gone)
    answer = run(inbox, home)
    assert answer.code == 0, answer.err
    told = [one for one in findings(home, file=REGISTER) if one["severity"] != "info"]
    assert told, "a warning that it cannot be judged by"
    for rule in ("owes_nothing", "return_not_owed", "rows_owing_nothing", "not_in_capacity_tracker"):
        assert not findings(home, rule), rule


def test_what_it_can_say_it_still_says(tmp_path: Path) -> None:
    """Without the home care columns, a care home that is in no export is still missed."""
    inbox, home = world(tmp_path, 12), tmp_path / "home"
    without(inbox, HOME_CARE)
    inbox.write_export("care_home", inbox.units[:11])
    assert run(inbox, home).code == 0
    assert len(findings(home, "not_in_capacity_tracker")) == 1


def test_check_tells_it_before_anything_is_kept(tmp_path: Path) -> None:
    rows = [[uid(43, n), "25/04/2015", "Y", "Rose House", "Kent", f"1-98{n:08d}"] for n in range(4)]
    head = ["Location ID", START, CARE_HOME, "Location Name", "Location Local Authority", "Provider ID"]
    answer = call("check", save(tmp_path / REGISTER, [head, *rows]))
    assert answer.code == 3 or ("warning" in answer.out and "home care" in answer.out.casefold().replace("_", " ")), (
        answer.out
    )


# --- full sheets ------------------------------------------------------------------------------------------------------


def full(kind: str, rows: int) -> bytes:
    head = ["Location ID", "Location HSCA End Date"]
    return FORMATS[kind](
        Sheet([head, *([f"1-93{n:08d}", "01/02/2020"] for n in range(1, rows))], "Deactivated_Locations")
    )


@pytest.mark.slow
@pytest.mark.parametrize(("rows", "is_full"), [(65_536, True), (65_535, False)])
def test_an_xls_full_to_its_last_row_is_told(tmp_path: Path, rows: int, is_full: bool) -> None:
    path = tmp_path / "01_December_2026_Deactivated_Locations.xls"
    path.write_bytes(full("xls", rows))
    looked = look(path)
    assert looked.accepted == rows - 1
    told = [one for one in looked.document["findings"] if one["severity"] == "warning"]
    assert bool(told) is is_full, looked.document["findings"]
    assert not is_full or any("row" in one["action"] + one["first"] for one in told)


# --- Mac Roman --------------------------------------------------------------------------------------------------------

NAMES = ("St Hilda’s – Café", "Château Élan", "“The Willows”", "Müller House", "£100 House")


@pytest.mark.parametrize("name", NAMES)
def test_text_of_excel_for_mac_is_refused_with_what_to_do(tmp_path: Path, name: str) -> None:
    data = csv_of(row(uid(44), name), *(row(uid(44, n)) for n in range(2, 5))).decode().replace("\n", "\r")
    said = refusal(tmp_path, "care-home-2024-12-17.csv", data.encode("mac-roman"))
    assert "CSV UTF-8" in said


def test_also_a_register(tmp_path: Path) -> None:
    data = register_csv(register_row(uid(45), **{"Location Name": "Café – Rose"}), register_row(uid(45, 2)))
    said = refusal(tmp_path, REGISTER, data.decode().replace("\n", "\r").encode("mac-roman"))
    assert "CSV UTF-8" in said


@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "utf-8-sig"])
def test_lone_returns_alone_are_no_reason(tmp_path: Path, encoding: str) -> None:
    name = "Rose House" if encoding == "ascii" else "Café – Rose"
    data = csv_of(row(uid(46), name), row(uid(46, 2))).decode().replace("\n", "\r").encode(encoding)
    assert look_at(tmp_path, "care-home-2024-12-17.csv", data).accepted == 2
