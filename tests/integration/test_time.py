"""What was known when: corrections stand side by side, and no published release is ever touched (CONTRACT 4 and 5)."""

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Answer, Command
from tests.worlds import Inbox, Unit, release_of, rows_of, services_of, tree_bytes

pytestmark = pytest.mark.slow
RUN = ("run", "--month", "2024-12", "--json")
ACCEPT = (
    "--accept",
    "at-risk-gone",
    "--because",
    "told to NECS",
    "--accept",
    "population-fall",
    "--because",
    "one left",
)


@pytest.fixture
def published(asc: Command, inbox: Inbox, home: Path) -> dict[str, Unit]:
    """December published, with five services at risk and one due a notice; returns them by what will become of them."""
    names = ("submitted", "excused", "gone", "unknown", "noticed", "entered", "deregistered")
    chosen = dict(zip(names, inbox.units[4:], strict=False))
    for name, unit in chosen.items():
        unit.history = {"noticed": "Y" * 10 + "NN", "entered": "Y" * 11 + "N"}.get(name, "Y" * 9 + "NNN")
    inbox.write()
    assert asc(*RUN, "--inbox", inbox.folder, "--home", home, "--as-at", "2024-12-17").code == 0
    return chosen


def corrected(asc: Command, inbox: Inbox, home: Path, units: dict[str, Unit]) -> Answer:
    """Take in exports of 20 December that say other things, and run again."""
    units["submitted"].history = "Y" * 9 + "NNY"
    units["noticed"].history = "Y" * 9 + "NNN"
    units["entered"].history = "Y" * 10 + "NN"
    inbox.units.remove(units["gone"])
    later = Inbox(home.parent / "later", inbox.units, "2024-12-20")
    later.write_export("care_home")
    later.write_export("home_care")
    later.write_register("2024-12-19", [unit for unit in inbox.units if unit is not units["deregistered"]])
    later.deactivate(units["deregistered"].location_id, "01/11/2024", "2024-12-19")
    excuse = ("decide-window", units["excused"].location_id, units["excused"].provider_type, "2024-12", "excused")
    assert asc(*excuse, "--by", "A", "--because", "an outage", "--home", home).code == 0
    return asc(*RUN, "--inbox", later.folder, "--home", home, "--as-at", "2024-12-31", *ACCEPT)


def test_a_correction_makes_a_new_release_and_says_who_entered_who_left_and_why(
    asc: Command, inbox: Inbox, home: Path, published: dict[str, Unit]
) -> None:
    old = release_of(home)
    before = tree_bytes(old)
    answer = corrected(asc, inbox, home, published)
    assert answer.code == 0, answer.err
    new = release_of(home)
    assert new != old and tree_bytes(old) == before
    (changes,) = (home / "releases" / "2024-12" / "changes").iterdir()
    assert changes.name == f"{old.name}-{new.name}.csv"
    rows = {row["location_id"]: row for row in rows_of(changes)}
    ids = {name: unit.location_id for name, unit in published.items()}
    assert set(rows) == set(ids.values()) - {ids["unknown"]}
    said = {name: (rows[ids[name]]["change"], rows[ids[name]]["why"]) for name in ids if name != "unknown"}
    assert said == {
        "submitted": ("left", "submitted"),
        "excused": ("left", "excused"),
        "gone": ("left", "left"),
        "deregistered": ("left", "left"),
        "noticed": ("moved", "missed"),
        "entered": ("entered", "missed"),
    }
    assert rows[ids["submitted"]]["windows"] == "2024-12"
    assert (rows[ids["noticed"]]["status_before"], rows[ids["noticed"]]["status_after"]) == ("at_risk", "notice_due")
    assert asc("verify", "--home", home).code == 0


