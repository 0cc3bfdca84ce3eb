"""What makes a file the same one again, and what is said about it from outside (CONTRACT 1 and 4)."""

import json
from dataclasses import replace
from pathlib import Path

from tests.conftest import Command
from tests.worlds import MONTHS, Inbox, findings_of, services_of

LATE = ("--as-at", "2025-12-31")


def states(answer: str) -> list[tuple[str, str, str]]:
    return [(one["file"], one["state"], one["provider_type"]) for one in json.loads(answer)]


def test_a_file_given_again_or_under_another_name_is_already_held(asc: Command, inbox: Inbox, home: Path) -> None:
    path = inbox.write_export("care_home")
    assert states(asc("ingest", path, "--home", home, "--json").out)[0][1] == "taken in"
    assert asc("ingest", path, "--home", home).out == f"{path.name}: already held\n"
    copy = inbox.folder / "copy of care home 17.12.24.csv"
    copy.write_bytes(path.read_bytes())
    assert states(asc("ingest", copy, "--home", home, "--json").out)[0][1] == "already held"


def test_the_same_bytes_under_another_type_are_a_second_intake_and_a_finding(
    asc: Command, inbox: Inbox, home: Path
) -> None:
    inbox.write()
    inbox.export_path("home_care").write_bytes(inbox.export_path("care_home").read_bytes())
    answer = asc("run", "--month", "2024-12", "--inbox", inbox.folder, "--home", home, *LATE)
    assert answer.code == 0, answer.err
    assert len(findings_of(home, "same_bytes")) == 2
    assert len({kind for _, kind in services_of(home)}) == 2


def test_a_person_may_state_type_and_time_and_state_them_again(asc: Command, inbox: Inbox, home: Path) -> None:
    path = inbox.write_export("care_home")
    silent = inbox.folder / "export.csv"
    path.rename(silent)
    assert asc("ingest", silent, "--home", home).code == 3
    said = ("--provider-type", "home_care", "--extracted-at", "2024-12-17")
    assert states(asc("ingest", silent, "--home", home, "--json", *said).out) == [
        ("export.csv", "taken in", "home_care")
    ]
    better = ("--provider-type", "care_home", "--extracted-at", "2024-12-18")
    assert states(asc("ingest", silent, "--home", home, "--json", *better).out) == [
        ("export.csv", "replaced", "care_home")
    ]
    assert states(asc("ingest", silent, "--home", home, "--json", *better).out) == [
        ("export.csv", "already held", "care_home")
    ]
    inbox.write_export("home_care")
    inbox.write_register()
    silent.unlink()
    assert asc("run", "--month", "2024-12", "--inbox", inbox.folder, "--home", home, *LATE).code == 0
    assert sum(kind == "care_home" for _, kind in services_of(home)) == 12
    assert asc("verify", "--home", home).code == 0


def test_the_name_says_when_a_file_was_extracted(asc: Command, inbox: Inbox, home: Path) -> None:
    path = inbox.write_export("care_home")
    for stem, moment in {
        "care-home-20241217": "2024-12-17T00:00:00+00:00",
        "care home 17_December_2024": "2024-12-17T00:00:00+00:00",
        "care home 17.12.24": "2024-12-17T00:00:00+00:00",
        "care-home-2024-06-17_0930": "2024-06-17T09:30:00+01:00",
        "care-home-20240617T093015": "2024-06-17T09:30:15+01:00",
        "care-home-2024-13-45": "",
        "care-home-2024-12-17 and 2024-12-18": "",
        "care-home-1-90000000001": "",
    }.items():
        copy = inbox.folder / f"{stem}.csv"
        if "2024-06-17" in moment:  # no answers can be held of later months
            inbox.months = MONTHS[:6]
            path = inbox.write_export("care_home")
        copy.write_bytes(path.read_bytes())
        (answer,) = json.loads(asc("check", copy, "--json").out)
        assert answer["extracted_at"] == moment, stem


def test_an_export_nobody_dated_ranks_at_the_opening_of_its_newest_month(
    asc: Command, inbox: Inbox, home: Path
) -> None:
    """Its No for that month is no evidence, its earlier ones are (CONTRACT 4)."""
    inbox.units[4].history = "Y" * 9 + "NNN"
    inbox.write()
    undated = inbox.folder / "care-home.csv"
    dated = inbox.export_path("care_home")
    undated.write_bytes(dated.read_bytes())
    dated.unlink()
    inbox.write_export("care_home", units=[replace(u, history="?" * 12) for u in inbox.units], extracted="2024-12-20")
    answer = asc(
        "run",
        "--month",
        "2024-12",
        "--inbox",
        inbox.folder,
        "--home",
        home,
        *LATE,
        "--accept",
        "unknown-jump",
        "--because",
        "x",
    )
    assert answer.code == 0, answer.err
    assert len(findings_of(home, "no_extraction_time")) == 1
    explained = json.loads(asc("explain", "1-9000000102", "--home", home, "--json").out)
    assert [window["outcome"] for window in explained["windows"][-3:]] == ["missed", "missed", "unknown"]


def test_a_record_with_a_yes_counts_for_either_of_two_types_in_one_file(asc: Command, inbox: Inbox, home: Path) -> None:
    """One export with a Provider Type column may hold both types (CONTRACT 4)."""
    inbox.write()
    both = []
    for kind, word in (("care_home", "Care Home"), ("home_care", "Home Care")):
        head, *lines = inbox.export_path(kind).read_text(encoding="utf-8").splitlines()
        both += [f"{line},{word}" for line in lines]
        inbox.export_path(kind).unlink()
    (inbox.folder / "all-2024-12-17.csv").write_text(
        "\n".join([f"{head},Provider Type", *both]) + "\n", encoding="utf-8"
    )
    assert asc("run", "--month", "2024-12", "--inbox", inbox.folder, "--home", home, *LATE).code == 0
    assert len(services_of(home)) == 24
