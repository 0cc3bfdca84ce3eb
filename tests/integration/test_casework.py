"""Cases as the enforcement team works on them: steps, reviews, letters, bundles, the workbook of outcomes, the queue."""

from pathlib import Path

import openpyxl
import pikepdf
import pytest

from reports.letters import source
from tests.conftest import Command
from tests.enforcement import BATCH, Office
from tests.worlds import EXPORT_HEADINGS, Inbox, letter_text, services_of, write_csv

pytestmark = pytest.mark.slow
ONE, TWO, THREE = (f"NOI-2024-12-{n:04d}" for n in (1, 2, 3))


@pytest.fixture
def office(asc: Command, inbox: Inbox, home: Path) -> Office:
    """Three notices issued on 6 January 2025."""
    made = Office(asc, inbox, home)
    for number in (1, 2, 3):
        made.due(number)
    made.write()
    made.run()
    made.approve()
    made.issue()
    return made


def outcomes(office: Office, ref: str) -> dict[str, str]:
    """Return the outcomes that `cases show` gives of the only service of a case, by month."""
    (unit,) = office.case(ref, "2025-03-01")["since"]
    return {window["month"]: window["outcome"] for window in unit["windows"]}


def test_an_unlawful_step_is_refused_with_its_rule_and_date(office: Office) -> None:
    step = ("cases", "record", ONE, "penalty_decided", "--by", "Ann", "--on")
    assert "until 2025-01-30" in office.refused(*step, "2025-01-30")
    assert "decided by 2025-02-27" in office.refused(*step, "2025-02-28")
    assert "a final notice follows" in office.refused(
        "cases", "record", ONE, "final_notice", "--by", "Ann", "--on", "2025-02-03"
    )
    assert office.case(ONE, "2025-01-20")["state"] == "issued"


def test_words_that_cannot_be_understood_are_wrong_usage(office: Office) -> None:
    common = ("--by", "Ann", "--on", "2025-01-20", "--home", office.home)
    for words in (
        (ONE, "penalty"), ("NOI-2024-12-0099", "call"), (ONE, "call", "--reason", "data_supplied"),
        (ONE, "call", "--evidence", "nowhere.pdf"), (ONE, "appeal_decided", "--result", "won"),
    ):  # fmt: skip
        assert office.asc("cases", "record", *words, *common).code == 2


def test_a_case_shows_what_its_services_did_since(office: Office) -> None:
    office.inbox.months = (*office.inbox.months[1:], "Jan 25")
    path = office.inbox.folder / "status-care-home-2025-01-16.csv"
    rows = [["1-9000004001", "House", "1-9700000001", "Provider 1 Ltd", "Kent", "", "3", "Yes"]]
    heads = [*EXPORT_HEADINGS, "Jan 25"]
    write_csv(path, heads, rows)
    office.said("ingest", path, "--home", office.home)
    assert outcomes(office, ONE) == {
        "2024-10": "missed", "2024-11": "missed", "2024-12": "missed", "2025-01": "submitted", "2025-02": "unknown",
    }  # fmt: skip


def test_a_correction_puts_an_open_case_under_review_once(office: Office) -> None:
    office.inbox.units[-3].history = "NNY"
    office.inbox.write_export("care_home", extracted="2025-01-15")
    office.run(as_at="2025-01-15")
    case = office.case(ONE, "2025-01-16")
    assert (case["state"], case["next"]["step"]) == ("review_needed", "reviewed")
    draft = office.home / "cases" / ONE / "withdrawal-draft.pdf"
    assert "Withdrawal of a notice of intent" in letter_text(draft) and "SPECIMEN" in letter_text(draft)
    listed = office.said("cases", "list", "--as-at", "2025-01-16", "--home", office.home, "--json")
    assert [(one["letter_ref"], one["state"]) for one in listed][0] == (ONE, "review_needed")
    assert "record `reviewed` first" in office.refused(
        "cases", "record", ONE, "penalty_decided", "--by", "Ann", "--on", "2025-02-03"
    )
    office.record(ONE, "reviewed", "2025-01-20", "--because", "the provider wrote to us")
    office.run(as_at="2025-01-21")
    assert office.case(ONE, "2025-01-22")["state"] == "issued"
    assert office.record(ONE, "penalty_decided", "2025-02-03")["state"] == "penalty_decided"


