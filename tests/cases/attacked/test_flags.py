"""What lies around the flags: decisions against contradicting evidence, gaps, dates and words that cannot be (Part 7)."""

import json
from pathlib import Path

import pytest

from tests.cases.attacked.crowds import accept, findings, november, run, save, unit, world
from tests.cases.dirt import call, extract, stamped
from tests.integration.test_mornings import add_settings, alerts, inbox_setting
from tests.worlds import EXPORT_HEADINGS, MONTHS, Inbox, Unit, release_of, services_of

pytestmark = pytest.mark.slow  # whole months are run

CHECKS = ("missed-jump", "unknown-jump", "looks-filtered", "rows-refused")


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return world(tmp_path, 12)


def ran(inbox: Inbox, home: Path) -> None:
    answer = run(inbox, home, *accept(*CHECKS))
    assert answer.code == 0, answer.err


def service(home: Path, one: Unit) -> dict[str, str]:
    return services_of(home)[one.location_id, one.provider_type]


def outcomes(home: Path, one: Unit) -> dict[str, str]:
    answer = call("explain", one.location_id, "--home", home, "--json")
    assert answer.code == 0, answer.err
    return {window["month"]: window["outcome"] for window in json.loads(answer.out)["windows"]}


# --- evidence that contradicts itself ---------------------------------------------------------------------------------


@pytest.fixture
def contradicted(inbox: Inbox) -> Unit:
    """A No in an export taken after the close, and a stamp of 10 December."""
    one = unit(600, said="YYYN")
    inbox.units.append(one)
    inbox.write()
    (inbox.folder / "record level 2024-12-17.csv").write_bytes(
        extract(stamped(one.location_id, "2024-12-10T10:00:00Z"))
    )
    return one


def decide(home: Path, one: Unit, said: str, *more: object) -> int:
    words = (
        "decide-window",
        one.location_id,
        one.provider_type,
        "2024-12",
        said,
        "--by",
        "Ann",
        "--because",
        "asked NECS",
    )
    return call(*words, *more, "--home", home).code


def test_a_person_decides_that_it_was_missed_and_can_take_it_back(
    tmp_path: Path, inbox: Inbox, contradicted: Unit
) -> None:
    home = tmp_path / "home"
    ran(inbox, home)
    assert service(home, contradicted)["outcome"] == "unknown"
    evidence = tmp_path / "mail from NECS.txt"
    evidence.write_text("Only the vacancies were saved.", encoding="utf-8")
    assert decide(home, contradicted, "missed", "--evidence", evidence) == 0
    ran(inbox, home)
    assert service(home, contradicted)["outcome"] == "missed"
    assert decide(home, contradicted, "none") == 0
    ran(inbox, home)
    assert service(home, contradicted)["outcome"] == "unknown"


def test_without_an_evidence_file_it_is_wrong_usage(tmp_path: Path, inbox: Inbox, contradicted: Unit) -> None:
    home = tmp_path / "home"
    ran(inbox, home)
    assert decide(home, contradicted, "missed") == 2
    assert decide(home, contradicted, "missed", "--evidence", tmp_path / "nowhere.txt") == 2


@pytest.mark.parametrize("written", ["rx3ld", "RX3LD ", " RX3LD", "RX3LD\u200e"])
def test_a_decision_takes_an_id_as_an_export_may_write_it(tmp_path: Path, inbox: Inbox, written: str) -> None:
    one = unit(601, said="YNNN")
    one.location_id = "RX3LD"
    inbox.units.append(one)
    inbox.write()
    ran(inbox, tmp_path / "home")
    one.location_id = written
    assert decide(tmp_path / "home", one, "excused") == 0
    ran(inbox, tmp_path / "home")
    assert services_of(tmp_path / "home")["RX3LD", "care_home"]["outcome"] == "excused"


# --- gaps and dates ---------------------------------------------------------------------------------------------------


def test_windows_between_two_registrations_are_not_required(tmp_path: Path, inbox: Inbox) -> None:
    """Ended on 30 June; held again by the register of 16 December: the last window closed before that day is owed."""
    one = unit(602, said="YYYYYYNNNNNN")
    inbox.units.append(one)
    inbox.write()
    inbox.deactivate(one.location_id, "30/06/2024", "2024-07-05")
    ran(inbox, tmp_path / "home")
    said = outcomes(tmp_path / "home", one)
    assert {month: said[month] for month in ("2024-06", "2024-07", "2024-10", "2024-11", "2024-12")} == {
        "2024-06": "submitted", "2024-07": "not_required", "2024-10": "not_required", "2024-11": "missed", "2024-12": "missed",
    }  # fmt: skip
    assert findings(tmp_path / "home", "register_gap")
    assert service(tmp_path / "home", one)["status"] == "at_risk"


