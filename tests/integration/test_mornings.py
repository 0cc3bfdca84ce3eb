"""What the scheduled runs do, by their commands: close what is due, remind, tell the approvers, watch the deadlines."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from flows.alerts import Alerts
from pipeline.record.home import Home
from tests.conftest import Command
from tests.enforcement import BATCH, Office
from tests.mail import Mailbox, mail_server
from tests.worlds import EXPORT_HEADINGS, Inbox, Unit, release_of, write_csv

WINDOW = "status export, care home, with a column for 2024-12, taken after 2024-12-16"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of these inboxes were just written, and nobody writes on: look at them again at once."""
    monkeypatch.setattr("flows.inbox.SETTLES_IN", 0.01)


def add_settings(home: Path, *tables: str) -> None:
    home.mkdir(exist_ok=True)
    path = home / "settings.toml"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text("\n".join([before, *tables]), encoding="utf-8")


def inbox_setting(folder: Path) -> str:
    return f'[inbox]\nfolder = "{folder}"\n'


def alerts(home: Path) -> list[dict[str, str]]:
    path = home / "alerts.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def told(home: Path) -> list[str]:
    """Return the ids of the alerts, oldest first."""
    return [line["id"].split(" ")[0] for line in alerts(home) if "subject" in line]


def monthly(asc: Command, home: Path, as_at: str, code: int = 0) -> dict[str, object]:
    answer = asc("monthly", "--as-at", as_at, "--home", home, "--json")
    assert answer.code == code, answer.err
    return json.loads(answer.out)


def test_a_morning_on_which_nothing_is_due_says_when_something_will_be(asc: Command, inbox: Inbox, home: Path) -> None:
    add_settings(home, inbox_setting(inbox.write()))
    assert monthly(asc, home, "2024-12-17")["state"] == "Published"
    skipped = monthly(asc, home, "2025-01-14")
    assert skipped["state"] == "Skipped" and "2025-01-15" in skipped["reason"]
    assert told(home) == []


def test_a_month_waits_for_its_exports_and_goes_on_when_they_come(asc: Command, inbox: Inbox, home: Path) -> None:
    add_settings(home, inbox_setting(inbox.folder))
    inbox.write_export("home_care")
    inbox.write_register()
    waiting = monthly(asc, home, "2024-12-17")
    assert (waiting["state"], waiting["late"], waiting["waits_for"]) == ("Waiting", False, [WINDOW])
    assert not list((home / "releases").glob("*"))
    monthly(asc, home, "2024-12-18")
    assert told(home) == []
    late = monthly(asc, home, "2024-12-19", code=4)
    assert late["late"] is True
    monthly(asc, home, "2024-12-19", code=4)
    monthly(asc, home, "2024-12-20", code=4)
    assert told(home) == ["2024-12-19/monthly-close", "2024-12-20/monthly-close"]
    assert Alerts(Home(home), dt.date(2024, 12, 20), dt.datetime.now(dt.UTC)).has_told(
        "monthly-close"
    )  # so no alarm on top
    inbox.write_export("care_home")
    assert monthly(asc, home, "2024-12-23")["published"][0]["month"] == "2024-12"


