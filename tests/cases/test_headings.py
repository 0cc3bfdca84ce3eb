"""DATA.md section 8, cases 18 to 30: headings and month columns."""

import datetime as dt
from pathlib import Path

import pytest

from tests.cases.dirt import (
    AFTER_CLOSE,
    CARE_HOME_HEAD,
    HEAD,
    HOME_CARE_HEAD,
    World,
    book_of,
    call,
    csv_of,
    extract,
    good,
    look,
    look_at,
    refusal,
    register_csv,
    register_headings,
    register_row,
    row,
    stamped,
    uid,
    world_of,
)

CARE_HOME = f"care-home-{AFTER_CLOSE}.csv"
BOOK = f"care-home-{AFTER_CLOSE}.xlsx"
TWO_PLACES = ["CQC Location ID", "Local Authority", "LocalAuthority", "Dec 24"]
ALIASES = ["cqcid", "Service Name", "CQC Provider ID", "parentorganisation", "LA Name", "Service Type", "Registration Status",
           "CT registered users", "Last Update", "Dec 24"]  # fmt: skip
EARLY = f"case-28-early-{CARE_HOME.replace(AFTER_CLOSE, '2024-12-10')}"


def day(year: int, month: int, of_month: int) -> dt.datetime:
    return dt.datetime.combine(dt.date(year, month, of_month), dt.time())


def files() -> dict[str, bytes]:
    """All files of this module that are taken in, each with services of its own."""
    return {
        f"case-19-equal-{CARE_HOME}": csv_of([uid(19, 1), "Kent", "Kent", "Yes"], head=TWO_PLACES),
        f"case-19-first-{CARE_HOME}": csv_of([uid(19, 2), "Medway", "Nowhereshire", "Yes"], head=TWO_PLACES),
        f"case-19-second-{CARE_HOME}": csv_of([uid(19, 3), "Nowhereshire", "Medway", "Yes"], head=TWO_PLACES),
        f"case-19-differ-{CARE_HOME}": csv_of([uid(19, 4), "Kent", "Essex", "Yes"], head=TWO_PLACES),
        f"case-20-{AFTER_CLOSE}.csv": csv_of(
            [uid(20), "Alias House", "1-9820000099", "Alias Care Ltd", "Kent", "Care Home", "New (< 101 days)", "7",
             "16/12/2024", "Yes"],
            head=ALIASES,
        ),
        f"case-21-{CARE_HOME}": csv_of([*row(uid(21)), "blue", "x"], head=[*HEAD, "Favourite colour", "Notes"]),
        f"case-22-{CARE_HOME}": csv_of([uid(22), "Yes"], head=["CQC Location ID", "Dec 24"]),
        f"case-23-{BOOK}": book_of(
            {"Export": [[*HEAD[:6], day(2024, 10, 1), day(2024, 11, 1), day(2024, 12, 1)], row(uid(23), said="YNY")]}
        ),
        f"case-24-{CARE_HOME}": csv_of(row(uid(24), said="YNY"), head=[*HEAD[:6], "24-Oct", "24-Nov", "24-Dec"]),
        f"case-24-{BOOK}": book_of(
            {"Export": [[*HEAD[:6], *(day(2026, n, 24) for n in (10, 11, 12))], row(uid(24, 2), said="YNY")]}
        ),
        f"case-26-{CARE_HOME}": csv_of([uid(26), "Yes", "No", "Yes"], head=["CQC Location ID", "Dec 24", "Sep 24", "Oct 24"]),
        f"case-27-{CARE_HOME}": csv_of([uid(27), "No", "No"], head=["CQC Location ID", "Dec 24", "December 2024"]),
        EARLY: csv_of(row(uid(28, 1), said="YYY"), row(uid(28, 2), said="YYN")),
        f"case-28-{CARE_HOME}": csv_of(row(uid(28, 1), said="YY?"), row(uid(28, 2), said="YY?"), row(uid(28, 3), said="YNN")),
    }  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One home with all files of this module; the register knows another authority for case 19's fourth."""
    places = {uid(19, 4): "Medway", **{uid(28, n): "Kent" for n in (1, 2, 3)}}
    register = [register_row(unit, **{"Location Local Authority": place}) for unit, place in places.items()]
    return world_of(tmp_path_factory.mktemp("headings"), files(), register)


# --- 18 to 22 ---------------------------------------------------------------------------------------------------------

