"""A column that is not known but holds answers, or looks like a month, is never ignored in silence (case 07)."""

from pathlib import Path

import pytest

from tests.cases.attacked.books import FORMATS, Sheet
from tests.cases.dirt import (
    CARE_HOME_HEAD,
    HEAD,
    call,
    csv_of,
    extract,
    look,
    look_at,
    register_csv,
    register_row,
    row,
    stamped,
    uid,
)

CARE_HOME = "care-home-2024-12-17.csv"


def rows_with(
    head: list[object], answers: tuple[object, ...] = ("Yes", "No", "Yes"), count: int = 20
) -> list[list[object]]:
    """Rows whose last columns hold answers under headings of the test's own."""
    return [[*HEAD[:6], *head], *([*row(uid(87, n))[:6], *answers[: len(head)]] for n in range(count))]


def is_not_ignored(path: Path, heading: str, month: str = "") -> None:
    """The file is refused, or the column read as the month it means, or a warning names it."""
    answer = call("check", path)
    if answer.code == 3:
        assert heading in answer.err and "Traceback" not in answer.err, answer.err
        return
    looked = look(path)
    loud = [one for one in looked.document["findings"] if one["severity"] != "info" and heading in one["first"]]
    assert loud or (month and month in looked.months), (looked.months, looked.document["findings"])


MEANT = {"Sep": "2024-09", "Oct": "2024-10", "-10": "2024-10", "Nov": "2024-11"}
SUFFIXED = (
    "Sep 24.1",
    "Oct 24*",
    "Nov 24_x",
    "Nov 24 (2)",
    "Nov 24 - final",
    "Nov 24.",
    "*Oct 24",
    "Oct 24 submitted",
    "Oct  24 Yes/No",
    "Oct-24_y",
    "October 2024 window",
    "2024-10 (old)",
    "Nov24x",
    "Unnamed: 8",
    "Submitted",
    "Week 3",
    "Q4",
)


@pytest.mark.parametrize("heading", SUFFIXED)
@pytest.mark.parametrize("answers", [("No", "Yes"), ("0", "1"), ("FALSE", "TRUE"), ("n", "y")], ids="/".join)
def test_a_column_of_answers_under_no_month(tmp_path: Path, heading: str, answers: tuple[object, ...]) -> None:
    path = tmp_path / CARE_HOME
    head, *rows = rows_with([heading, "Dec 24"], answers)
    path.write_bytes(csv_of(*rows, head=head))
    month = next((number for name, number in MEANT.items() if name in heading), "")
    is_not_ignored(path, heading, month)


@pytest.mark.parametrize("kind", FORMATS)
def test_also_in_a_workbook(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"care-home-2024-12-17.{kind}"
    path.write_bytes(FORMATS[kind](Sheet(rows_with(["Oct 24*", "Dec 24"]))))
    is_not_ignored(path, "Oct 24*")


def test_a_column_of_answers_without_a_heading(tmp_path: Path) -> None:
    path = tmp_path / CARE_HOME
    head, *rows = rows_with(["", "Dec 24"])
    path.write_bytes(csv_of(*rows, head=head))
    answer = call("check", path)
    assert answer.code == 3 or "warning" in answer.out or "error" in answer.out, answer.out


def test_answers_in_one_row_only(tmp_path: Path) -> None:
    """A filtered view pasted back: most cells blank."""
    path = tmp_path / CARE_HOME
    head, *rows = rows_with(["Oct 24*", "Dec 24"], ("", "Yes"))
    rows[7][6] = "No"
    path.write_bytes(csv_of(*rows, head=head))
    is_not_ignored(path, "Oct 24*")


@pytest.mark.parametrize("heading", ["Oct 24*", "Nov 24_x", "December 2024 notes", "45627"])
def test_a_heading_that_begins_with_a_month_is_told_without_answers_too(tmp_path: Path, heading: str) -> None:
    path = tmp_path / CARE_HOME
    head, *rows = rows_with([heading, "Dec 24"], ("", "Yes"))
    path.write_bytes(csv_of(*rows, head=head))
    is_not_ignored(path, heading, "2024-12" if heading == "none" else "")


SERIALS = {"45566": "2024-10", "45597": "2024-11", "45596": "2024-10", "45626": "2024-11"}  # 1st and last days


@pytest.mark.parametrize("serial", SERIALS)
def test_a_serial_number_of_a_months_first_or_last_day(tmp_path: Path, serial: str) -> None:
    path = tmp_path / CARE_HOME
    head, *rows = rows_with([serial, "Dec 24"])
    path.write_bytes(csv_of(*rows, head=head))
    is_not_ignored(path, serial, SERIALS[serial])


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("serial", [45566, 45626])
def test_a_number_cell_as_heading(tmp_path: Path, kind: str, serial: int) -> None:
    path = tmp_path / f"care-home-2024-12-17.{kind}"
    path.write_bytes(FORMATS[kind](Sheet(rows_with([serial, "Dec 24"]))))
    is_not_ignored(path, str(serial), SERIALS[str(serial)])


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u202a", "\ufeff", "\u200b", "\u2066", "\u00ad"])
@pytest.mark.parametrize("form", ["Dec 24{}", "{}Dec 24", "Dec{} 24"])
def test_an_invisible_mark_costs_no_month(tmp_path: Path, mark: str, form: str) -> None:
    head, *rows = rows_with(["Nov 24", form.format(mark)])
    looked = look_at(tmp_path, CARE_HOME, csv_of(*rows, head=head))
    assert looked.months == ["2024-11", "2024-12"]


@pytest.mark.parametrize("blank", ["\u2009", "\u3000", "\u2003", "\u202f", "\u00a0", "\t"])
def test_another_blank_costs_no_month(tmp_path: Path, blank: str) -> None:
    head, *rows = rows_with(["Nov 24", f"Dec{blank}24"])
    looked = look_at(tmp_path, CARE_HOME, csv_of(*rows, head=head))
    assert looked.months == ["2024-11", "2024-12"]


# --- what is no answer ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading", ["Notes", "Favourite colour", "Mayor", "Decision taken by", "Marketing", "Junction"]
)
def test_other_columns_stay_an_info(tmp_path: Path, heading: str) -> None:
    head, *rows = rows_with([heading, "Dec 24"], ("ring again", "Yes"))
    looked = look_at(tmp_path, CARE_HOME, csv_of(*rows, head=head))
    assert looked.severities.get("columns_ignored", "info") == "info" and set(looked.severities.values()) <= {"info"}


def test_the_registers_own_columns_of_y_are_no_answers(tmp_path: Path) -> None:
    rows = [register_row(uid(88, n), **{"Regulated activity - Personal care": "Y"}) for n in range(5)]
    looked = look_at(tmp_path, "HSCA_Active_Locations_2024-12-16.csv", register_csv(*rows))
    assert set(looked.severities.values()) <= {"info"}, looked.document["findings"]


def test_an_extracts_own_columns_of_yes_are_no_answers(tmp_path: Path) -> None:
    looked = look_at(
        tmp_path, "record level 2024-12-17.csv", extract(*(stamped(uid(89, n), "45635.5") for n in range(5)))
    )
    assert looked.rules == {} and "isacceptingadmissions" in CARE_HOME_HEAD
