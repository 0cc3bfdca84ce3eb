"""DATA.md section 8, cases 31 to 42: ids, and who is who. Section 6 says what an id is."""

import datetime as dt
from pathlib import Path

import pytest

from tests.cases.dirt import (
    AFTER_CLOSE,
    HEAD,
    World,
    book_of,
    csv_of,
    good,
    look,
    look_at,
    provider_of,
    register_row,
    row,
    uid,
    world_of,
)  # fmt: skip
from tests.worlds import rows_of

CARE_HOME = f"care-home-{AFTER_CLOSE}.csv"
HOME_CARE = f"home-care-{AFTER_CLOSE}.csv"
BOOK = f"care-home-{AFTER_CLOSE}.xlsx"

BLANKS = {
    "space": " ",
    "tab": "\t",
    "NBSP": "\u00a0",
    "zero-width": "\u200b",
    "BOM": "\ufeff",
    "narrow": "\u202f",
    "word joiner": "\u2060",
}
DASHES = {
    "en dash": "\u2013",
    "em dash": "\u2014",
    "minus": "\u2212",
    "underscore": "_",
    "no-break hyphen": "\u2011",
    "full width": "\uff0d",
}
NUMBERS = ["45292", "1.23E+09", "1234567890.0", "2024-01-09", "09/01/2024", "09-Jan", "Jan-09", "1"]
NEVER_REPAIRED = {
    "full-width digits": "1-９000000001",
    "Arabic-Indic digits": "1-٩٠٠٠٠٠٠٠٠١",
    "Cyrillic letters": "ZZ3L\u0410",
    "four digits": "1-9001",
    "thirteen digits": "1-9000000000001",
    "two ids": "1-9000000001 1-9000000002",
}
LIVES = {
    "Location Street Address": "9 Invented Lane",
    "Location Postal Code": "ZZ99 9ZZ",
    "Location Name": "Phoenix House",
}
PREDECESSOR = "HSCA Predecessor"


def one_id(text: str, name: str, case: int) -> list[list[object]]:
    """A row whose id is dirty, among good ones; one user, so that its row is told by a finding."""
    return [*good(case), row(text, name, "YYN", users="1")]


def files() -> dict[str, bytes]:
    """All files of this module that are taken in, each with services of its own."""
    made: dict[str, bytes] = {}
    for n, blank in enumerate(BLANKS.values(), 1):
        made[f"case-31-{n}-{CARE_HOME}"] = csv_of(*one_id(f"{blank}{uid(31, n)}{blank}", f"Blank {n}", 31))
    for n, dash in enumerate(DASHES.values(), 1):
        made[f"case-32-{n}-{CARE_HOME}"] = csv_of(*one_id(uid(32, n).replace("-", dash), f"Dash {n}", 32))
    made[f"case-33-{CARE_HOME}"] = csv_of(*one_id("zz3ld", "NHS House", 33))
    made[f"case-34-{CARE_HOME}"] = csv_of(
        *good(34), row("ZZ4LD", "NHS House", "YYN"), row("ZZQXV", "Known letters"), row("ZZQXW", "Unknown letters")
    )
    for n, text in enumerate(NEVER_REPAIRED.values(), 1):
        made[f"case-34-{n}-{CARE_HOME}"] = csv_of(*good(34), row(text, f"Never House {n}"))
    for n, number in enumerate(NUMBERS, 1):
        made[f"case-35-{n}-{CARE_HOME}"] = csv_of(*good(35, 10), row(number, f"Number House {n}"))
    cells = [1234567890.0, 45292, dt.datetime.fromisoformat("2024-01-09")]
    made[f"case-35-{BOOK}"] = book_of(
        {"Export": [HEAD, *good(35, 10, 800), *(row(cell, "Number Cell") for cell in cells)]}
    )
    made[f"case-36-{CARE_HOME}"] = csv_of(*good(36), row(provider_of(uid(36)), "Provider by mistake"))
    made[f"case-37-{CARE_HOME}"] = csv_of(*good(37), row("", "Only A Name House"))
    due = [[*row(uid(38, n), f"Due House {n}", "NNN")] for n in (1, 2, 3)]
    for cells_, provider in zip(due, (provider_of(uid(38, 9)), "1-9838383838", ""), strict=True):
        cells_[2] = provider
    made[f"case-38-{CARE_HOME}"] = csv_of(*due)
    made["provider_fees_2024-12-02.csv"] = csv_of(
        *([p, "1234.00", "invented", "2024-12-02", "invented"] for p in (provider_of(uid(38, 9)), "1-9838383838")),
        head=["provider_id", "annual_fee_gbp", "scheme", "as_at", "source"],
    )
    made[f"case-39-{CARE_HOME}"] = csv_of(row(uid(39), "Both House", "YYN"))
    made[f"case-39-{HOME_CARE}"] = csv_of(row(uid(39), "Both House", "YYY"))
    made[f"case-40-{CARE_HOME}"] = csv_of(
        row(uid(40, 1), said="YYN"),
        row(uid(40, 2), said="YYN"),
        row(uid(40, 1), said="YYN"),
        row(uid(40, 2), said="YYY"),
    )
    made[f"case-41-{CARE_HOME}"] = csv_of(
        row(uid(41, 1), "Phoenix House", "NN?"), row(uid(41, 2), "Phoenix House", "??N"),
        row(uid(41, 3), "Griffin House", "NN?"), row(uid(41, 4), "Griffin House", "??N"),
    )  # fmt: skip
    made[f"case-42-{CARE_HOME}"] = csv_of(row(uid(42, 1), "The Limes", "YYN"), row(uid(42, 2), "The Limes", "YYY"))
    return made


