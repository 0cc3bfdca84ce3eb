"""Findings about evidence: each names the cell an officer can look at."""

from pathlib import Path

from tests.conftest import Command
from tests.worlds import Inbox, findings_of


def test_doubtful_answers_are_found_with_their_cells(asc: Command, inbox: Inbox, home: Path) -> None:
    """A Yes that became a No, two answers at one time, and a No from before the close."""
    inbox.write()
    unit = inbox.units[4]
    inbox.write_export("care_home", extracted="2024-12-18")
    unit.history = "Y" * 10 + "NN"
    again = inbox.folder / "again-care-home-2024-12-18.csv"
    inbox.write_export("care_home", units=[unit], extracted="2024-12-19").rename(again)
    inbox.units[8].history = "Y" * 11 + "N"
    early = inbox.write_export("care_home", units=[inbox.units[8]], extracted="2024-12-12")
    answer = asc("run", "--month", "2024-12", "--inbox", inbox.folder, "--home", home, "--as-at", "2024-12-31")
    assert answer.code == 0, answer.err
    differ = {(f["file"], f["row"], f["column"], f["value"]) for f in findings_of(home, "answers_differ")}
    assert differ == {(again.name, "2", "Dec 24", "No"), (again.name, "2", "Nov 24", "No")}
    assert [(f["file"], f["column"], f["value"]) for f in findings_of(home, "no_before_close")] == [
        (early.name, "Dec 24", "1 services")
    ]
    assert findings_of(home, "yes_became_no") == []


def test_a_yes_that_became_a_no_is_found(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.write()
    inbox.units[4].history = "Y" * 11 + "N"
    newer = inbox.write_export("care_home", extracted="2024-12-18")
    words = ("--accept", "missed-jump", "--because", "six services make a region here")
    answer = asc("run", "--month", "2024-12", "--inbox", inbox.folder, "--home", home, "--as-at", "2024-12-31", *words)
    assert answer.code == 0, answer.err
    assert [(f["file"], f["row"], f["column"], f["value"]) for f in findings_of(home, "yes_became_no")] == [
        (newer.name, "4", "Dec 24", "No")
    ]
