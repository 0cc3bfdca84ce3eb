"""A bad file among good ones is left out only by a person, with a reason that stands in the release (`--skip`)."""

import json
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.worlds import Inbox, release_of, tree_bytes

RUN = ("run", "--month", "2024-12", "--as-at", "2024-12-17")


def spoilt(inbox: Inbox, *names: str) -> None:
    inbox.write()
    for name in names:
        (inbox.folder / name).write_text(f"this is no table: {name}\n")


def test_a_file_is_left_out_with_its_reason(asc: Command, inbox: Inbox, home: Path) -> None:
    spoilt(inbox, "bad.csv", "worse.csv")
    run = (*RUN, "--inbox", inbox.folder, "--home", home)
    answer = asc(*run)
    assert answer.code == 3 and "bad.csv" in answer.err and "worse.csv" in answer.err
    assert asc(*run, "--skip", "bad.csv", "--because", "not ours").code == 3
    answer = asc(*run, "--skip", "bad.csv", "--skip", "worse.csv", "--because", "not ours", "--because", "empty")
    assert answer.code == 0, answer.err
    assert "worse.csv: left out of this month (empty)" in answer.out
    manifest = json.loads((release_of(home) / "manifest.json").read_text())
    assert [(one["name"], one["because"]) for one in manifest["skipped"]] == [
        ("bad.csv", "not ours"),
        ("worse.csv", "empty"),
    ]


def test_run_again_it_stays_left_out_and_nothing_is_written(asc: Command, inbox: Inbox, home: Path) -> None:
    spoilt(inbox, "bad.csv")
    run = (*RUN, "--inbox", inbox.folder, "--home", home)
    assert asc(*run, "--skip", "bad.csv", "--because", "not ours").code == 0
    before = tree_bytes(home / "releases")
    assert asc(*run).code == 0
    assert asc(*run, "--skip", inbox.folder / "bad.csv", "--because", "not ours").code == 0
    assert tree_bytes(home / "releases") == before
    (inbox.folder / "bad.csv").write_text("another bad one\n")
    assert asc(*run).code == 3


def test_reasons_go_to_what_they_stand_behind(asc: Command, inbox: Inbox, home: Path) -> None:
    spoilt(inbox, "bad.csv")
    run = (*RUN, "--inbox", inbox.folder, "--home", home)
    words = (
        "--skip",
        "bad.csv",
        "--because",
        "about the file",
        "--accept",
        "unknown-jump",
        "--because",
        "about the check",
    )
    assert asc(*run, *words).code == 0
    manifest = json.loads((release_of(home) / "manifest.json").read_text())
    assert manifest["skipped"][0]["because"] == "about the file"
    assert {one["check"]: one["because"] for one in manifest["checks"]}["unknown-jump"] == "about the check"


@pytest.mark.slow
def test_what_cannot_be_left_out(asc: Command, inbox: Inbox, home: Path) -> None:
    spoilt(inbox, "bad.csv")
    run = (*RUN, "--inbox", inbox.folder, "--home", home)
    assert "no such file" in asc(*run, "--skip", "other.csv", "--because", "x").err
    for words in (("--skip", "bad.csv"), ("--skip", "bad.csv", "--because", " "), ("--because", "x")):
        answer = asc(*run, *words)
        assert answer.code == 2 and "its own --because" in answer.err
    held = inbox.export_path("care_home")
    assert asc("ingest", held, "--home", home).code == 0
    answer = asc(*run, "--skip", held.name, "--because", "x")
    assert answer.code == 2 and "held already" in answer.err
