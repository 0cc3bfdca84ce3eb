"""A row without an id is a group row only where it has nothing but a name (case g; DATA 37, 48)."""

from pathlib import Path

import pytest

from tests.cases.attacked.books import FORMATS, Sheet
from tests.cases.dirt import Looked, csv_of, look, look_at, uid, world_of

CARE_HOME = "care-home-2024-12-17.csv"
HEAD = ["CQC Location ID", "Location", "User Count", "Oct 24", "Nov 24", "Dec 24"]


def rows_with(lost: list[object], said: tuple[str, str, str] = ("1", "1", "1"), count: int = 20) -> list[list[object]]:
    rows: list[list[object]] = [[uid(86, n), f"House {n}", "2", *said] for n in range(1, count + 1)]
    rows[4] = lost
    return rows


def is_refused(looked: Looked) -> None:
    assert (looked.rows, looked.accepted) == (20, 19), looked.rules
    assert any("row 6" in one["first"] and one["severity"] == "error" for one in looked.document["findings"])


LOST = {
    "0 and 1": ["", "Rose House", "2", "0", "0", "0"],
    "without a count of users": ["", "Rose House", "", "0", "0", "0"],
    "one answer": ["", "Rose House", "", "", "", "0"],
    "Yes and No": ["", "Rose House", "2", "No", "No", "No"],
    "blanks for an id": ["  \u00a0", "Rose House", "2", "0", "0", "0"],
    "a dash for an id": ["-", "Rose House", "2", "0", "0", "0"],
    "a name in the column of ids": ["Rose House", "", "2", "0", "0", "0"],
    "only a count of users": ["", "Rose House", "2", "", "", ""],
}


@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
def test_a_record_without_an_id_is_refused(tmp_path: Path, lost: list[object]) -> None:
    said = ("Yes", "Yes", "Yes") if "No" in lost else ("1", "1", "1")
    is_refused(look_at(tmp_path, CARE_HOME, csv_of(*rows_with(lost, said), head=HEAD)))


@pytest.mark.parametrize("kind", FORMATS)
def test_also_in_a_workbook(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"care-home-2024-12-17.{kind}"
    lost: list[object] = [None, "Rose House", 2, 0, 0, 0]
    path.write_bytes(FORMATS[kind](Sheet([HEAD, *rows_with(lost)])))
    is_refused(look(path))


def test_its_name_is_nobodys_authority(tmp_path: Path) -> None:
    """A house called Essex: what comes below it is not in Essex."""
    rows = rows_with(["", "Essex", "2", "0", "0", "0"])
    made = world_of(tmp_path, {CARE_HOME: csv_of(*rows, head=HEAD)})
    if CARE_HOME in made.taken:
        places = {made.services[uid(86, n)]["local_authority"] for n in (4, 6, 20)}
        assert len(places) == 1, "the name of a record fills down as the authority of those below"


def test_a_name_alone_is_a_group_row(tmp_path: Path) -> None:
    rows = [["Kent", "", "", "", "", ""], *rows_with([uid(86, 5), "House 5", "2", "1", "1", "1"])]
    looked = look_at(tmp_path, CARE_HOME, csv_of(*rows, head=HEAD))
    assert looked.accepted == 20 and set(looked.severities.values()) <= {"info"}
