"""DATA.md section 8, cases 48a, 48b, 56 and 60 to 62: the CQC register, the weekly directory, deregistered locations."""

from pathlib import Path

import pytest

from tests.cases.dirt import (
    AFTER_CLOSE,
    HEAD,
    World,
    csv_of,
    extract,
    look,
    look_at,
    register_csv,
    register_row,
    row,
    stamped,
    uid,
    world_of,
)

REGISTER = "HSCA_Active_Locations_2024-12-16.csv"
CARE_HOME = f"care-home-{AFTER_CLOSE}.csv"
STATUS_HEAD = [*HEAD[:6], "Registration Status", *HEAD[6:]]
DIRECTORY_HEAD = ("Name", "Also known as", "Address", "Postcode", "Phone number", "Service's website (if available)",
                  "Service types", "Date of latest check", "Specialisms/services", "Provider name", "Local authority", "Region",
                  "Location URL", "CQC Location ID (for office use only)", "CQC Provider ID (for office use only)")  # fmt: skip
PREAMBLE = (
    "CQC directory of places that provide care\nGenerated for 16 December 2024\n,,\nSee the website for terms of use\n"
)
STARTED, HOSPICE = "Location HSCA start date", {"Care home?": "N", "Service type - Hospice services": "Y"}
DATES = {"2016-12-01": "2016-12-01", "2017-12-01T00:00:00Z": "2017-12-01", "25/12/2018": "2018-12-25",
         "1/12/2019": "2019-12-01", "12/1/2020 12:00:00 AM": "2020-12-01"}  # fmt: skip
MOVED, MOVED_FROM = uid(62), "case-62-care-home-2024-11-18.csv"


def with_status(location_id: str, said: str, status: str) -> list[object]:
    cells = row(location_id, said=said)
    return [*cells[:6], status, *cells[6:]]


def directory_row(name: str, location_id: str, provider_id: str, types: str) -> list[str]:
    """A row of the weekly directory; a provider-level row has no location id."""
    return [name, "", "1 Invented Road, Nowhereton, Kent", "ZZ99 1AA", "01632960001", "", types, "2024-05-01", "Dementia",
            "Invented Care Ltd", "Kent", "South East", "https://invalid.example/1", location_id, provider_id]  # fmt: skip


def register() -> list[dict[str, str]]:
    """The register as it stood on 16 December."""
    rows = [register_row(uid(56, n), **{STARTED: text}) for n, text in enumerate(DATES, 1)]
    rows += [register_row(uid(65, n), **HOSPICE) for n in (1, 2, 3)]
    starts = {1: "", 2: "", 3: "01/02/2025", 4: "01/12/2024", 5: "12/12/2024"}
    rows += [register_row(uid(60, n), **{STARTED: text}) for n, text in starts.items()]
    rows += [register_row(uid(61, n), **{"Dormant (Y/N)": "Y"}) for n in (1, 2)]
    rows += [register_row(MOVED, **{"Location Local Authority": "Medway"}), register_row(uid(62, 2))]
    rows.append(
        register_row(
            uid(62, 11), **{"Location Postal Code": " zz991aa ", "Provider Companies House Number": "01234567  "}
        )
    )
    return rows


