"""An export whose rows are about other services than its ids say: check `contradicts-register` (CONTRACT 2)."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cases.attacked.crowds import (
    Table,
    accept,
    change,
    column,
    fires,
    november,
    run,
    save,
    stopped,
    table_of,
    unit,
    world,
)
from tests.cases.dirt import book_of
from tests.worlds import Inbox, tree_bytes

pytestmark = pytest.mark.slow  # whole months are run

CHECK = "contradicts-register"
ID, NAME, PROVIDER_ID, PROVIDER, PLACE = range(5)


def shuffled(rows: Table) -> None:
    """The order of an export: by anything but the id."""
    random.Random(7).shuffle(rows)


def ids_sorted_alone(rows: Table) -> None:
    shuffled(rows)
    column(rows, ID, sorted(row[ID] for row in rows))


def ids_sorted_downwards(rows: Table) -> None:
    column(rows, ID, sorted((row[ID] for row in rows), reverse=True))


def ids_one_row_down(rows: Table) -> None:
    column(rows, ID, [rows[-1][ID], *(row[ID] for row in rows[:-1])])


def everything_but_the_ids_reversed(rows: Table) -> None:
    ids = [row[ID] for row in rows]
    rows.reverse()
    column(rows, ID, ids)


def providers_sorted_alone(rows: Table) -> None:
    shuffled(rows)
    column(rows, PROVIDER_ID, sorted(row[PROVIDER_ID] for row in rows))


def provider_filled_down(rows: Table) -> None:
    column(rows, PROVIDER_ID, [rows[0][PROVIDER_ID]] * len(rows))


def authorities_sorted_alone(rows: Table) -> None:
    column(rows, PLACE, sorted(row[PLACE] for row in rows))


def authority_filled_down(rows: Table) -> None:
    column(rows, PLACE, ["Kent"] * len(rows))


WRONG: dict[str, Callable[[Table], None]] = {
    mend.__name__: mend
    for mend in (
        ids_sorted_alone, ids_sorted_downwards, ids_one_row_down, everything_but_the_ids_reversed, providers_sorted_alone,
        provider_filled_down, authorities_sorted_alone, authority_filled_down,
    )
}  # fmt: skip


@pytest.mark.parametrize("kind", ["care_home", "home_care"])
@pytest.mark.parametrize("mend", WRONG.values(), ids=WRONG)
def test_an_export_that_is_not_about_its_ids_stops(tmp_path: Path, mend: Callable[[Table], None], kind: str) -> None:
    inbox, home = world(tmp_path, 30), tmp_path / "home"
    change(inbox, kind, mend)
    stopped(run(inbox, home), CHECK, kind)
    assert tree_bytes(home / "releases") == {}


def test_also_after_an_earlier_release(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 30), tmp_path / "home"
    november(inbox, home)
    before = tree_bytes(home / "releases")
    change(inbox, "care_home", ids_sorted_alone)
    stopped(run(inbox, home), CHECK, "care_home")
    assert tree_bytes(home / "releases") == before


def test_also_in_a_workbook(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 30), tmp_path / "home"
    head, *rows = table_of(inbox, "care_home")
    ids_sorted_alone(rows)
    path = inbox.export_path("care_home")
    path.unlink()
    path.with_suffix(".xlsx").write_bytes(book_of({"Export": [head, *rows]}))
    stopped(run(inbox, home), CHECK)


def test_also_where_only_the_provider_id_can_be_compared(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 30), tmp_path / "home"
    rows = table_of(inbox, "care_home")
    moved = [[row[ID], rows[n - 1][PROVIDER_ID] if n > 1 else "1-981999999", *row[7:]] for n, row in enumerate(rows)]
    save(inbox.export_path("care_home"), [["CQC Location ID", "Provider ID", *rows[0][7:]], *moved[1:]])
    stopped(run(inbox, home), CHECK)


# --- the limits -------------------------------------------------------------------------------------------------------


def other_provider(count: int, place: bool = False) -> Callable[[Table], None]:
    """The last rows name another provider (and another authority)."""

    def mend(rows: Table) -> None:
        for row in rows[-count:]:
            row[PROVIDER_ID] = f"1-97{row[ID][-8:]}"
            row[PLACE] = "Medway" if place else row[PLACE]

    return mend


@pytest.mark.parametrize(
    ("services", "differ", "stops"), [(60, 3, False), (60, 4, True), (30, 2, False), (30, 3, True), (20, 3, True), (19, 19, False)]
)  # fmt: skip
def test_more_than_a_twentieth_and_three_rows_of_twenty_or_more(
    tmp_path: Path, services: int, differ: int, stops: bool
) -> None:
    inbox = world(tmp_path, services, 12)
    change(inbox, "care_home", other_provider(differ))
    assert fires(run(inbox, tmp_path / "home"), CHECK) is stops


def test_a_row_that_differs_twice_counts_once(tmp_path: Path) -> None:
    inbox = world(tmp_path, 60, 12)
    change(inbox, "care_home", other_provider(3, place=True))
    assert run(inbox, tmp_path / "home").code == 0


def no_provider_ids(rows: Table) -> None:
    column(rows, PROVIDER_ID, [""] * len(rows))


def no_places(rows: Table) -> None:
    column(rows, PLACE, [""] * len(rows))


def other_words_for_places(rows: Table) -> None:
    words = {"Kent": "KENT COUNTY COUNCIL", "Oxfordshire": "Oxfordshire County Council", "Hampshire": "hampshire"}
    column(rows, PLACE, [words[row[PLACE]] for row in rows])


def unknown_places(rows: Table) -> None:
    column(rows, PLACE, ["Nowhereshire"] * len(rows))


def other_names(rows: Table) -> None:
    column(rows, NAME, [f"{row[NAME]} (CQC)" for row in rows])
    column(rows, PROVIDER, ["As Capacity Tracker has it"] * len(rows))


HARMLESS = {mend.__name__: mend for mend in (no_provider_ids, no_places, other_words_for_places, unknown_places, other_names)}  # fmt: skip


@pytest.mark.parametrize("mend", HARMLESS.values(), ids=HARMLESS)
def test_what_is_no_difference(tmp_path: Path, mend: Callable[[Table], None]) -> None:
    inbox = world(tmp_path, 30, 12)
    change(inbox, "care_home", mend)
    answer = run(inbox, tmp_path / "home")
    assert answer.code == 0, answer.err


def test_locations_that_the_register_does_not_hold_are_no_difference(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 30, 12), tmp_path / "home"
    for number in range(500, 510):
        stranger = unit(number)
        stranger.in_register = False
        inbox.units.append(stranger)
    inbox.write()
    assert run(inbox, home).code == 0


def test_a_predecessor_beside_its_successor_is_no_difference(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 30, 12), tmp_path / "home"
    for one in inbox.units[1:30]:
        one.authority = "Cumberland"
    inbox.write()
    change(inbox, "care_home", lambda rows: column(rows, PLACE, ["Cumbria"] * 30))
    answer = run(inbox, home, *accept("missed-jump"))
    assert not fires(answer, CHECK), answer.err


def test_without_a_register_nothing_is_compared(tmp_path: Path) -> None:
    inbox = world(tmp_path, 30, 12)
    change(inbox, "care_home", ids_sorted_alone)
    (inbox.folder / "HSCA_Active_Locations_2024-12-16.csv").unlink()
    assert not fires(run(inbox, tmp_path / "home"), CHECK)


def test_an_accepted_contradiction_publishes(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 30, 12), tmp_path / "home"
    change(inbox, "care_home", other_provider(5))
    stopped(run(inbox, home), CHECK)
    assert run(inbox, home, *accept(f"{CHECK}:care_home")).code == 0
    assert isinstance(inbox, Inbox)
