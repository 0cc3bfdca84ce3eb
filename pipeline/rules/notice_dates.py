"""When a notice counts as given, and the periods that follow (regs 5-7)."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from pipeline.errors import UsageError
from pipeline.rules.parameters import InForce
from pipeline.rules.windows import Window
from pipeline.rules.working_days import ONE_DAY, WorkingDays

MOST_DAYS = 365


class Method(StrEnum):
    """How a notice is served (reg 7); `post` is first class or recorded delivery only."""

    POST = "post"
    EMAIL = "email"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class NoticeDates:
    """The dates that follow from the day and method of sending; both ends of each period are inside it."""

    given_on: dt.date
    representations_from: dt.date
    representations_until: dt.date
    decide_by: dt.date


def notice_dates(
    sent_on: dt.date,
    method: Method,
    days: WorkingDays,
    in_force: InForce,
    representation_days: int | None = None,
) -> NoticeDates:
    """Return when a notice sent on a day is given (reg 7) and its periods (regs 5 and 6), which do not roll.

    Representations last at least 14 days, beginning with the day after the notice is given; fewer are refused.
    """
    least = in_force.number("representation_days_least")
    wanted = least if representation_days is None else representation_days
    if not least <= wanted <= MOST_DAYS:
        raise UsageError(
            f"{wanted} days for representations: reg 5 requires at least {least}, and {MOST_DAYS} is a slip."
        )
    given_on = days.after(sent_on, in_force.number(f"given_after_working_days_{method}"))
    until = given_on + wanted * ONE_DAY
    return NoticeDates(given_on, given_on + ONE_DAY, until, until + in_force.number("decision_days") * ONE_DAY)


def letter_dates(sent_on: dt.date, method: Method, days: WorkingDays, in_force: InForce) -> NoticeDates:
    """Return the dates a letter prints: more days for representations than the least, the last one a working day."""
    given_on = days.after(sent_on, in_force.number(f"given_after_working_days_{method}"))
    until = days.at_or_after(given_on + in_force.number("representation_days") * ONE_DAY)
    return notice_dates(sent_on, method, days, in_force, (until - given_on).days)


def final_notice_dates(
    sent_on: dt.date, method: Method, days: WorkingDays, in_force: InForce, pay_days: int | None
) -> dict[str, dt.date | None]:
    """Return when a final notice is given, the last day to pay (None where no period is configured) and to appeal.

    The period for payment begins with the day after the notice is given; that for an appeal with the day it is sent.
    """
    given_on = days.after(sent_on, in_force.number(f"given_after_working_days_{method}"))
    return {
        "given_on": given_on,
        "pay_by": given_on + pay_days * ONE_DAY if pay_days is not None else None,
        "appeal_until": sent_on + in_force.number("appeal_days") * ONE_DAY,
    }


def planned_sending_day(window: Window, days: WorkingDays, in_force: InForce) -> dt.date:
    """Return the day notices of a month are planned to be sent: some working days after the run day.

    A day in the closed season over Christmas moves to the first working day after it.
    """
    return _out_of_season(days.after(window.run_on, in_force.number("sending_working_days_after_run")), days, in_force)


def is_out_of_season(day: dt.date, in_force: InForce) -> bool:
    """Say whether no notice is sent on a day, because it lies in the closed season over Christmas."""
    first, last = in_force.day_of_year("no_sending_from"), in_force.day_of_year("no_sending_until")
    return (day.month, day.day) >= first or (day.month, day.day) <= last


def _out_of_season(day: dt.date, days: WorkingDays, in_force: InForce) -> dt.date:
    while is_out_of_season(day, in_force) or days.why_not(day):
        day += ONE_DAY
    return day


def check_sending_day(day: dt.date, window: Window, days: WorkingDays, in_force: InForce) -> None:
    """Refuse a sending day before the run day, or in the closed season over Christmas."""
    if day < window.run_on:
        raise UsageError(
            f"Notices of {window.month:%B %Y} cannot be sent on {day}: the month is run on {window.run_on}."
        )
    allowed = _out_of_season(day, days, in_force)
    if allowed != days.at_or_after(day):
        raise UsageError(f"No notice is sent on {day}, over Christmas. The next day is {allowed}.")
