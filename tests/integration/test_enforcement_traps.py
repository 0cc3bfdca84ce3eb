"""Traps that a reviewer found in approving, issuing and following cases, each with the case that sprang it."""

from pathlib import Path

import pikepdf
import pytest

from tests.conftest import Command
from tests.enforcement import APPROVER, BATCH, Office
from tests.worlds import Inbox, letter_text, write_csv

pytestmark = pytest.mark.slow
ONE = "NOI-2024-12-0001"


@pytest.fixture
def office(asc: Command, inbox: Inbox, home: Path) -> Office:
    """Two providers due, drafted and approved."""
    made = Office(asc, inbox, home)
    for number in (1, 2):
        made.due(number)
    made.write()
    made.run()
    made.approve()
    return made


def taken_out(office: Office) -> dict[str, str]:
    """Issue the batch, and return who was taken out and why."""
    answer = office.issue()["taken_out"]
    assert isinstance(answer, dict)
    return answer


def test_a_public_body_of_a_newer_list_is_sent_nothing(office: Office, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "public_bodies_2025-01-03.csv", ["provider_id", "basis"], [["1-9700000001", "local authority"]]
    )
    office.said("ingest", path, "--home", office.home)
    assert taken_out(office) == {ONE: "1-9700000001 is a public body now"}


def test_a_service_that_is_another_providers_now_is_sent_nothing(office: Office) -> None:
    office.inbox.units[-2].provider_id = "1-9700000099"
    office.inbox.write_register("2025-01-03")
    office.said("ingest", office.inbox.folder, "--home", office.home)
    assert taken_out(office) == {ONE: "1-9000004001:care_home is a service of 1-9700000099 now"}


def test_a_decision_after_the_notice_stops_a_penalty(office: Office) -> None:
    office.issue()
    office.said("decide", "1-9700000001", "public_body", "--by", "Ann", "--because", "a trust", "--home", office.home)
    penalty = ("cases", "record", ONE, "penalty_decided", "--by", "Ann", "--on", "2025-02-03")
    assert "s.277E" in office.refused(*penalty)
    office.run()
    assert office.case(ONE, "2025-01-07")["state"] == "review_needed"


@pytest.mark.parametrize("sent_on", ["2024-01-06", "2024-12-16"])
def test_a_day_before_the_month_was_run_is_a_slip(office: Office, sent_on: str) -> None:
    words = ("notices", "issue", BATCH, "--by", APPROVER, "--sent-on", sent_on, "--method", "post")
    assert "the month is run on 2024-12-17" in office.refused(*words)
    assert office.issue()["letters"] == 2


def test_e_mail_serves_only_where_an_address_is_recorded_for_it(office: Office) -> None:
    words = ("notices", "issue", BATCH, "--by", APPROVER, "--sent-on", "2025-01-06", "--method", "email")
    assert "no e-mail address is recorded for service on the provider of NOI-2024-12-0001" in office.refused(*words)


def test_a_doubt_that_comes_back_is_said_again(office: Office) -> None:
    office.issue()
    decide = ("decide-window", "1-9000004001", "care_home", "2024-12")
    because = ("--by", "Ann", "--because", "x", "--home", office.home)
    for word in ("excused", "none", "excused"):
        office.said(*decide, word, *because)
        office.run()
        if office.case(ONE, "2025-01-20")["state"] == "review_needed":
            office.record(ONE, "reviewed", "2025-01-20")
    events = [event["event"] for event in office.case(ONE, "2025-02-01")["events"]]
    assert events.count("review_needed") == 2
    assert "reasonable excuse" in letter_text(office.home / "cases" / ONE / "withdrawal-draft.pdf")


