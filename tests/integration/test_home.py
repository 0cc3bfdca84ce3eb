"""A home under trouble: busy, damaged, decided about, asked."""

import json
import sqlite3
from pathlib import Path

import pytest

from pipeline.record.home import Home
from tests.conftest import Answer, Command
from tests.worlds import Inbox, Unit, findings_of, release_of, services_of, tree_bytes

BY = ("--by", "Dana Decider", "--because", "the manager was in hospital")


def run(asc: Command, inbox: Inbox, home: Path, *more: object, as_at: str = "2024-12-31") -> Answer:
    return asc("run", "--month", "2024-12", "--inbox", inbox.folder, "--home", home, "--as-at", as_at, *more)


@pytest.fixture
def published(asc: Command, inbox: Inbox, home: Path) -> Inbox:
    """A home with December published; one service is due a notice, one location makes two returns."""
    inbox.units[4].history = "Y" * 9 + "NNN"
    inbox.units.append(Unit("1-9000000102", "Y" * 12, "home_care", authority="Oxfordshire"))
    inbox.write()
    assert run(asc, inbox, home).code == 0
    return inbox


def test_a_second_run_at_once_is_turned_away_and_readers_still_get_an_answer(
    asc: Command, published: Inbox, home: Path
) -> None:
    with Home(home).held("process 1, since noon"):
        busy = run(asc, published, home)
        assert busy.code == 75 and "process 1, since noon" in busy.err
        assert asc("ingest", published.folder, "--home", home).code == 75
        asked = asc("status", "--home", home, "--json")
        assert asked.code == 0 and "A run is going on" in asked.err
        assert json.loads(asked.out)["counts"]["notice_due"] == 1
        excuse = asc("decide-window", "1-9000000102", "care_home", "2024-12", "excused", *BY, "--home", home)
        assert excuse.code == 0, "recording a decision never waits for a run"
    assert run(asc, published, home).code == 0


def damage_truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


def damage_flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for position in range(4096, len(data), 5000):
        data[position] ^= 0xFF
    path.write_bytes(data)


def damage_rows(path: Path) -> None:
    import duckdb

    with duckdb.connect(str(path)) as connection:
        connection.execute("DELETE FROM core_unit_row WHERE contains(said, 'N')")


@pytest.mark.parametrize("damage", [damage_truncate, damage_flip, damage_rows, Path.unlink])
def test_damaged_facts_are_made_again_and_give_the_same_release(
    asc: Command, published: Inbox, home: Path, damage: object
) -> None:
    before = tree_bytes(home / "releases")
    assert callable(damage)
    damage(home / "facts.duckdb")
    assert "facts.duckdb" in asc("verify", "--home", home).out
    assert json.loads(asc("status", "--home", home, "--json").out)["counts"]["notice_due"] == 1
    assert asc("verify", "--home", home).code == 0
    damage(home / "facts.duckdb")
    assert run(asc, published, home).code == 0
    assert tree_bytes(home / "releases") == before


def test_rebuild_makes_the_same_facts(asc: Command, published: Inbox, home: Path) -> None:
    (home / "facts.duckdb").unlink()
    assert asc("rebuild", "--home", home).code == 0
    rows = json.loads(asc("rebuild", "--home", home, "--json").out)["rows"]
    assert rows["core_unit_row"] == 25 and rows["core_register_row"] == 24
    assert asc("verify", "--home", home).code == 0


def flip(path: Path, position: int) -> None:
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    "pattern",
    ["archive/*/*", "releases/2024-12/*/manifest.json", "releases/2024-12/*/SHA256SUMS", "releases/2024-12/*/national/services.csv",
     "releases/2024-12/*/national/at-risk.parquet", "releases/2024-12/*/local-authorities/E10000025/*care-home*", "releases/2024-12/*/report.html",
     "releases/2024-12/*/findings.csv", "releases/2024-12/CURRENT", "facts.duckdb"],
)  # fmt: skip
@pytest.mark.parametrize("where", [0.1, 0.5, 0.9])
def test_verify_finds_one_flipped_byte_and_names_the_file(
    asc: Command, published: Inbox, home: Path, pattern: str, where: float
) -> None:
    assert asc("verify", "--home", home).code == 0
    path = sorted(home.glob(pattern))[0]
    flip(path, int(path.stat().st_size * where))
    answer = asc("verify", "--home", home)
    assert answer.code == 1 and str(path.relative_to(home)).split("/")[-1] in answer.out
    assert "Traceback" not in answer.err


