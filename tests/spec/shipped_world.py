"""Real files and events of the register, taken in and judged."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.settings import parameters
from pipeline.assess import checks, findings_of_month
from pipeline.assess.assessment import Judgement, assess
from pipeline.enforce.cases import Case
from pipeline.enforce.earlier import Place
from pipeline.enforce.grounds import grounds_of
from pipeline.enforce.notices import Notice, notices_of
from pipeline.intake.ingest import Stores, ingest
from pipeline.intake.statements import Statement
from pipeline.record.archive import Archive
from pipeline.record.decisions import decisions_in_force
from pipeline.record.facts import Facts, Row, new_facts
from pipeline.record.register import Register
from pipeline.rules.notice_dates import Method
from pipeline.rules.working_days import WorkingDays

DECEMBER = dt.date(2024, 12, 1)
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
UNIT = "1-9000000001"
PROVIDERS = {"P1": "1-9900000001", "P2": "1-9900000002"}
LETTER_BY = dt.date(2025, 1, 6)
Event = tuple[str, str, dict[str, Any]]  # kind, subject, body


@dataclass(frozen=True)
class Judged:
    """A month judged, its facts still open."""

    facts: Facts
    judgement: Judgement

    def service(self, columns: str) -> Row:
        """Return these columns of the only service with the id in question."""
        (row,) = self.facts.query(f"SELECT {columns} FROM service WHERE location_id = $id", {"id": UNIT})
        return row

    def findings(self, *wanted: str) -> set[str]:
        """Return the rules of these findings, of all where none is named, that the month shows."""
        findings_of_month.find(self.facts, self.judgement)
        return {row[-1] for row in findings_of_month.findings(self.facts) if not wanted or row[-1] in wanted}

    def fires(self, check: str) -> bool:
        """Say whether a check before publishing would stop."""
        return check in {failure.check for failure in checks.failures(self.facts, self.judgement, ())}

    def notices(self, cases: Sequence[Case] = (), missing_settings: Sequence[str] = ()) -> list[Notice]:
        """Return the notices of intent that would be drafted, to be sent on 6 January 2025 by post."""
        grounds = grounds_of(self.facts, self.judgement.decisions, LETTER_BY, Method.POST)
        place = Place(1, 1, list(cases), frozenset())
        return notices_of(self.facts, self.judgement, grounds, place, missing_settings)


@contextmanager
def judged(
    folder: Path,
    paths: Sequence[Path],
    events: Sequence[Event] = (),
    month: dt.date = DECEMBER,
    accepted: frozenset[str] = frozenset(),
) -> Iterator[Judged]:
    """Take files in, record what people decided, and judge a month."""
    facts = new_facts(folder / "facts.duckdb", folder)
    register = Register(f"sqlite:///{folder}/register.sqlite")
    try:
        ingest(Stores(Archive(folder / "archive"), register, facts, parameters()), paths, Statement(), "tests", NOW)
        for kind, subject, body in events:
            register.append(kind, subject, {**body, "by": "A", "because": "b"}, NOW)
        decisions = decisions_in_force(register)
        judgement = Judgement(month, dt.date(2025, 1, 31), WorkingDays(), parameters(), decisions, accepted)
        assess(facts, judgement)
        yield Judged(facts, judgement)
    finally:
        facts.close()
        register.close()


def window_decided(word: str, month: str = "2024-12", kind: str = "care_home") -> Event:
    body = {
        "location_id": UNIT, "provider_type": kind, "month": month, "decision": word,
        "evidence_sha256": "0" * 64 if word == "missed" else "",
    }  # fmt: skip
    return "window decision", f"{UNIT} {kind} {month}", body


def owed_decided(word: str, kind: str = "care_home", location: str = UNIT) -> Event:
    return "owed decision", f"{location} {kind}", {"location_id": location, "provider_type": kind, "decision": word}


def provider_decided(word: str, provider_id: str) -> Event:
    return "provider decision", provider_id, {"provider_id": provider_id, "decision": word}


def place_decided(code: str, name: str = "") -> Event:
    """Return what a person said an authority's name means, or of which authority the location is."""
    if name:
        return "authority decision", name.casefold(), {"name": name, "la_code": code}
    return "authority decision", UNIT, {"location_id": UNIT, "la_code": code}
