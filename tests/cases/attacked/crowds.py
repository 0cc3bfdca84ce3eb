"""Worlds of many ordinary services, large enough for checks that look at a file as a whole. All names are fictional."""

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests.cases.dirt import call
from tests.conftest import Answer
from tests.worlds import EXPORT_HEADINGS, MONTHS, Inbox, Unit, release_of, rows_of

KINDS = ("care_home", "home_care")
PLACES = ("Kent", "Oxfordshire", "Hampshire")  # one region, so that a single miss is no jump there
SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = range(-4, 0)  # cells of an export's row
Table = list[list[str]]


def history(number: int) -> str:
    """One miss a year at most, never two windows running: every window is missed by a twentieth of the services."""
    return "".join("N" if number % 20 == month * 7 % 20 else "Y" for month in range(12))


def unit(number: int, kind: str = "care_home", said: str = "") -> Unit:
    """Return an ordinary service; the first of each type is New."""
    digit = KINDS.index(kind) + 1
    made = Unit(f"1-9{digit}{number:08d}", said or history(number), kind, name=f"Invented Place {digit}-{number}",
                authority=PLACES[number % 3], provider=f"Invented Provider {digit}-{number} Ltd",
                provider_id=f"1-98{digit}{number:07d}")  # fmt: skip
    if number == 0:
        made.registered, made.status, made.history = "01/11/2024", "New (< 101 days)", said or "Y" * 12
    return made


def crowd(count: int, kinds: Iterable[str] = KINDS) -> list[Unit]:
    """Return so many services of each type."""
    return [unit(number, kind) for kind in kinds for number in range(count)]


def world(folder: Path, count: int, home_care: int | None = None) -> Inbox:
    """Write an inbox of a crowd, as it should be."""
    inbox = Inbox(folder / "inbox", crowd(count, ["care_home"]) + crowd(home_care or count, ["home_care"]))
    inbox.write()
    return inbox


def run(inbox: Inbox, home: Path, *more: object, month: str = "2024-12", as_at: str = "2024-12-31") -> Answer:
    """Run a month on an inbox."""
    return call("run", "--month", month, "--as-at", as_at, "--inbox", inbox.folder, "--home", home, *more)


def accept(*checks: str) -> list[str]:
    """Return the words that accept checks."""
    return [word for check in checks for word in ("--accept", check, "--because", "asked by telephone")]


def accepted(inbox: Inbox, home: Path, *checks: str, month: str = "2024-12") -> Path:
    """Run a month over the checks named, and return its release."""
    answer = run(inbox, home, *accept(*checks), month=month)
    assert answer.code == 0, answer.err
    return release_of(home, month)


def november(inbox: Inbox, home: Path, units: Sequence[Unit] | None = None) -> None:
    """Publish November 2024 first, from exports of the day after its window closed."""
    earlier = Inbox(inbox.folder.parent / "november", list(inbox.units if units is None else units), "2024-11-15",
                    MONTHS[:-1])  # fmt: skip
    earlier.write_export("care_home")
    earlier.write_export("home_care")
    earlier.write_register("2024-11-14")
    answer = run(earlier, home, month="2024-11", as_at="2024-11-15")
    assert answer.code == 0, answer.err


def stopped(answer: Answer, check: str, kind: str = "") -> None:
    """Assert that a check stopped publication, names its type, and prints the way on."""
    assert answer.code == 4, f"exit {answer.code}, not 4: {answer.out}{answer.err}"
    assert check in answer.err and f"--accept {check}" in answer.err, answer.err
    assert kind in answer.err, answer.err


def fires(answer: Answer, check: str) -> bool:
    """Return whether a check is among those that stopped a run."""
    return answer.code == 4 and f"{check}:" in answer.err


def table_of(inbox: Inbox, kind: str, months: Sequence[str] = MONTHS) -> Table:
    """Return the rows of a type's export, the headings first."""
    rows = [unit.cells(months) for unit in inbox.units if unit.provider_type == kind]
    return [[*EXPORT_HEADINGS, *months], *rows]


def save(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """Write rows as a CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def change(inbox: Inbox, kind: str, mend: Callable[[Table], object]) -> Path:
    """Alter the rows of a type's export, below its headings, and write it in the old one's place."""
    head, *rows = table_of(inbox, kind)
    mend(rows)
    return save(inbox.export_path(kind), [head, *rows])


def column(rows: Table, index: int, values: Iterable[str]) -> None:
    """Set one column of all rows."""
    for row, value in zip(rows, values, strict=True):
        row[index] = value


def exchanged(rows: Table, columns: Iterable[int]) -> None:
    """Exchange Yes and No."""
    words = {"Yes": "No", "No": "Yes"}
    for index in columns:
        column(rows, index, [words.get(row[index], row[index]) for row in rows])


def findings(home: Path, rule: str = "", file: str = "", month: str = "2024-12") -> list[dict[str, str]]:
    """Return the findings of a release, of one rule or one file."""
    found = rows_of(release_of(home, month) / "findings.csv")
    return [one for one in found if rule in ("", one["rule"]) and file in ("", one["file"])]
