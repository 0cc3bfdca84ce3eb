"""Traps that were met in the scheduled runs, each shut for good."""

import datetime as dt
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.inbox import StillArriving, take_in_inbox
from flows.operations import operations_of
from pipeline.record.home import Home
from tests.conftest import Command
from tests.enforcement import BATCH, Office
from tests.integration.test_mornings import add_settings, alerts, inbox_setting, mailbox, monthly, told
from tests.mail import Mailbox
from tests.worlds import Inbox, write_csv

__all__ = ["mailbox"]  # a fixture


def test_another_fault_of_the_same_day_is_told_too(asc: Command, inbox: Inbox, home: Path) -> None:
    add_settings(home, inbox_setting(inbox.folder))
    assert asc("monthly", "--as-at", "2024-12-17", "--home", home).code == 2  # no such folder
    write_csv(inbox.folder / "foreign.csv", ["Name"], [["x"]])
    for _ in range(2):
        assert asc("monthly", "--as-at", "2024-12-17", "--home", home).code == 3
    assert told(home) == ["2024-12-17/monthly-close"] * 2


def test_an_alarm_hides_no_deadline_and_is_not_raised_over_what_was_told(asc: Command, home: Path) -> None:
    from flows.alerts import tell_of_trouble

    tell_of_trouble(Home(home), "deadlines", "late")
    add_settings(home, "[inbox]\nnonsense = 1")
    assert asc("deadlines", "--home", home).code == 3
    subjects = [line["subject"] for line in alerts(home)]
    assert subjects == ["deadlines is in trouble", "deadlines could not all be looked up"]
    tell_of_trouble(Home(home), "deadlines", "failed")
    assert [line["subject"] for line in alerts(home)] == subjects


@pytest.mark.parametrize("command", ["monthly", "remind", "tell-approvers", "deadlines"])
def test_settings_that_cannot_be_read_are_an_alert(asc: Command, home: Path, command: str) -> None:
    add_settings(home, "[inbox]\nalert_after_working_days = 0")
    assert asc(command, "--as-at", "2024-12-12", "--home", home).code == 3
    assert len(told(home)) == 1


def test_a_variable_that_cannot_be_read_is_wrong_usage(
    asc: Command, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASC_ALERTS__TO", "ops@example.org")
    answer = asc("monthly", "--home", home)
    assert answer.code == 3 and "JSON" in answer.err and "Traceback" not in answer.err


def test_a_file_that_still_grows_is_not_taken_in_however_late_the_try(inbox: Inbox, home: Path) -> None:
    add_settings(home, inbox_setting(inbox.write()))
    growing = inbox.export_path("care_home")
    began = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=90)
    stop = time.monotonic() + 4
    child = os.fork()
    if child == 0:
        while time.monotonic() < stop:
            with growing.open("a") as file:
                file.write("\n")
            time.sleep(0.05)
        os._exit(0)
    with pytest.raises(StillArriving):
        take_in_inbox(Home(home), operations_of(Home(home)), began)
    os.waitpid(child, 0)


def test_what_a_program_still_downloads_is_waited_for(asc: Command, inbox: Inbox, home: Path) -> None:
    add_settings(home, inbox_setting(inbox.write()))
    part = inbox.folder / "status-care-home.csv.part"
    part.write_text("half")
    answer = asc("monthly", "--as-at", "2024-12-17", "--home", home)
    assert answer.code == 2 and "still being written" in answer.err
    part.unlink()
    assert monthly(asc, home, "2024-12-17")["state"] == "Published"


def test_no_inbox_holds_its_home(asc: Command, home: Path) -> None:
    add_settings(home, inbox_setting(home.parent))
    answer = asc("monthly", "--as-at", "2024-12-17", "--home", home)
    assert answer.code == 2 and "home itself" in answer.err


def test_a_damaged_batch_keeps_no_other_from_being_told(asc: Command, inbox: Inbox, home: Path) -> None:
    office = Office(asc, inbox, home)
    office.due(1, "NNNNNN")
    office.write()
    office.run(month="2024-11")
    office.run()
    (home / "releases" / "2024-11" / "CURRENT").write_text("broken")
    answer = asc("tell-approvers", "--as-at", "2024-12-17", "--home", home)
    assert answer.code == 1 and "Traceback" not in answer.err
    assert [line["to"] for line in alerts(home)] == ["approvers", "operators"] and BATCH in alerts(home)[0]["subject"]
    office.said("decide", "1-9700000001", "hold", "--by", "Ann", "--because", "x", "--home", home)
    assert asc("deadlines", "--as-at", "2024-12-17", "--home", home).code == 1