def files() -> dict[str, bytes]:
    """All files of this module beside the register."""
    status = [with_status(uid(60, 1), "YYY", "New (< 101 days)"), with_status(uid(60, 2), "YYY", "Established (>= 101 days)"),
              with_status(uid(60, 3), "YYY", "Established (>= 101 days)"), with_status(uid(60, 4), "YYY", "New (< 101 days)"),
              with_status(uid(60, 5), "???", "New (< 101 days)")]  # fmt: skip
    deactivated = [[uid(61, 3), "25/04/2015", "20/10/2024"], [uid(61, 4), "25/04/2015", "08/11/2024"]]
    moved = [row(location_id, place="Kent") for location_id in (MOVED, uid(62, 2))]
    return {
        f"case-48b-{CARE_HOME}": csv_of(row(uid(65, 1))),
        f"case-56-{CARE_HOME}": csv_of(*(row(uid(56, n)) for n in range(1, 1 + len(DATES)))),
        f"case-60-{CARE_HOME}": csv_of(*status, head=STATUS_HEAD),
        "extract-2024-12-18.csv": extract(stamped(uid(60, 5), "45635.5", "45635.5")),
        f"case-61-{CARE_HOME}": csv_of(
            row(uid(61, 1), said="YYY"),
            row(uid(61, 2), said="YNN"),
            row(uid(61, 3), said="NNN"),
            row(uid(61, 4), said="NNN"),
        ),
        "Deactivated_Locations_2024-12-16.csv": csv_of(
            *deactivated, head=["Location ID", STARTED, "Location HSCA End Date (DD/MM/YYYY)"]
        ),
        MOVED_FROM: csv_of(*(cells[:-1] for cells in moved), head=HEAD[:-1]),
        "HSCA_Active_Locations_2024-11-18.csv": register_csv(register_row(MOVED), register_row(uid(62, 2))),
        f"case-62-{CARE_HOME}": csv_of(row(MOVED, place="Medway"), row(uid(62, 2)), row(uid(62, 11), "Tidy House")),
    }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One home with all files of this module."""
    return world_of(tmp_path_factory.mktemp("register"), files(), register())


def rules_of(world: World, *texts: str) -> set[str]:
    """The rules of all findings that name one of the texts as their value, or stand in its row of an export."""
    return {one["rule"] for one in world.all_findings if any(text in one["value"] for text in texts)}


# --- 48a and 48b ------------------------------------------------------------------------------------------------------


def directory(*rows: list[str]) -> bytes:
    return PREAMBLE.encode() + csv_of(*rows, head=DIRECTORY_HEAD)


def test_case_07_the_weekly_directory_is_a_register_with_four_lines_above_its_headings(tmp_path: Path) -> None:
    rows = [directory_row("Invented House", uid(7, 1), "1-9807000001", "Residential homes"),
            directory_row("Invented Care at Home", uid(7, 2), "1-9807000001", "Homecare agencies")]  # fmt: skip
    looked = look_at(tmp_path, "16_December_2024_CQC_directory.csv", directory(*rows))
    assert (looked.document["kind"], looked.rows, looked.accepted) == ("service_register", 2, 2)
    assert looked.document["extracted_at"].startswith("2024-12-16")
    assert "error" not in looked.severities.values()


def test_case_48a_provider_level_rows_of_the_weekly_directory_are_left_out_with_one_count(tmp_path: Path) -> None:
    rows = [directory_row("Invented House", uid(64, 1), "1-9864000001", "Residential homes"),
            *(directory_row(f"Invented Care {n} Ltd", "", f"1-986400010{n}", "") for n in range(3)),
            directory_row("Invented Care at Home", uid(64, 2), "1-9864000001", "Homecare agencies")]  # fmt: skip
    looked = look_at(tmp_path, "16_December_2024_CQC_directory.csv", directory(*rows))
    assert (looked.rows, looked.accepted, looked.rules.get("rows_provider_level")) == (2, 2, 1)
    assert looked.severities["rows_provider_level"] == "info" and "id_refused" not in looked.rules


def test_case_48b_register_rows_that_owe_nothing_are_one_info_finding_a_file(world: World) -> None:
    looked = look(world.inbox / REGISTER)
    assert looked.rules["rows_owing_nothing"] == 1 and looked.severities["rows_owing_nothing"] == "info"
    (found,) = world.found(REGISTER, "rows_owing_nothing")
    assert "3" in found["value"]


def test_case_48b_a_row_finding_only_where_such_a_location_stands_in_an_export(world: World) -> None:
    world.took(f"case-48b-{CARE_HOME}")
    assert [one["row"] for one in world.found(f"case-48b-{CARE_HOME}", "owes_nothing")] == ["2"]
    assert rules_of(world, uid(65, 2), uid(65, 3)) == set()


# --- 56 in the register -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "read"), DATES.items())
def test_case_56_date_forms_in_the_register(world: World, text: str, read: str) -> None:
    world.took(REGISTER)
    assert world.services[uid(56, 1 + list(DATES).index(text))]["registered_on"] == read
    assert not [one for one in world.found(REGISTER) if one["value"] == text]


def test_case_56_a_decided_column_is_no_finding(world: World) -> None:
    assert not {"date_order_assumed", "date_unreadable"} & set(look(world.inbox / REGISTER).rules)


def test_case_56_an_undecidable_column_of_the_register_is_a_finding(tmp_path: Path) -> None:
    rows = [
        register_row(uid(56, n), **{STARTED: "03/04/2016", "Provider HSCA start date": "25/04/2011"}) for n in (1, 2)
    ]
    assert "date_order_assumed" in look_at(tmp_path, REGISTER, register_csv(*rows)).rules


# --- 60 and 61 --------------------------------------------------------------------------------------------------------


def test_case_60_an_empty_registration_date_leaves_it_to_the_exports_new(world: World) -> None:
    world.took(f"case-60-{CARE_HOME}")
    assert [world.services[uid(60, n)]["status"] for n in (1, 2)] == ["new", "compliant"]
    assert [world.services[uid(60, n)]["registered_on"] for n in (1, 2)] == ["", ""]


def test_case_60_a_registration_date_in_the_future_is_a_finding_and_not_used(world: World) -> None:
    world.took(f"case-60-{CARE_HOME}")
    (found,) = world.found(REGISTER, "registered_in_future")
    assert found["column"] == STARTED
    assert (world.services[uid(60, 3)]["registered_on"], world.services[uid(60, 3)]["status"]) == ("", "compliant")


def test_case_60_a_yes_for_a_window_before_the_registration_is_a_finding(world: World) -> None:
    """RULES 3 outranks DATA here (`not_required` stands even over a Yes), so only the finding is asked for."""
    world.took(f"case-60-{CARE_HOME}")
    found = world.found(f"case-60-{CARE_HOME}")
    rules = {
        (one["row"], one["column"])
        for one in found
        if one["rule"] in ("submitted_before_registration", "not_required_yet_reported")
    }
    assert ("5", "Oct 24") in rules or ("5", "Nov 24") in rules


def test_case_60_a_submission_before_the_registration_within_one_window_stands(world: World) -> None:
    """Submitted on 9 December, registered on the 12th."""
    world.took("extract-2024-12-18.csv", f"case-60-{CARE_HOME}")
    assert world.services[uid(60, 5)]["outcome"] == "submitted"
    assert [one for one in world.all_findings if one["rule"] == "submitted_before_registration"]


def test_case_61_dormancy_exempts_nobody(world: World) -> None:
    world.took(f"case-61-{CARE_HOME}")
    assert [world.services[uid(61, n)]["status"] for n in (1, 2)] == ["compliant", "at_risk"]


def test_case_61_dormant_but_submitting_is_an_info_finding(world: World) -> None:
    world.took(f"case-61-{CARE_HOME}")
    found = [one for one in world.all_findings if one["rule"] == "dormant_still_owes"]
    assert {one["severity"] for one in found} == {"info"}
    assert any(
        uid(61, 1) in one["value"] or (one["file"], one["row"]) == (f"case-61-{CARE_HOME}", "2") for one in found
    )


@pytest.mark.parametrize(
    ("number", "outcomes"), [(3, ["missed", "not_required", "not_required"]), (4, ["missed", "missed", "not_required"])],
    ids=["20 October", "the day the November window opened"],
)  # fmt: skip
def test_case_61_deregistered_within_the_history(world: World, number: int, outcomes: list[str]) -> None:
    world.took(f"case-61-{CARE_HOME}", "Deactivated_Locations_2024-12-16.csv")
    windows = world.explained(uid(61, number))
    assert [windows[f"2024-{month}"]["outcome"] for month in (10, 11, 12)] == outcomes


# --- 62 ---------------------------------------------------------------------------------------------------------------


def test_case_62_lists_go_by_the_latest_registers_authority(world: World) -> None:
    world.took(MOVED_FROM, f"case-62-{CARE_HOME}", "HSCA_Active_Locations_2024-11-18.csv")
    assert world.services[MOVED]["la_code"] == "E06000035"


def test_case_62_a_changed_authority_is_an_info_finding(world: World) -> None:
    world.took(MOVED_FROM, f"case-62-{CARE_HOME}")
    (found,) = [one for one in world.all_findings if one["rule"] == "moved_authority"]
    assert found["severity"] == "info"


def test_case_62_postcodes_and_company_numbers_are_tidied_silently(world: World) -> None:
    world.took(f"case-62-{CARE_HOME}")
    (found,) = world.found_by_name("Tidy House")
    assert found["postcode"] == "ZZ99 1AA"
    assert not [
        one
        for one in world.found(REGISTER)
        if one["rule"] not in ("rows_owing_nothing", "registered_in_future", "not_in_capacity_tracker")
    ]


def test_case_62_no_beds_where_there_is_no_care_home(tmp_path: Path) -> None:
    at_home = {"Care home?": "N", "Care homes beds": "0", "Service type - Domiciliary care service": "Y"}
    looked = look_at(tmp_path, REGISTER, register_csv(register_row(uid(62, 21), **at_home)))
    assert (looked.rules, looked.accepted) == ({}, 1)
