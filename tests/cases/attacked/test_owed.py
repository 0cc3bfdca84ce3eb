"""Returns that the register does not know to be owed: `return_not_owed`, `owes_nothing`, `decide-owed` (RULES 3, 5)."""

from pathlib import Path

import pytest

from tests.cases.attacked.crowds import accepted, findings, run, stopped, table_of, world
from tests.cases.attacked.crowds import save as save_rows
from tests.conftest import Command
from tests.enforcement import Office
from tests.worlds import REGISTER_HEADINGS, Inbox, Unit, batch_of, rows_of, services_of, write_csv

pytestmark = pytest.mark.slow  # whole months are run

HOMES = ("care_home", "home_care")


@pytest.fixture
def office(asc: Command, inbox: Inbox, home: Path) -> Office:
    return Office(asc, inbox, home)


def register_says(inbox: Inbox, location_id: str, care_home: str, home_care: str) -> None:
    """Change what the register written says that a location owes."""
    path = inbox.folder / "HSCA_Active_Locations_2024-12-16.csv"
    rows = rows_of(path)
    (row,) = [row for row in rows if row["Location ID"] == location_id]
    row["Care home?"], row["Service type - Domiciliary care service"] = care_home, home_care
    write_csv(path, REGISTER_HEADINGS, [list(row.values()) for row in rows])


def held(home: Path) -> dict[str, dict[str, str]]:
    return {row["provider_id"]: row for row in rows_of(batch_of(home) / "held.csv")}


def letters(home: Path) -> dict[str, dict[str, str]]:
    return {row["provider_id"]: row for row in rows_of(batch_of(home) / "manifest.csv")}


def not_owed(office: Office, care_home: str = "N", home_care: str = "Y") -> Unit:
    """A care home with three misses that the register knows as something else, beside one that is rightly due."""
    unit = office.due(1)
    office.due(2)
    office.write()
    register_says(office.inbox, unit.location_id, care_home, home_care)
    return unit


# --- the whole file under another type (case 03) ----------------------------------------------------------------------


def swap(inbox: Inbox) -> None:
    """Save the two exports under each other's names."""
    one, other = (inbox.export_path(kind) for kind in HOMES)
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


@pytest.mark.parametrize("kind", HOMES)
def test_one_export_under_both_names_stops(tmp_path: Path, kind: str) -> None:
    inbox, home = world(tmp_path, 24), tmp_path / "home"
    (other,) = set(HOMES) - {kind}
    inbox.export_path(other).write_bytes(inbox.export_path(kind).read_bytes())
    stopped(run(inbox, home), "contradicts-register", other)


def test_the_names_swapped_stops_for_both(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 24), tmp_path / "home"
    swap(inbox)
    answer = run(inbox, home)
    for kind in HOMES:
        stopped(answer, "contradicts-register", kind)


def test_the_other_list_pasted_below_stops(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 24), tmp_path / "home"
    save_rows(inbox.export_path("care_home"), table_of(inbox, "care_home") + table_of(inbox, "home_care")[1:])
    stopped(run(inbox, home), "contradicts-register", "care_home")


def test_one_export_with_the_wrong_word_in_its_type_column_stops(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 24), tmp_path / "home"
    for kind, word in zip(HOMES, ("Home Care", "Care Home"), strict=True):
        path = inbox.export_path(kind)
        rows = table_of(inbox, kind)
        save_rows(inbox.folder / f"export {kind[0]} 2024-12-17.csv",
                  [[*row, word if n else "Provider Type"] for n, row in enumerate(rows)])  # fmt: skip
        path.unlink()
    stopped(run(inbox, home), "contradicts-register")


def test_a_small_export_under_the_other_name_is_a_finding_for_each_unit(tmp_path: Path) -> None:
    """Below twenty rows no check looks, so each unit is named."""
    inbox, home = world(tmp_path, 12), tmp_path / "home"
    swap(inbox)
    accepted(inbox, home)
    said = {(one["file"], int(one["row"])) for one in findings(home, "return_not_owed")}
    assert said == {(inbox.export_path(kind).name, row) for kind in HOMES for row in range(2, 14)}


