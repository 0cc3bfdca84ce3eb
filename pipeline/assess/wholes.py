"""What is whole and what is a part: which CQC register can say that a location is gone, which day's exports give the services
of a month (RULES 3, CONTRACT 2 and 4). Compared are sets of locations, never sizes."""

import datetime as dt
from typing import TYPE_CHECKING

from pipeline.record.facts import Facts, Row, sql

if TYPE_CHECKING:
    from pipeline.assess.assessment import Judgement

SQL = "pipeline.assess"


def choose_register(facts: Facts, judgement: "Judgement") -> None:
    """Make the registers known, which of them is the newest whole one, what they say of each location, and who is
    deregistered; `register_fallen` says what the newest lacks, where it is partial or a person accepted it (RULES 3)."""
    for table in ("register", "deregistered_ever"):
        facts.make(table, sql(SQL, f"sql/{table}.sql"))
    in_force = judgement.parameters.on(judgement.month)
    most_fall, least = in_force.share("register_fall_share"), in_force.number("whole_least")
    newest = facts.value("SELECT coalesce(max(day_no), 0) FROM register")
    accepted = {
        day_no
        for day_no, digests in facts.query(sql(SQL, "sql/register_digests.sql"))
        if digests in judgement.whole_registers
    }
    whole, fallen = min(newest, 1), []
    for day_no in range(2, newest + 1):
        asked = {"before": whole, "after": day_no}
        ((locations, lacking),) = facts.query(sql(SQL, "sql/register_fall.sql"), asked)
        is_whole = day_no in accepted or locations < least or round(lacking - most_fall * locations, 9) <= 0
        if day_no == newest and not is_whole:
            fallen = [(day_no, locations, lacking)]
        if is_whole or (day_no == newest and judgement.accepts("register-fall")):
            whole = day_no
    facts.load("whole_register", {"day_no": "INTEGER"}, [(whole,)] if newest else [], temp=True)
    columns = {"day_no": "INTEGER", "locations": "INTEGER", "lacking": "INTEGER"}
    facts.load("register_fallen", columns, fallen, temp=True)
    for table in ("register_now", "register_before", "deregistered_now"):
        facts.make(table, sql(SQL, f"sql/{table}.sql"))


def choose_population(facts: Facts, judgement: "Judgement", may_fall: bool) -> None:
    """Make, per provider type, `population_day`: the extraction day whose files are the population; `partial_day`: the newer
    days that hold too few of its units to replace it; `fallen_day`: the chosen day, where a person accepted that it is so.

    A partial day still says what became of its units, and becomes the population only where `population-fall` is accepted
    (CONTRACT 4) for the month judged (`may_fall`). What it lacks is counted against the last whole day, however often that was
    accepted.
    """
    facts.make("day_unit", sql(SQL, "sql/day_unit.sql"))
    most_fall = judgement.parameters.on(judgement.month).share("population_fall_share")
    chosen: dict[str, dt.date] = {}
    whole: dict[str, dt.date] = {}
    partial: list[Row] = []
    fallen: dict[str, Row] = {}
    for kind, day in facts.query("SELECT DISTINCT provider_type, day FROM day_unit ORDER BY ALL"):
        if kind not in chosen:
            chosen[kind] = whole[kind] = day
            continue
        asked = {"provider_type": kind, "before": whole[kind], "later": day}
        ((units, lacking),) = facts.query(sql(SQL, "sql/day_lacks.sql"), asked)
        is_partial = round(lacking - most_fall * units, 9) > 0
        if is_partial and not (may_fall and judgement.accepts("population-fall", kind)):
            partial.append((kind, day))
            continue
        if is_partial:
            fallen[kind] = (kind, day, units, lacking)
        else:
            whole[kind] = day
            fallen.pop(kind, None)
        chosen[kind] = day
    days = {"provider_type": "VARCHAR", "day": "DATE"}
    facts.load("population_day", days, list(chosen.items()), temp=True)
    facts.load("partial_day", days, [row for row in partial if row[1] > chosen[row[0]]], temp=True)
    facts.load("fallen_day", {**days, "units": "INTEGER", "lacking": "INTEGER"}, list(fallen.values()), temp=True)
