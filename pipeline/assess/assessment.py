"""A month judged: evidence -> units, outcomes, statuses, as temporary tables of the open facts."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from pipeline.assess.wholes import SQL as SQL
from pipeline.assess.wholes import choose_population, choose_register
from pipeline.record.decisions import Decisions, Unit
from pipeline.record.facts import Facts, Row, sql, utc
from pipeline.rules.authorities import Authorities, authorities_on
from pipeline.rules.parameters import Parameters
from pipeline.rules.windows import COLLECTION_BEGAN, Window, add_months, months_between, start_of, window_for
from pipeline.rules.working_days import ONE_DAY, WorkingDays

GROUND_TABLES = ("unit_row", "statement", "said", "stamped", "said_new", "register_gap", "gap_window")
UNIT_TABLES = ("listed", "unit", "outcome")
STATUS_TABLES = ("history", "status")
PROVIDER_TYPES = ("care_home", "home_care")


class Outcome(StrEnum):
    """What became of one window of one unit, in the order tried (RULES 3)."""

    NOT_REQUIRED = "not_required"
    EXCUSED = "excused"
    SUBMITTED = "submitted"
    MISSED = "missed"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """What a unit's history means for a month, in the order of lists (CONTRACT 5)."""

    NOTICE_DUE = "notice_due"
    AT_RISK = "at_risk"
    WATCH = "watch"
    MISSED = "missed"
    UNKNOWN = "unknown"
    NEW = "new"
    COMPLIANT = "compliant"
    NOT_REQUIRED = "not_required"


LISTED = (Status.NOTICE_DUE, Status.AT_RISK, Status.WATCH)


@dataclass(frozen=True, slots=True)
class Judgement:
    """By which rules a month is judged, and what was known and decided; `accepted` holds checks, as `CHECK` for both provider
    types or `CHECK:TYPE` for one."""

    month: dt.date
    as_at: dt.date
    days: WorkingDays
    parameters: Parameters
    decisions: Decisions
    accepted: frozenset[str] = frozenset()
    whole_registers: frozenset[str] = frozenset()  # SHA-256 of registers accepted as whole for an earlier month
    left_out: frozenset[str] = frozenset()  # SHA-256 of files that a person left out of the month

    @property
    def window(self) -> Window:
        """The window of the month."""
        return window_for(self.month, self.days, self.parameters)

    @property
    def authorities(self) -> Authorities:
        """The authorities in force in the month."""
        return authorities_on(self.month)

    def accepts(self, check: str, provider_type: str = "") -> bool:
        """Say whether a person accepts what a check finds (for a provider type)."""
        return check in self.accepted or f"{check}:{provider_type}" in self.accepted


def assess(facts: Facts, judgement: Judgement) -> None:
    """Leave the tables of the month in `facts` (unit, outcome, status, service, ...), and those of the month before
    as `service_before`, worked out from the same inputs."""
    _make_ground(facts, judgement)
    _make_calendar(facts, judgement)
    for table in GROUND_TABLES:
        facts.make(table, sql(SQL, f"sql/{table}.sql"))
    population = None
    before = sql(SQL, "sql/service_before.sql")
    if judgement.month > COLLECTION_BEGAN:
        population = _assess_month(facts, add_months(judgement.month, -1), judgement)
        facts.make("service_before", before)
    _assess_month(facts, judgement.month, judgement, population)
    facts.make("service", sql(SQL, "sql/service.sql"))
    facts.make("owed_return", sql(SQL, "sql/owed_return.sql"), {"month": judgement.month})
    if judgement.month == COLLECTION_BEGAN:
        facts.make("service_before", f"{before} LIMIT 0")


def assess_units(facts: Facts, judgement: Judgement, units: list[Unit]) -> None:
    """Leave the tables `unit` and `outcome` of these units alone, whichever known file holds them, from the first window to
    that of the judgement's month."""
    _make_ground(facts, judgement)
    _make_calendar(facts, judgement)
    facts.load("asked_unit", {"location_id": "VARCHAR", "provider_type": "VARCHAR"}, units, temp=True)
    facts.make("every_unit_row", sql(SQL, "sql/unit_row.sql"))
    facts.make("unit_row", sql(SQL, "sql/asked_row.sql"))
    for table in GROUND_TABLES[1:]:
        facts.make(table, sql(SQL, f"sql/{table}.sql"))
    facts.make("population_file", sql(SQL, "sql/asked_file.sql"))
    for table in UNIT_TABLES:
        facts.make(table, sql(SQL, f"sql/{table}.sql"), {"month": judgement.month})


