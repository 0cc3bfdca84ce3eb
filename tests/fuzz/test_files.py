"""Whatever happens to a file: it is taken or refused, soon and in little memory, and no untouched row changes its answer.

500 examples here; `make fuzz` goes on for an hour.
"""

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.settings import parameters
from pipeline.errors import InputRefused
from pipeline.intake.files import read_file
from tests.cases.dirt import call, lines
from tests.fuzz.files import BOOKS, HEAD, TEXTS, Seed, damaged, damages, repacked, unit_rows, written

SECONDS, MEGABYTES = 20, 1_500  # of one file, with its process; of the whole test process
COMMON = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)


def is_taken_or_refused(name: str, data: bytes) -> None:
    """Take one file in by the command line: exit 0 or 3, a message for people, bounded time and memory."""
    with tempfile.TemporaryDirectory() as folder:
        path, began = written(Path(folder), name, data), time.monotonic()
        answer = call("ingest", path, "--home", Path(folder) / "home", "--json")
        assert answer.code in (0, 3), (answer.code, answer.err[-2000:])
        assert "Traceback" not in answer.err
        assert answer.code == 0 or name in answer.err
        assert time.monotonic() - began < SECONDS
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    assert peak < MEGABYTES


Changes = list[tuple[str, int, int, bytes]]
TEXT_CASES = st.sampled_from(TEXTS).flatmap(lambda seed: st.tuples(st.just(seed), damages(len(seed.data))))
BOOK_CASES = st.sampled_from(BOOKS).flatmap(
    lambda seed: st.tuples(st.just(seed), st.integers(0, 9), st.booleans(), damages(len(seed.data)))
)


def any_damaged_text_is_taken_or_refused(case: tuple[Seed, Changes]) -> None:
    seed, changes = case
    is_taken_or_refused(seed.name, damaged(seed.data, changes))


def any_damaged_workbook_is_taken_or_refused(case: tuple[Seed, int, bool, Changes]) -> None:
    seed, member, is_inside, changes = case
    is_packed = is_inside and seed.data.startswith(b"PK")
    is_taken_or_refused(seed.name, repacked(seed.data, member, changes) if is_packed else damaged(seed.data, changes))


def answers_in(data: bytes) -> tuple[list[tuple[str, tuple[str, ...]]], int] | None:
    """Return (id, answers) of each taken row and the number of rows refused; None where the file is refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), "care-home-2024-12-17.csv", data)
        try:
            reading = read_file(path, path.name, parameters(), Path(folder) / "turned")
        except InputRefused:
            return None
    (part,) = reading.parts
    ids = [str(location_id) for location_id in part.columns["location_id"]]
    return list(zip(ids, part.answers, strict=True)), reading.refused


ROWS = [lines([row]).encode() for row in unit_rows()]
HEADING = lines([HEAD]).encode()
UNTOUCHED = answers_in(HEADING + b"".join(ROWS))


ROW_CASES = st.integers(0, len(ROWS) - 1).flatmap(lambda n: st.tuples(st.just(n), damages(len(ROWS[n]) - 1)))


def no_untouched_row_changes_its_answer(case: tuple[int, Changes]) -> None:
    touched, changes = case
    rows = [damaged(row[:-1], changes) + row[-1:] if n == touched else row for n, row in enumerate(ROWS)]
    found = answers_in(HEADING + b"".join(rows))
    if found is None:
        return
    assert UNTOUCHED is not None
    taken, refused = found
    left = list(taken)
    missing = []
    for n, row in enumerate(UNTOUCHED[0]):
        if row in left:
            left.remove(row)
        elif n != touched:
            missing.append(row)
    assert not missing or refused, missing
    wrong = {location_id for location_id, _ in missing} & {location_id for location_id, _ in left}
    assert not wrong, wrong


PROPERTIES = {
    any_damaged_text_is_taken_or_refused: (TEXT_CASES, 250),
    any_damaged_workbook_is_taken_or_refused: (BOOK_CASES, 50),
    no_untouched_row_changes_its_answer: (ROW_CASES, 200),
}


@pytest.mark.slow
@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda holds: holds.__name__)
def test_whatever_happens_to_a_file(holds: Callable[[Any], None]) -> None:
    cases, most = PROPERTIES[holds]
    settings(COMMON, max_examples=most, derandomize=True)(given(cases)(holds))()