def test_an_alert_names_neither_an_address_nor_a_sheet(asc: Command, inbox: Inbox, home: Path) -> None:
    import openpyxl

    add_settings(home, inbox_setting(inbox.write()))
    book = openpyxl.Workbook()
    book.active.title = "Jane Smith"
    book.active.append(["Who"])
    book.active.append(["x"])
    book.save(inbox.folder / "from jane.smith@example.org.xlsx")
    assert asc("monthly", "--as-at", "2024-12-17", "--home", home).code == 3
    text = alerts(home)[0]["text"]
    assert "refused" in text and "@" not in text and "Jane" not in text


def test_an_extended_window_has_another_closing_reminder(asc: Command, inbox: Inbox, home: Path) -> None:
    add_settings(home, inbox_setting(inbox.write()))

    def remind(day: str) -> Path:
        answer = asc("remind", "--as-at", day, "--home", home, "--json")
        assert answer.code == 0, answer.err
        import json

        return Path(json.loads(answer.out)["path"])

    assert remind("2025-01-10").name == "closing-2025-01-14"
    extend = (
        "windows",
        "extend",
        "2025-01",
        "--until",
        "2025-01-31",
        "--authority",
        "DHSC",
        "--by",
        "Ann",
        "--home",
        home,
    )
    assert asc(*extend).code == 0
    assert not remind("2025-01-16").exists()  # no opening reminder after a closing one
    assert remind("2025-01-29").name == "closing-2025-01-31"
    assert asc("verify", "--home", home).code == 0
    (remind("2025-01-29") / "SHA256SUMS").unlink()
    answer = asc("remind", "--as-at", "2025-01-30", "--home", home)
    assert answer.code == 1 and "SHA256SUMS" in answer.err and "Traceback" not in answer.err


def test_odd_lines_in_the_file_of_alerts_lose_nothing(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.folder.mkdir()
    add_settings(home, inbox_setting(inbox.folder))
    odd = ["{}", "5", "null", '{"id": "x"}', '{"id": "y", "subject": 3}', "[" * 5000]
    (home / "alerts.jsonl").write_text("\n".join(odd), encoding="utf-8")
    monthly(asc, home, "2024-12-19", code=4)
    assert (
        (home / "alerts.jsonl")
        .read_text(encoding="utf-8")
        .splitlines()[-1]
        .startswith('{"id": "2024-12-19/monthly-close waiting"')
    )


def test_a_recipient_that_is_refused_beside_others_is_said(
    asc: Command, inbox: Inbox, home: Path, mailbox: Mailbox
) -> None:
    inbox.folder.mkdir()
    add_settings(home, inbox_setting(inbox.folder), mailbox.settings("ops@example.org", "lead@example.org"))
    mailbox.unknown = "lead@example.org"
    monthly(asc, home, "2024-12-19", code=4)
    became = alerts(home)[-1]
    assert became["mail"] == "sent" and "1 of 2" in became["because"] and "@" not in became["because"]


def test_a_mail_server_that_cannot_be_named_is_no_traceback(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.folder.mkdir()
    mail = '[mail]\nhost = "mail..example.org"\nsender = "asc@example.org"\n[alerts]\nto = ["ops@example.org"]\n'
    add_settings(home, inbox_setting(inbox.folder), mail)
    monthly(asc, home, "2024-12-19", code=4)
    assert alerts(home)[-1]["mail"] == "failed"


def test_a_disk_that_takes_no_more_is_an_alert_and_heals(asc: Command, inbox: Inbox, home: Path) -> None:
    add_settings(home, inbox_setting(inbox.write()))
    tool = Path(sys.executable).with_name("asc-compliance")
    order = [tool, "monthly", "--as-at", "2024-12-17", "--home", home]
    full = subprocess.run(order, capture_output=True, text=True, preexec_fn=no_file_grows)
    assert full.returncode == 1 and "no room left" in full.stderr.lower() and "Traceback" not in full.stderr
    (alert,) = alerts(home)
    assert "no room left" in alert["text"].lower() and not list((home / "releases").glob("*/CURRENT"))
    assert monthly(asc, home, "2024-12-18")["state"] == "Published"
    assert asc("verify", "--home", home).code == 0


def no_file_grows() -> None:
    """Let no file of this process become larger than a few hundred KB, as on a disk that is full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
