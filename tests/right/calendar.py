"""Reporting windows and authorities in force, written from the rules: nothing of the product is asked."""

import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path

AUTHORITIES = Path(__file__).parents[2] / "data" / "reference" / "la_asc_authorities_153.csv"
LATE_CLOSES = {  # RULES 2, and the first months after it: every other window closes on the 14th
    (2023, 1): 16, (2023, 5): 15, (2023, 10): 16, (2024, 1): 15, (2024, 4): 15, (2024, 7): 15, (2024, 9): 16, (2024, 12): 16,
    (2025, 6): 16, (2025, 9): 15, (2025, 12): 15, (2026, 2): 16, (2026, 3): 16, (2026, 6): 15, (2026, 11): 16, (2027, 2): 15,
    (2027, 3): 15, (2027, 8): 16, (2027, 11): 15, (2028, 4): 18, (2028, 5): 15, (2028, 10): 16, (2029, 1): 15, (2029, 4): 16,
}  # fmt: skip
CHANGED, SPLIT = dt.date(2023, 4, 1), dt.date(2027, 4, 1)
CUMBRIA = {"Cumberland", "Westmorland and Furness"}


@dataclass(frozen=True, slots=True)
class Place:
    """An authority as it is called, and the key it goes by: its folder and its `la_code`."""

    key: str
    name: str
    region: str
    full_name: str


def plus(month: dt.date, count: int) -> dt.date:
    """Return the month so many months later."""
    years, number = divmod(month.year * 12 + month.month - 1 + count, 12)
    return dt.date(years, number + 1, 1)


def closes(month: dt.date) -> dt.date:
    """Return the last day of a month's window."""
    return month.replace(day=LATE_CLOSES.get((month.year, month.month), 14))


def opens(month: dt.date) -> dt.date:
    """Return the first day of a month's window."""
    return month.replace(day=8)


def run_on(month: dt.date) -> dt.date:
    """Return the next weekday after the close; no close of these years is followed by a holiday."""
    day = closes(month) + dt.timedelta(days=1)
    return day + dt.timedelta(days=(7 - day.weekday()) % 7 if day.weekday() >= 5 else 0)


@cache
def places(month: dt.date) -> tuple[Place, ...]:
    """Return the authorities in force in a month, under the codes they have today."""
    with AUTHORITIES.open(encoding="utf-8-sig", newline="") as file:
        today = [
            Place(row["gss_code_2025"], row["nice_name"], row["region"], row["official_name"])
            for row in csv.DictReader(file)
        ]
    if month < CHANGED:
        cumbria = Place("E10000006", "Cumbria", "North West", "Cumbria County Council")
        return (*(place for place in today if place.name not in CUMBRIA), cumbria)
    if month < SPLIT:
        return tuple(today)
    ends = (("pending-east-surrey", "East Surrey"), ("pending-west-surrey", "West Surrey"))
    halves = (Place(key, name, "South East", f"{name} Council") for key, name in ends)
    return (*(place for place in today if place.name != "Surrey"), *halves)