def test_verify_finds_a_changed_row_of_the_register(asc: Command, published: Inbox, home: Path) -> None:
    with sqlite3.connect(home / "register.sqlite") as connection:
        connection.execute("UPDATE event SET body = replace(body, 'Pat Preparer', 'Sam Somebody') WHERE no = 2")
    connection.close()
    answer = asc("verify", "--home", home)
    assert answer.code == 1 and "register: row 2 (intake)" in answer.out


@pytest.mark.parametrize("change", ["DELETE FROM event WHERE no = 3", "UPDATE event SET no = 99 WHERE no = 3"])
def test_verify_finds_a_row_lost_from_the_register(asc: Command, published: Inbox, home: Path, change: str) -> None:
    with sqlite3.connect(home / "register.sqlite") as connection:
        connection.execute(change)
    connection.close()
    assert asc("verify", "--home", home).code == 1


def test_verify_proves_that_nothing_before_a_known_head_was_touched(asc: Command, published: Inbox, home: Path) -> None:
    head = json.loads(asc("verify", "--json", "--home", home).out)["head"]
    asc("decide", "1-9000000101", "hold", "--by", "Sam", "--because", "x", "--home", home)
    later = asc("verify", "--expect", head, "--home", home)
    assert later.code == 0 and head not in later.out
    unknown = asc("verify", "--expect", "f" * 64, "--home", home)
    assert unknown.code == 1 and "no row has the head ffff" in unknown.out


def test_verify_finds_a_flipped_byte_in_the_register(asc: Command, published: Inbox, home: Path) -> None:
    path = home / "register.sqlite"
    flip(path, path.read_bytes().index(b"Pat Preparer"))
    answer = asc("verify", "--home", home)
    assert answer.code == 1 and "register: row" in answer.out


def test_verify_names_files_missing_and_files_nobody_published(asc: Command, published: Inbox, home: Path) -> None:
    (release_of(home) / "report.html").unlink()
    (release_of(home) / "national" / "extra.csv").write_text("x")
    archived = sorted(home.glob("archive/*/*"))[0]
    archived.unlink()
    answer = asc("verify", "--home", home)
    assert "report.html: missing" in answer.out and "extra.csv: not part of the release" in answer.out
    assert f"{archived.name}: missing" in answer.out
    assert asc("verify", "0123456789abcdef", "--home", home).code == 2
    assert asc("verify", release_of(home).name, "--home", home).code == 1


def test_an_excused_window_counts_from_the_next_run_on_and_can_be_taken_back(
    asc: Command, published: Inbox, home: Path
) -> None:
    first = release_of(home)
    words = ("decide-window", "1-9000000102", "care_home", "2024-11")
    assert asc(*words, "excused", *BY, "--evidence", published.export_path("care_home"), "--home", home).code == 0
    assert release_of(home) == first, "what was published does not change"
    assert (
        run(asc, published, home, "--accept", "missed-jump", "--because", "six services make a region here").code == 0
    )
    row = services_of(home)["1-9000000102", "care_home"]
    assert (row["status"], row["windows_missed"]) == ("missed", "2024-10;2024-12")
    explained = json.loads(asc("explain", "1-9000000102", "--type", "care_home", "--home", home, "--json").out)
    assert explained["windows"][-2]["decision"] == {"because": "the manager was in hospital", "by": "Dana Decider"}
    manifest = json.loads((release_of(home) / "manifest.json").read_text(encoding="utf-8"))
    assert [line["month"] for line in manifest["decisions"]] == ["2024-11"]
    assert asc(*words, "none", *BY, "--home", home).code == 0
    assert run(asc, published, home).code == 0
    assert release_of(home) == first, "the same decisions, the same release"
    assert asc("verify", "--home", home).code == 0


