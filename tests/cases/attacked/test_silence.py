"""Answers that say nothing now, or too early: blanks, N/A, turned answers (`at-risk-gone` and findings, RULES 3)."""

from pathlib import Path

import pytest

from tests.cases.attacked.books import FORMATS, Fault, Formula, Sheet
from tests.cases.attacked.crowds import (
    DECEMBER,
    NOVEMBER,
    accept,
    findings,
    november,
    run,
    save,
    stopped,
    table_of,
    unit,
)
from tests.cases.attacked.crowds import world as world_of
from tests.cases.dirt import call
from tests.worlds import Inbox, Unit, services_of, tree_bytes

pytestmark = pytest.mark.slow  # whole months are run

AT_RISK, NOTICE_DUE = "YNNN", "NNNN"  # September to December: at risk (or due) already in November


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return world_of(tmp_path, 12)


def listed_in_november(inbox: Inbox, home: Path, said: str) -> Unit:
    """Publish November with one more service on its list."""
    one = unit(700, said=said)
    inbox.units.append(one)
    november(inbox, home)
    inbox.write()
    return one


def said_in_december(inbox: Inbox, one: Unit, word: object) -> list[list[object]]:
    rows: list[list[object]] = [list(row) for row in table_of(inbox, "care_home")]
    for row in rows:
        if row[0] == one.location_id:
            row[DECEMBER] = word
    return rows


# --- at-risk-gone -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [AT_RISK, NOTICE_DUE])
@pytest.mark.parametrize("word", ["", " ", "\u00a0", "N/A", "-", "tick", "50 %", "#N/A"])
def test_a_service_at_risk_that_nobody_can_judge_now_stops(tmp_path: Path, inbox: Inbox, said: str, word: str) -> None:
    home = tmp_path / "home"
    one = listed_in_november(inbox, home, said)
    before = tree_bytes(home / "releases")
    save(inbox.export_path("care_home"), said_in_december(inbox, one, word))
    answer = run(inbox, home, *accept("unknown-jump", "missed-jump"))
    stopped(answer, "at-risk-gone")
    assert one.location_id in answer.err or one.name in answer.err, answer.err
    assert tree_bytes(home / "releases") == before


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("cell", [None, Formula(0), Formula(None), Fault("#REF!")], ids=str)
def test_also_where_a_workbook_says_nothing(tmp_path: Path, inbox: Inbox, kind: str, cell: object) -> None:
    home = tmp_path / "home"
    one = listed_in_november(inbox, home, AT_RISK)
    path = inbox.export_path("care_home")
    path.unlink()
    path.with_suffix(f".{kind}").write_bytes(FORMATS[kind](Sheet(said_in_december(inbox, one, cell))))
    stopped(run(inbox, home, *accept("unknown-jump", "missed-jump")), "at-risk-gone")


def test_a_service_at_risk_that_is_deregistered_has_not_gone(tmp_path: Path, inbox: Inbox) -> None:
    home = tmp_path / "home"
    one = listed_in_november(inbox, home, AT_RISK)
    save(inbox.export_path("care_home"), said_in_december(inbox, one, ""))
    inbox.deactivate(one.location_id, "01/12/2024")
    answer = run(inbox, home, *accept("missed-jump"))
    assert answer.code == 0, answer.err


def test_a_blank_that_an_older_export_fills_has_not_gone(tmp_path: Path, inbox: Inbox) -> None:
    home = tmp_path / "home"
    one = listed_in_november(inbox, home, AT_RISK)
    path = save(inbox.export_path("care_home"), said_in_december(inbox, one, ""))
    path.rename(inbox.export_path("care_home", "2024-12-18"))
    inbox.write_export("care_home")
    answer = run(inbox, home, *accept("missed-jump"))
    assert answer.code == 0, answer.err
    assert services_of(home)[one.location_id, "care_home"]["status"] == "notice_due"


# --- findings ---------------------------------------------------------------------------------------------------------


def turned(inbox: Inbox, before: str, after: str, first: str = "2024-12-17", second: str = "2024-12-18") -> Unit:
    """One service's December in two exports."""
    one = unit(701)
    inbox.units.append(one)
    inbox.write()
    inbox.export_path("care_home").unlink()
    for day, word in ((first, before), (second, after)):
        save(inbox.export_path("care_home", day), said_in_december(inbox, one, word))
    return one


def ran(inbox: Inbox, home: Path) -> None:
    answer = run(inbox, home, *accept("missed-jump", "unknown-jump", "provider-type-missing"))
    assert answer.code == 0, answer.err