def test_a_damaged_paper_keeps_no_other_case_from_being_looked_at(office: Office) -> None:
    office.issue()
    evidence = next((office.home / "releases").glob(f"*/*/notices/*/evidence/{ONE}.json"))
    evidence.write_bytes(evidence.read_bytes().replace(b"missed", b"Missed", 1))
    for number in (1, 2):
        words = (
            "decide-window",
            f"1-900000400{number}",
            "care_home",
            "2024-12",
            "excused",
            "--by",
            "Ann",
            "--because",
            "x",
        )
        office.said(*words, "--home", office.home)
    office.run()
    states = {ref: office.case(ref, "2025-01-20")["state"] for ref in (ONE, "NOI-2024-12-0002")}
    assert set(states.values()) == {"review_needed"}


def test_a_specimen_is_one_from_its_draft_on(office: Office) -> None:
    settings = office.home / "settings.toml"
    text = settings.read_text()
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl3dIeudNqd0DPMRD6OIh65tjkxFNOtwGcWB2gCgPhk alex"
    settings.write_text(text.replace("specimen = true", "") + f'\n[approvers]\n"{APPROVER}" = "{key}"\n')
    office.due(3)
    office.inbox.write_export("care_home", extracted="2024-12-18")
    office.inbox.write_register("2024-12-18")
    office.inbox.write_fees(day="2024-12-03")
    office.run(as_at="2024-12-18")
    settings.write_text(text)
    message = office.refused("notices", "approve", "NOI-2024-12-02", "--by", APPROVER)
    assert "--signature is missing" in message


def test_what_was_never_sent_gets_no_letter(office: Office) -> None:
    office.said("decide", "1-9700000001", "hold", "--by", "Ann", "--because", "x", "--home", office.home)
    assert taken_out(office) == {ONE: "on hold (a decision)"}
    for kind in ("notice", "withdrawal"):
        assert "never sent" in office.refused("cases", "letter", ONE, kind)


def test_a_final_notice_goes_to_the_last_known_address_on_its_own_day(office: Office) -> None:
    office.issue()
    office.record(ONE, "penalty_decided", "2025-02-03")
    office.inbox.units[-2].street = "7 New Road"
    office.inbox.write_register("2025-02-01")
    office.said("ingest", office.inbox.folder, "--home", office.home)
    office.said("cases", "letter", ONE, "final_notice", "--send-on", "2025-02-05", "--home", office.home)
    assert "7 New Road" in letter_text(office.home / "cases" / ONE / "final_notice-2025-02-05.pdf")
    late = ("cases", "record", ONE, "final_notice", "--by", "Ann", "--on", "2025-02-19")
    assert "made to be sent on 2025-02-05" in office.refused(*late)
    early = ("cases", "letter", ONE, "final_notice", "--send-on", "2025-01-31")
    assert "before penalty_decided" in office.refused(*early)


def test_a_locked_paper_stands_as_a_slip_in_the_bundle(office: Office, tmp_path: Path) -> None:
    office.issue()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(user="x", owner="y"))
    office.record(ONE, "call", "2025-01-20", "--evidence", tmp_path / "locked.pdf")
    office.said("cases", "bundle", ONE, "--out", tmp_path / "bundle.pdf", "--home", office.home)
    assert "locked.pdf" in letter_text(tmp_path / "bundle.pdf")


def test_an_event_that_has_not_happened_is_not_recorded(office: Office) -> None:
    words = ("cases", "record", ONE, "call", "--by", "Ann", "--on", "2199-01-01", "--home", office.home)
    assert office.asc(*words).code == 2


def test_an_entry_that_lapsed_stands_again_with_a_release_that_is_current_again(office: Office) -> None:
    office.due(5)
    office.inbox.write_export("care_home", extracted="2024-12-18")
    office.inbox.write_register("2024-12-18")
    office.run(as_at="2024-12-18")
    held = {entry["provider_id"] for entry in office.said("held", "list", "--home", office.home, "--json")}
    decide = ("decide-window", "1-9000004005", "care_home", "2024-12")
    for word, standing in (("excused", set()), ("none", held)):
        office.said(*decide, word, "--by", "Ann", "--because", "x", "--home", office.home)
        office.run(as_at="2024-12-18")
        assert {e["provider_id"] for e in office.said("held", "list", "--home", office.home, "--json")} == standing
    assert held == {"1-9700000005"}