def test_how_long_a_month_may_wait_is_a_setting(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.folder.mkdir()
    add_settings(home, inbox_setting(inbox.folder) + "alert_after_working_days = 1")
    assert monthly(asc, home, "2024-12-17", code=4)["late"] is True


def test_three_months_after_an_outage_are_published_in_order_by_one_run(asc: Command, inbox: Inbox, home: Path) -> None:
    add_settings(home, inbox_setting(inbox.write()))
    assert asc("run", "--month", "2024-09", "--as-at", "2024-12-17", "--inbox", inbox.folder, "--home", home).code == 0
    answer = monthly(asc, home, "2024-12-17")
    assert [line["month"] for line in answer["published"]] == ["2024-10", "2024-11", "2024-12"]
    compared = [
        json.loads((release_of(home, f"2024-{n}") / "manifest.json").read_text())["compared_with"] for n in (10, 11, 12)
    ]
    assert compared[1:] == [line["release"] for line in answer["published"][:2]]


def test_a_month_that_fails_ends_the_morning_and_later_ones_wait(asc: Command, inbox: Inbox, home: Path) -> None:
    add_settings(home, inbox_setting(inbox.write()))
    assert asc("run", "--month", "2024-10", "--as-at", "2024-12-17", "--inbox", inbox.folder, "--home", home).code == 0
    for unit in inbox.units:  # from November on nobody submitted: a filter left on, or Capacity Tracker was down
        unit.history = "YYYYYYYYYYNN"
    inbox.extracted = "2024-12-18"
    inbox.write()
    answer = asc("monthly", "--as-at", "2024-12-18", "--home", home)
    assert answer.code == 4 and "missed-jump" in answer.err
    assert sorted(path.name for path in (home / "releases").iterdir()) == ["2024-10"]
    (alert,) = alerts(home)
    assert "missed-jump" in alert["text"]


def test_an_alert_names_no_value_of_a_file_and_the_command_line_does(asc: Command, inbox: Inbox, home: Path) -> None:
    add_settings(home, inbox_setting(inbox.write()))
    write_csv(inbox.folder / "foreign.csv", ["Name", "Who"], [["Secret Care", "someone@example.org"]])
    answer = asc("monthly", "--as-at", "2024-12-17", "--home", home)
    assert answer.code == 3 and "foreign.csv" in answer.err
    (alert,) = alerts(home)
    assert "foreign.csv" in alert["text"] and "Secret" not in alert["text"] and "@" not in alert["text"]
    (inbox.folder / "foreign.csv").unlink()
    assert monthly(asc, home, "2024-12-18")["state"] == "Published"


def test_an_inbox_that_cannot_be_read_is_an_alert_and_heals(asc: Command, inbox: Inbox, home: Path) -> None:
    add_settings(home, inbox_setting(inbox.folder))
    for in_its_place in (None, "a file"):
        if in_its_place:
            inbox.folder.write_text(in_its_place)
        answer = asc("monthly", "--as-at", "2024-12-17", "--home", home)
        assert answer.code == 2 and "inbox" in answer.err and "Traceback" not in answer.err
    assert told(home) == ["2024-12-17/monthly-close"] * 2  # two faults
    inbox.folder.unlink()
    inbox.write()
    assert monthly(asc, home, "2024-12-18")["state"] == "Published"


def test_a_home_that_another_run_holds_is_an_alert(asc: Command, inbox: Inbox, home: Path) -> None:
    add_settings(home, inbox_setting(inbox.write()))
    with Home(home).made().held("a test"):
        assert asc("monthly", "--as-at", "2024-12-17", "--home", home).code == 75
    assert told(home) == ["2024-12-17/monthly-close"] and "a test" in alerts(home)[0]["text"]
    assert monthly(asc, home, "2024-12-18")["state"] == "Published"


def test_settings_by_which_the_work_runs_change_no_release(
    asc: Command, inbox: Inbox, home: Path, tmp_path: Path
) -> None:
    add_settings(home, inbox_setting(inbox.write()))
    other = tmp_path / "other"
    add_settings(other, inbox_setting(inbox.folder), '[alerts]\nto = ["ops@example.org"]\n[letters]\ndask = "local"\n')
    releases = [monthly(asc, where, "2024-12-17")["published"] for where in (home, other)]
    assert releases[0] == releases[1]


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("[inbox]\nalert_after_working_days = 0", "inbox.alert_after_working_days"),
        ("[inbox]\nfolder = ''", "inbox.folder"),
        ("[inbox]\nfolder = 'inbox'", "inbox.folder"),
        ("[inbox]\nfolders = 'x'", "inbox.folders"),
        ('[alerts]\nto = ["no address"]', "alerts.to"),
        ('[mail]\nhost = "mail"', "mail.sender"),
        ("[mail]\nsecurity = 'some'", "mail.security"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(asc: Command, home: Path, table: str, key: str) -> None:
    add_settings(home, table)
    for command in ("monthly", "deadlines"):
        answer = asc(command, "--home", home)
        assert answer.code == 3 and key in answer.err and "Traceback" not in answer.err
    assert asc("settings", "check", "--home", home).code == 3


def test_alerts_are_mailed_once_and_those_that_could_not_be_go_out_later(
    asc: Command, inbox: Inbox, home: Path, mailbox: Mailbox
) -> None:
    inbox.folder.mkdir()
    add_settings(home, inbox_setting(inbox.folder), mailbox.settings("ops@example.org", "lead@example.org"))
    port, path = f"port = {mailbox.port}", home / "settings.toml"
    working = path.read_text()
    path.write_text(working.replace(port, "port = 9"))  # nobody listens there
    monthly(asc, home, "2024-12-19", code=4)
    assert [line.get("mail") for line in alerts(home)] == [None, "failed"]
    path.write_text(working)
    monthly(asc, home, "2024-12-19", code=4)
    monthly(asc, home, "2024-12-19", code=4)
    monthly(asc, home, "2024-12-20", code=4)
    assert [message["Message-ID"] for message in mailbox.messages] == [
        "<2024-12-19.monthly-close.waiting@example.org>", "<2024-12-20.monthly-close.waiting@example.org>",
    ]  # fmt: skip
    first = mailbox.messages[0]
    assert first["To"] == "ops@example.org, lead@example.org" and "waits for" in first.get_content()


def test_a_message_that_is_refused_holds_up_no_other(asc: Command, inbox: Inbox, home: Path, mailbox: Mailbox) -> None:
    inbox.folder.mkdir()
    add_settings(home, inbox_setting(inbox.folder), mailbox.settings("ops@example.org"))
    mailbox.refuses = "554 no such mailbox ops@example.org"
    monthly(asc, home, "2024-12-19", code=4)
    failed = alerts(home)[-1]
    assert failed["mail"] == "failed" and "554" in failed["because"] and "@" not in failed["because"]
    mailbox.refuses = ""
    monthly(asc, home, "2024-12-20", code=4)
    assert len(mailbox.messages) == 2


def test_a_line_that_a_kill_cut_off_loses_no_other_alert(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.folder.mkdir()
    add_settings(home, inbox_setting(inbox.folder))
    monthly(asc, home, "2024-12-19", code=4)
    with (home / "alerts.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "2024-12-20/wai')
    monthly(asc, home, "2024-12-20", code=4)
    lines = (home / "alerts.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(lines[n])["day"] for n in (0, 2)] == ["2024-12-19", "2024-12-20"]


def test_an_alert_that_cannot_be_written_down_is_mailed_and_said(
    asc: Command, inbox: Inbox, home: Path, mailbox: Mailbox
) -> None:
    add_settings(home, inbox_setting(inbox.folder), mailbox.settings("ops@example.org"))
    (home / "alerts.jsonl").mkdir()
    answer = asc("monthly", "--as-at", "2024-12-17", "--home", home)
    assert answer.code == 2 and "alerts.jsonl cannot be written" in answer.err
    assert len(mailbox.messages) == 1 and "inbox" in mailbox.messages[0].get_content()


def test_a_password_that_others_can_read_is_not_used(
    asc: Command, inbox: Inbox, home: Path, mailbox: Mailbox, tmp_path: Path
) -> None:
    inbox.folder.mkdir()
    secret = tmp_path / "password"
    secret.write_text("secret")
    secret.chmod(0o644)
    mail = mailbox.settings("ops@example.org").replace("[alerts]", f'user = "me"\npassword_file = "{secret}"\n[alerts]')
    add_settings(home, inbox_setting(inbox.folder), mail)
    monthly(asc, home, "2024-12-19", code=4)
    assert "chmod 600" in alerts(home)[-1]["because"] and mailbox.messages == []


def test_approvers_are_told_each_day_until_the_batch_is_approved(
    asc: Command, inbox: Inbox, home: Path, mailbox: Mailbox
) -> None:
    office = Office(asc, inbox, home)
    office.due(1)
    office.write()
    add_settings(home, mailbox.settings(approvers=("alex@example.org",)))
    office.run()
    for day in ("2024-12-17", "2024-12-17", "2024-12-18"):
        assert office.said("tell-approvers", "--as-at", day, "--home", home, "--json") == [BATCH]
    assert len(mailbox.messages) == 2
    text = mailbox.messages[0].get_content()
    checksum = office.notices("show", BATCH)["checksum"]
    assert checksum in text and f"notices approve {BATCH}" in text and "Provider 1" not in text
    late = office.said("tell-approvers", "--as-at", "2025-01-20", "--home", home, "--json")
    assert late == [BATCH] and "redraft" in mailbox.messages[-1].get_content()
    office.approve()
    assert office.said("tell-approvers", "--as-at", "2025-01-21", "--home", home, "--json") == []


def test_deadlines_name_cases_batches_and_entries_that_wait(asc: Command, inbox: Inbox, home: Path) -> None:
    office = Office(asc, inbox, home)
    office.due(1)
    office.due(2)
    office.write()
    fees = inbox.folder / "provider_fees.csv"  # the second is held, for nobody knows its fee
    fees.write_text(
        "".join(line for line in fees.read_text().splitlines(keepends=True) if not line.startswith("1-9700000002"))
    )
    office.run()

    def waits(day: str) -> dict[str, object]:
        return office.said("deadlines", "--as-at", day, "--home", home, "--json")

    assert waits("2025-01-03")["counts"] == {"batches to issue": 0, "held too long": 0}
    office.approve()
    assert waits("2025-01-06")["batches"] == [BATCH]
    office.issue()
    (ref,) = [row["letter_ref"] for row in office.said("cases", "list", "--home", home, "--json")]
    quiet = waits("2025-01-09")
    assert (quiet["cases"], quiet["batches"], quiet["held"]) == ([], [], [])
    decide_by = office.case(ref, "2025-01-09")["decide_by"]
    found = waits(decide_by)
    assert found["cases"] == [ref] and found["held"] == ["1-9700000002"]
    text = alerts(home)[-1]["text"]
    assert f"{ref}: decision_due" in text and decide_by in text and "Provider 1" not in text and "1-97" not in text


FOLDERS = {"closing": "closing-2024-12-16"}


def reminded(home: Path, which: str, place: str = "kent") -> dict[str, list[str]]:
    """Return the location ids of an authority's reminder by sheet; checks that each sheet says that it is provisional."""
    book = openpyxl.load_workbook(
        home / "reminders" / "2024-12" / FOLDERS.get(which, which) / f"reminder-{place}-2024-12.xlsx"
    )
    for sheet in book.worksheets[1:]:
        assert "provisional" in sheet["A1"].value and "Provisional" in sheet["A2"].value
    return {sheet.title: [row[0].value for row in sheet.iter_rows(min_row=4)] for sheet in book.worksheets[1:]}


def test_reminders_name_those_listed_and_then_those_who_had_not_submitted(
    asc: Command, inbox: Inbox, home: Path
) -> None:
    add_settings(home, inbox_setting(inbox.folder))
    months = inbox.months
    listed = Unit("1-9000009001", "NN?", name="Listed House")
    slow = Unit("1-9000009002", "YYN", name="Slow House")
    silent = Unit("1-9000009003", "YY?", name="Silent House")
    inbox.units += [listed, slow, silent]
    inbox.months, inbox.extracted = months[:-1], "2024-11-16"
    inbox.write()
    assert monthly(asc, home, "2024-11-18")["state"] == "Published"

    def remind(day: str) -> dict[str, object]:
        answer = asc("remind", "--as-at", day, "--home", home, "--json")
        assert answer.code == 0, answer.err
        return json.loads(answer.out)

    assert remind("2024-12-07") is None and remind("2024-12-17") is None
    opening = remind("2024-12-08")
    assert (opening["which"], opening["services"]) == ("opening", 1)
    assert reminded(home, "opening") == {"Care Home": [listed.location_id], "Home Care": []}
    inbox.months = months
    path = inbox.write_export("care_home", extracted="2024-12-11T1430")
    assert path.exists()
    closing = remind("2024-12-12")
    assert (closing["which"], closing["services"]) == ("closing", 1)
    assert reminded(home, "closing") == {"Care Home": [slow.location_id], "Home Care": []}
    assert len(list((home / "reminders" / "2024-12" / FOLDERS["closing"]).glob("*.xlsx"))) == 153
    slow.history = "YYY"
    inbox.write_export("care_home", extracted="2024-12-13T0700")
    assert remind("2024-12-16") == closing  # what was made never changes
    assert asc("verify", "--home", home).code == 0
    (home / "reminders/2024-12" / FOLDERS["closing"] / "reminder-kent-2024-12.xlsx").write_bytes(b"changed")
    assert "reminders/2024-12/closing" in asc("verify", "--home", home).out


def test_a_no_of_an_export_taken_inside_the_window_feeds_no_status(asc: Command, inbox: Inbox, home: Path) -> None:
    add_settings(home, inbox_setting(inbox.write()))
    unit = inbox.units[4]
    months, cells = inbox.months, unit.cells(inbox.months)
    early = write_csv(
        inbox.folder / "status-care-home-2024-12-11.csv", [*EXPORT_HEADINGS, *months], [[*cells[:-1], "No"]]
    )
    assert asc("ingest", early, "--home", home).code == 0
    assert asc("remind", "--as-at", "2024-12-12", "--home", home).code == 0
    monthly(asc, home, "2024-12-17")
    answer = asc("explain", unit.location_id, "--month", "2024-12", "--home", home, "--json")
    assert json.loads(answer.out)["status"] == "compliant"


def test_a_reminder_of_an_empty_home_is_none(asc: Command, home: Path) -> None:
    answer = asc("remind", "--as-at", "2024-12-09", "--home", home)
    assert answer.code == 0 and "nobody to remind" in answer.out and not (home / "reminders").exists()
