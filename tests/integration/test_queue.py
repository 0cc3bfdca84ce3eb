"""The queue of those held: it stands across months, and each entry ends by a letter, a decision or a recorded lapse."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.enforcement import BATCH, Office
from tests.worlds import Inbox


@pytest.fixture(params=["sqlite", "postgresql"])
def office(
    request: pytest.FixtureRequest, asc: Command, inbox: Inbox, home: Path, monkeypatch: pytest.MonkeyPatch
) -> Office:
    """Provider 1 has no fee; provider 2 sounds like a council; provider 3 gets a letter."""
    if request.param == "postgresql":
        new_database: Callable[[], str] = request.getfixturevalue("postgres")
        monkeypatch.setenv("ASC_REGISTER_URL", new_database())
    made = Office(asc, inbox, home)
    for number in (1, 2, 3):
        made.due(number)
    inbox.units[-2].provider = "Nowhere Borough Council"
    made.write()
    fees = inbox.folder / "provider_fees.csv"
    fees.write_text("".join(line for line in fees.read_text().splitlines(True) if "1-9700000001" not in line))
    made.run()
    return made


def standing(office: Office) -> dict[str, str]:
    """Return who stands, and why."""
    return {
        entry["provider_id"]: entry["reason"] for entry in office.said("held", "list", "--home", office.home, "--json")
    }


def balance(office: Office) -> str:
    """Return the last line of `held list`."""
    return office.asc("held", "list", "--home", office.home).out.splitlines()[-1]


def test_it_opens_with_the_release_and_a_rerun_opens_nothing_twice(office: Office) -> None:
    assert standing(office) == {"1-9700000001": "amount_unknown", "1-9700000002": "needs_decision"}
    office.run()
    assert balance(office) == "2 stand; 2 were opened, and 0 closed."


def test_a_decision_that_it_is_a_public_body_ends_an_entry_for_good(office: Office) -> None:
    office.said("decide", "1-9700000002", "public_body", "--by", "Ann", "--because", "a council", "--home", office.home)
    assert "1-9700000002" not in standing(office)
    office.run()
    assert standing(office) == {"1-9700000001": "amount_unknown"}
    assert balance(office) == "1 stand; 2 were opened, and 1 closed."


def test_a_letter_ends_an_entry_when_it_is_approved(office: Office) -> None:
    office.inbox.write_fees(day="2024-12-03")
    office.run()
    assert standing(office)["1-9700000001"] == "letter_drafted"
    office.approve()
    assert standing(office) == {"1-9700000002": "needs_decision"}


def test_an_entry_lapses_on_the_record_when_nothing_is_due_any_more(office: Office) -> None:
    office.approve(BATCH)
    office.inbox.units[-3].history = "NNY"
    office.inbox.write_export("care_home", extracted="2024-12-19")
    office.run(as_at="2024-12-19")
    assert standing(office) == {"1-9700000002": "needs_decision"}
    assert balance(office) == "1 stand; 2 were opened, and 1 closed."
    assert office.asc("verify", "--home", office.home).code == 0