IDS = ["cqc location id", "CQC LOCATION ID", "  CQC  Location ID ", "CQC\u00a0Location\u00a0ID", "CQC_Location_ID",
       "CQC Location ID?", "CQC Location ID:", "CQC Location (ID)", "[CQC Location ID]", "ＣＱＣ Location ID",
       "CQC Location\nID", "\ufeffCQC Location ID"]  # fmt: skip


@pytest.mark.parametrize("heading", IDS)
def test_case_18_heading_variants(tmp_path: Path, heading: str) -> None:
    looked = look_at(tmp_path, CARE_HOME, csv_of(*good(18), head=[heading, *HEAD[1:]]))
    assert (looked.rules, looked.accepted) == ({}, 4)


def test_case_18_heading_variants_of_every_other_column(tmp_path: Path) -> None:
    head = [
        HEAD[0],
        " LOCATION ",
        "Provider\u00a0ID",
        "provider",
        "local_authority",
        "User  Count:",
        "oct 24",
        "NOV\u00a024",
        " Dec 24 ",
    ]
    looked = look_at(tmp_path, CARE_HOME, csv_of(*good(18), head=head))
    assert (looked.rules, looked.accepted, looked.months) == ({}, 4, ["2024-10", "2024-11", "2024-12"])


def test_case_18_the_registers_headings_move_between_vintages(tmp_path: Path) -> None:
    """Section 4: "HSCA start date" and "HSCA Start Date"."""
    data = register_csv(register_row(uid(18)))
    data = data.replace(b"Location HSCA start date", b"Location HSCA Start Date").replace(b"Care home?", b"Care Home")
    looked = look_at(tmp_path, "HSCA_Active_Locations_2024-12-16.csv", data)
    assert (looked.document["kind"], looked.rules, looked.accepted) == ("service_register", {}, 1)


@pytest.mark.parametrize(
    ("name", "number", "code"), [("equal", 1, "E10000016"), ("first", 2, "E06000035"), ("second", 3, "E06000035")]
)
def test_case_19_two_authority_columns_equal_or_only_one_resolves(
    world: World, name: str, number: int, code: str
) -> None:
    file = f"case-19-{name}-{CARE_HOME}"
    assert look(world.inbox / file).rules == {}
    world.took(file)
    assert world.services[uid(19, number)]["la_code"] == code
    assert {one["rule"] for one in world.found(file)} <= {"not_in_register"}


def test_case_19_two_authority_columns_that_differ(world: World) -> None:
    """A finding that names one of the two cells, and the register's authority."""
    file = f"case-19-differ-{CARE_HOME}"
    world.took(file)
    assert world.services[uid(19, 4)]["la_code"] == "E06000035"
    assert {(one["row"], one["column"]) for one in world.found(file)} & {
        ("2", "Local Authority"),
        ("2", "LocalAuthority"),
    }


def test_case_19_both_columns_of_a_record_level_extract(tmp_path: Path) -> None:
    looked = look_at(tmp_path, "extract-2024-12-18.csv", extract(stamped(uid(19, 9), "45634.5", "45634.5")))
    assert (looked.document["kind"], looked.accepted) == ("record_level", 1)
    assert set(looked.severities.values()) <= {"info"}


@pytest.mark.parametrize("heading", ["CQC Location ID", "CQC ID", "Location ID", "cqcid", "CQC Location"])
def test_case_20_renamed_id_column(tmp_path: Path, heading: str) -> None:
    looked = look_at(tmp_path, CARE_HOME, csv_of(*good(20), head=[heading, *HEAD[1:]]))
    assert (looked.rules, looked.accepted) == ({}, 4)


def test_case_20_aliases_of_the_other_columns(world: World) -> None:
    file = f"case-20-{AFTER_CLOSE}.csv"
    assert look(world.inbox / file).rules == {}
    world.took(file)
    service = world.services[uid(20)]
    assert [service[name] for name in ("location_name", "provider_id", "provider_name", "la_code", "user_count")] == [
        "Alias House", "1-9820000099", "Alias Care Ltd", "E10000016", "7",
    ]  # fmt: skip
    assert (service["registration_status"], service["status"]) == ("New", "new")


def test_case_20_an_unknown_id_heading_is_refused_with_headings_and_aliases(tmp_path: Path) -> None:
    message = refusal(tmp_path, CARE_HOME, csv_of(*good(20), head=["Establishment number", *HEAD[1:]]))
    assert all(heading.casefold() in message.casefold() for heading in ("Establishment number", "User Count", "Dec 24"))
    assert all(alias in message for alias in ("CQC Location ID", "CQC ID", "Location ID", "cqcid"))


