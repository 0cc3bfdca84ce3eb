"""Any month of the scheme, published from an export of one service of each type for each authority named."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.cases.attacked.crowds import accept, run, save
from tests.cases.dirt import call
from tests.conftest import Answer
from tests.worlds import Inbox, release_of, rows_of


@cache
def run_days() -> dict[str, str]:
    """The run day of every month from the first to March 2029, as the product itself says it."""
    answer = call("windows", "--from", "2022-12", "--to", "2029-03", "--format", "json")
    return {row["month"]: row["run_on"] for row in json.loads(answer.out)}


def location(number: int, kind: str = "care_home") -> str:
    return f"1-9{1 if kind == 'care_home' else 2}{number:08d}"


def ran(
    folder: Path,
    month: str,
    places: Sequence[str],
    *checks: str,
    register: bytes = b"",
    said: str = "Yes",
    before: str = "",
) -> Answer:
    """Run a month in which services stand under the authorities' names, in that order."""
    day = run_days()[month]
    for kind in ("care_home", "home_care"):
        cells = [[location(n, kind), f"Place {n}", place, "New" if n == 0 else "Established", said if n else "Yes"]
                 for n, place in enumerate(places)]  # fmt: skip
        head = ["CQC Location ID", "Location", "Local Authority", "Registration Status", month]
        save(folder / "inbox" / f"status {kind.replace('_', ' ')} {day}.csv", [head, *cells])
    if register:
        (folder / "inbox" / f"HSCA_Active_Locations_{day}.csv").write_bytes(register)
    return run(Inbox(folder / "inbox"), folder / "home", *accept(*checks), month=month, as_at="2029-12-31")


def publish(folder: Path, month: str, places: Sequence[str] = ("Kent",), *checks: str, register: bytes = b"") -> Path:
    """Publish such a month, and return its release."""
    answer = ran(folder, month, places, *(checks or ("looks-filtered",)), register=register)
    assert answer.code == 0, answer.err
    return release_of(folder / "home", month)


def authorities(release: Path) -> dict[str, dict[str, str]]:
    """The authorities of a release by code."""
    rows = rows_of(release / "national" / "summary.csv")
    return {row["la_code"]: row for row in rows if row["level"] == "authority" and not row["provider_type"]}
