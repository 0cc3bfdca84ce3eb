"""A register that holds too few is partial: check `register-fall` (RULES 3)."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cases.attacked.crowds import accept, accepted, crowd, findings, fires, run, save, stopped, unit, world
from tests.enforcement import Office
from tests.worlds import Inbox, Unit, batch_of, rows_of, services_of, tree_bytes

pytestmark = pytest.mark.slow  # whole months are run

CHECK = "register-fall"


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    """240 locations in a register of 16 December."""
    return world(tmp_path, 120)


def later(inbox: Inbox, keep: Sequence[Unit], day: str = "2024-12-17") -> None:
    inbox.write_register(day, keep)


@pytest.mark.parametrize(("gone", "stops"), [(12, False), (13, True), (239, True)])
def test_a_register_without_a_twentieth_of_the_locations_stops(
    tmp_path: Path, inbox: Inbox, gone: int, stops: bool
) -> None:
    later(inbox, inbox.units[gone:])
    answer = run(inbox, tmp_path / "home")
    if stops:
        stopped(answer, CHECK)
        assert tree_bytes(tmp_path / "home" / "releases") == {}
    else:
        assert answer.code == 0, answer.err


def test_a_register_of_one_place_stops(tmp_path: Path, inbox: Inbox) -> None:
    later(inbox, [one for one in inbox.units if one.authority == "Kent"])
    stopped(run(inbox, tmp_path / "home"), CHECK)


def test_a_register_of_as_many_other_locations_stops(tmp_path: Path, inbox: Inbox) -> None:
    later(inbox, [*inbox.units[120:], *(unit(900 + n) for n in range(120))])
    stopped(run(inbox, tmp_path / "home"), CHECK)


def test_a_register_without_home_care_stops(tmp_path: Path, inbox: Inbox) -> None:
    later(inbox, [one for one in inbox.units if one.provider_type == "care_home"])
    stopped(run(inbox, tmp_path / "home"), CHECK)


def test_locations_that_the_other_list_ends_are_not_missing(tmp_path: Path, inbox: Inbox) -> None:
    gone = inbox.units[1:20]
    later(inbox, [one for one in inbox.units if one not in gone])
    rows = [[one.location_id, one.registered, "30/11/2024"] for one in gone]
    heads = ["Location ID", "Location HSCA start date", "Location HSCA End Date"]
    save(inbox.folder / "Deactivated_Locations_2024-12-17.csv", [heads, *rows])
    assert not fires(run(inbox, tmp_path / "home"), CHECK)


def test_a_register_without_columns_of_what_is_owed_is_compared_by_all(tmp_path: Path, inbox: Inbox) -> None:
    for day, units in (("2024-12-16", inbox.units), ("2024-12-17", inbox.units[30:])):
        rows = [[one.location_id, one.registered, one.authority, one.provider_id] for one in units]
        heads = ["Location ID", "Location HSCA start date", "Location Local Authority", "Provider ID"]
        save(inbox.folder / f"HSCA_Active_Locations_{day}.csv", [heads, *rows])
    stopped(run(inbox, tmp_path / "home"), CHECK)


def test_against_the_last_whole_one_not_the_last(tmp_path: Path, inbox: Inbox) -> None:
    """A partial one between two whole ones is no measure, and does not stop what comes after."""
    later(inbox, inbox.units[100:])
    later(inbox, inbox.units, "2024-12-18")
    assert not fires(run(inbox, tmp_path / "home"), CHECK)


def test_falling_by_little_each_time_is_measured_from_the_last_whole_one(tmp_path: Path, inbox: Inbox) -> None:
    later(inbox, inbox.units[10:])
    later(inbox, inbox.units[20:], "2024-12-18")
    assert not fires(run(inbox, tmp_path / "home"), CHECK), "each is within a twentieth of the one before"


def test_accepted_it_is_whole(tmp_path: Path, inbox: Inbox) -> None:
    later(inbox, inbox.units[20:])
    stopped(run(inbox, tmp_path / "home"), CHECK)
    accepted(inbox, tmp_path / "home", CHECK)
    assert len(findings(tmp_path / "home", "not_in_register")) == 20


def test_what_a_partial_register_leaves_out_keeps_its_date_and_place(tmp_path: Path) -> None:
    """Ten homes registered in September: still new, whatever a list of one row a day later does not say."""
    homes = [unit(800 + n, said="NNNN") for n in range(10)]
    for one in homes:
        one.registered, one.status, one.authority = "10/09/2024", "", "Kent"
    inbox, home = Inbox(tmp_path / "inbox", crowd(20) + homes), tmp_path / "home"
    inbox.write()
    later(inbox, homes[:1])
    accepted(inbox, home, CHECK, "missed-jump", "missed-share")
    services = services_of(home)
    assert {services[one.location_id, "care_home"]["status"] for one in homes} == {"new"}
    assert {services[one.location_id, "care_home"]["registered_on"] for one in homes} == {"2024-09-10"}


def test_a_whole_register_that_no_longer_lists_a_location_holds_its_notice(office: Office, home: Path) -> None:
    first, second = drafted(office)
    office.inbox.write_register("2024-12-17", [one for one in office.inbox.units if one is not second])
    office.run("--send-on", "2025-01-06")
    due = {row["provider_id"] for row in rows_of(batch_of(home) / "manifest.csv")}
    held = {row["provider_id"]: row["reason"] for row in rows_of(batch_of(home) / "held.csv")}
    assert due == {first.provider_id} and held[second.provider_id] == "not_in_register"


def test_a_partial_register_says_of_nobody_that_it_is_gone(office: Office, home: Path) -> None:
    """Approving asks everything held; a list of one row has nothing to say of the others."""
    drafted(office)
    office.inbox.write_register("2024-12-18", office.inbox.units[5:6])
    assert office.asc("ingest", office.inbox.folder, "--home", home).code == 0
    office.approve()


def drafted(office: Office) -> tuple[Unit, Unit]:
    """Two providers due, among enough locations for a register to be measured."""
    first, second = office.due(1), office.due(2)
    office.inbox.units += crowd(110)
    office.write()
    office.run("--send-on", "2025-01-06")
    return first, second


@pytest.fixture
def office(asc: object, tmp_path: Path, home: Path) -> Office:
    return Office(asc, Inbox(tmp_path / "inbox", []), home)  # type: ignore[arg-type]


def test_accepting_what_is_not_there_changes_nothing(tmp_path: Path, inbox: Inbox) -> None:
    assert run(inbox, tmp_path / "home", *accept(CHECK)).code == 0
