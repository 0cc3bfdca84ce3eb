"""Finding services and cases by any name, postcode, id or reference, in what was published and written down."""

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from flows.opening import register_of
from pipeline.enforce.cases import OPENED, Case, cases_of
from pipeline.record.facts import open_facts
from pipeline.record.home import Home
from reports.lists.cells import fused
from reports.release import current

SHOWN = (
    "location_id",
    "provider_type",
    "location_name",
    "provider_id",
    "provider_name",
    "local_authority",
    "month",
    "status",
    "reason",
)
SEARCHED = ("location_id", "provider_id", "location_name", "provider_name")
POSTCODES = "SELECT DISTINCT location_id, postcode FROM core_register_row WHERE postcode <> ''"


def services_found(home: Home, month: str, words: list[str]) -> list[dict[str, str]]:
    """Return the services of a month's current release of which names, ids and postcode together hold every word."""
    release = current(home.releases, month)
    assert release is not None
    path = home.releases / month / release / "national" / "services.csv"
    postcodes = _postcodes(home)
    return [
        {**{name: fused(row[name]) for name in SHOWN}, "postcode": postcodes.get(row["location_id"], "")}
        for row in _rows(path)
        if _holds([row[name] for name in SEARCHED], postcodes.get(row["location_id"], ""), words)
    ]


def cases_found(home: Home, words: list[str]) -> list[Case]:
    """Return the cases of which reference, provider and windows together hold every word."""
    register = register_of(home)
    try:
        found = register.subjects(OPENED, words)
        return [case for ref in found for case in cases_of(register, ref).values()]
    finally:
        register.close()


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        head = next(lines)
        yield from (dict(zip(head, line, strict=True)) for line in lines)


def _holds(texts: list[str], postcode: str, words: list[str]) -> bool:
    whole = " ".join((*texts, postcode, postcode.replace(" ", ""))).casefold()
    return all(word in whole for word in words)


def _postcodes(home: Home) -> dict[str, str]:
    """Return the postcodes of all locations; none where the facts cannot be read, which `verify` and `rebuild` are for."""
    if not home.facts.exists():
        return {}
    with tempfile.TemporaryDirectory(dir=home.root, prefix=".reading-") as scratch:
        try:
            facts = open_facts(home.facts, Path(scratch), read_only=True)
            answer: dict[str, str] = dict(facts.query(POSTCODES))
            facts.close()
            return answer
        except duckdb.Error:
            return {}
