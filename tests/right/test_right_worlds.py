"""No check stops a month whose files are right: random worlds of 200 to 30,000 units, most of them small."""

import datetime as dt
import math
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.right.calendar import SPLIT
from tests.right.files import as_at, write
from tests.right.world import TYPES, World, draw
from tests.worlds import services_of

WORLDS, IN_CI = 200, 20
LARGE = {60: 4_000, 90: 6_000, 120: 10_000, 150: 20_000, 199: 30_000}
MONTHS = {3: SPLIT, 100: SPLIT}  # the month in which two authorities take the place of one


def units_of(number: int) -> int:
    """Return the size of a world: the first are small, then even on a scale of logarithms, and a few are national."""
    most = 1_200 if number < IN_CI else 3_000
    drawn = math.exp(random.Random(f"size {number}").uniform(math.log(200), math.log(most)))
    return LARGE.get(number, round(drawn))


def right_world(number: int) -> World:
    """Return one of the 200 worlds."""
    return draw(number, units_of(number), month=MONTHS.get(number))


def mark(number: int) -> pytest.MarkDecorator:
    return pytest.mark.slow if number < IN_CI else pytest.mark.night


@pytest.mark.parametrize("number", [pytest.param(n, marks=mark(n)) for n in range(WORLDS)])
def test_a_right_world_is_published_without_a_stop(asc: Command, tmp_path: Path, number: int) -> None:
    world = right_world(number)
    home = tmp_path / "home"
    for month in [world.before, world.month] if world.has_release else [world.month]:
        inbox = write(world, tmp_path / f"{month:%Y-%m}", month)
        words = ("run", "--month", f"{month:%Y-%m}", "--inbox", inbox, "--home", home, "--by", "Pat Preparer")
        answer = asc(*words, "--as-at", as_at(world, month))
        assert answer.code == 0, f"world {number}, {len(world.locations)} locations, {month:%Y-%m}: {answer.err}"
    check_published(world, home)


def check_published(world: World, home: Path) -> None:
    """Everybody listed is there, once, and who is called missed was said to have missed."""
    services = services_of(home, f"{world.month:%Y-%m}")
    listed = {
        (at.location_id, kind): world.answer(at, kind, world.month, world.month)
        for kind in TYPES
        for at in world.units(kind, world.taken[world.month][kind])
    }
    assert services.keys() == listed.keys()
    said = {"submitted": "Yes", "missed": "No"}
    wrong = [key for key, row in services.items() if row["outcome"] in said and said[row["outcome"]] != listed[key]]
    assert wrong == []
    outcomes = Counter(row["outcome"] for row in services.values())
    assert outcomes["submitted"] > 0.85 * len(services) and outcomes["unknown"] <= 0.02 * len(services) + 2, outcomes


def test_the_worlds_are_of_the_kind_that_is_meant() -> None:
    worlds = [right_world(number) for number in range(IN_CI)]
    assert all(150 <= units_of(number) <= 30_000 for number in range(WORLDS))
    assert sum(units_of(number) > 3_000 for number in range(WORLDS)) == len(LARGE)
    for some in (lambda w: w.has_release, lambda w: w.has_history, lambda w: w.has_deactivated):
        assert 4 <= sum(map(some, worlds)) < IN_CI
    for number, world in enumerate(worlds):
        assert 12 <= len(world.months) <= 24 and world.months[-1] == world.month
        assert abs(sum(len(at.kinds) for at in world.locations) - units_of(number)) < 0.1 * units_of(number) + 20
        differ = [at for at in world.locations if at.owed != at.kinds or at.registered_place != at.place]
        sold = [at for at in world.locations if at.registered_provider != at.provider]
        assert len({at.location_id for at in (*differ, *sold)}) <= 0.02 * len(world.locations) + 3
        assert len(world.corrected) <= 0.01 * len(world.locations) * len(world.months) + 2
        for at in world.locations:
            assert all(at.registered <= end for end in [at.ended or dt.date.max])