@pytest.mark.parametrize("day", ["2124-01-20", "20/01/2124", "2025-06-01"])
def test_a_registration_date_of_the_future_in_an_export_is_not_used(tmp_path: Path, inbox: Inbox, day: str) -> None:
    one = unit(603, said="YNNN")
    head = [*EXPORT_HEADINGS, "Registration Date", *MONTHS]
    cells = one.cells(MONTHS)
    path = save(inbox.folder / "more care home 2024-12-17.csv", [head, [*cells[:7], day, *cells[7:]]])
    ran(inbox, tmp_path / "home")
    assert service(tmp_path / "home", one)["status"] == "notice_due"
    assert findings(tmp_path / "home", "registered_in_future", path.name)


def test_two_rows_that_differ_in_being_new_count_against_nobody(tmp_path: Path, inbox: Inbox) -> None:
    one, again = unit(604, said="NNN"), unit(604, said="NNN")
    again.status = "New (< 101 days)"
    one.in_register = False
    units = [each for each in inbox.units if each.provider_type == "care_home"]
    inbox.write_export("care_home", [*units, one, again])
    ran(inbox, tmp_path / "home")
    assert service(tmp_path / "home", one)["status"] != "notice_due"


def test_a_service_that_older_exports_call_new_was_new_then(tmp_path: Path, inbox: Inbox) -> None:
    one = unit(605, said="NNNN")
    one.in_register = False
    inbox.units.append(one)
    inbox.write()
    for count, day, status in ((10, "2024-10-16", "New (< 101 days)"), (11, "2024-11-15", "Established")):
        one.status = status
        inbox.months = MONTHS[:count]
        inbox.write_export("care_home", extracted=day)
    ran(inbox, tmp_path / "home")
    said = service(tmp_path / "home", one)
    assert (said["status"], said["windows_in_a_row"]) == ("at_risk", "4"), said["reason"]


def test_each_column_of_a_unit_is_of_the_newest_file_that_has_it(tmp_path: Path, inbox: Inbox) -> None:
    one = unit(606, said="YNNN")
    one.status = "New (< 101 days)"
    save(inbox.folder / "more care home 2024-12-17T0001.csv", [[*EXPORT_HEADINGS, *MONTHS], one.cells(MONTHS)])
    thin = [["CQC Location ID", "Local Authority", *MONTHS], [one.location_id, "Kent", *one.cells(MONTHS)[7:]]]
    save(inbox.folder / "more care home 2024-12-17T2359.csv", thin)
    ran(inbox, tmp_path / "home")
    said = service(tmp_path / "home", one)
    assert (said["provider_id"], said["registration_status"], said["status"]) == (one.provider_id, "New", "new")


# --- unattended -------------------------------------------------------------------------------------------------------


def test_an_unattended_run_sets_our_own_list_aside_and_goes_on(tmp_path: Path, inbox: Inbox) -> None:
    home = tmp_path / "home"
    inbox.units[3].history = "Y" * 10 + "NN"
    inbox.write()
    ran(inbox, tmp_path / "first")
    ours = release_of(tmp_path / "first") / "local-authorities" / "E10000016" / "at-risk-kent-care-home-2024-12.csv"
    (inbox.folder / "care home returned 2024-12-16.csv").write_bytes(ours.read_bytes())
    add_settings(home, inbox_setting(inbox.folder))
    answer = call("monthly", "--as-at", "2024-12-17", "--home", home)
    assert answer.code == 0, answer.out + answer.err
    assert len(services_of(home)) == 24
    assert any("care home returned 2024-12-16.csv" in json.dumps(line) for line in alerts(home))


@pytest.mark.slow
@pytest.mark.parametrize("count", [19, 20, 199, 200])
@pytest.mark.parametrize("first", [True, False], ids=["first month", "after November"])
def test_a_right_month_raises_none_of_the_new_checks(tmp_path: Path, count: int, first: bool) -> None:
    """The crowd itself, at both sides of the sizes that the checks begin to look at."""
    right = world(tmp_path / "right", count)
    if not first:
        november(right, tmp_path / "home")
    answer = run(right, tmp_path / "home")
    assert answer.code == 0, answer.err