@pytest.mark.parametrize(("reason", "outcome"), [("data_supplied", "excused"), ("defect", "missed")])
def test_a_withdrawal_excuses_its_windows_unless_the_notice_itself_was_wrong(
    office: Office, reason: str, outcome: str
) -> None:
    office.notices("withdraw", ONE, "--by", "Ann", "--reason", reason, "--because", "x", "--on", "2025-01-15")
    office.run()
    service = services_of(office.home)["1-9000004001", "care_home"]
    assert service["outcome"] == outcome
    office.due(9)
    office.inbox.write_export("care_home", extracted="2024-12-18")
    office.inbox.write_register("2024-12-18")
    office.inbox.write_fees(day="2024-12-03")
    office.run(as_at="2024-12-18")
    drafted = {batch["batch"]: batch["letters"] for batch in office.notices("list")}
    assert drafted == {BATCH: 3, "NOI-2024-12-02": 2 if reason == "defect" else 1}


def test_a_fee_that_changed_stops_the_final_notice_until_a_person_has_looked(office: Office) -> None:
    office.record(ONE, "penalty_decided", "2025-02-03")
    fees = [[f"1-970000000{n}", "1500.00", "2025/26", "2025-02-01", "invented"] for n in (1, 2, 3)]
    path = write_csv(
        office.inbox.folder / "provider_fees_new.csv",
        ["provider_id", "annual_fee_gbp", "scheme", "as_at", "source"],
        fees,
    )
    office.said("ingest", path, "--home", office.home)
    final = ("cases", "record", ONE, "final_notice", "--by", "Ann", "--on", "2025-02-05")
    assert "the fee is 1,500.00 now, and the notice said 1,234.00" in office.refused(*final)
    assert office.case(ONE, "2025-02-05")["state"] == "review_needed"
    office.record(ONE, "reviewed", "2025-02-05", "--because", "the new scheme")
    office.said("cases", "letter", ONE, "final_notice", "--send-on", "2025-02-05", "--home", office.home)
    text = letter_text(office.home / "cases" / ONE / "final_notice-2025-02-05.pdf")
    for words in (
        "£1,500.00",
        "by Monday 10 March 2025",
        "by Wednesday 5 March 2025",
        "an invented chamber",
        "county court",
    ):
        assert words in text
    case = office.record(ONE, "final_notice", "2025-02-05")
    assert (case["pay_by"], case["appeal_until"]) == ("2025-03-10", "2025-03-05")


def test_no_final_notice_is_made_without_its_settings_or_before_its_decision(office: Office) -> None:
    letter = ("cases", "letter", ONE, "final_notice", "--send-on", "2025-02-05")
    assert "the case is issued" in office.refused(*letter)
    office.record(ONE, "penalty_decided", "2025-02-03")
    settings = office.home / "settings.toml"
    settings.write_text(settings.read_text().replace("days = 28\n", "").replace("[appeal]\n", "[other]\n"))
    answer = office.asc(*letter, "--home", office.home)
    assert answer.code == 2 and "appeal.chamber, appeal.address, payment.days" in answer.err


def test_the_letters_of_a_decision_say_what_was_decided_and_are_kept(office: Office) -> None:
    office.record(TWO, "no_penalty", "2025-02-03", "--reason", "excuse_accepted", "--because", "flood")
    office.said("cases", "letter", TWO, "no_penalty", "--send-on", "2025-02-05", "--home", office.home)
    text = letter_text(office.home / "cases" / TWO / "no_penalty-2025-02-05.pdf")
    assert "not to impose a financial penalty" in text and "reasonable excuse" in text
    office.said("cases", "letter", TWO, "notice", "--send-on", "2025-02-05", "--large-print", "--home", office.home)
    with pikepdf.open(office.home / "cases" / TWO / "notice-2025-02-05-large-print.pdf") as large:
        assert len(large.pages) > 2
    assert [event["letter"] for event in office.case(TWO, "2025-03-01")["events"] if event["event"] == "letter_made"] == [
        "no_penalty", "notice",
    ]  # fmt: skip
    assert office.asc("verify", "--home", office.home).code == 0


def test_a_bundle_holds_every_paper_numbered_and_the_same_bytes_twice(office: Office, tmp_path: Path) -> None:
    reply, odd = tmp_path / "reply.pdf", tmp_path / "call.eml"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(reply)
    odd.write_bytes(b"From: someone\n\nWe were ill.")
    office.record(ONE, "representations_received", "2025-01-20", "--because", "by letter", "--evidence", reply)
    office.record(ONE, "call", "2025-01-21", "--because", "asked for time", "--evidence", odd)
    paths = [tmp_path / name for name in ("one.pdf", "two.pdf")]
    for path in paths:
        office.said("cases", "bundle", ONE, "--out", path, "--home", office.home)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    text = letter_text(paths[0])
    with pikepdf.open(paths[0]) as document:
        assert f"Bundle page 1 of {len(document.pages)}" in text
    for words in (
        "by letter",
        "Notice of intent",
        "Representations",
        "call.eml",
        "Proof of sending",
        "Alex Approver",
        "2025-01-06",
    ):
        assert words in text
    evidence = next((office.home / "archive").glob("??/*"))
    assert evidence.exists() and office.asc("verify", "--home", office.home).code == 0


