"""Month columns: last days of months, months after the extraction, headings of R and of other dashes (08, 23, 15)."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cases.attacked.books import FORMATS, Sheet, xlsx
from tests.cases.attacked.crowds import accepted, findings, run, save, table_of, world
from tests.cases.dirt import HEAD, call, csv_of, look, look_at, refusal, row, uid
from tests.worlds import MONTHS, services_of

CARE_HOME = "care-home-2024-12-17.csv"
LAST_DAYS = [dt.date(2024 + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1) for month in range(1, 13)]


def rows_under(*months: object, said: object = "Yes", count: int = 4) -> list[list[object]]:
    return [[*HEAD[:6], *months], *([*row(uid(90, n))[:6], *[said] * len(months)] for n in range(count))]


# --- last days --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("count", [1, 3, 12])
def test_last_days_of_months_as_date_cells_are_refused(tmp_path: Path, kind: str, count: int) -> None:
    said = refusal(tmp_path, f"care-home-2024-12-17.{kind}", FORMATS[kind](Sheet(rows_under(*LAST_DAYS[-count:]))))
    assert "31" in said, "the heading is named"


FORMS: dict[str, Callable[[dt.date], str]] = {
    "ISO": dt.date.isoformat,
    "day first": lambda day: day.strftime("%d/%m/%Y"),
    "with a time": lambda day: f"{day} 00:00:00",
    "in words": lambda day: day.strftime("%d %B %Y"),
}


@pytest.mark.parametrize("form", FORMS)
def test_last_days_of_months_as_text_are_refused_or_loud(tmp_path: Path, form: str) -> None:
    head, *rows = rows_under(*(FORMS[form](day) for day in LAST_DAYS[-3:]))
    path = tmp_path / CARE_HOME
    path.write_bytes(csv_of(*rows, head=head))
    answer = call("check", path)
    if answer.code != 3:
        looked = look(path)
        assert all(month <= "2024-12" for month in looked.months)
        assert set(looked.severities.values()) - {"info"}, "told, if not refused"


def test_one_last_day_among_months_in_words_is_refused(tmp_path: Path) -> None:
    refusal(tmp_path, "care-home-2024-12-17.xlsx", xlsx(Sheet(rows_under("Oct 24", "Nov 24", dt.date(2024, 12, 31)))))


@pytest.mark.parametrize("kind", FORMATS)
def test_first_days_and_mangled_years_are_months_still(tmp_path: Path, kind: str) -> None:
    """24 November of the year of saving is November 2024; the first of a month is that month."""
    mangled = [dt.date(2024, month, 24) for month in (10, 11, 12)]
    firsts = [dt.date(2024, month, 1) for month in (10, 11, 12)]
    for days in (mangled, firsts):
        path = tmp_path / f"care-home-2024-12-17.{kind}"
        path.write_bytes(FORMATS[kind](Sheet(rows_under(*days))))
        assert look(path).months == ["2024-10", "2024-11", "2024-12"]


# --- months after the extraction (RULES 3) ----------------------------------------------------------------------------

LATE = ("Jan 25", "2025-01", "January 2025", "Dec 25", "24-Jan 2025", "12/2026", "31-Dec")


@pytest.mark.parametrize("heading", ["Jan 25", "2025-01", "January 2025", "Dec 25", "12/2026", "25-Jan"])
@pytest.mark.parametrize("said", ["Yes", "No", "0"])
def test_an_answer_for_a_month_after_the_extraction_refuses_the_file(tmp_path: Path, heading: str, said: str) -> None:
    head, *rows = rows_under("Nov 24", "Dec 24", heading, said="")
    for cells in rows:
        cells[6:8] = ["Yes", "Yes"]
    rows[2][8] = said
    message = refusal(tmp_path, CARE_HOME, csv_of(*rows, head=head))
    assert heading in message or "2025" in message or "2026" in message


def test_such_a_heading_without_answers_is_told(tmp_path: Path) -> None:
    head, *rows = rows_under("Dec 24", "Jan 25", said="")
    for cells in rows:
        cells[6] = "Yes"
    looked = look_at(tmp_path, CARE_HOME, csv_of(*rows, head=head))
    assert looked.accepted == 4
    assert any("Jan 25" in one["first"] or "2025-01" in one["first"] for one in looked.document["findings"])


@pytest.mark.parametrize("kind", FORMATS)
def test_also_in_a_workbook(tmp_path: Path, kind: str) -> None:
    refusal(tmp_path, f"care-home-2024-12-17.{kind}", FORMATS[kind](Sheet(rows_under("Dec 24", dt.date(2025, 1, 1)))))


def test_all_headings_a_year_late_refuse_the_file(tmp_path: Path) -> None:
    head, *rows = rows_under("Oct 25", "Nov 25", "Dec 25")
    refusal(tmp_path, CARE_HOME, csv_of(*rows, head=head))


def test_headings_one_month_late_refuse_the_file(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 12), tmp_path / "home"
    late = (*MONTHS[1:], "Jan 25")
    rows = table_of(inbox, "care_home")
    path = save(inbox.export_path("care_home"), [[*rows[0][:7], *late], *rows[1:]])
    answer = run(inbox, home)
    assert answer.code == 3 and path.name in answer.err and "Jan 25" in answer.err, (answer.code, answer.err)


def test_also_where_the_day_is_stated_on_the_command_line(tmp_path: Path) -> None:
    head, *rows = rows_under("Dec 24", "Jan 25")
    (tmp_path / "care home.csv").write_bytes(csv_of(*rows, head=head))
    words = ("--extracted-at", "2024-12-17", "--home", tmp_path / "home")
    assert call("ingest", tmp_path / "care home.csv", *words).code == 3


def test_months_after_the_one_run_but_before_the_extraction_are_no_finding(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 12), tmp_path / "home"
    answer = run(inbox, home, month="2024-11")
    assert answer.code == 0, answer.err
    assert not [one for one in findings(home, month="2024-11") if "Dec 24" in one["column"] + one["value"]]


# --- headings of R, and other dashes ----------------------------------------------------------------------------------


def test_headings_as_r_writes_them(tmp_path: Path) -> None:
    head = ["", "CQC.Location.ID", "Location", "Provider.ID", "Provider", "Local.Authority", "Registration.Status", "User.Count",
            "Oct.24", "Nov.24", "Dec.24"]  # fmt: skip
    rows = [[n, uid(91, n), f"House {n}", f"1-98{n:08d}", "Invented Ltd", "Kent", "Established", "3", "NA" if n == 1 else "Yes",
             "Yes", "Yes"] for n in range(1, 7)]  # fmt: skip
    looked = look_at(tmp_path, CARE_HOME, csv_of(*rows, head=head))
    assert looked.months == ["2024-10", "2024-11", "2024-12"] and looked.accepted == 6
    assert looked.rules.get("value_unreadable") == 1, "NA is no answer"


@pytest.mark.parametrize(
    "head", ["cqc.location.id", "CQC..Location..ID", "X.CQC.Location.ID", "CQC-Location-ID", "CQC–Location–ID"]
)
def test_ids_under_dots_and_dashes(tmp_path: Path, head: str) -> None:
    path = tmp_path / CARE_HOME
    path.write_bytes(csv_of([uid(92), "Yes"], head=[head, "Dec 24"]))
    answer = call("check", path)
    if head.startswith("X."):
        assert answer.code == 3 and head in answer.err
    else:
        assert answer.code == 0, answer.err


@pytest.mark.parametrize("heading", ["Nov.2024", "Nov–24", "Nov−24", "Nov—24", "X2024.11", "Nov_24"])
def test_months_under_dots_and_dashes(tmp_path: Path, heading: str) -> None:
    head, *rows = rows_under(heading, "Dec 24")
    path = tmp_path / CARE_HOME
    path.write_bytes(csv_of(*rows, head=head))
    answer = call("check", path)
    assert answer.code == 3 or look(path).months == ["2024-11", "2024-12"] or heading.startswith("X")
    assert "columns_ignored" not in answer.out or "warning" in answer.out


@pytest.mark.parametrize("dash", ["–", "—", "‐", "−", "‑"])
def test_dashes_in_the_registers_headings(tmp_path: Path, dash: str) -> None:
    inbox, home = world(tmp_path, 12), tmp_path / "home"
    path = inbox.folder / "HSCA_Active_Locations_2024-12-16.csv"
    text = path.read_text(encoding="utf-8").replace("Service type - ", f"Service type {dash} ")
    path.write_text(text, encoding="utf-8")
    accepted(inbox, home)
    assert not findings(home, "owes_nothing") and not findings(home, "return_not_owed")
    assert len(services_of(home)) == 24
