"""A wrong file never becomes a wrong list in silence: whole files are mutated, and each answer is judged.

Each kind of mutation meets a world without an earlier release and one with it; 120 of these runs in CI, the rest at night.
`python -m tests.mutations` shows what each kind comes to.
"""

from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.mutations.judge import all_kinds, judge
from tests.mutations.kinds import Kind
from tests.mutations.world import World

Ask = Callable[[int, bool], World]
WORLDS = ((5, False), (7, True), (8, False), (3, True))  # seed, with an earlier release
IN_CI = 120


def in_turn() -> list[Kind]:
    """Return the kinds so that the first of them hold as much of each theme; those that change no meaning come last."""
    kinds = all_kinds()
    themes = Counter(kind.theme for kind in kinds)
    seen: Counter[str] = Counter()
    places = {}
    for kind in kinds:
        places[kind.name] = (kind.theme == "forms", seen[kind.theme] / themes[kind.theme])
        seen[kind.theme] += 1
    return sorted(kinds, key=lambda kind: places[kind.name])


def runs() -> list[tuple[Kind, int, bool]]:
    """Return every run: first each kind in one world, with and without an earlier release in turn; then the others."""
    asked = [
        (kind, *WORLDS[(n + turn) % 2 + turn // 2 * 2])
        for turn in range(len(WORLDS))
        for n, kind in enumerate(in_turn())
    ]
    return [(kind, seed, has_earlier) for kind, seed, has_earlier in asked if kind.right_with(has_earlier) is not None]


@pytest.fixture(scope="session")
def world_of(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Make each world once in this process."""

    @cache
    def world_of(seed: int, has_earlier: bool) -> World:
        return World(tmp_path_factory.mktemp(f"world-{seed}"), seed, has_earlier)

    return world_of


@pytest.mark.parametrize(
    ("kind", "seed", "has_earlier"),
    [
        pytest.param(
            kind,
            seed,
            has_earlier,
            id=f"{kind.theme}-{kind.name}-{seed}-{'later' if has_earlier else 'first'}",
            marks=[pytest.mark.slow if n < IN_CI else pytest.mark.night, pytest.mark.xdist_group(f"mutations-{seed}")],
        )
        for n, (kind, seed, has_earlier) in enumerate(runs())
    ],
)
def test_a_mutated_file_is_answered_rightly(
    world_of: Ask, tmp_path: Path, kind: Kind, seed: int, has_earlier: bool
) -> None:
    judgement = judge(kind, world_of(seed, has_earlier), tmp_path / "world")
    assert not judgement.wrong, f"{judgement.came_to}\n" + "\n".join(judgement.wrong)


def test_there_are_enough_kinds_of_each_theme() -> None:
    themes = [kind.theme for kind in all_kinds()]
    assert len(themes) >= 60
    assert {theme: times for theme in set(themes) if (times := themes.count(theme)) < 8} == {}
