"""Whose fee has to be asked for, a month before it is needed."""

import calendar
import datetime as dt

from pipeline.assess.assessment import Judgement
from pipeline.enforce.grounds import SQL, Grounds
from pipeline.record.facts import Facts, Row, sql
from pipeline.rules.parameters import InForce


def providers_with_fee_needed(facts: Facts, judgement: Judgement, grounds: Grounds) -> list[Row]:
    """Return provider id, name, worst status, services listed, amount in pence, as-at day, why, of every provider on a
    list whose fee is unknown, or older than the parameter allows on the planned sending day; in order of provider id."""
    in_force = judgement.parameters.on(judgement.month)
    months, oldest = in_force.number("fee_months"), oldest_fee(grounds.send_on, in_force)
    rows: list[Row] = []
    for provider_id, name, status, services in facts.query(sql(SQL, "sql/listed_provider.sql")):
        fee = grounds.fees.get(provider_id)
        if fee is None:
            rows.append((provider_id, name, status, services, None, None, "unknown"))
        elif len(fee.amounts) > 1:
            rows.append((provider_id, name, status, services, None, fee.as_at, "two amounts for one day"))
        elif fee.as_at < oldest:
            rows.append((provider_id, name, status, services, fee.amounts[0], fee.as_at, f"older than {months} months"))
    return rows


def oldest_fee(send_on: dt.date, in_force: InForce) -> dt.date:
    """Return the first day as at which a fee is known on a sending day: one that is older is unknown (RULES 7)."""
    return _months_before(send_on, in_force.number("fee_months"))


def _months_before(day: dt.date, months: int) -> dt.date:
    """Return the same day some months earlier, the last of February for one that does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