@pytest.mark.parametrize(
    "words",
    [("1-12", "care_home", "2024-12", "excused"), ("1-9000000102", "carehome", "2024-12", "excused"),
     ("1-9000000102", "care_home", "2024-13", "excused"), ("1-9000000102", "care_home", "2024-12", "forgiven"),
     ("1-9000000102", "care_home", "2022-11", "excused")],
)  # fmt: skip
def test_a_decision_about_nothing_is_wrong_usage(
    asc: Command, published: Inbox, home: Path, words: tuple[str, ...]
) -> None:
    assert asc("decide-window", *words, *BY, "--home", home).code == 2


def test_a_name_nobody_knows_can_be_decided(asc: Command, published: Inbox, home: Path) -> None:
    stranger = Unit("1-9000000299", "Y" * 12, "home_care", authority="Kentshire (West)", in_register=False)
    published.units.append(stranger)
    published.write_export("home_care", extracted="2024-12-20")
    stopped = run(asc, published, home)
    assert stopped.code == 4 and "Kentshire (West)" in stopped.err
    assert asc("decide-authority", "kentshire WEST", "E10000016", *BY, "--home", home).code == 0
    assert run(asc, published, home).code == 0
    assert services_of(home)["1-9000000299", "home_care"]["la_code"] == "E10000016"
    assert asc("decide-authority", "Kent", "E10000016", *BY, "--home", home).code == 2
    assert asc("decide-authority", "Kentshire", "E99999999", *BY, "--home", home).code == 2


def test_explain_shows_every_window_its_evidence_and_the_rules(asc: Command, published: Inbox, home: Path) -> None:
    both = asc("explain", "1-9000000102", "--home", home)
    assert both.code == 2 and "care_home" in both.err and "home_care" in both.err
    document = json.loads(asc("explain", "1-9000000102", "--type", "care_home", "--home", home, "--json").out)
    assert set(document) == {"location_id", "provider_type", "month", "status", "reason", "windows", "parameters"}
    assert (document["status"], document["reason"]) == ("notice_due", "3 windows in a row")
    last = document["windows"][-1]
    assert {key: last[key] for key in ("month", "opens_on", "closes_on", "outcome", "counted", "late_on")} == {
        "month": "2024-12", "opens_on": "2024-12-08", "closes_on": "2024-12-16", "outcome": "missed", "counted": True, "late_on": None,
    }  # fmt: skip
    (evidence,) = last["evidence"]
    path = published.export_path("care_home")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert evidence["file"] == path.name and evidence["column"] == "Dec 24" and evidence["value"] == "No"
    assert lines[evidence["row"] - 1].startswith("1-9000000102,")
    assert evidence["extracted_at"] == "2024-12-17T00:00:00+00:00"
    assert {"notice_run", "new_under_days"} <= {parameter["name"] for parameter in document["parameters"]}
    assert all(parameter["authority"] for parameter in document["parameters"])
    assert asc("explain", "1-9000000999", "--home", home).code == 2
    assert asc("explain", "1-9000000103", "--type", "home_care", "--home", home).code == 2


def test_status_and_find_answer_from_the_store(asc: Command, published: Inbox, home: Path) -> None:
    by_name, by_code = (
        json.loads(asc("status", "--la", la, "--home", home, "--json").out)
        for la in ("Kent County Council", "E10000016")
    )
    assert by_name == by_code and len(by_name["services"]) == 12
    assert asc("status", "--la", "Kentshire", "--home", home).code == 2
    provider = json.loads(asc("status", "--provider", "1-990000102", "--home", home, "--json").out)
    assert {service["location_id"] for service in provider["services"]} == {"1-9000000102"}
    found = json.loads(asc("find", "zz99 1aa", "--home", home, "--json").out)
    assert len(found) == 25
    assert [row["status"] for row in json.loads(asc("find", "service 102", "--home", home, "--json").out)] == [
        "notice_due",
        "compliant",
    ]


