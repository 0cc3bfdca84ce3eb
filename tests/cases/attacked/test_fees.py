"""Fees as programs write them, rows dated in the future, fees that have grown old (case 11; RULES 7)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cases.attacked.books import FORMATS, Sheet, xlsx
from tests.cases.attacked.crowds import findings
from tests.cases.dirt import call, look
from tests.conftest import Command
from tests.enforcement import Office
from tests.worlds import Inbox, batch_of, rows_of, write_csv

pytestmark = pytest.mark.slow  # whole months are run

HEAD = ["provider_id", "annual_fee_gbp", "scheme", "as_at", "source"]
NAME = "provider_fees_2024-12-02.csv"


def fees(folder: Path, *amounts: object, day: str = "2024-12-02") -> Path:
    rows = [[f"1-98{n:08d}", amount, "invented", day, "invented"] for n, amount in enumerate(amounts)]
    return write_csv(folder / NAME, HEAD, rows)


READ = {
    "1055.0": "1055.00", "1055.5": "1055.50", "£ 1,055.00": "1055.00", "1055": "1055.00", "1,055.00": "1055.00", "£1055.00": "1055.00",
    " 1055.50 ": "1055.50", "£1,055.50": "1055.50", "£\u00a01,055.00": "1055.00", "313.0": "313.00", "1873.25": "1873.25",
    "15710": "15710.00", "£ 1,055": "1055.00",
}  # fmt: skip


@pytest.mark.parametrize("amount", READ)
def test_an_amount_as_programs_write_it_is_read(tmp_path: Path, amount: str) -> None:
    looked = look(fees(tmp_path, amount, "1000.00"))
    assert looked.accepted == 2 and "error" not in looked.severities.values(), looked.document["findings"]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("amount", [1055, 1055.0, 1055.5, 1873.25, "£ 1,055.00"])
def test_also_as_a_cell_of_a_workbook(tmp_path: Path, kind: str, amount: object) -> None:
    path = tmp_path / f"provider_fees_2024-12-02.{kind}"
    rows = [[f"1-98{n:08d}", amount, "invented", "2024-12-02", "invented"] for n in range(3)]
    path.write_bytes(FORMATS[kind](Sheet([HEAD, *rows])))
    looked = look(path)
    assert looked.accepted == 3 and "error" not in looked.severities.values(), looked.document["findings"]


REFUSED = ["0", "0.00", "-5", "-1055.00", "1055.555", "1.055,00", "1055,50", "about 1000", "1055 per year", "1e3", "N/A", "£", "1055.0.0",
           "$1055", "1055p", "10 55", "nan", "inf"]  # fmt: skip


@pytest.mark.parametrize("amount", REFUSED)
def test_anything_else_refuses_the_row_and_says_what_is_allowed(tmp_path: Path, amount: str) -> None:
    path = fees(tmp_path, "1000.00", amount, "1000.00", "1000.00")
    looked = look(path)
    assert looked.accepted == 3
    answer = call("check", path)
    assert amount in answer.out and "row 3" in answer.out and "annual_fee_gbp" in answer.out
    assert "1234.00" in answer.out or "1055.00" in answer.out or "pounds" in answer.out.casefold(), answer.out


def test_a_file_refused_whole_shows_a_row_a_value_and_what_is_allowed(tmp_path: Path) -> None:
    answer = call("check", fees(tmp_path, "one thousand", "two thousand"))
    assert (
        answer.code == 3 and "one thousand" in answer.err and "row 2" in answer.err and "annual_fee_gbp" in answer.err
    )
    assert any(word in answer.err for word in ("1234.00", "1055.00", "pounds")), answer.err


# --- in letters -------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(asc: Command, inbox: Inbox, home: Path) -> Office:
    made = Office(asc, inbox, home)
    made.due(1)
    made.due(2)
    made.write()
    return made


def give(office: Office, first: str, day: str, more: Callable[[list[list[str]]], None] = lambda rows: None) -> None:
    """Write fees for the two providers due, the first of which differs, and for many others."""
    said = {"1-9700000001": (first, day), "1-9700000002": ("2000.00", "2024-12-02")}
    said |= {f"1-96{n:08d}": ("900.00", "2024-12-02") for n in range(40)}
    rows = [[provider, amount, "invented", on, "invented"] for provider, (amount, on) in said.items()]
    more(rows)
    write_csv(office.inbox.folder / "provider_fees.csv", HEAD, rows)


def amounts(home: Path) -> dict[str, str]:
    return {row["provider_id"]: row["amount_gbp"] for row in rows_of(batch_of(home) / "manifest.csv")}


def held(home: Path) -> dict[str, str]:
    return {row["provider_id"]: row["reason"] for row in rows_of(batch_of(home) / "held.csv")}


@pytest.mark.parametrize("amount", ["1055.0", "1055.5", "£ 1,055.00"])
def test_the_letter_says_the_amount(office: Office, home: Path, amount: str) -> None:
    give(office, amount, "2024-12-02")
    office.run("--send-on", "2025-01-06")
    assert amounts(home) == {"1-9700000001": READ[amount], "1-9700000002": "2000.00"}


AGES = [("2025-01-06", "2024-01-06", True), ("2025-01-06", "2024-01-05", False), ("2025-02-28", "2024-02-28", True),
        ("2025-02-28", "2024-02-27", False), ("2025-03-03", "2024-03-03", True), ("2025-03-03", "2024-02-29", False)]  # fmt: skip


@pytest.mark.parametrize(("sent", "day", "known"), AGES)
def test_a_fee_of_exactly_twelve_months_is_known_and_an_older_one_is_not(
    office: Office, home: Path, sent: str, day: str, known: bool
) -> None:
    give(office, "1055.00", day)
    office.run("--send-on", sent)
    if known:
        assert amounts(home)["1-9700000001"] == "1055.00"
    else:
        assert held(home)["1-9700000001"] == "amount_unknown" and list(amounts(home)) == ["1-9700000002"]


def test_the_age_counts_from_the_sending_day_of_the_letter(office: Office, home: Path) -> None:
    """Known on 6 January, no longer on the day the letter is put off to."""
    give(office, "1055.00", "2024-01-06")
    office.run("--send-on", "2025-01-06")
    assert "1-9700000001" in amounts(home)
    office.run("--send-on", "2025-01-07")
    assert held(home)["1-9700000001"] == "amount_unknown"


def test_an_older_amount_beside_a_younger_one_is_no_doubt(office: Office, home: Path) -> None:
    give(
        office,
        "1055.00",
        "2023-12-02",
        lambda rows: rows.append(["1-9700000001", "1100.00", "invented", "2024-12-02", "invented"]),
    )
    office.run("--send-on", "2025-01-06")
    assert amounts(home)["1-9700000001"] == "1100.00"


# --- rows of the future -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2025-04-01", "2099-01-01", "2125-01-06"])
def test_a_row_of_the_future_hides_no_file(office: Office, home: Path, day: str) -> None:
    give(office, "1055.00", day)
    office.run("--send-on", "2025-01-06")
    assert amounts(home)["1-9700000002"] == "2000.00", "the other rows serve"
    assert held(home)["1-9700000001"] == "amount_unknown"
    told = findings(home, file="provider_fees.csv")
    assert any(int(one["row"]) == 2 for one in told if one["row"]), told


def test_a_row_of_the_future_leaves_the_same_providers_present_one(office: Office, home: Path) -> None:
    give(
        office,
        "1055.00",
        "2024-12-02",
        lambda rows: rows.append(["1-9700000001", "1200.00", "invented", "2025-04-01", "invented"]),
    )
    office.run("--send-on", "2025-01-06")
    assert amounts(home)["1-9700000001"] == "1055.00"


def test_a_workbook_with_a_row_of_the_future(office: Office, home: Path) -> None:
    rows = [
        ["1-9700000001", 1055.5, "invented", "2024-12-02", "invented"],
        ["1-9700000002", 2000, "invented", "2025-12-02", "invented"],
    ]
    (office.inbox.folder / "provider_fees.csv").unlink()
    (office.inbox.folder / "provider_fees.xlsx").write_bytes(xlsx(Sheet([HEAD, *rows])))
    office.run("--send-on", "2025-01-06")
    assert amounts(home) == {"1-9700000001": "1055.50"}
