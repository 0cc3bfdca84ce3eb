"""DATA.md section 8, cases 54 to 59: time stamps of record-level extracts (section 3), judged against December 2024.

The window is open from 8 December 00:00 to 16 December 23:59:59 in London. The status exports say nothing about December,
so the outcome is what the stamps prove: inside = submitted, before = missed, after the close or not used = unknown.
"""

import datetime as dt
import io
import json
from collections.abc import Iterable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.cases.dirt import (
    ACCEPTED,
    AFTER_CLOSE,
    CARE_HOME_HEAD,
    HEAD,
    HOME_CARE_HEAD,
    World,
    call,
    csv_of,
    extract,
    good,
    look,
    look_at,
    register_csv,
    register_row,
    row,
    serial,
    stamped,
    uid,
    world_of,
)  # fmt: skip
from tests.worlds import release_of, rows_of

TAKEN = "2024-12-18"
CARE_HOME = f"care-home-{AFTER_CLOSE}.csv"
CASES: dict[int, dict[str, tuple[str, str, str, set[str]]]] = {  # case -> text: UTC stamp, local stamp, outcome, rules found in its row
    54: {
        "serial": ("45636.3840277778", "", "submitted", set()),
        "whole number": ("45634", "", "submitted", set()),
        "noise below the opening": ("45633.9999999999", "", "submitted", set()),
        "a second before the opening": ("45633.9999884259", "", "missed", set()),
        "the last second": ("45642.9999884259", "", "submitted", set()),
        "noise below midnight after the close": ("45642.9999999999", "", "unknown", set()),
    },
    55: {
        "the 1900 system in a CSV": ("44174.3840277778", "", "missed", set()),
        "2014": ("42004.5", "", "unknown", {"stamp_too_old"}),
        "2015": ("42005.5", "", "missed", set()),
        "2008": ("39448.5", "", "unknown", {"stamp_too_old"}),
        "2014 in words": ("2014-12-31 12:00:00", "", "unknown", {"stamp_too_old"}),
        "no date": ("yesterday", "", "unknown", {"stamp_unreadable"}),
        "no day": ("2024-02-30 09:00:00", "", "unknown", {"stamp_unreadable"}),
    },
    56: {
        "ISO": ("2024-12-10 09:13:00", "", "submitted", set()),
        "ISO with T": ("2024-12-10T09:13:00", "", "submitted", set()),
        "ISO day with T and Z": ("2024-12-10T00:00:00Z", "", "submitted", set()),
        "AM": ("12/10/2024 12:00:00 AM", "", "submitted", set()),
        "AM, 12 November": ("11/12/2024 9:13:00 AM", "", "missed", set()),
        "PM on the last day": ("12/16/2024 11:59:59 PM", "", "submitted", set()),
        "bare": ("10/12/2024", "", "submitted", set()),
        "bare, 12 October": ("12/10/2024", "", "missed", set()),
        "bare, decides for the column": ("25/11/2024", "", "missed", set()),
    },
    57: {
        "local empty": ("2024-12-10 09:00:00", "", "submitted", set()),
        "UTC empty": ("", "2024-12-10 09:00:00", "submitted", set()),
        "equal": ("2024-12-10 09:00:00", "2024-12-10 09:00:00", "submitted", set()),
        "an hour apart over the close: UTC": ("2024-12-16 23:30:00", "2024-12-17 00:30:00", "submitted", set()),
        "an hour apart in summer": ("2024-06-10 09:00:00", "2024-06-10 10:00:00", "missed", set()),
        "three hours apart, both inside": ("2024-12-10 09:00:00", "2024-12-10 12:00:00", "submitted", {"stamps_apart"}),
        "three hours apart, both before": ("2024-12-01 09:00:00", "2024-12-01 12:00:00", "missed", {"stamps_apart"}),
        "three hours apart over the close": ("2024-12-16 22:30:00", "2024-12-17 01:30:00", "unknown", {"stamps_apart"}),
        "three hours apart over the opening": ("2024-12-07 22:30:00", "2024-12-08 01:30:00", "unknown", {"stamps_apart"}),
        "both empty": ("", "", "unknown", set()),
    },
    58: {
        "twice": ("", "2024-10-27 01:30:00", "missed", {"stamp_hour_twice"}),
        "missing": ("", "2024-03-31 01:30:00", "missed", {"stamp_hour_missing"}),
        "just before twice": ("", "2024-10-27 00:59:59", "missed", set()),
        "just after twice": ("", "2024-10-27 02:00:00", "missed", set()),
        "just after missing": ("", "2024-03-31 02:00:00", "missed", set()),
        "UTC is known": ("2024-10-27 00:30:00", "2024-10-27 01:30:00", "missed", set()),
    },
    59: {
        "a minute after the extraction": ("2024-12-18 09:01:00", "", "unknown", {"stamp_after_extraction"}),
        "years after": ("2034-12-10 09:00:00", "", "unknown", {"stamp_after_extraction"}),
        "a minute before the extraction": ("2024-12-18 08:59:00", "", "unknown", set()),
    },
}  # fmt: skip
FORMS = {  # two columns of bare days that are to be read alike
    "undecidable": {"10/12/2024": "submitted", "09/12/2024": "submitted"},
    "month-first": {"12/25/2023": "missed", "12/10/2024": "submitted"},
}
EXTRACTS = {case: f"extract-{case}-{TAKEN}.csv" for case in CASES} | {59: "extract-59-2024-12-18T0900.csv"}
EACH = [(case, text) for case, texts in CASES.items() for text in texts]