def test_due_names_months_and_missing_inputs(asc: Command, published: Inbox, home: Path) -> None:
    def due(day: str, where: Path = home) -> list[dict[str, object]]:
        answer: list[dict[str, object]] = json.loads(asc("due", "--as-at", day, "--home", where, "--json").out)
        return answer

    assert due("2025-01-14") == []
    (line,) = due("2025-01-15")
    assert line["month"] == "2025-01" and len(line["missing"]) == 2
    assert [line["month"] for line in due("2025-03-20")] == ["2025-01", "2025-02", "2025-03"]
    empty = due("2025-03-16", home / "nobody")
    assert [line["month"] for line in empty] == ["2025-02"]


def test_an_extended_window_moves_the_close_and_makes_another_release(
    asc: Command, published: Inbox, home: Path
) -> None:
    first = release_of(home)
    words = (
        "windows",
        "extend",
        "2024-12",
        "--by",
        "Pat",
        "--authority",
        "DHSC notice of 15 December 2024",
        "--home",
        home,
    )
    assert asc(*words, "--until", "2024-12-16").code == 2
    answer = asc(*words, "--until", "2024-12-18")
    assert answer.code == 0 and "2024-12" in answer.out
    (line,) = json.loads(asc("windows", "--from", "2024-12", "--to", "2024-12", "--home", home, "--json").out)
    assert line == {"month": "2024-12", "opens_on": "2024-12-08", "closes_on": "2024-12-18", "run_on": "2024-12-19",
                    "rolled_because": "extended: DHSC notice of 15 December 2024"}  # fmt: skip
    early = run(asc, published, home)
    assert early.code == 4 and "provider-type-missing" in early.err, "the exports are from before the new close"
    published.units[4].history = "Y" * 9 + "NNY"
    published.write_export("care_home", extracted="2024-12-19")
    published.write_export("home_care", extracted="2024-12-19")
    assert run(asc, published, home).code == 0
    assert release_of(home) != first
    manifest = json.loads((release_of(home) / "manifest.json").read_text(encoding="utf-8"))
    assert [i["name"] for i in manifest["inputs"] if i["kind"] == "calendar"] == ["calendar.toml"]
    assert asc("verify", "--home", home).code == 0


def test_a_calendar_that_cannot_be_read_is_refused(asc: Command, published: Inbox, home: Path) -> None:
    (home / "calendar.toml").write_text("[[holiday]]\ndate = 'tomorrow'\n")
    answer = run(asc, published, home)
    assert answer.code == 3 and "calendar.toml" in answer.err


def test_a_service_that_leaves_is_found(asc: Command, published: Inbox, home: Path) -> None:
    november = [unit for unit in published.units if unit.provider_type == "home_care"]
    published.write_export("home_care", units=november[:-2], extracted="2024-12-18")
    published.months = published.months[:-1]
    published.write_export("home_care", units=november, extracted="2024-12-19")
    assert run(asc, published, home, "--accept", "population-fall", "--because", "two closed").code == 0
    assert {finding["value"] for finding in findings_of(home, "unit_gone")} == {
        f"{unit.location_id} home_care" for unit in november[-2:]
    }


def test_nothing_personal_reaches_standard_error(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.units[4].name = inbox.units[4].provider = "Very Private Name"
    inbox.units[4].history = "Y" * 9 + "NNN"
    inbox.write()
    answer = run(asc, inbox, home)
    assert "Very Private Name" not in answer.err + answer.out


@pytest.mark.parametrize("words", [("status",), ("find", "x"), ("explain", "1-9000000101"), ("verify",)])
def test_asking_an_empty_home_is_wrong_usage(asc: Command, home: Path, words: tuple[str, ...]) -> None:
    answer = asc(*words, "--home", home)
    assert answer.code == 2 and "Traceback" not in answer.err