def _make_ground(facts: Facts, judgement: Judgement) -> None:
    """Make what does not depend on the month: known intakes, register, authorities, excuses."""
    facts.make(
        "known_intake",
        sql(SQL, "sql/known_intake.sql"),
        {"known_before": utc(start_of(judgement.as_at + ONE_DAY)), "left_out": sorted(judgement.left_out)},
    )
    choose_register(facts, judgement)
    facts.load(
        "authority", {"la_code": "VARCHAR", "local_authority": "VARCHAR", "region": "VARCHAR"},
        [(a.la_code, a.name, a.region) for a in judgement.authorities.all], temp=True,
    )  # fmt: skip
    raw = [name for (name,) in facts.query(
        "SELECT local_authority_raw FROM core_unit_row UNION SELECT local_authority_raw FROM core_register_row ORDER BY 1"
    )]  # fmt: skip
    known = judgement.authorities
    found = [(name, known.find(name, judgement.decisions.authority_codes)) for name in raw if name]
    facts.load(
        "authority_of", {"raw": "VARCHAR", "la_code": "VARCHAR", "local_authority": "VARCHAR", "region": "VARCHAR"},
        [(name, a.la_code, a.name, a.region) for name, a in found if a is not None], temp=True,
    )  # fmt: skip
    facts.load(
        "several_authorities", {"raw": "VARCHAR", "successors": "VARCHAR"},
        [(name, ", ".join(a.name for a in known.heirs(name))) for name, a in found if a is None and known.heirs(name)], temp=True,
    )  # fmt: skip
    regions = [
        (raw, known.region(raw))
        for (raw,) in facts.query("SELECT DISTINCT region_raw FROM core_register_row ORDER BY 1")
    ]
    facts.load("region_of", {"raw": "VARCHAR", "region": "VARCHAR"}, [pair for pair in regions if pair[1]], temp=True)
    _load_decisions(facts, judgement)


def _load_decisions(facts: Facts, judgement: Judgement) -> None:
    """Load what people decided: windows excused or missed, returns owed, authorities of locations."""
    unit = {"location_id": "VARCHAR", "provider_type": "VARCHAR"}
    decisions, by_code = judgement.decisions, judgement.authorities.by_code
    windows = [(*window, True) for window in sorted(decisions.excused)]
    windows += [(*window, False) for window in sorted(decisions.missed)]
    facts.load("decided_window", {**unit, "window_month": "DATE", "is_excused": "BOOLEAN"}, windows, temp=True)
    owed = [(*key, is_owed) for key, is_owed in sorted(decisions.owed.items())]
    facts.load("decided_owed", {**unit, "is_owed": "BOOLEAN"}, owed, temp=True)
    places = [
        (location_id, by_code[code])
        for location_id, code in sorted(decisions.location_codes.items())
        if code in by_code
    ]
    facts.load(
        "authority_decided", {"location_id": "VARCHAR", "la_code": "VARCHAR", "local_authority": "VARCHAR", "region": "VARCHAR"},
        [(location_id, a.la_code, a.name, a.region) for location_id, a in places], temp=True,
    )  # fmt: skip


def _assess_month(
    facts: Facts, month: dt.date, judgement: Judgement, population_before: list[Row] | None = None
) -> list[Row]:
    """Judge one month and return the files that give its population; units and outcomes are those made for the month
    before where its population came from the same files."""
    in_force = judgement.parameters.on(month)
    facts.make("candidate_file", sql(SQL, "sql/candidate_file.sql"), {"month": month})
    choose_population(facts, judgement, may_fall=month == judgement.month)
    parameters: dict[str, object] = {
        "month": month,
        "last_seq": last_seq(facts, month),
        "within": in_force.number("notice_within_windows"),
        "notice_run": in_force.number("notice_run"),
        "notice_misses": in_force.number("notice_misses"),
        "at_risk_run": in_force.number("at_risk_run"),
    }
    facts.make("population_file", sql(SQL, "sql/population_file.sql"), parameters)
    population = facts.query("SELECT provider_type, intake_no FROM population_file ORDER BY ALL")
    for table in STATUS_TABLES if population == population_before else UNIT_TABLES + STATUS_TABLES:
        facts.make(table, sql(SQL, f"sql/{table}.sql"), parameters)
    return population


def _make_calendar(facts: Facts, judgement: Judgement) -> None:
    """Make the calendar of windows: from the first month anybody reported on to the month judged."""
    month, in_force = judgement.month, judgement.parameters.on(judgement.month)
    named, stamped = facts.query(
        "SELECT (SELECT min(window_month) FROM core_status_column), (SELECT min(updated_at) FROM core_stamp)"
    )[0]
    told = [named, stamped and stamped.date().replace(day=1)]
    start = min(filter(None, [*told, add_months(month, 1 - in_force.number("notice_within_windows"))]))
    start = max(start, COLLECTION_BEGAN)
    windows = [window_for(m, judgement.days, judgement.parameters) for m in months_between(start, add_months(month, 1))]
    facts.load(
        "window_calendar",
        {"window_month": "DATE", "seq": "SMALLINT", "opens_on": "DATE", "closes_on": "DATE", "opens_at": "TIMESTAMP",
         "closed_at": "TIMESTAMP", "next_opens_at": "TIMESTAMP", "next_closed_at": "TIMESTAMP", "new_under_days": "INTEGER"},
        [(w.month, n, w.opens_on, w.closes_on, utc(w.opens_at), utc(w.closed_at), utc(following.opens_at), utc(following.closed_at),
          judgement.parameters.on(w.month).number("new_under_days"))
         for n, (w, following) in enumerate(zip(windows, windows[1:], strict=False), 1)],
        temp=True,
    )  # fmt: skip


def last_seq(facts: Facts, month: dt.date) -> int:
    """Return the place of a month in the calendar of windows."""
    return int(facts.value("SELECT seq FROM window_calendar WHERE window_month = $month", {"month": month}))
