"""Months and their reporting windows (formal notice, DHSC, updated 26 April 2024)."""

import datetime as dt
import functools
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pipeline.errors import UsageError
from pipeline.rules.parameters import Parameters
from pipeline.rules.working_days import ONE_DAY, WorkingDays

LONDON = ZoneInfo("Europe/London")
COLLECTION_BEGAN = dt.date(2022, 12, 1)  # SI 2022/1175 came into force


@dataclass(frozen=True, slots=True)
class Window:
    """The days in which the return for `month` (its first day) counts; both days are inside."""

    month: dt.date
    opens_on: dt.date
    closes_on: dt.date
    run_on: dt.date
    rolled_because: str

    @property
    def opens_at(self) -> dt.datetime:
        """The first moment of the window, in Europe/London."""
        return start_of(self.opens_on)

    @property
    def closed_at(self) -> dt.datetime:
        """The first moment after the window, in Europe/London."""
        return start_of(self.closes_on + ONE_DAY)

    def contains(self, moment: dt.datetime) -> bool:
        """Say whether an aware moment lies inside the window."""
        if moment.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be judged")
        return self.opens_at <= moment < self.closed_at


def window_for(month: dt.date, days: WorkingDays, parameters: Parameters) -> Window:
    """Return the window of a month: the opening never moves, the close rolls to the next working day.

    An extension in the home's calendar moves the close; the run day is the first working day after it.
    """
    in_force = parameters.on(month)
    opens_on = month.replace(day=in_force.number("window_opens_on_day"))
    nominal = month.replace(day=in_force.number("window_closes_on_day"))
    closes_on, because = days.at_or_after(nominal), days.why_not(nominal)
    extension = days.extensions.get(month)
    if extension is not None:
        if extension.until < closes_on:
            raise UsageError(
                f"calendar.toml: the window of {month_text(month)} closes on {closes_on}; "
                f"{extension.until} would shorten it. Only a later day can be recorded."
            )
        closes_on, because = extension.until, f"extended: {extension.authority}"
    return Window(month, opens_on, closes_on, days.after(closes_on, 1), because)


def start_of(day: dt.date) -> dt.datetime:
    """Return 00:00 of a day in Europe/London."""
    return dt.datetime.combine(day, dt.time(), LONDON)


def parse_month(text: str) -> dt.date:
    """Return the first day of a month written as 2024-12."""
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", text):
        raise UsageError(f'"{text}" is not a month. Write it as 2024-12.')
    return dt.date.fromisoformat(f"{text}-01")


def parse_day(text: str) -> dt.date:
    """Return a day written as 2024-12-17."""
    try:
        if not re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError(text)
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f'"{text}" is not a day. Write it as 2024-12-17.') from None


@functools.cache
def month_text(month: dt.date) -> str:
    """Return a month as 2024-12."""
    return f"{month:%Y-%m}"


def add_months(month: dt.date, count: int) -> dt.date:
    """Return the month `count` months later (earlier if negative)."""
    index = month.year * 12 + month.month - 1 + count
    return dt.date(index // 12, index % 12 + 1, 1)


def newest_opened(day: dt.date, parameters: Parameters) -> dt.date:
    """Return the month of the newest window that has opened by a day."""
    month = day.replace(day=1)
    opens_on = parameters.on(month).number("window_opens_on_day")
    return month if day.day >= opens_on else add_months(month, -1)


def months_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """Return every month from `first` to `last`, both included."""
    count = (last.year - first.year) * 12 + last.month - first.month
    return [add_months(first, n) for n in range(count + 1)]