# --- one unit ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("care_home", "home_care", "rule"), [("N", "Y", "return_not_owed"), ("N", "", "owes_nothing")])
def test_a_return_not_owed_is_told_shown_and_in_no_notice(
    office: Office, home: Path, care_home: str, home_care: str, rule: str
) -> None:
    unit = not_owed(office, care_home, home_care)
    office.run()
    (found,) = findings(home, rule)
    assert found["file"] == "status-care-home-2024-12-17.csv" and int(found["row"]) == 14
    other = {"return_not_owed", "owes_nothing"} - {rule}
    assert not findings(home, *other)
    assert services_of(home)[unit.location_id, "care_home"]["status"] == "notice_due"
    assert held(home)[unit.provider_id]["reason"] == "not_owed"
    assert list(letters(home)) == ["1-9700000002"]


def test_a_home_care_return_of_a_care_home_is_not_owed_either(office: Office, home: Path) -> None:
    unit = office.due(3, provider_type="home_care")
    office.write()
    register_says(office.inbox, unit.location_id, "Y", "")
    office.run()
    assert len(findings(home, "return_not_owed")) == 1 and held(home)[unit.provider_id]["reason"] == "not_owed"


def test_a_dual_location_owes_both(office: Office, home: Path) -> None:
    unit = office.due(4)
    office.inbox.units.append(Unit(unit.location_id, "Y" * 12, "home_care", provider_id=unit.provider_id))
    office.write()
    office.run()
    assert not findings(home, "return_not_owed") and unit.provider_id in letters(home)


def test_the_letter_of_a_provider_leaves_out_what_is_not_owed(office: Office, home: Path) -> None:
    unit = not_owed(office)
    second = Unit("1-9000004777", "NNN", provider=unit.provider, provider_id=unit.provider_id)
    office.inbox.units.append(second)
    office.write()
    register_says(office.inbox, unit.location_id, "N", "Y")
    office.run()
    row = letters(home)[unit.provider_id]
    assert unit.location_id in row["locations_left_out"] and unit.location_id not in row["windows_relied_on"]
    assert second.location_id in row["windows_relied_on"] and unit.provider_id not in held(home)


# --- decide-owed ------------------------------------------------------------------------------------------------------


def decide(office: Office, unit: Unit, said: str, *more: str) -> int:
    words = ("decide-owed", unit.location_id, unit.provider_type, said, "--by", "Ann", *more)
    return office.asc(*words, "--home", office.home).code


def test_a_decision_that_it_is_owed_lets_the_notice_go_and_can_be_taken_back(office: Office, home: Path) -> None:
    unit = not_owed(office)
    first = office.run()["release"]
    assert decide(office, unit, "owed", "--because", "CQC says its list is late") == 0
    assert office.run()["release"] != first
    assert unit.provider_id in letters(home) and unit.provider_id not in held(home)
    assert decide(office, unit, "none", "--because", "said too early") == 0
    office.run()
    assert held(home)[unit.provider_id]["reason"] == "not_owed"


def test_a_decision_that_it_is_not_owed_keeps_it_held(office: Office, home: Path) -> None:
    unit = not_owed(office)
    office.run()
    assert decide(office, unit, "not_owed", "--because", "a hospice") == 0
    office.run()
    assert held(home)[unit.provider_id]["reason"] == "not_owed"


def test_deciding_without_words_or_with_wrong_ones_is_wrong_usage(office: Office) -> None:
    unit = not_owed(office)
    office.run()
    assert decide(office, unit, "owed") == 2
    assert decide(office, unit, "perhaps", "--because", "x") == 2
    words = ("--by", "Ann", "--because", "x", "--home", office.home)
    assert office.asc("decide-owed", unit.location_id, "hospice", "owed", *words).code == 2
    assert office.asc("decide-owed", "Rose House", "care_home", "owed", *words).code == 2