def register() -> list[dict[str, str]]:
    """The register knows some of them: a letters-only id, a provider, a name, a home of both types, a new registration."""
    return [
        register_row("ZZ3LD"), register_row("ZZ4LD"), register_row("ZZQXV"), register_row(uid(36, 5), **{"Provider ID": provider_of(uid(36))}),
        register_row(uid(37), **{"Location Name": "Only A Name House"}), register_row(uid(38, 9), **{"Provider ID": provider_of(uid(38, 9))}),
        register_row(uid(39), **{"Service type - Domiciliary care service": "Y"}),
        register_row(uid(41, 2), **{**LIVES, "Location HSCA start date": "20/03/2024"}),
        register_row(uid(41, 4), **{**LIVES, "Location Name": "Griffin House", PREDECESSOR: uid(41, 3)}),
    ]  # fmt: skip


SETTINGS = """
specimen = true
[sender]
name = "Invented Enforcement Team"
address = "1 Imaginary Square, Invented Town, ZZ99 1AA"
[signatory]
name = "A. N. Example"
title = "Head of Inventions"
[contact]
phone = "01632 960000"
email = "enforcement@invalid.example"
[representations]
address = "1 Imaginary Square, Invented Town, ZZ99 1AA"
email = "replies@invalid.example"
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One home with all files of this module."""
    return world_of(tmp_path_factory.mktemp("ids"), files(), register(), more=[PREDECESSOR], settings=SETTINGS)


def is_repaired(world: World, file: str, location_id: str, raw: str) -> None:
    """The row is used under the right id, and the finding holds the value as it stood."""
    looked = look(world.inbox / file)
    assert (looked.rules, looked.accepted) == ({"id_repaired": 1}, 5)
    world.took(file)
    (found,) = world.found(file, "id_repaired")
    defused = f"'{raw}" if raw.startswith("\t") else raw  # case 50
    assert (found["row"], found["column"], found["value"]) == ("6", "CQC Location ID", defused)
    assert world.services[location_id]["outcome"] == "missed"


def is_not_used(world: World, file: str, name: str, source_row: str) -> None:
    """The row is refused: no service, and an error finding at its row."""
    world.took(file)
    assert name not in {service["location_name"] for service in world.services.values()}
    assert "error" in {one["severity"] for one in world.found(file) if one["row"] == source_row}


@pytest.mark.parametrize("blank", BLANKS)
def test_case_31_blanks_around_an_id(world: World, blank: str) -> None:
    n = 1 + list(BLANKS).index(blank)
    is_repaired(world, f"case-31-{n}-{CARE_HOME}", uid(31, n), BLANKS[blank] + uid(31, n) + BLANKS[blank])


@pytest.mark.parametrize("dash", DASHES)
def test_case_32_dashes_in_an_id(world: World, dash: str) -> None:
    n = 1 + list(DASHES).index(dash)
    is_repaired(world, f"case-32-{n}-{CARE_HOME}", uid(32, n), uid(32, n).replace("-", DASHES[dash]))


def test_case_33_lower_case_nhs_id(world: World) -> None:
    is_repaired(world, f"case-33-{CARE_HOME}", "ZZ3LD", "zz3ld")


def test_case_34_nhs_style_id(world: World) -> None:
    file = f"case-34-{CARE_HOME}"
    world.took(file)
    assert world.services["ZZ4LD"]["outcome"] == "missed"
    assert {one["rule"] for one in world.found(file) if one["row"] == "6"} <= {"name_differs"}


def test_case_34_letters_only_is_an_id_only_if_the_register_holds_it(world: World) -> None:
    file = f"case-34-{CARE_HOME}"
    world.took(file)
    assert "ZZQXV" in world.services
    is_not_used(world, file, "Unknown letters", "8")


@pytest.mark.parametrize("what", NEVER_REPAIRED)
def test_case_34_an_id_that_is_none_is_never_repaired(world: World, what: str) -> None:
    n = 1 + list(NEVER_REPAIRED).index(what)
    is_not_used(world, f"case-34-{n}-{CARE_HOME}", f"Never House {n}", "6")


@pytest.mark.parametrize("number", NUMBERS)
def test_case_35_id_turned_into_a_number_or_date(world: World, number: str) -> None:
    n = 1 + NUMBERS.index(number)
    is_not_used(world, f"case-35-{n}-{CARE_HOME}", f"Number House {n}", "12")


@pytest.mark.parametrize("source_row", ["12", "13", "14"], ids=["float", "whole number", "date"])
def test_case_35_id_that_is_a_number_or_date_cell(world: World, source_row: str) -> None:
    is_not_used(world, f"case-35-{BOOK}", "Number Cell", source_row)