def unit(case: int, text: str) -> str:
    return uid(case, 1 + list(CASES[case]).index(text))


def mac_book(head: tuple[object, ...], *rows: list[object]) -> bytes:
    """An .xlsx with the 1904 date system, as Excel for the Mac wrote it."""
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for cells in (head, *rows):
        book.active.append(list(cells))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def files() -> dict[str, bytes]:
    """The status exports that are silent about December, and an extract for each case."""
    units = [row(unit(case, text), said="YY?") for case, text in EACH]
    units += [
        row(uid(case, n), said="YY?")
        for case, ns in ((55, (101, 102)), (56, (101, 102, 111, 112)), (54, (201, 202, 203)))
        for n in ns
    ]
    made = {f"silent-{CARE_HOME}": csv_of(*units, row(uid(54, 204), said="YYN"))}
    made[f"silent-home-care-{AFTER_CLOSE}.csv"] = csv_of(row(uid(57, 101), said="YY?"), row(uid(57, 102), said="YY?"))
    for case, texts in CASES.items():
        rows = [stamped(unit(case, text), utc, local) for text, (utc, local, _, _) in texts.items()]
        if case in (55, 59):  # so that most of the file is good
            rows += [stamped(uid(case, 800 + n), "45636.5") for n in range(8)]
        made[EXTRACTS[case]] = extract(*rows)
    inside = dt.datetime.fromisoformat("2024-12-10 09:13")
    made[f"extract-55-{TAKEN}.xlsx"] = mac_book(
        CARE_HOME_HEAD, stamped(uid(55, 101), inside), stamped(uid(55, 102), serial("2024-12-10 09:13:00") - 1462)
    )
    for n, (form, stamps) in enumerate(FORMS.items()):
        rows = [stamped(uid(56, 101 + 10 * n + m), text) for m, text in enumerate(stamps)]
        made[f"extract-56-{form}-{TAKEN}.csv"] = extract(*rows)
    made[f"extract-in-home-{TAKEN}.csv"] = extract(
        stamped(uid(57, 101), "", "2024-12-10 09:00:00", HOME_CARE_HEAD),
        stamped(uid(57, 102), "2024-12-01 09:00:00", "", HOME_CARE_HEAD), head=HOME_CARE_HEAD,
    )  # fmt: skip
    made["early-extract-2024-12-12.csv"] = extract(
        stamped(uid(54, 201), "45636.5"), stamped(uid(54, 202), "45630.5"), stamped(uid(54, 203), "45630.5")
    )
    made[f"late-extract-{TAKEN}.csv"] = extract(
        stamped(uid(54, 201), "45643.5"), stamped(uid(54, 203), "45643.5"), stamped(uid(54, 204), "45636.5")
    )
    return made


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One home with all files of this module."""
    return world_of(tmp_path_factory.mktemp("stamps"), files())


def about_stamps(rules: Iterable[str]) -> set[str]:
    return {rule for rule in rules if rule.startswith(("stamp", "date"))}


def is_judged(world: World, case: int, text: str) -> None:
    """The outcome of December is the one required, and so are the findings of the row in the extract."""
    _, _, outcome, rules = CASES[case][text]
    file = EXTRACTS[case]
    world.took(file)
    assert world.services[unit(case, text)]["outcome"] == outcome
    source_row = str(2 + list(CASES[case]).index(text))
    assert about_stamps(one["rule"] for one in world.found(file) if one["row"] == source_row) == rules


@pytest.mark.parametrize("text", CASES[54])
def test_case_54_serial_text_with_float_noise(world: World, text: str) -> None:
    is_judged(world, 54, text)


@pytest.mark.parametrize("text", CASES[55])
def test_case_55_serial_text_in_a_csv_is_of_the_1900_system(world: World, text: str) -> None:
    is_judged(world, 55, text)


@pytest.mark.parametrize("number", [101, 102], ids=["date cell", "number cell"])
def test_case_55_the_1904_flag_of_a_workbook_is_obeyed(world: World, number: int) -> None:
    world.took(f"extract-55-{TAKEN}.xlsx")
    assert world.services[uid(55, number)]["outcome"] == "submitted"


def test_case_55_month_headings_of_a_1904_workbook(tmp_path: Path) -> None:
    months = [dt.datetime.fromisoformat(f"2024-{month}-01") for month in (10, 11, 12)]
    looked = look_at(tmp_path, f"care-home-{AFTER_CLOSE}.xlsx", mac_book((*HEAD[:6], *months), *good(55)))
    assert (looked.rules, looked.months) == ({}, ["2024-10", "2024-11", "2024-12"])


@pytest.mark.parametrize("text", CASES[56])
def test_case_56_date_forms_in_one_column(world: World, text: str) -> None:
    is_judged(world, 56, text)


def test_case_56_am_pm_forms_do_not_decide_for_bare_ones(tmp_path: Path) -> None:
    """`12/25/2024 ... AM` is month first by its form and says nothing about `10/12/2024`: undecidable, D/M."""
    data = extract(stamped(uid(56, 90), "11/25/2024 9:00:00 AM"), stamped(uid(56, 91), "10/12/2024"))
    assert about_stamps(look_at(tmp_path, f"extract-{TAKEN}.csv", data).rules) == {"date_order_assumed"}


@pytest.mark.parametrize("form", FORMS)
def test_case_56_bare_days_are_decided_for_the_column(world: World, form: str) -> None:
    file = f"extract-56-{form}-{TAKEN}.csv"
    rules = about_stamps(look(world.inbox / file).rules)
    assert rules == ({"date_order_assumed"} if form == "undecidable" else set())
    world.took(file)
    first = 101 + 10 * list(FORMS).index(form)
    assert [world.services[uid(56, first + n)]["outcome"] for n in (0, 1)] == list(FORMS[form].values())


@pytest.mark.parametrize("text", CASES[57])
def test_case_57_utc_and_local(world: World, text: str) -> None:
    is_judged(world, 57, text)


def test_case_57_in_home_care(world: World) -> None:
    world.took(f"extract-in-home-{TAKEN}.csv")
    assert [world.services[f"{uid(57, n)} home_care"]["outcome"] for n in (101, 102)] == ["submitted", "missed"]


@pytest.mark.parametrize("text", CASES[58])
def test_case_58_hours_that_occur_twice_or_never(world: World, text: str) -> None:
    is_judged(world, 58, text)


def test_case_58_findings_are_info(world: World) -> None:
    looked = look(world.inbox / f"extract-58-{TAKEN}.csv")
    assert [looked.severities[rule] for rule in ("stamp_hour_twice", "stamp_hour_missing")] == ["info", "info"]


@pytest.mark.parametrize("text", CASES[59])
def test_case_59_stamp_later_than_the_extraction(world: World, text: str) -> None:
    is_judged(world, 59, text)


# --- section 3: what a stamp proves -----------------------------------------------------------------------------------


def test_section_3_every_extract_is_kept_and_they_add_up(world: World) -> None:
    """Inside in the early one; before in the early one is nothing, as it was taken before the close; after is nothing."""
    world.took("early-extract-2024-12-12.csv", f"late-extract-{TAKEN}.csv")
    assert [world.services[uid(54, n)]["outcome"] for n in (201, 202, 203)] == ["submitted", "unknown", "unknown"]


def test_section_3_a_no_against_a_stamp_inside_is_unknown(world: World) -> None:
    world.took(f"late-extract-{TAKEN}.csv")
    assert world.services[uid(54, 204)]["outcome"] == "unknown"
    assert [one["rule"] for one in world.all_findings if one["rule"] == "evidence_conflict"] == ["evidence_conflict"]


def test_section_3_an_extract_that_nobody_dated_is_refused(tmp_path: Path) -> None:
    path, home = tmp_path / "extract.csv", tmp_path / "home"
    path.write_bytes(extract(stamped(uid(54), "45634.5")))
    refused = call("ingest", path, "--home", home, "--json")
    assert refused.code == 3 and "--extracted-at" in refused.err
    taken = call("ingest", path, "--home", home, "--extracted-at", TAKEN, "--json")
    assert taken.code == 0, taken.err
    (one,) = json.loads(taken.out)
    assert (one["kind"], one["provider_type"], one["rows"]) == ("record_level", "care_home", 1)


def test_section_3_a_type_without_a_status_export_is_taken_from_the_newest_extract(tmp_path: Path) -> None:
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    inbox.mkdir()
    (inbox / CARE_HOME).write_bytes(csv_of(*good(54, 20)))
    stamps = {uid(54, 301): "45636.5", uid(54, 302): "45630.5"}
    rows = [stamped(location_id, stamp, "", HOME_CARE_HEAD) for location_id, stamp in stamps.items()]
    (inbox / f"extract-{TAKEN}.csv").write_bytes(extract(*rows, head=HOME_CARE_HEAD))
    register = [register_row(uid(54, n)) for n in range(900, 920)]
    home_care = {"Care home?": "N", "Service type - Domiciliary care service": "Y"}
    register += [register_row(location_id, **home_care) for location_id in stamps]
    (inbox / "HSCA_Active_Locations_2024-12-16.csv").write_bytes(register_csv(*register))
    accept = [word for check in ACCEPTED for word in ("--accept", check, "--because", "tiny on purpose")]
    answer = call("run", "--month", "2024-12", "--inbox", inbox, "--home", home, "--as-at", "2024-12-31", *accept)
    assert answer.code == 0, answer.err
    services = rows_of(release_of(home) / "national" / "services.csv")
    found = {one["location_id"]: one["outcome"] for one in services if one["provider_type"] == "home_care"}
    assert found == {uid(54, 301): "submitted", uid(54, 302): "missed"}
