"""A month judged: evidence -> units, outcomes, statuses, as temporary tables of the open facts."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from pipeline.record.decisions import Decisions, Unit
from pipeline.record.facts import Facts, Row, sql, utc
from pipeline.rules.authorities import Authorities, authorities_on
from pipeline.rules.parameters import Parameters
from pipeline.rules.windows import COLLECTION_BEGAN, Window, add_months, months_between, start_of, window_for
from pipeline.rules.working_days import ONE_DAY, WorkingDays

SQL = "pipeline.assess"
GROUND_TABLES = ("unit_row", "statement", "said", "stamped")
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
    """By which rules a month is judged, and what was known and decided."""

    month: dt.date
    as_at: dt.date
    days: WorkingDays
    parameters: Parameters
    decisions: Decisions
    accepted: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()  # SHA-256 of files that a person left out of the month

    @property
    def window(self) -> Window:
        """The window of the month."""
        return window_for(self.month, self.days, self.parameters)

    @property
    def authorities(self) -> Authorities:
        """The authorities in force in the month."""
        return authorities_on(self.month)


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
    for table in ("register_now", "register_before", "deregistered_now"):
        facts.make(table, sql(SQL, f"sql/{table}.sql"))
    facts.load(
        "authority", {"la_code": "VARCHAR", "local_authority": "VARCHAR", "region": "VARCHAR"},
        [(a.la_code, a.name, a.region) for a in judgement.authorities.all], temp=True,
    )  # fmt: skip
    raw = [name for (name,) in facts.query(
        "SELECT local_authority_raw FROM core_unit_row UNION SELECT local_authority_raw FROM core_register_row ORDER BY 1"
    )]  # fmt: skip
    found = [(name, judgement.authorities.find(name, judgement.decisions.authority_codes)) for name in raw if name]
    facts.load(
        "authority_of", {"raw": "VARCHAR", "la_code": "VARCHAR", "local_authority": "VARCHAR", "region": "VARCHAR"},
        [(name, a.la_code, a.name, a.region) for name, a in found if a is not None], temp=True,
    )  # fmt: skip
    facts.load(
        "excused", {"location_id": "VARCHAR", "provider_type": "VARCHAR", "window_month": "DATE"},
        sorted(judgement.decisions.excused), temp=True,
    )  # fmt: skip


def _assess_month(
    facts: Facts, month: dt.date, judgement: Judgement, population_before: list[Row] | None = None
) -> list[Row]:
    """Judge one month and return the files that give its population; units and outcomes are those made for the month
    before where its population came from the same files."""
    in_force = judgement.parameters.on(month)
    facts.make("candidate_file", sql(SQL, "sql/candidate_file.sql"), {"month": month})
    chosen, partial = population_days(facts, month, judgement)
    facts.load("population_day", {"provider_type": "VARCHAR", "day": "DATE"}, chosen, temp=True)
    facts.load("partial_day", {"provider_type": "VARCHAR", "day": "DATE"}, partial, temp=True)
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
    windows = [window_for(m, judgement.days, judgement.parameters) for m in months_between(start, month)]
    facts.load(
        "window_calendar",
        {"window_month": "DATE", "seq": "SMALLINT", "opens_on": "DATE", "closes_on": "DATE", "opens_at": "TIMESTAMP",
         "closed_at": "TIMESTAMP", "new_under_days": "INTEGER"},
        [(w.month, n, w.opens_on, w.closes_on, utc(w.opens_at), utc(w.closed_at),
          judgement.parameters.on(w.month).number("new_under_days")) for n, w in enumerate(windows, 1)],
        temp=True,
    )  # fmt: skip


def last_seq(facts: Facts, month: dt.date) -> int:
    """Return the place of a month in the calendar of windows."""
    return int(facts.value("SELECT seq FROM window_calendar WHERE window_month = $month", {"month": month}))


def population_days(
    facts: Facts, month: dt.date, judgement: Judgement
) -> tuple[list[tuple[str, dt.date]], list[tuple[str, dt.date]]]:
    """Return, per provider type, the extraction day whose files are the population, and the newer days that are partial.

    The newest day counts, unless it holds too few units beside the last whole day before it: such a file still says what
    became of its units, and becomes the population only where `population-fall` is accepted (CONTRACT 4).
    """
    most_fall = judgement.parameters.on(month).share("population_fall_share")
    accepts_fall = "population-fall" in judgement.accepted
    whole: dict[str, tuple[dt.date, int]] = {}
    partial: list[tuple[str, dt.date]] = []
    for provider_type, day, units in facts.query(sql(SQL, "sql/candidate_day.sql"), {"month": month}):
        if provider_type in whole and not accepts_fall and units < (1 - most_fall) * whole[provider_type][1]:
            partial.append((provider_type, day))
        else:
            whole[provider_type] = day, units
    chosen = [(provider_type, day) for provider_type, (day, _) in whole.items()]
    return chosen, [(provider_type, day) for provider_type, day in partial if day > whole[provider_type][0]]
