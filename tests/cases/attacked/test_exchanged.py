"""Answers that are wrong as a whole: exchanged, moved, blank, or without any miss (CONTRACT 2)."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.cases.attacked.crowds import (
    DECEMBER,
    KINDS,
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    Table,
    accept,
    accepted,
    change,
    column,
    exchanged,
    findings,
    fires,
    november,
    run,
    stopped,
    table_of,
    world,
)
from tests.cases.dirt import book_of
from tests.worlds import Inbox, tree_bytes

pytestmark = pytest.mark.slow  # whole months are run

EVERY_MONTH = range(-12, 0)
MANY = 240  # the checks of whole files look at 200 or more


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return world(tmp_path, MANY)


def in_every_month(rows: Table) -> None:
    exchanged(rows, EVERY_MONTH)


def in_december_alone(rows: Table) -> None:
    exchanged(rows, [DECEMBER])


def spelled(yes: str, no: str) -> Callable[[Table], None]:
    """Exchanged, and written otherwise."""

    def mend(rows: Table) -> None:
        words = {"Yes": no, "No": yes}
        for index in EVERY_MONTH:
            column(rows, index, [words[row[index]] for row in rows])

    return mend


def missing_in_december(count: int) -> Callable[[Table], None]:
    def mend(rows: Table) -> None:
        column(rows, DECEMBER, ["No" if n < count else "Yes" for n in range(len(rows))])

    return mend


def nowhere_a_no(columns: Iterable[int], instead: str = "") -> Callable[[Table], None]:
    """What an export says that leaves a No blank, or says Yes for it."""

    def mend(rows: Table) -> None:
        for index in columns:
            column(rows, index, [instead if row[index] == "No" else row[index] for row in rows])

    return mend


# --- missed-share -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "mend", [in_every_month, in_december_alone, spelled("1", "0"), spelled("TRUE", "FALSE"), spelled("y", "n")],
    ids=["every month", "December", "0 and 1", "TRUE and FALSE", "y and n"],
)  # fmt: skip
def test_yes_and_no_exchanged_stops(tmp_path: Path, inbox: Inbox, kind: str, mend: Callable[[Table], None]) -> None:
    change(inbox, kind, mend)
    answer = run(inbox, tmp_path / "home", *accept("missed-jump"))
    stopped(answer, "missed-share", kind)
    assert tree_bytes(tmp_path / "home" / "releases") == {}


def test_exchanged_in_both_files_stops_for_both(tmp_path: Path, inbox: Inbox) -> None:
    for kind in KINDS:
        change(inbox, kind, in_every_month)
    answer = run(inbox, tmp_path / "home")
    for kind in KINDS:
        stopped(answer, "missed-share", kind)


def test_exchanged_in_a_workbook_stops(tmp_path: Path, inbox: Inbox) -> None:
    head, *rows = table_of(inbox, "care_home")
    in_every_month(rows)
    path = inbox.export_path("care_home")
    path.unlink()
    path.with_suffix(".xlsx").write_bytes(book_of({"Export": [head, *rows]}))
    stopped(run(inbox, tmp_path / "home"), "missed-share", "care_home")


@pytest.mark.parametrize(("count", "stops"), [(60, False), (61, True)])
def test_more_than_a_quarter_stops(tmp_path: Path, inbox: Inbox, count: int, stops: bool) -> None:
    change(inbox, "care_home", missing_in_december(count))
    assert fires(run(inbox, tmp_path / "home", *accept("missed-jump")), "missed-share") is stops


def test_a_small_type_may_miss_a_quarter(tmp_path: Path) -> None:
    inbox = world(tmp_path, 40)
    change(inbox, "care_home", missing_in_december(20))
    assert run(inbox, tmp_path / "home", *accept("missed-jump")).code == 0


# --- history-rewritten ------------------------------------------------------------------------------------------------


def answers_one_row_down(rows: Table) -> None:
    before = [row[-12:] for row in rows]
    for row, said in zip(rows[1:], before, strict=False):
        row[-12:] = said


def months_one_column_left(rows: Table) -> None:
    for row in rows:
        row[-12:] = [*row[-11:], row[-1]]


def answers_sorted_alone(rows: Table) -> None:
    for index in EVERY_MONTH:
        column(rows, index, sorted(row[index] for row in rows))


def october_exchanged(rows: Table) -> None:
    exchanged(rows, [OCTOBER])


def every_no_a_yes(rows: Table) -> None:
    nowhere_a_no(range(-12, -1), "Yes")(rows)


REWRITTEN = {
    mend.__name__: mend
    for mend in (
        answers_one_row_down, months_one_column_left, answers_sorted_alone, october_exchanged, every_no_a_yes, in_every_month,
    )
}  # fmt: skip


@pytest.mark.parametrize("mend", REWRITTEN.values(), ids=REWRITTEN)
def test_a_past_that_reads_otherwise_now_stops(tmp_path: Path, inbox: Inbox, mend: Callable[[Table], None]) -> None:
    home = tmp_path / "home"
    november(inbox, home)
    before = tree_bytes(home / "releases")
    change(inbox, "care_home", mend)
    answer = run(inbox, home, *accept("missed-jump", "missed-share", "nobody-missed", "at-risk-gone"))
    stopped(answer, "history-rewritten", "care_home")
    assert tree_bytes(home / "releases") == before


def test_a_hundred_services_are_too_few_to_look_at(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 40), tmp_path / "home"
    november(inbox, home)
    change(inbox, "care_home", october_exchanged)
    assert not fires(run(inbox, home), "history-rewritten")


@pytest.mark.parametrize("mend", [nowhere_a_no([OCTOBER, NOVEMBER])], ids=["blanks"])
def test_a_blank_rewrites_nothing(tmp_path: Path, inbox: Inbox, mend: Callable[[Table], None]) -> None:
    home = tmp_path / "home"
    november(inbox, home)
    change(inbox, "care_home", mend)
    assert not fires(run(inbox, home, *accept("unknown-jump")), "history-rewritten")


def test_a_few_late_corrections_rewrite_nothing(tmp_path: Path, inbox: Inbox) -> None:
    """Nine cells of 2,640: NECS mends what it had wrong."""
    home = tmp_path / "home"
    november(inbox, home)

    def mend(rows: Table) -> None:
        for row in [row for row in rows if row[NOVEMBER] == "No"][:9]:
            row[NOVEMBER] = "Yes"

    change(inbox, "care_home", mend)
    assert run(inbox, home, *accept("missed-jump")).code == 0


def test_an_accepted_rewriting_publishes(tmp_path: Path, inbox: Inbox) -> None:
    home = tmp_path / "home"
    november(inbox, home)
    change(inbox, "care_home", october_exchanged)
    accepted(inbox, home, "history-rewritten:care_home")


# --- nobody-missed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("instead", ["", "Yes"])
def test_a_month_in_which_nobody_missed_stops(tmp_path: Path, inbox: Inbox, kind: str, instead: str) -> None:
    change(inbox, kind, nowhere_a_no([DECEMBER], instead))
    stopped(run(inbox, tmp_path / "home"), "nobody-missed", kind)


def test_one_who_missed_is_somebody(tmp_path: Path, inbox: Inbox) -> None:
    change(inbox, "care_home", missing_in_december(1))
    assert run(inbox, tmp_path / "home").code == 0


def test_where_few_missed_before_nobody_may_miss_now(tmp_path: Path, inbox: Inbox) -> None:
    """Nine in one of the three windows before: no rule that somebody must."""

    def mend(rows: Table) -> None:
        nowhere_a_no([DECEMBER], "Yes")(rows)
        for row in [row for row in rows if row[SEPTEMBER] == "No"][9:]:
            row[SEPTEMBER] = "Yes"

    change(inbox, "care_home", mend)
    assert run(inbox, tmp_path / "home").code == 0


def test_no_as_a_blank_in_every_month_is_told_for_every_service(tmp_path: Path, inbox: Inbox) -> None:
    rows_missing = [n for n, row in enumerate(table_of(inbox, "care_home"), 1) if row[DECEMBER] == "No"]
    change(inbox, "care_home", nowhere_a_no(EVERY_MONTH))
    answer = run(inbox, tmp_path / "home")
    if answer.code != 4:
        said = findings(tmp_path / "home", "blank_after_close", inbox.export_path("care_home").name)
        assert {int(one["row"]) for one in said if one["row"]} >= set(rows_missing) and len(rows_missing) == 12
