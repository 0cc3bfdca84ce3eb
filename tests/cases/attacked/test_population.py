"""Exports that hold too few: `population-short`, sets of locations, acceptance by type (CONTRACT 2, 4)."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cases.attacked.crowds import (
    KINDS,
    accept,
    accepted,
    findings,
    fires,
    november,
    run,
    save,
    stopped,
    table_of,
    world,
)
from tests.cases.dirt import book_of
from tests.worlds import Inbox, Unit, services_of, tree_bytes

pytestmark = pytest.mark.slow  # whole months are run

CHECK = "population-short"
NOTE = "Exported data exceeded the allowed volume. Some data may have been omitted."


def cut(inbox: Inbox, kind: str, keep: int) -> None:
    """Leave the last rows of an export away."""
    save(inbox.export_path(kind), table_of(inbox, kind)[: keep + 1])


def only(inbox: Inbox, kind: str, places: Sequence[str], day: str = "2024-12-17") -> None:
    """Export a type for some authorities only."""
    units = [unit for unit in inbox.units if unit.provider_type == kind and unit.authority in places]
    inbox.write_export(kind, units, day)


def listed(home: Path, kind: str) -> set[str]:
    return {location for location, of in services_of(home) if of == kind}


def ids(inbox: Inbox, kind: str) -> set[str]:
    return {unit.location_id for unit in inbox.units if unit.provider_type == kind}


# --- the first month --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("services", "keep", "stops"), [(40, 38, False), (40, 37, True), (24, 12, True), (19, 5, False)]
)
def test_a_first_month_is_measured_by_the_register(
    tmp_path: Path, kind: str, services: int, keep: int, stops: bool
) -> None:
    inbox, home = world(tmp_path, services), tmp_path / "home"
    cut(inbox, kind, keep)
    answer = run(inbox, home)
    if stops:
        stopped(answer, CHECK, kind)
        assert tree_bytes(home / "releases") == {}
    else:
        assert answer.code == 0, answer.err


def test_one_authority_alone_stops(tmp_path: Path) -> None:
    inbox = world(tmp_path, 30)
    only(inbox, "care_home", ["Kent"])
    stopped(run(inbox, tmp_path / "home"), CHECK, "care_home")


def test_an_export_that_says_that_data_were_left_out_stops(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 30), tmp_path / "home"
    save(inbox.export_path("care_home"), [*table_of(inbox, "care_home")[:25], [NOTE]])
    stopped(run(inbox, home), CHECK)


@pytest.mark.parametrize("note", [NOTE, "Applied filters: Last Submission is October 2024"])
def test_a_note_that_rows_are_missing_is_never_nothing_to_do(tmp_path: Path, note: str) -> None:
    inbox, home = world(tmp_path, 30), tmp_path / "home"
    save(inbox.export_path("care_home"), [*table_of(inbox, "care_home"), [note]])
    answer = run(inbox, home)
    if answer.code == 0:
        found = findings(home, file=inbox.export_path("care_home").name)
        assert any(one["severity"] != "info" and note[:20] in one["value"] for one in found)
    else:
        assert note[:20] in answer.err


def test_also_in_a_workbook_cut_at_a_round_number_of_rows(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 120, 24), tmp_path / "home"
    path = inbox.export_path("care_home")
    path.unlink()
    path.with_suffix(".xlsx").write_bytes(book_of({"Export": table_of(inbox, "care_home")[:101]}))
    stopped(run(inbox, home), CHECK, "care_home")


def test_accepted_by_type_it_publishes(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 30), tmp_path / "home"
    cut(inbox, "care_home", 20)
    stopped(run(inbox, home, *accept(f"{CHECK}:home_care")), CHECK, "care_home")
    accepted(inbox, home, f"{CHECK}:care_home")
    assert len(listed(home, "care_home")) == 20


def test_after_an_earlier_release_the_last_month_is_the_measure(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 40), tmp_path / "home"
    november(inbox, home)
    cut(inbox, "care_home", 30)
    answer = run(inbox, home)
    stopped(answer, "population-fall", "care_home")
    assert not fires(answer, CHECK)


def test_locations_in_any_export_of_the_type_are_not_missing(tmp_path: Path) -> None:
    """Two exports of one day, each of some authorities, are whole together."""
    inbox, home = world(tmp_path, 30), tmp_path / "home"
    only(inbox, "care_home", ["Kent"])
    inbox.export_path("care_home").rename(inbox.folder / "status-care-home-kent-2024-12-17.csv")
    only(inbox, "care_home", ["Oxfordshire", "Hampshire"])
    assert run(inbox, home).code == 0 and listed(home, "care_home") == ids(inbox, "care_home")


def test_a_register_that_does_not_say_what_is_owed_is_no_measure(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 30), tmp_path / "home"
    rows = [[unit.location_id, unit.registered, unit.authority, unit.provider_id] for unit in inbox.units]
    heads = ["Location ID", "Location HSCA start date", "Location Local Authority", "Provider ID"]
    save(inbox.folder / "HSCA_Active_Locations_2024-12-16.csv", [heads, *rows])
    cut(inbox, "care_home", 20)
    assert not fires(run(inbox, home), CHECK)


# --- sets of locations, not sizes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("earlier", [False, True], ids=["first month", "after November"])
def test_authorities_exported_on_two_days_are_not_lost(tmp_path: Path, earlier: bool) -> None:
    inbox, home = world(tmp_path, 30), tmp_path / "home"
    if earlier:
        november(inbox, home)
    only(inbox, "care_home", ["Kent"], "2024-12-17")
    only(inbox, "care_home", ["Oxfordshire"], "2024-12-18")
    only(inbox, "care_home", ["Hampshire"], "2024-12-19")
    answer = run(inbox, home, *accept("looks-filtered"))
    assert answer.code == 4 or listed(home, "care_home") == ids(inbox, "care_home"), "two thirds are gone, and no word"


def test_a_newer_day_as_large_of_other_locations_is_partial(tmp_path: Path) -> None:
    """Twenty of Kent, then twenty of Oxfordshire: no fall by size."""
    units = [Unit(f"1-93{n:08d}", "Y" * 12, authority="Kent" if n < 20 else "Oxfordshire") for n in range(40)]
    units[0].status, units[0].registered = "New (< 101 days)", "01/11/2024"
    units += [Unit(f"1-94{n:08d}", "Y" * 12, "home_care") for n in range(12)]
    inbox, home = Inbox(tmp_path / "inbox", units), tmp_path / "home"
    inbox.write()
    only(inbox, "care_home", ["Kent"])
    only(inbox, "care_home", ["Oxfordshire"], "2024-12-18")
    answer = run(inbox, home, *accept("looks-filtered"))
    assert answer.code == 4 or len(listed(home, "care_home")) == 40


def test_a_whole_day_then_one_of_as_many_other_locations_is_partial(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 30), tmp_path / "home"
    strangers = [Unit(f"1-95{n:08d}", "Y" * 12) for n in range(30)]
    inbox.write_export("care_home", strangers, "2024-12-19")
    answer = run(inbox, home, *accept("contradicts-register", "looks-filtered"))
    assert answer.code == 4 or ids(inbox, "care_home") <= listed(home, "care_home")


# --- accepted for one type --------------------------------------------------------------------------------------------


def test_a_fall_accepted_for_care_homes_lets_no_partial_home_care_file_in(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 20), tmp_path / "home"
    november(inbox, home)
    cut(inbox, "care_home", 17)
    few = [unit for unit in inbox.units if unit.provider_type == "home_care"][:2]
    inbox.write_export("home_care", few, "2024-12-18")
    answer = run(inbox, home)
    stopped(answer, "population-fall:care_home", "care_home")
    accepted(inbox, home, "population-fall:care_home")
    assert len(listed(home, "care_home")) == 17 and len(listed(home, "home_care")) == 20