def test_a_blank_after_the_close_is_told(tmp_path: Path, inbox: Inbox) -> None:
    one = unit(702)
    inbox.units.append(one)
    inbox.write()
    save(inbox.export_path("care_home"), said_in_december(inbox, one, ""))
    ran(inbox, tmp_path / "home")
    (found,) = findings(tmp_path / "home", "blank_after_close")
    assert (found["row"], found["column"]) == ("14", "Dec 24") and found["action"] and found["severity"] != "info"


@pytest.mark.parametrize("kind", FORMATS)
def test_a_blank_cell_of_a_workbook_is_told(tmp_path: Path, inbox: Inbox, kind: str) -> None:
    one = unit(703)
    inbox.units.append(one)
    inbox.write()
    path = inbox.export_path("care_home")
    path.unlink()
    path.with_suffix(f".{kind}").write_bytes(FORMATS[kind](Sheet(said_in_december(inbox, one, None))))
    ran(inbox, tmp_path / "home")
    (found,) = findings(tmp_path / "home", "blank_after_close")
    assert (found["row"], found["column"]) == ("14", "Dec 24")


def test_a_blank_while_the_window_is_open_is_not_told(tmp_path: Path, inbox: Inbox) -> None:
    turned(inbox, "", "Yes", first="2024-12-10")
    ran(inbox, tmp_path / "home")
    assert not findings(tmp_path / "home", "blank_after_close")


def test_november_blank_in_a_first_month_is_told(tmp_path: Path, inbox: Inbox) -> None:
    rows = table_of(inbox, "care_home")
    for row in rows[1:]:
        row[NOVEMBER] = ""
    path = save(inbox.export_path("care_home"), rows)
    answer = run(inbox, tmp_path / "home")
    told = (
        [one for one in findings(tmp_path / "home", file=path.name) if one["severity"] != "info"]
        if not answer.code
        else []
    )
    assert answer.code == 4 or any("Nov" in one["column"] + one["value"] + one["action"] for one in told)


def test_a_no_after_the_close_that_a_newer_export_turns_is_told(tmp_path: Path, inbox: Inbox) -> None:
    one = turned(inbox, "No", "Yes")
    ran(inbox, tmp_path / "home")
    (found,) = findings(tmp_path / "home", "no_became_yes")
    assert found["file"].startswith("status-care-home") and found["row"] == "14" and "Dec 24" in found["column"]
    assert services_of(tmp_path / "home")[one.location_id, "care_home"]["outcome"] == "submitted"


@pytest.mark.parametrize("first", ["2024-12-10", "2024-12-16"])
def test_a_no_while_the_window_is_open_may_turn(tmp_path: Path, inbox: Inbox, first: str) -> None:
    turned(inbox, "No", "Yes", first=first)
    ran(inbox, tmp_path / "home")
    assert not findings(tmp_path / "home", "no_became_yes")


def test_a_yes_that_becomes_no_is_the_other_finding(tmp_path: Path, inbox: Inbox) -> None:
    turned(inbox, "Yes", "No")
    ran(inbox, tmp_path / "home")
    assert findings(tmp_path / "home", "yes_became_no") and not findings(tmp_path / "home", "no_became_yes")


# --- windows not yet open ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["Yes", "1", "TRUE"])
@pytest.mark.parametrize("day", ["2024-12-01", "2024-12-07T2359"])
def test_an_answer_before_its_window_opens_is_told_and_says_nothing(
    tmp_path: Path, inbox: Inbox, day: str, word: str
) -> None:
    one = turned(inbox, word, "", first=day)
    ran(inbox, tmp_path / "home")
    assert services_of(tmp_path / "home")[one.location_id, "care_home"]["outcome"] == "unknown"
    found = findings(tmp_path / "home", "window_not_open")
    assert found and {each["column"] for each in found} == {"Dec 24"}


def test_an_answer_of_the_first_day_counts(tmp_path: Path, inbox: Inbox) -> None:
    one = turned(inbox, "Yes", "", first="2024-12-08T0900")
    ran(inbox, tmp_path / "home")
    assert services_of(tmp_path / "home")[one.location_id, "care_home"]["outcome"] == "submitted"
    assert not findings(tmp_path / "home", "window_not_open")


def test_check_tells_it_too(tmp_path: Path) -> None:
    early = Inbox(tmp_path / "inbox", [unit(n) for n in range(6)], "2024-12-03").write_export("care_home")
    answer = call("check", early)
    assert "window_not_open" in answer.out + answer.err
