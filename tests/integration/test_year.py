"""A year by commands alone, on both registers: thirteen months, every step of a case, and no window relied on twice."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.worlds import tree_bytes, write_csv
from tests.year import summer, winter
from tests.year.cast import AUTUMN, cast
from tests.year.dates import months_to, planned
from tests.year.world import Year, missing

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.night)])
def empty_year(request: pytest.FixtureRequest, asc: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Year:
    """A home of its own on either register, and nobody but ordinary services."""
    if request.param == "postgresql":
        new_database: Callable[[], str] = request.getfixturevalue("postgres")
        monkeypatch.setenv("ASC_REGISTER_URL", new_database())
    made = Year(asc, tmp_path, [])
    made.configure()
    return made


def test_a_year(empty_year: Year) -> None:
    """Each step checks what it says against the plain arithmetic of tests/year/dates.py."""
    year = empty_year
    year.services, year.without_fee = cast(), {"Ivy"}
    for month in ("2024-10", "2024-11"):
        quiet = year.month(month)
        assert (quiet.letters, quiet.held) == ({}, {})
    draft, head = winter.december_is_drafted_and_approved(year)
    winter.a_correction_takes_a_letter_out(year, draft)
    winter.december_is_run_again(year, draft)
    winter.january(year)
    winter.decisions_are_made_in_their_time(year)
    winter.february(year)
    winter.nobody_decides_about_hazel(year)
    winter.march(year)
    summer.april_and_may(year)
    summer.june_is_drafted_anew(year)
    summer.july_to_october(year)
    summer.no_window_is_relied_on_twice(year)
    year.do("verify", "--expect", head)


GORSE, HAZEL, JUNIPER, LAUREL = "NOI-2024-12-0001", "NOI-2024-12-0002", "NOI-2024-12-0003", "NOI-2025-01-0001"


def test_a_case_is_reviewed_when_a_window_it_relies_on_turns(empty_year: Year) -> None:
    """One of Juniper's two services turns out to have submitted, twice; the other still bears the notice."""
    year = empty_year
    at_home = missing(3, "Juniper", AUTUMN, "home_care")
    year.services = [
        missing(1, "Gorse", AUTUMN), missing(2, "Hazel", AUTUMN), missing(3, "Juniper", AUTUMN), at_home,
        missing(4, "Laurel", months_to("2025-01", 3)),
    ]  # fmt: skip
    year.send(year.month("2024-12"), planned("2024-12"))
    del at_home.said["2024-11"]
    draft = year.month("2025-01")
    assert [year.state(ref, "2025-01-15") for ref in (HAZEL, JUNIPER)] == ["issued", "review_needed"]
    events = year.case(JUNIPER, "2026-12-31")["events"]
    assert year.run("2025-01") == draft and year.case(JUNIPER, "2026-12-31")["events"] == events
    year.send(draft, planned("2025-01"))
    year.record(GORSE, "penalty_decided", "2025-01-31")
    year.record(GORSE, "final_notice", "2025-01-31", "--method", "hand")
    year.record(JUNIPER, "penalty_decided", "2025-02-03", code=5)
    year.record(JUNIPER, "reviewed", "2025-02-03")
    year.record(JUNIPER, "penalty_decided", "2025-02-04")
    del at_home.said["2024-12"]
    year.month("2025-02")
    year.record(JUNIPER, "final_notice", "2025-02-18", code=5)
    listed = [(JUNIPER, "review_needed"), (HAZEL, "lapsed"), (GORSE, "overdue"), (LAUREL, "decision_due")]
    assert year.to_do("2025-03-10") == listed
    year.record(JUNIPER, "reviewed", "2025-03-10")
    year.record(JUNIPER, "final_notice", "2025-03-11")
    year.head()


def test_a_final_notice_stops_where_the_fee_is_another_now(empty_year: Year) -> None:
    year = empty_year
    year.services = [missing(1, "Gorse", AUTUMN)]
    year.send(year.month("2024-12"), planned("2024-12"))
    year.record(GORSE, "penalty_decided", "2025-01-31")
    row = ["1-9800000001", "2345.00", "invented", "2025-02-01", "invented"]
    headings = ["provider_id", "annual_fee_gbp", "scheme", "as_at", "source"]
    year.do("ingest", write_csv(year.folder / "provider_fees_2025-02-01.csv", headings, [row]))
    year.record(GORSE, "final_notice", "2025-02-03", code=5)
    assert year.state(GORSE, "2025-02-03") == "review_needed"
    year.record(GORSE, "reviewed", "2025-02-04")
    year.record(GORSE, "final_notice", "2025-02-04")


def test_of_two_drafts_for_a_provider_one_is_approved(empty_year: Year) -> None:
    """The approval of the later one voids the earlier one's letter, and the register does not let it through."""
    year = empty_year
    year.services = [missing(1, "Gorse", months_to("2025-01", 4))]
    first, second = year.month("2024-12"), year.month("2025-01")
    assert [len(draft.letters) for draft in (first, second)] == [1, 1]
    year.send(second, planned("2025-01"))
    year.do("notices", "approve", first.name, "--by", "Sam Second", code=5)
    assert list(year.issued) == [LAUREL]


def test_an_old_month_run_again_as_at_its_day_puts_no_later_case_in_doubt(empty_year: Year) -> None:
    """Of a later notice's windows nothing was known on that day; nothing has changed since it was drafted."""
    year = empty_year
    year.services = [missing(1, "Gorse", AUTUMN), missing(4, "Laurel", months_to("2025-01", 3))]
    old = year.month("2024-12")
    year.send(old, planned("2024-12"))
    draft = year.month("2025-01")
    year.approve(draft.name)
    for state in ("approved", "issued"):
        before = tree_bytes(year.home / "releases")
        assert year.run("2024-12") == old
        assert tree_bytes(year.home / "releases") == before
        assert year.state(LAUREL, str(planned("2025-01"))) == state
        if state == "approved":
            year.issue(draft.name, planned("2025-01"))
