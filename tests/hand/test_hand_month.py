"""December 2024 as worked out by hand (WORKING.md): the product must give the same bytes."""

import csv
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.worlds import findings_of, release_of

HERE = Path(__file__).parent
EXPECTED_FINDINGS = {
    "id_repaired": 7, "value_unreadable": 1, "answers_differ": 1, "duplicate_row": 1, "id_refused": 1, "rows_left_out": 2,
    "not_required_yet_reported": 14, "authority_differs": 1, "authority_name_unknown": 1, "provider_id_differs": 1,
    "not_in_register": 3, "deregistered_still_listed": 5, "rows_owing_nothing": 1,
    "return_not_owed": 0, "owes_nothing": 0, "register_gap": 0, "window_not_open": 0, "registered_in_future": 0,
}  # fmt: skip


@pytest.fixture
def published(asc: Command, home: Path) -> Path:
    answer = asc("run", "--month", "2024-12", "--inbox", HERE / "inbox", "--home", home, "--as-at", "2024-12-17")
    assert answer.code == 0, answer.err
    return home


@pytest.mark.parametrize("name", ["services.csv", "summary.csv"])
def test_the_hand_made_month_is_right_to_the_byte(published: Path, name: str) -> None:
    assert (release_of(published) / "national" / name).read_bytes() == (HERE / "expected" / name).read_bytes()


def test_every_finding_noted_by_hand_is_found(published: Path) -> None:
    assert {rule: len(findings_of(published, rule)) for rule in EXPECTED_FINDINGS} == EXPECTED_FINDINGS


def test_every_status_occurs_in_it() -> None:
    with (HERE / "expected" / "services.csv").open(encoding="utf-8", newline="") as file:
        statuses = {row["status"] for row in csv.DictReader(file)}
    assert statuses == {"notice_due", "at_risk", "watch", "missed", "unknown", "new", "compliant", "not_required"}