def filled(office: Office, tmp_path: Path, *rows: tuple[str, str, object, str, str]) -> Path:
    """Return the workbook of outcomes with these rows: reference, event, day, reason, why."""
    path = tmp_path / f"outcomes-{len(list(tmp_path.glob('outcomes-*')))}.xlsx"
    office.said("notices", "outcomes", path, "--template", "--home", office.home)
    book = openpyxl.load_workbook(path)
    sheet = book["Outcomes"]
    for number, (ref, event, day, reason, why) in enumerate(rows, 2):
        for column, value in zip((1, 5, 6, 7, 8), (ref, event, day, reason, why), strict=True):
            sheet.cell(number, column, value or None)
    book.save(path)
    return path


def test_the_workbook_of_outcomes_is_taken_whole_and_once(office: Office, tmp_path: Path) -> None:
    import datetime as dt

    path = filled(
        office, tmp_path, (ONE, "representations_received", dt.date(2025, 1, 20), "", "a letter"),
        (ONE, "no_penalty", dt.date(2025, 2, 3), "record_wrong", "duplicate record"), (TWO, "call", "2025-01-21", "", "asked"),
    )  # fmt: skip
    words = ("notices", "outcomes", path, "--by", "Ann", "--home", office.home, "--json")
    assert office.said(*words) == {"recorded": 3, "known": 0, "blank": 0}
    assert office.case(ONE, "2025-02-04")["state"] == "no_penalty"
    assert office.said(*words) == {"recorded": 0, "known": 3, "blank": 0}
    office.run()
    assert services_of(office.home)["1-9000004001", "care_home"]["outcome"] == "excused"


@pytest.mark.parametrize(
    ("row", "column"),
    [((ONE, "penalty_decided", "2025-01-20", "", ""), "What happened"), ((ONE, "penalty", "2025-02-03", "", ""), "What happened"),
     ((ONE, "call", "yesterday", "", ""), "On"), ((ONE, "no_penalty", "2025-02-03", "flood", ""), "Reason"),
     (("NOI-2024-12-0099", "call", "2025-02-03", "", ""), "Letter reference")],
)  # fmt: skip
def test_one_wrong_row_refuses_the_workbook_and_is_named(
    office: Office, tmp_path: Path, row: tuple[str, str, object, str, str], column: str
) -> None:
    path = filled(office, tmp_path, (TWO, "call", "2025-01-21", "", "asked"), row)
    answer = office.asc("notices", "outcomes", path, "--by", "Ann", "--home", office.home)
    assert answer.code == 3 and f'row 3, column "{column}"' in answer.err and "Traceback" not in answer.err
    assert [event["event"] for event in office.case(TWO, "2025-03-01")["events"]] == ["approved", "issued"]


def test_a_workbook_that_is_none_is_refused(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_text("no workbook")
    assert office.asc("notices", "outcomes", path, "--by", "Ann", "--home", office.home).code == 3
    openpyxl.Workbook().save(path)
    assert office.asc("notices", "outcomes", path, "--by", "Ann", "--home", office.home).code == 3


def test_a_letter_whose_wording_lacks_a_part_the_law_wants_is_not_made(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for path in source.LETTERS.glob("*.typ*"):
        text = path.read_text(encoding="utf-8").replace("block circumstances", "block something_else")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(source, "LETTERS", tmp_path)
    source._environment.cache_clear()
    try:
        office.due(9)
        office.inbox.write_export("care_home", extracted="2024-12-20")
        office.inbox.write_register("2024-12-20")
        office.inbox.write_fees(day="2024-12-04")
        answer = office.asc(
            "run", "--month", "2024-12", "--as-at", "2024-12-20", "--inbox", office.inbox.folder, "--home", office.home
        )
        assert answer.code == 3 and "circumstances (reg 4(2)(c)) is missing" in answer.err
    finally:
        source._environment.cache_clear()


def test_the_wording_as_shipped_survives_awkward_specimens(office: Office) -> None:
    answers = office.said("letters", "check", "--json")
    assert {answer["template"] for answer in answers} == set(source.PARTS)
    assert [answer for answer in answers if answer["problems"]] == []
