"""What is accepted is a figure of a type, with words, and no more (CONTRACT 2)."""

import json
from pathlib import Path

import pytest

from tests.cases.attacked.crowds import DECEMBER, Table, accept, accepted, change, run, stopped, table_of, world
from tests.conftest import Answer
from tests.worlds import Inbox, release_of

pytestmark = pytest.mark.slow  # whole months are run

WITHOUT_TYPES = ("authority-empty", "authority-unmatched", "rows-refused", "register-fall")
WITH_TYPES = (
    "population-fall", "population-short", "unknown-jump", "missed-jump", "contradicts-register", "history-rewritten",
    "missed-share", "nobody-missed",
)  # fmt: skip


@pytest.fixture
def stops(tmp_path: Path) -> Inbox:
    """A month in which six of thirty care homes missed December, where one or two did before."""
    inbox = world(tmp_path, 30)
    miss(inbox, 6)
    return inbox


def miss(inbox: Inbox, count: int, kind: str = "care_home", day: str = "") -> None:
    """Let the last services of a type miss December and nobody else, in the export of a day."""

    def mend(rows: Table) -> None:
        for n, row in enumerate(reversed(rows)):
            row[DECEMBER] = "No" if n < count else "Yes"

    path = change(inbox, kind, mend)
    if day:
        path.rename(inbox.export_path(kind, day))
        inbox.write_export(kind)


def release(answer: Answer) -> str:
    assert answer.code == 0, answer.err
    return str(json.loads(answer.out)["release"])


@pytest.mark.parametrize("check", WITHOUT_TYPES)
@pytest.mark.parametrize("kind", ["care_home", "home_care"])
def test_a_type_on_a_check_that_has_none_is_wrong_usage(tmp_path: Path, check: str, kind: str) -> None:
    answer = run(world(tmp_path, 12), tmp_path / "home", *accept(f"{check}:{kind}"))
    assert answer.code == 2 and check in answer.err, answer.err


@pytest.mark.parametrize("check", WITH_TYPES)
def test_a_type_on_a_check_that_has_types_is_understood(tmp_path: Path, check: str) -> None:
    answer = run(world(tmp_path, 12), tmp_path / "home", *accept(f"{check}:care_home", f"{check}:home_care"))
    assert answer.code == 0, answer.err


@pytest.mark.parametrize("word", ["carehome", "Care Home", "", "care_home:home_care"])
def test_a_type_that_does_not_exist_is_wrong_usage(tmp_path: Path, word: str) -> None:
    answer = run(world(tmp_path, 12), tmp_path / "home", *accept(f"population-fall:{word}"))
    assert answer.code == 2 and "Traceback" not in answer.err


def test_accepting_one_type_accepts_no_other(tmp_path: Path, stops: Inbox) -> None:
    miss(stops, 6, "home_care")
    answer = run(stops, tmp_path / "home", *accept("missed-jump:care_home"))
    stopped(answer, "missed-jump", "home_care")
    assert run(stops, tmp_path / "home", *accept("missed-jump:care_home", "missed-jump:home_care")).code == 0


def test_accepting_the_other_type_accepts_nothing(tmp_path: Path, stops: Inbox) -> None:
    stopped(run(stops, tmp_path / "home", *accept("missed-jump:home_care")), "missed-jump", "care_home")


def test_without_a_type_both_are_accepted(tmp_path: Path, stops: Inbox) -> None:
    miss(stops, 6, "home_care")
    assert run(stops, tmp_path / "home", *accept("missed-jump")).code == 0


def test_a_later_run_goes_on_while_no_figure_is_worse(tmp_path: Path, stops: Inbox) -> None:
    home = tmp_path / "home"
    first = release(run(stops, home, *accept("missed-jump:care_home"), "--json"))
    assert release(run(stops, home, "--json")) == first, "the same files, without the words"
    miss(stops, 5, day="2024-12-18")
    assert release(run(stops, home, "--json")) != first, "five are no worse than six"


def test_a_later_run_stops_again_where_a_figure_is_worse(tmp_path: Path, stops: Inbox) -> None:
    home = tmp_path / "home"
    first = release(run(stops, home, *accept("missed-jump:care_home"), "--json"))
    miss(stops, 8, day="2024-12-18")
    stopped(run(stops, home), "missed-jump", "care_home")
    assert release_of(home).name == first


def test_a_figure_of_one_type_covers_no_other_later(tmp_path: Path, stops: Inbox) -> None:
    home = tmp_path / "home"
    release(run(stops, home, *accept("missed-jump"), "--json"))
    miss(stops, 6, "home_care", day="2024-12-18")
    stopped(run(stops, home), "missed-jump", "home_care")


def test_what_was_accepted_for_one_month_is_not_for_another(tmp_path: Path, stops: Inbox) -> None:
    """December was accepted; a January as bad asks again."""
    home = tmp_path / "home"
    release(run(stops, home, *accept("missed-jump:care_home"), "--json"))
    for kind in ("care_home", "home_care"):
        head, *rows = table_of(stops, kind)
        january = [[*row[:DECEMBER], "Yes", "No" if n % 3 == 1 else "Yes"] for n, row in enumerate(rows)]
        path = stops.folder / f"status-{kind.replace('_', '-')}-2025-01-15.csv"
        path.write_text("\n".join(",".join(cells) for cells in ([*head, "Jan 25"], *january)), encoding="utf-8")
    answer = run(stops, home, month="2025-01", as_at="2025-01-15")
    stopped(answer, "missed-jump")


def test_accepting_a_check_that_did_not_fire_changes_no_release(tmp_path: Path) -> None:
    inbox = world(tmp_path, 24)
    plain = release(run(inbox, tmp_path / "plain", "--json"))
    more = accept("population-short", "population-fall:home_care", "looks-filtered", "authority-unmatched")
    assert release(run(inbox, tmp_path / "accepted", *more, "--json")) == plain
    assert release(run(inbox, tmp_path / "plain", *more, "--json")) == plain


def test_accepting_more_than_what_fired_is_the_same_release(tmp_path: Path, stops: Inbox) -> None:
    one = release(run(stops, tmp_path / "one", *accept("missed-jump:care_home"), "--json"))
    two = release(run(stops, tmp_path / "two", *accept("missed-jump:care_home", "looks-filtered"), "--json"))
    assert one == two


def test_figures_and_words_accepted_stand_in_the_manifest(tmp_path: Path, stops: Inbox) -> None:
    made = accepted(stops, tmp_path / "home", "missed-jump:care_home")
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    assert [one["check"] for one in manifest["checks"] if one["fired"]] == ["missed-jump"]
    (said,) = manifest["accepted"]
    assert said["check"].startswith("missed-jump") and "asked by telephone" in json.dumps(said)
    assert "care_home" in json.dumps(said) and "6" in json.dumps(said)