def test_evidence_that_goes_missing_is_named(asc: Command, inbox: Inbox, home: Path) -> None:
    """Only where an old file is stated to say something else can evidence go: here its moment moves before the close."""
    unit = inbox.units[5]
    unit.history = "Y" * 9 + "NNN"
    inbox.write()
    run = (*RUN, "--home", home, "--as-at", "2024-12-31")
    assert asc(*run, "--inbox", inbox.folder).code == 0
    quiet = Inbox(
        home.parent / "quiet", [Unit(**{**vars(one), "history": one.history[:-1] + "?"}) for one in inbox.units]
    )
    later = quiet.write_export(unit.provider_type, extracted="2024-12-20")
    assert asc("ingest", later, "--home", home).code == 0
    held = inbox.export_path(unit.provider_type)
    assert asc("ingest", held, "--extracted-at", "2024-12-16", "--home", home).code == 0
    accept = [
        word for check in ("unknown-jump", "looks-filtered") for word in ("--accept", check, "--because", "said so")
    ]
    answer = asc(*run, *accept)
    assert answer.code == 0, answer.err
    (changes,) = (home / "releases" / "2024-12" / "changes").iterdir()
    (row,) = rows_of(changes)
    assert (row["location_id"], row["change"], row["why"]) == (unit.location_id, "left", "evidence missing")


def test_the_month_can_be_asked_as_it_was_known_before_the_correction(
    asc: Command, inbox: Inbox, home: Path, published: dict[str, Unit]
) -> None:
    before = services_of(home)
    assert corrected(asc, inbox, home, published).code == 0
    unit = published["submitted"]
    explain = ("explain", unit.location_id, "--type", unit.provider_type, "--home", home, "--json")
    then = json.loads(asc(*explain, "--as-at", "2024-12-18").out)
    now = json.loads(asc(*explain, "--as-at", "2024-12-31").out)
    assert (then["status"], now["status"]) == ("notice_due", "compliant")
    assert [one["value"] for one in now["windows"][-1]["evidence"]] == ["Yes", "No"]
    assert [one["value"] for one in then["windows"][-1]["evidence"]] == ["No"]
    current = release_of(home)
    again = asc(*RUN, "--home", home, "--as-at", "2024-12-18")
    assert again.code == 0, again.err
    assert release_of(home) == current  # a look back does not become current
    looked_back = Path(json.loads(again.out)["path"])
    old = {
        (row["location_id"], row["provider_type"]): row for row in rows_of(looked_back / "national" / "services.csv")
    }
    excused = published["excused"]
    old.pop((excused.location_id, excused.provider_type))  # decisions are in force whatever day is asked about
    assert old == {key: row for key, row in before.items() if key[0] != excused.location_id}


def test_the_order_in_which_corrections_come_changes_nothing(
    asc: Command, inbox: Inbox, home: Path, tmp_path: Path, published: dict[str, Unit]
) -> None:
    assert corrected(asc, inbox, home, published).code == 0
    other = tmp_path / "other home"
    for folder in (tmp_path / "later", inbox.folder):
        assert asc("ingest", folder, "--home", other).code == 0
    excuse = (
        "decide-window",
        published["excused"].location_id,
        published["excused"].provider_type,
        "2024-12",
        "excused",
    )
    assert asc(*excuse, "--by", "A", "--because", "an outage", "--home", other).code == 0
    assert asc(*RUN, "--home", other, "--as-at", "2024-12-31", *ACCEPT).code == 0
    assert tree_bytes(release_of(other)) == tree_bytes(release_of(home))


def test_a_comparison_that_was_changed_or_lost_is_found(
    asc: Command, inbox: Inbox, home: Path, published: dict[str, Unit]
) -> None:
    assert corrected(asc, inbox, home, published).code == 0
    (changes,) = (home / "releases" / "2024-12" / "changes").iterdir()
    kept = changes.read_bytes()
    changes.write_bytes(kept + b"x")
    assert f"changes/{changes.name}: changed" in asc("verify", "--home", home).out
    changes.unlink()
    assert f"changes/{changes.name}: missing" in asc("verify", "--home", home).out


def test_the_rows_of_workbooks_are_kept_and_made_again(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.write()
    stored = Path(__file__).parents[1] / "cases" / "files" / "export-with-hidden-row.ods"
    shutil.copy(stored, inbox.folder / "care-home-2024-12-16.ods")
    assert asc("ingest", inbox.folder, "--home", home).code == 0
    (turned,) = (home / "archive" / "turned").iterdir()
    kept = tree_bytes(turned)
    (turned / "1.csv").write_text("1,CQC Location ID\n")
    assert "archive/turned" in asc("verify", "--home", home).out
    assert asc("rebuild", "--home", home).code == 0
    assert tree_bytes(turned) == kept
    assert asc("verify", "--home", home).code == 0
