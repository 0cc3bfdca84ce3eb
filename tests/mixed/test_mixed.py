"""A mixed inbox of two years, judged by the product and by a plain reference that never saw it: every cell agrees.

The inbox holds status exports of both styles, record-level extracts, whole and partial registers, lists of those gone and of those
that came back, corrections, partial files and harmless dirt; people decided about some windows; a month is asked about as on
several days.
"""

import datetime as dt
from pathlib import Path

import pytest

from flows.settings import parameters
from pipeline.assess.assessment import Judgement, assess
from pipeline.intake.arriving import files_of
from pipeline.intake.ingest import Stores, ingest
from pipeline.intake.statements import Statement
from pipeline.record.archive import Archive
from pipeline.record.decisions import decisions_in_force
from pipeline.record.facts import new_facts
from pipeline.record.register import Register
from pipeline.rules.working_days import WorkingDays
from reports.lists.services import services_of
from tests.mixed import reference, world

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
CASES = {
    ("2024-12", "2024-12-31"): "everything but the last partial exports is known",
    ("2024-12", "2024-12-19"): "before the correction of 20 December",
    ("2024-12", "2024-12-17"): "no home care export yet: record-level extracts give its population",
    ("2024-12", "2025-01-08"): "a partial export, accepted as the population",
    ("2024-11", "2024-11-20"): "neither the December register nor the deactivated locations are known",
    ("2024-11", "2024-12-31"): "the month before, known later",
    ("2024-10", "2024-10-31"): "registered on the close, and on the day after",
    ("2024-10", "2024-12-31"): "the same, known later",
    ("2024-09", "2024-10-31"): "only record-level extracts decide for some; two exports of equal time differ",
    ("2024-09", "2024-12-31"): "the same, known later",
    ("2024-06", "2024-06-20"): "before the correction of 1 July",
    ("2024-06", "2024-12-31"): "after it; later services are not required",
    ("2024-05", "2024-06-20"): "an ordinary month",
    ("2024-02", "2024-04-30"): "an ordinary month",
    ("2023-12", "2023-12-20"): "before the correction of 10 January",
    ("2023-12", "2024-01-31"): "after it",
    ("2023-12", "2024-12-31"): "with the newest register",
    ("2023-09", "2023-10-31"): "no home care export has the month's column",
    ("2023-06", "2023-07-31"): "no register is known yet",
}
SEEDS = (1, 3, *(pytest.param(seed, marks=pytest.mark.night) for seed in (7, 24)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_every_cell_agrees_with_the_plain_reference(tmp_path: Path, seed: int) -> None:
    world.write(tmp_path / "inbox", seed)
    said = world.decided(world.invent(seed))
    last_words = {(where, kind, month): word for where, kind, month, word in said}
    standing = {cell: word for cell, word in last_words.items() if word != "none"}
    tables = reference.read_folder(tmp_path / "inbox")
    facts = new_facts(tmp_path / "facts.duckdb", tmp_path)
    register = Register(f"sqlite:///{tmp_path}/register.sqlite")
    paths, _ = files_of([tmp_path / "inbox"])
    ingest(Stores(Archive(tmp_path / "archive"), register, facts, parameters()), paths, Statement(), "tests", NOW)
    for location_id, kind, of, word in said:
        body = {
            "location_id": location_id, "provider_type": kind, "month": f"{of:%Y-%m}", "decision": word, "by": "A",
            "because": "b", "evidence_sha256": "0" * 64 if word == "missed" else "",
        }  # fmt: skip
        register.append("window decision", f"{location_id} {kind} {of:%Y-%m}", body, NOW)
    decisions = decisions_in_force(register)
    for month, as_at in CASES:
        first, day = dt.date.fromisoformat(f"{month}-01"), dt.date.fromisoformat(as_at)
        judgement = Judgement(first, day, WorkingDays(), parameters(), decisions, frozenset({"population-fall"}))
        assess(facts, judgement)
        found = {
            (service.location_id, service.provider_type): {
                "provider_id": service.provider_id,
                "la_code": service.la_code or "",
                "registered_on": service.registered_on.isoformat() if service.registered_on else "",
                "outcome": service.outcome,
                "status": service.status,
                "reason": service.reason,
                "windows_in_a_row": str(service.run_all),
                "missed_of_last_12": str(service.misses_within),
                "windows_missed": service.missed_months,
                "last_submitted_window": f"{service.last_submitted:%Y-%m}" if service.last_submitted else "",
            }
            for service in services_of(facts, judgement)
        }
        expected = {
            key: {name: cell for name, cell in row.items() if name in found.get(key, row)}
            for key, row in reference.assess(tables, first, day, decided=standing).items()
        }
        differing = {key: (found.get(key), row) for key, row in expected.items() if found.get(key) != row}
        assert found.keys() == expected.keys(), (month, as_at, found.keys() ^ expected.keys())
        assert not differing, (month, as_at, len(differing), next(iter(differing.items())))
    facts.close()
    register.close()
