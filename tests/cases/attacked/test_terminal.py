"""Nothing from a file reaches a terminal as a control or direction character; no name blows a table up (2.14, 2.15, 2.20)."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cases.dirt import HEAD, call, csv_of, row, uid
from tests.conftest import Answer, Command
from tests.enforcement import Office
from tests.worlds import Inbox, Unit

pytestmark = pytest.mark.slow  # whole months are run

MARKS = {
    "C1 CSI": "\x9b31mred", "C1 OSC": "\x9d0;title\x9c", "escape": "\x1b[31mred\x1b[0m", "bell": "\x07", "override": "\u202egnp.",
    "isolate": "\u2066x\u2069", "embedding": "\u202ax\u202c", "right-to-left mark": "\u200f", "next line": "\x85forged",
    "line separator": "\u2028forged", "newline": "\nforged: everything is well", "return": "\rforged", "backspace": "\x08\x08\x08",
    "Arabic mark": "\u061c",
}  # fmt: skip
SHOWN = {"\n"}  # all that a table itself needs
DIRECTION = {"\u061c", "\u200e", "\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}


def is_clean(answer: Answer) -> None:
    """No control or direction character, and no traceback."""
    said = answer.out + answer.err
    marks = {letter for letter in said if letter in DIRECTION or unicodedata.category(letter) in ("Cc", "Zl", "Zp")}
    found = {f"U+{ord(letter):04X}" for letter in marks - SHOWN}
    assert not found, found
    assert "Traceback" not in said
    assert not any(line.startswith("forged") for line in said.splitlines()), "a value has made a line of its own"


@pytest.fixture
def office(asc: Command, inbox: Inbox, home: Path) -> Office:
    return Office(asc, inbox, home)


def marked(office: Office, mark: str) -> Unit:
    """Publish a month in which names hold the mark; one such provider is due a notice, another held."""
    one = office.due(1, name=f"Rose{mark}House", users=f"3{mark}")
    one.provider = f"Oak{mark}Care Ltd"
    council = office.due(2, name=f"Elm{mark}Lodge")
    council.provider = f"Elm{mark} Borough Council"
    office.inbox.units[3].status = f"Oddly{mark}"
    office.inbox.units[5].authority = f"Kent{mark}shire"
    office.write()
    words = (
        "run",
        "--month",
        "2024-12",
        "--as-at",
        "2024-12-17",
        "--inbox",
        office.inbox.folder,
        "--home",
        office.home,
    )
    accepted = [
        word for check in ("authority-unmatched", "rows-refused") for word in ("--accept", check, "--because", "x")
    ]
    is_clean(office.asc(*words, *accepted))
    return one


COMMANDS: dict[str, Callable[[Unit], tuple[object, ...]]] = {
    "status": lambda unit: ("status", "--la", "Kent"),
    "status of a provider": lambda unit: ("status", "--provider", unit.provider_id),
    "find": lambda unit: ("find", "House"),
    "find an id": lambda unit: ("find", unit.location_id),
    "findings": lambda unit: ("findings", "--month", "2024-12"),
    "findings of a rule": lambda unit: ("findings", "--month", "2024-12", "--rule", "cells_cleaned"),
    "findings of statuses": lambda unit: ("findings", "--month", "2024-12", "--rule", "status_unreadable"),
    "findings of authorities": lambda unit: ("findings", "--month", "2024-12", "--rule", "authority_unmatched"),
    "explain": lambda unit: ("explain", unit.location_id),
    "held list": lambda unit: ("held", "list"),
    "notices list": lambda unit: ("notices", "list"),
    "notices show": lambda unit: ("notices", "show", "NOI-2024-12-01"),
}


@pytest.mark.parametrize("mark", MARKS)
def test_no_command_prints_a_mark_of_a_name(office: Office, mark: str) -> None:
    unit = marked(office, MARKS[mark])
    wrong = {}
    for name, words in COMMANDS.items():
        answer = office.asc(*words(unit), "--home", office.home)
        try:
            is_clean(answer)
        except AssertionError as trouble:
            wrong[name] = str(trouble).splitlines()[0]
    assert not wrong


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("place", ["id", "name", "answer", "heading"])
def test_check_and_ingest_print_no_mark(tmp_path: Path, mark: str, place: str) -> None:
    said = MARKS[mark]
    rows = [row(uid(30, n)) for n in range(8)]
    head = list(HEAD)
    if place == "heading":
        head[8] = f"Dec{said} 24x"
    else:
        rows[2][{"id": 0, "name": 1, "answer": 8}[place]] = f"{rows[2][0]}{said}?"
    path = tmp_path / "care-home-2024-12-17.csv"
    path.write_bytes(csv_of(*rows, head=head))
    is_clean(call("check", path))
    is_clean(call("ingest", path, "--home", tmp_path / "home"))


NAMES = {"newline": "care\nhome", "escape": "care\x1b[31m home", "override": "care\u202e home", "C1": "care\x9bhome", "return": "care\rhome",
         "no-break space": "care\u00a0home", "isolate": "care\u2066home"}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_check_and_ingest_say_the_same_of_a_file_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{NAMES[name]} care home 2024-12-17.csv"
    path.write_bytes(csv_of(*(row(uid(31, n)) for n in range(4))))
    checked, taken = call("check", path), call("ingest", path, "--home", tmp_path / "home")
    for answer in (checked, taken):
        clean = Answer(answer.code, answer.out.replace("\u00a0", " "), answer.err.replace("\u00a0", " "))
        is_clean(clean)
    assert checked.code == taken.code, (checked, taken)


@pytest.mark.parametrize("name", ["~$care home 2024-12-17.xlsx", ".care home 2024-12-17.csv", ".DS_Store", "Thumbs.db", "care home 2024-12-17.csv.part",
                                  "care home 2024-12-17.csv.crdownload"])  # fmt: skip
def test_check_takes_no_file_that_ingest_skips(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(csv_of(*(row(uid(32, n)) for n in range(4))))
    checked, taken = (
        call("check", tmp_path),
        call("ingest", tmp_path, "--home", tmp_path.parent / f"{tmp_path.name}-home"),
    )
    for answer in (checked, taken):
        assert "would be taken in" not in answer.out and "taken in" not in answer.out.replace("not taken in", ""), (
            answer.out
        )
        assert name in answer.out + answer.err


# --- long names -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("letters", [2000, 20000])
def test_a_name_of_thousands_of_letters_blows_no_table_up(office: Office, letters: int) -> None:
    unit = office.due(1, name="A" * letters)
    unit.provider = "B" * letters
    council = office.due(2, name="C" * letters)
    council.provider = "D" * letters + " Borough Council"
    office.write()
    office.run()
    plain = {"find": ("find", "Service"), "find it": ("find", "AAAA"), "status": ("status", "--la", "Kent"), "held": ("held", "list"),
             "notices": ("notices", "show", "NOI-2024-12-01"), "findings": ("findings", "--month", "2024-12")}  # fmt: skip
    long = {name: len(office.asc(*words, "--home", office.home).out) for name, words in plain.items()}
    assert all(size < 60_000 for size in long.values()), long
    answer = office.asc("find", "Service", "--home", office.home)
    assert max(map(len, answer.out.splitlines())) < 2_000


def test_a_long_value_blows_no_message_up(tmp_path: Path) -> None:
    rows = [row(uid(33, n)) for n in range(8)]
    rows[2][8], rows[3][0] = "x" * 50_000, "y" * 50_000
    path = tmp_path / "care-home-2024-12-17.csv"
    path.write_bytes(csv_of(*rows))
    for answer in (call("check", path), call("ingest", path, "--home", tmp_path / "home")):
        assert len(answer.out + answer.err) < 10_000


def test_a_long_heading_blows_no_message_up(tmp_path: Path) -> None:
    path = tmp_path / "care-home-2024-12-17.csv"
    path.write_bytes(csv_of([1], head=["z" * 50_000]))
    answer = call("check", path)
    assert answer.code == 3 and len(answer.out + answer.err) < 10_000
