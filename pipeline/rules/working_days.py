"""Working days in England, with the holidays and extended windows of the home's calendar on top."""

import datetime as dt
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import holidays

from pipeline import reference
from pipeline.errors import InputRefused

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Proclaimed:
    """A one-off bank holiday, on whose authority."""

    day: dt.date
    name: str
    authority: str


@dataclass(frozen=True, slots=True)
class Extension:
    """A window that DHSC let close later, on whose authority."""

    month: dt.date
    until: dt.date
    authority: str
    by: str


@dataclass(frozen=True)
class WorkingDays:
    """England's working days: not Saturday, Sunday or a bank holiday (regs 5-7; formal notice)."""

    proclaimed: Mapping[dt.date, Proclaimed] = field(default_factory=dict)
    extensions: Mapping[dt.date, Extension] = field(default_factory=dict)

    @cached_property
    def _bank_holidays(self) -> holidays.HolidayBase:
        return holidays.country_holidays("GB", subdiv="ENG", language="en_GB")

    def why_not(self, day: dt.date) -> str:
        """Return why `day` is no working day ("Saturday", "Good Friday", ...), or an empty text if it is one."""
        if day.weekday() >= 5:
            return f"{day:%A}"
        if day in self.proclaimed:
            return self.proclaimed[day].name
        return str(self._bank_holidays.get(day, ""))

    def at_or_after(self, day: dt.date) -> dt.date:
        """Return `day` itself if it is a working day, else the next one."""
        while self.why_not(day):
            day += ONE_DAY
        return day

    def after(self, day: dt.date, count: int) -> dt.date:
        """Return the `count`-th working day after `day`; `day` itself for a count of 0."""
        for _ in range(count):
            day = self.at_or_after(day + ONE_DAY)
        return day

    def before(self, day: dt.date, count: int) -> dt.date:
        """Return the `count`-th working day before `day`."""
        for _ in range(count):
            day -= ONE_DAY
            while self.why_not(day):
                day -= ONE_DAY
        return day

    def without_extension(self, month: dt.date) -> "WorkingDays":
        """Return these working days as if a month's window had not been extended."""
        return replace(self, extensions={m: e for m, e in self.extensions.items() if m != month})

    def with_extension(self, extension: Extension) -> "WorkingDays":
        """Return these working days with one window extended; the last word on a month stands."""
        return replace(self, extensions={**self.extensions, extension.month: extension})


def parse_calendar(text: str, file: str = "calendar.toml") -> WorkingDays:
    """Read a home's calendar: `[[holiday]]` date, name, authority; `[[extension]]` month, until, authority, by.

    Raises InputRefused for anything else in it.
    """
    try:
        tables = tomllib.loads(text)
        unknown = set(tables) - {"holiday", "extension"}
        if unknown:
            raise ValueError(f"unknown table {sorted(unknown)[0]}")
        days = [
            Proclaimed(_day(t.pop("date")), t.pop("name"), t.pop("authority"), **t) for t in tables.get("holiday", [])
        ]
        windows = [
            Extension(
                dt.date.fromisoformat(f"{t.pop('month')}-01"),
                _day(t.pop("until")),
                t.pop("authority"),
                t.pop("by", ""),
                **t,
            )
            for t in tables.get("extension", [])
        ]
    except (tomllib.TOMLDecodeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputRefused(
            file,
            f"not a calendar this product can read ({error}).",
            "Each [[holiday]] needs date, name, authority; each [[extension]] needs month, until, authority.",
        ) from None
    return WorkingDays({p.day: p for p in days}, {w.month: w for w in windows})


def _day(value: object) -> dt.date:
    if type(value) is not dt.date:
        raise ValueError(f"{value!r} is not a date")
    return value


def render_calendar(days: WorkingDays) -> str:
    """Return the text of a calendar that `parse_calendar` reads back to the same working days."""
    parts = ["# One-off bank holidays and extended reporting windows, each with its authority.\n"]
    for holiday in sorted(days.proclaimed.values(), key=lambda p: p.day):
        parts.append(
            f"\n[[holiday]]\ndate = {holiday.day}\nname = {json.dumps(holiday.name)}\n"
            f"authority = {json.dumps(holiday.authority)}\n"
        )
    for window in sorted(days.extensions.values(), key=lambda w: w.month):
        parts.append(
            f'\n[[extension]]\nmonth = "{window.month:%Y-%m}"\nuntil = {window.until}\n'
            f"authority = {json.dumps(window.authority)}\nby = {json.dumps(window.by)}\n"
        )
    return "".join(parts)


def confirmed_until() -> dt.date:
    """Return the last bank holiday that gov.uk has published for England."""
    published = json.loads(reference.text("reference/govuk_bank_holidays_2012_2028.json"))
    return max(dt.date.fromisoformat(event["date"]) for event in published["england-and-wales"]["events"])