def test_case_36_provider_id_in_the_location_column(world: World) -> None:
    file = f"case-36-{CARE_HOME}"
    is_not_used(world, file, "Provider by mistake", "6")
    (found,) = world.found(file, "provider_in_location_column")
    assert (found["row"], found["value"], found["severity"]) == ("6", provider_of(uid(36)), "error")


def test_case_36_without_a_register_it_cannot_be_told(tmp_path: Path) -> None:
    looked = look_at(tmp_path, CARE_HOME, csv_of(*good(36), row(provider_of(uid(36)))))
    assert (looked.rules, looked.accepted) == ({}, 5)


def test_case_37_a_name_without_an_id_is_never_matched(world: World) -> None:
    file = f"case-37-{CARE_HOME}"
    assert look(world.inbox / file).accepted == 4
    is_not_used(world, file, "Only A Name House", "6")
    assert uid(37) not in world.services


def test_case_38_an_id_that_the_register_lacks_stays_in_the_population(world: World) -> None:
    file = f"case-38-{CARE_HOME}"
    world.took(file)
    assert [world.services[uid(38, n)]["status"] for n in (1, 2, 3)] == ["notice_due"] * 3
    assert {one["row"] for one in world.found(file, "not_in_register")} == {"2", "3", "4"}


def test_case_38_no_notice_is_given_for_a_location_that_the_register_does_not_list(world: World) -> None:
    """The address is known by the provider's id, or it is not: either way CQC is asked about the location first (RULES 5)."""
    batch = world.release / "notices" / "NOI-2024-12-01"
    held = {one["provider_id"]: one for one in rows_of(batch / "held.csv")}
    assert provider_of(uid(38, 9)) not in {one["provider_id"] for one in rows_of(batch / "manifest.csv")}
    known, unknown = held[provider_of(uid(38, 9))], held["1-9838383838"]
    assert (known["reason"], unknown["reason"]) == ("not_in_register", "not_in_register")
    assert "address" not in known["detail"] and "address_incomplete" in unknown["detail"]


def test_case_38_no_provider_id_is_a_provider_of_its_own_without_an_address(world: World) -> None:
    held = rows_of(world.release / "notices" / "NOI-2024-12-01" / "held.csv")
    (one,) = [one for one in held if one["provider_id"] in ("", uid(38, 3)) or uid(38, 3) in one["locations"]]
    assert one["reason"] == "not_in_register" and "address" in one["detail"]


def test_case_39_one_id_in_both_provider_type_files_is_two_units(world: World) -> None:
    world.took(f"case-39-{CARE_HOME}", f"case-39-{HOME_CARE}")
    assert (world.services[uid(39)]["outcome"], world.services[f"{uid(39)} home_care"]["outcome"]) == (
        "missed",
        "submitted",
    )
    assert not [one for one in world.all_findings if one["value"].startswith(uid(39))]


def test_case_40_an_id_twice_and_identical(world: World) -> None:
    file = f"case-40-{CARE_HOME}"
    world.took(file)
    assert [one["row"] for one in world.found(file, "duplicate_row") if one["value"] == uid(40, 1)] == ["4"]
    assert world.services[uid(40, 1)]["missed_of_last_12"] == "1"


def test_case_40_an_id_twice_and_differing_yes_wins(world: World) -> None:
    file = f"case-40-{CARE_HOME}"
    world.took(file)
    (found,) = world.found(file, "answers_differ")
    assert (found["row"], found["column"], found["value"]) == ("3", "Dec 24", "No")
    assert world.services[uid(40, 2)]["outcome"] == "submitted"


def test_case_40_a_pair_is_one_service_with_one_finding_for_its_second_row(world: World) -> None:
    found = world.found(f"case-40-{CARE_HOME}", "duplicate_row")
    assert sorted(one["value"] for one in found) == [uid(40, 1), uid(40, 2)]


def test_case_41_a_reregistered_service_is_two_services_and_misses_are_not_carried_over(world: World) -> None:
    world.took(f"case-41-{CARE_HOME}")
    old, new = world.services[uid(41, 1)], world.services[uid(41, 2)]
    assert (old["windows_missed"], new["windows_missed"]) == ("2024-10;2024-11", "2024-12")
    assert new["status"] == "missed"


def test_case_41_a_link_of_cqc_is_a_finding(world: World) -> None:
    """No file in section 4 is known to hold the link; the plain reading is a column of that name holding the old id."""
    world.took(f"case-41-{CARE_HOME}")
    (found,) = [one for one in world.all_findings if one["rule"] == "reregistered"]
    assert uid(41, 4) in found["value"] or uid(41, 3) in found["value"]


def test_case_42_two_locations_with_one_name(world: World) -> None:
    file = f"case-42-{CARE_HOME}"
    assert look(world.inbox / file).rules == {}
    world.took(file)
    assert (world.services[uid(42, 1)]["outcome"], world.services[uid(42, 2)]["outcome"]) == ("missed", "submitted")
    assert {one["rule"] for one in world.found(file)} <= {"not_in_register"}
