"""Killed at any moment and run again, a command leaves what it leaves undisturbed."""

import pytest

from tests.kills import carried_out, counted, kills, workplace
from tests.kills_world import prepared

pytestmark = pytest.mark.slow
KILLS, SEED = 25, 20241217


def test_a_command_killed_anywhere_and_run_again_leaves_what_an_undisturbed_one_does() -> None:
    with workplace() as place:
        known = prepared(place / "prepared")
        outcomes = list(carried_out(known, list(kills(known, KILLS, SEED)), place))
    harm = [f"{one.kill}, landed {one.landed}: {problem}" for one in outcomes for problem in one.problems]
    assert not harm, "\n".join(harm)
    assert len(outcomes) == KILLS
    landed = [outcome.landed for outcome in outcomes]
    assert landed.count("during") >= KILLS // 4, counted(outcomes)
