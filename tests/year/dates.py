"""The dates of windows and notices by plain arithmetic (RULES 2 and 8); nothing of the product is used."""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

BANK_HOLIDAYS = Path(__file__).parents[2] / "data" / "reference" / "govuk_bank_holidays_2012_2028.json"
HOLIDAYS = {
    dt.date.fromisoformat(event["date"])
    for event in json.loads(BANK_HOLIDAYS.read_text(encoding="utf-8"))["england-and-wales"]["events"]
}
DAY = dt.timedelta(days=1)
GIVEN_AFTER = {"post": 3, "email": 1, "hand": 0}  # working days after the day sent


def is_working(day: dt.date) -> bool:
    """Say whether a day is none of Saturday, Sunday and a bank holiday in England (Good Friday and Christmas Day are)."""
    return day.weekday() < 5 and day not in HOLIDAYS


def rolled(day: dt.date) -> dt.date:
    """Return the day, or the next working day."""
    while not is_working(day):
        day += DAY
    return day


def working_days_after(day: dt.date, count: int) -> dt.date:
    """Return the so-many-th working day after a day."""
    for _ in range(count):
        day = rolled(day + DAY)
    return day


def run_day(month: str) -> dt.date:
    """Return the first working day after the close of a month's window."""
    return working_days_after(rolled(dt.date.fromisoformat(f"{month}-14")), 1)


def planned(month: str) -> dt.date:
    """Return the fifth working day after the run day, but never one from 20 December to 3 January."""
    day = working_days_after(run_day(month), 5)
    while (day.month, day.day) >= (12, 20) or (day.month, day.day) <= (1, 3) or not is_working(day):
        day += DAY
    return day


def given(sent: dt.date, method: str) -> dt.date:
    """Return the day a notice counts as given (reg 7)."""
    return working_days_after(sent, GIVEN_AFTER[method])


def law_allows_until(sent: dt.date, method: str) -> dt.date:
    """Return the earliest last day for representations: 14 days, which do not roll (reg 5)."""
    return given(sent, method) + 14 * DAY


def printed_until(sent: dt.date, method: str = "post") -> dt.date:
    """Return the last day that a letter prints: 21 days, lengthened to a working day (our default)."""
    return rolled(given(sent, method) + 21 * DAY)


def months_to(month: str, count: int = 12) -> list[str]:
    """Return the months that end with a month, oldest first."""
    number = int(month[:4]) * 12 + int(month[5:]) - 1
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(number - count + 1, number + 1)]


def dates_of(said: Mapping[str, Any]) -> list[dt.date]:
    """Return the days given, of the end of representations, and to decide by."""
    return [dt.date.fromisoformat(said[name]) for name in ("given_on", "representations_until", "decide_by")]
