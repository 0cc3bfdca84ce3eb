"""What must hold for every input: SQL equals the plain reference; order and repetition change nothing."""

import datetime as dt
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.settings import parameters
from pipeline.assess.assessment import Judgement, assess
from pipeline.intake.ingest import Stores, ingest
from pipeline.intake.statements import Statement
from pipeline.record.archive import Archive
from pipeline.record.decisions import Decisions
from pipeline.record.facts import Facts, new_facts
from pipeline.record.register import Register
from pipeline.rules.windows import LONDON, add_months, window_for
from pipeline.rules.working_days import WorkingDays
from tests.spec import references
from tests.spec.shipped import DECEMBER, NOW, UNIT, outcome_shipped
from tests.worlds import write_csv

MONTHS = [add_months(DECEMBER, -n) for n in range(13, -1, -1)]
WORDS = {"Y": "Yes", "N": "No", "?": ""}
OUTCOMES = {"Y": "submitted", "N": "missed", "?": "unknown"}
SOME = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))

histories = st.text("YYYNN?", min_size=len(MONTHS), max_size=len(MONTHS))
registrations = st.one_of(st.none(), st.dates(dt.date(2023, 9, 1), dt.date(2025, 1, 10)))
unit_lists = st.lists(st.tuples(histories, registrations, st.booleans()), min_size=1, max_size=25)


def judged(folder: Path, files: list[Path]) -> tuple[Facts, list[tuple[object, ...]]]:
    facts = new_facts(folder / "facts.duckdb", folder)
    register = Register(f"sqlite:///{folder}/register.sqlite")
    stores = Stores(Archive(folder / "archive"), register, facts, parameters())
    ingest(stores, files, Statement(), "tests", NOW)
    assess(facts, Judgement(DECEMBER, dt.date(2025, 1, 31), WorkingDays(), parameters(), Decisions()))
    register.close()
    rows = facts.query(
        "SELECT location_id, outcome, status, reason, run, misses_within FROM service ORDER BY location_id"
    )
    facts.close()
    return facts, rows


def files_for(folder: Path, units: list[tuple[str, dt.date | None, bool]]) -> list[Path]:
    """Write one export and one register; a unit without a registration date is not in the register."""
    headings = [
        "CQC Location ID",
        "Location",
        "Registration Status",
        "Local Authority",
        *(f"{m:%b %y}" for m in MONTHS),
    ]
    rows = [
        [
            f"1-90000{n:05d}",
            f"House {n}",
            "New" if is_new else "Established",
            "Kent",
            *(WORDS[letter] for letter in history),
        ]
        for n, (history, _, is_new) in enumerate(units)
    ]
    known = [
        [f"1-90000{n:05d}", "Y", f"{registered:%d/%m/%Y}", "Kent"]
        for n, (_, registered, _) in enumerate(units)
        if registered is not None
    ]
    register = ["Location ID", "Care home?", "Location HSCA start date", "Location Local Authority"]
    return [
        write_csv(folder / "care-home-2025-01-20.csv", headings, rows),
        write_csv(folder / "hsca-2025-01-20.csv", register, known),
    ]


@SOME
@given(unit_lists)
def test_sql_equals_the_reference_on_random_histories(units: list[tuple[str, dt.date | None, bool]]) -> None:
    closes = [window_for(month, WorkingDays(), parameters()).closes_on for month in MONTHS]
    expected = []
    for n, (history, registered, says_new) in enumerate(units):
        outcomes = [
            "not_required" if registered and registered > close else OUTCOMES[letter]
            for letter, close in zip(history, closes, strict=True)
        ]
        is_new = references.is_new_on(registered, closes[-1]) if registered else says_new
        status, reason, _ = references.status(outcomes, [references.is_new_on(registered, c) for c in closes], is_new)
        expected.append((f"1-90000{n:05d}", outcomes[-1], status, reason))
    with tempfile.TemporaryDirectory() as name:
        _, rows = judged(Path(name), files_for(Path(name) / "inbox", units))
    assert [row[:4] for row in rows] == expected


@SOME
@given(unit_lists, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_files_changes_nothing(
    units: list[tuple[str, dt.date | None, bool]], chance: object
) -> None:
    with tempfile.TemporaryDirectory() as name:
        files = files_for(Path(name) / "inbox", units)
        _, first = judged(_made(Path(name) / "one"), files)
        for path in files:
            head, *rows = path.read_text(encoding="utf-8").splitlines()
            chance.shuffle(rows)
            path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
        _, second = judged(_made(Path(name) / "two"), files[::-1])
    assert first == second


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


seconds = st.integers(0, 17 * 24 * 60).map(lambda minutes: minutes * 60)  # from 5 to 22 December 2024
moments = seconds.map(lambda n: dt.datetime(2024, 12, 5, tzinfo=LONDON) + dt.timedelta(seconds=n))
exports = st.lists(st.tuples(moments, st.sampled_from(["Yes", "No", "blank"])), max_size=4)
records = st.lists(st.tuples(moments, moments), max_size=2)
days = st.one_of(st.none(), st.dates(dt.date(2024, 12, 5), dt.date(2024, 12, 19)))


@settings(SOME, max_examples=40)
@given(exports, records, days, days, st.booleans())
def test_sql_equals_the_reference_on_random_evidence(
    said: list[tuple[dt.datetime, str]],
    stamps: list[tuple[dt.datetime, dt.datetime]],
    registered: dt.date | None,
    deregistered: dt.date | None,
    excused: bool,
) -> None:
    with tempfile.TemporaryDirectory() as name:
        shipped = outcome_shipped(Path(name), said, stamps, registered, deregistered, excused)
    assert shipped == references.outcome(said, stamps, registered, deregistered, excused), UNIT