def test_case_21_unknown_extra_columns_are_one_info_finding(world: World) -> None:
    file = f"case-21-{CARE_HOME}"
    looked = look(world.inbox / file)
    assert (looked.rules, looked.severities) == ({"columns_ignored": 1}, {"columns_ignored": "info"})
    world.took(file)
    (found,) = world.found(file, "columns_ignored")
    assert "Favourite colour" in found["value"] and "Notes" in found["value"]


def test_case_21_unknown_extra_columns_are_kept_in_the_archive(world: World) -> None:
    file = f"case-21-{CARE_HOME}"
    world.took(file)
    sha256 = world.taken[file]["sha256"]
    assert (world.home / "archive" / sha256[:2] / sha256).read_bytes() == (world.inbox / file).read_bytes()


def test_case_22_optional_columns_missing(world: World) -> None:
    file = f"case-22-{CARE_HOME}"
    assert look(world.inbox / file).rules == {}
    world.took(file)
    service = world.services[uid(22)]
    assert (service["outcome"], service["location_name"], service["user_count"]) == ("submitted", "", "")


# --- 23 to 28 ---------------------------------------------------------------------------------------------------------


def test_case_23_month_heading_as_a_date_cell_on_the_first(world: World) -> None:
    file = f"case-23-{BOOK}"
    looked = look(world.inbox / file)
    assert (looked.rules, looked.months) == ({}, ["2024-10", "2024-11", "2024-12"])
    world.took(file)
    assert world.services[uid(23)]["windows_missed"] == "2024-11"


@pytest.mark.parametrize("of_month", [2, 15, 21])
def test_case_23_month_heading_as_a_date_cell_on_another_day_is_refused(tmp_path: Path, of_month: int) -> None:
    head = [*HEAD[:6], day(2024, 10, 1), day(2024, 11, of_month), day(2024, 12, 1)]
    assert f"2024-11-{of_month:02d}" in refusal(tmp_path, BOOK, book_of({"Export": [head, *good(23)]}))


@pytest.mark.parametrize(
    ("file", "number"), [(f"case-24-{CARE_HOME}", 1), (f"case-24-{BOOK}", 2)], ids=["text", "date"]
)
def test_case_24_a_month_that_excel_made_a_day(world: World, file: str, number: int) -> None:
    looked = look(world.inbox / file)
    assert (looked.rules, looked.months) == ({"month_mangled": 3}, ["2024-10", "2024-11", "2024-12"])
    world.took(file)
    assert world.services[uid(24, number)]["windows_missed"] == "2024-11"


@pytest.mark.parametrize(
    "months",
    [("Oct 24", "21-Nov"), ("24-Nov", "Nov 24"), ("24-Nov", "2026-11-24")],
    ids=["day 21 is no year", "clashes with a plain heading", "two mangled the same"],
)
def test_case_24_a_mangled_month_that_is_in_doubt_is_refused(tmp_path: Path, months: tuple[str, str]) -> None:
    """Section 2: only where the months so read are distinct and do not clash, here with equal columns."""
    refusal(
        tmp_path, CARE_HOME, csv_of(*([uid(24, n), "Yes", "Yes"] for n in (3, 4)), head=["CQC Location ID", *months])
    )


FORMS = ["Nov 24", "Nov-24", "Nov'24", "Nov/24", "Nov 2024", "Nov-2024", "November 24", "November 2024", "2024-11",
         "2024-11-01", "11/2024", "NOV 24", "november-24"]  # fmt: skip


@pytest.mark.parametrize(("heading", "month"), [(form, "2024-11") for form in FORMS] + [("Sept 24", "2024-09")])
def test_case_25_month_forms(tmp_path: Path, heading: str, month: str) -> None:
    looked = look_at(tmp_path, CARE_HOME, csv_of([uid(25), "Yes"], head=["CQC Location ID", heading]))
    assert (looked.rules, looked.months) == ({}, [month])


def test_case_26_months_out_of_order_and_a_gap(world: World) -> None:
    file = f"case-26-{CARE_HOME}"
    looked = look(world.inbox / file)
    assert (looked.rules, looked.severities) == ({"month_gap": 1}, {"month_gap": "info"})
    assert looked.months == ["2024-09", "2024-10", "2024-12"]
    world.took(file)
    windows = world.explained(uid(26))
    assert [windows[f"2024-{month}"]["outcome"] for month in ("09", "10", "11", "12")] == [
        "missed", "submitted", "unknown", "submitted",
    ]  # fmt: skip


