"""A bad file among good ones is left out only by a person, with a reason that stands in the release (`--skip`)."""

import json
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.worlds import Inbox, release_of, services_of, tree_bytes, write_csv

RUN = ("run", "--month", "2024-12", "--as-at", "2024-12-17")
ACCEPT = [word for check in ("authority-unmatched", "missed-jump", "rows-refused")
          for word in ("--accept", check, "--because", "on purpose")]  # fmt: skip


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
        "looks-filtered",
        "--because",
        "about the check",
    )
    for unit in inbox.units:
        unit.registered, unit.status = "01/04/2015", "Established"  # none is New: the check fires
    inbox.write()
    assert asc(*run, *words).code == 0
    manifest = json.loads((release_of(home) / "manifest.json").read_text())
    assert manifest["skipped"][0]["because"] == "about the file"
    assert {one["check"]: one["because"] for one in manifest["checks"]}["looks-filtered"] == "about the check"


@pytest.mark.slow
def test_what_cannot_be_left_out(asc: Command, inbox: Inbox, home: Path) -> None:
    spoilt(inbox, "bad.csv")
    run = (*RUN, "--inbox", inbox.folder, "--home", home)
    assert "no such file" in asc(*run, "--skip", "other.csv", "--because", "x").err
    for words in (("--skip", "bad.csv"), ("--skip", "bad.csv", "--because", " "), ("--because", "x")):
        answer = asc(*run, *words)
        assert answer.code == 2 and "its own --because" in answer.err


@pytest.mark.parametrize("is_given", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_held_file_left_out_of_a_month_is_as_if_it_had_never_come(
    asc: Command, inbox: Inbox, home: Path, tmp_path: Path, is_given: bool
) -> None:
    inbox.write()
    never_came = tmp_path / "never came"
    assert asc(*RUN, "--inbox", inbox.folder, "--home", never_came).code == 0
    unit = next(unit for unit in inbox.units if unit.provider_type == "care_home")
    wrong = write_csv(
        tmp_path / "wrong-care-home-2024-12-17_2300.csv",
        ["CQC Location ID", "Local Authority", "Jan 23", "Oct 24", "Nov 24", "Dec 24"],
        [[unit.location_id, "Nowhere", "No", "No", "No", "No"]],
    )
    run = (*RUN, "--inbox", inbox.folder, "--home", home)
    assert asc("ingest", wrong, "--home", home).code == 0
    assert asc(*run, *ACCEPT).code == 0
    with_it = release_of(home)
    assert services_of(home) != services_of(never_came)
    given = ("--inbox", wrong) if is_given else ()
    answer = asc(*run, *given, "--skip", wrong.name, "--because", "not ours")
    assert answer.code == 0 and f"{wrong.name}: left out of this month (not ours)" in answer.out
    without_it = release_of(home)
    assert without_it != with_it
    for folder in ("national", "local-authorities"):
        assert tree_bytes(without_it / folder) == tree_bytes(release_of(never_came) / folder)
    assert asc(*run).code == 0 and release_of(home) == without_it
    manifest = json.loads((without_it / "manifest.json").read_text())
    assert wrong.name not in {line["name"] for line in manifest["inputs"]}


def test_what_is_left_out_is_missing(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.write()
    assert asc("ingest", inbox.folder, "--home", home).code == 0
    due = ("due", "--as-at", "2024-12-31", "--home", home, "--json")
    assert json.loads(asc(*due).out)[0]["missing"] == []
    for left_out in (inbox.export_path("care_home"), inbox.folder / "HSCA_Active_Locations_2024-12-16.csv"):
        assert asc(*RUN, "--home", home, "--skip", left_out.name, "--because", "not ours").code == 4
    assert len(json.loads(asc(*due).out)[0]["missing"]) == 2