def test_case_27_the_same_month_twice_and_equal(world: World) -> None:
    file = f"case-27-{CARE_HOME}"
    looked = look(world.inbox / file)
    assert (looked.rules, looked.months) == ({"month_twice": 1}, ["2024-12"])
    world.took(file)
    assert world.services[uid(27)]["missed_of_last_12"] == "1"


def test_case_27_the_same_month_twice_and_differing_is_refused(tmp_path: Path) -> None:
    data = csv_of([uid(27), "No", "No"], [uid(27, 2), "Yes", "No"], head=["CQC Location ID", "Dec 24", "Dec-24"])
    refusal(tmp_path, CARE_HOME, data)


def test_case_28_a_window_still_open_at_the_extraction(world: World) -> None:
    world.took(EARLY)
    assert [world.services[uid(28, n)]["outcome"] for n in (1, 2, 3)] == ["submitted", "unknown", "missed"]
    (found,) = world.found(EARLY, "no_before_close")
    assert (found["column"], found["severity"]) == ("Dec 24", "info")


def test_case_28_months_after_the_month_of_a_run_play_no_part(world: World) -> None:
    world.took(f"case-28-{CARE_HOME}")
    answer = call(
        "status", "--la", "E10000016", "--month", "2024-11", "--as-at", "2024-12-31", "--home", world.home, "--json"
    )
    assert answer.code == 0, answer.err
    assert '"at_risk": 0' in answer.out  # November missed, December too: one window by the end of November
    explained = call(
        "explain", uid(28, 3), "--month", "2024-11", "--as-at", "2024-12-31", "--home", world.home, "--json"
    )
    assert '"status": "missed"' in explained.out and '"2024-12"' not in explained.out


# --- 29 and 30 --------------------------------------------------------------------------------------------------------


HEADS = {"home_care": HOME_CARE_HEAD, "care_home": CARE_HOME_HEAD}


@pytest.mark.parametrize("provider_type", HEADS)
def test_case_29_misspelt_source_headings(tmp_path: Path, provider_type: str) -> None:
    """The headings of section 3 exactly, `canprovidermorehours` among them: all known, none named as ignored."""
    head = HEADS[provider_type]
    data = extract(stamped(uid(29), "45634.5", "45634.5", head), head=head)
    looked = look_at(tmp_path, "extract-2024-12-18.csv", data)
    assert (looked.document["kind"], looked.rules, looked.accepted) == ("record_level", {}, 1)


@pytest.mark.parametrize("provider_type", HEADS)
def test_section_3_provider_type_follows_from_the_headings(tmp_path: Path, provider_type: str) -> None:
    head = HEADS[provider_type]
    data = extract(stamped(uid(29), "45634.5", "45634.5", head), head=head)
    assert look_at(tmp_path, "extract-2024-12-18.csv", data).document["provider_type"] == provider_type


def test_case_29_other_vintages_have_further_columns(tmp_path: Path) -> None:
    further = ["admissionstatus", "ccg", "stp", "covid19count", "declaredvacancies", "maxcapacity", "usedbeds",
               "overallstatus", "workforcestatus"]  # fmt: skip
    data = extract([*stamped(uid(29), "45634.5", "45634.5"), *("0" for _ in further)], head=[*CARE_HOME_HEAD, *further])
    looked = look_at(tmp_path, "extract-2024-12-18.csv", data)
    assert (looked.document["kind"], looked.accepted, set(looked.severities.values()) - {"info"}) == (
        "record_level",
        1,
        set(),
    )


def test_case_29_an_id_and_a_stamp_are_enough(tmp_path: Path) -> None:
    data = csv_of([uid(29), "45634.5"], head=["cqcid", "cqcsurveylastupdatedutc"])
    looked = look_at(tmp_path, "extract-2024-12-18.csv", data)
    assert (looked.document["kind"], looked.accepted) == ("record_level", 1)


def test_case_30_heading_row_again_in_mid_file(tmp_path: Path) -> None:
    looked = look_at(tmp_path, CARE_HOME, csv_of(*good(30), HEAD, *good(30, 2, 950)))
    assert (looked.rules, looked.rows, looked.accepted) == ({"rows_left_out": 1}, 6, 6)
    assert looked.severities == {"rows_left_out": "info"}


def test_case_30_heading_row_again_in_the_register(tmp_path: Path) -> None:
    again = {heading: heading for heading in register_headings()}
    data = register_csv(register_row(uid(30)), again, register_row(uid(30, 2)))
    looked = look_at(tmp_path, "HSCA_Active_Locations_2024-12-16.csv", data)
    assert (looked.rules, looked.rows, looked.accepted) == ({"rows_left_out": 1}, 2, 2)
