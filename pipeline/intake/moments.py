"""Dates and times as people's files hold them: ISO, UK, US, long, or the number Excel keeps behind a date."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.intake.blanks import MONTH_NUMBERS, Unreadable, tidy

SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
LEAST_SERIAL, MOST_SERIAL = 36526, 73050  # the years 2000 to 2099: no other number is taken for a date
FIRST_YEAR, LAST_YEAR = 1900, 2200  # other years are a program's way of saying never, or for ever
NAMED = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})[ -]([0-9]{4}|[0-9]{2})(?![0-9])(.*)")
SLASHED = re.compile(r"([0-9]{1,2})(?P<mark>[/.-])([0-9]{1,2})(?P=mark)([0-9]{4}|[0-9]{2})(?![0-9])(.*)")
CENTURY = 2000  # of a year of two digits: CQC has registered since 2010
ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ](.*))?")
CLOCK = re.compile(r"[ T,]*([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]+)?)?(?: ?([AaPp])\.?[Mm]\.?)?")
OFFSET = re.compile(r"(.*?) ?(Z|[+-][0-9]{2}:?[0-9]{2})")


@dataclass(frozen=True, slots=True)
class Order:
    """How the dates of a column are read: which of two numbers is the day (not sure where nothing in it tells), and from
    which year Excel's numbers count."""

    is_day_first: bool = True
    is_sure: bool = True
    is_1904: bool = False
    trusts_am_pm: bool = True  # a time with AM or PM is American, unless the column shows otherwise
    takes_local_forms: bool = False  # 17/12/24 and 17-12-2024, as Excel makes of CQC's dates


def order_of(texts: Iterable[str], is_1904: bool = False, takes_local_forms: bool = False) -> Order:
    """Decide the order of a column: a first number above 12 is a day, a second one a day in American order.

    Where nothing tells, or both occur, the day comes first. A time with AM or PM is American by itself (DATA 56), unless
    those that tell all show days first.
    """
    found = [match for text in texts if (match := SLASHED.fullmatch(tidy(text)))]
    day_first, month_first = _shown(match for match in found if _is_american(match))
    trusts_am_pm = month_first or not day_first
    telling = [match for match in found if not (trusts_am_pm and _is_american(match))]
    day_first, month_first = _shown(telling)
    is_sure = day_first or month_first or not telling
    return Order(day_first or not month_first, is_sure, is_1904, trusts_am_pm, takes_local_forms)


def _shown(found: Iterable[re.Match[str]]) -> tuple[bool, bool]:
    """Say whether any of the dates shows that days come first, and whether any shows that months do."""
    numbers = [(int(match[1]), int(match[3])) for match in found]
    return any(first > 12 for first, _ in numbers), any(second > 12 for _, second in numbers)


def moment(text: str, order: Order) -> dt.datetime:
    """Read one date or time: naive where it names no offset, rounded to the second; raises Unreadable."""
    found = _moment(tidy(text), order)
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Unreadable("a date such as 17/12/2024 or 2024-12-17")
    return found


def _moment(text: str, order: Order) -> dt.datetime | None:
    try:
        if SERIAL.fullmatch(text) and LEAST_SERIAL <= float(text) <= MOST_SERIAL:
            day_0 = _midnight(1904, 1, 1) if order.is_1904 else _midnight(1899, 12, 30)
            return day_0 + dt.timedelta(seconds=round(float(text) * 86_400))
        if match := ISO.fullmatch(text):
            clock, offset = _split_offset(match[4] or "")
            day = _midnight(int(match[1]), int(match[2]), int(match[3]))
            return (day + _clock(clock)).replace(tzinfo=offset)
        if (match := SLASHED.fullmatch(text)) and (match["mark"] != "-" or order.takes_local_forms):
            day_first = order.is_day_first and not (order.trusts_am_pm and _is_american(match))
            month, day_no = (int(match[3]), int(match[1])) if day_first else (int(match[1]), int(match[3]))
            return _midnight(_year(match[4], order), month, day_no) + _clock(match[5])
        if (match := NAMED.fullmatch(text)) and match[2].casefold() in MONTH_NUMBERS:
            return _midnight(_year(match[3], order), MONTH_NUMBERS[match[2].casefold()], int(match[1])) + _clock(
                match[4]
            )
    except (ValueError, OverflowError):
        pass
    return None


def date(text: str, order: Order) -> dt.date | None:
    """Read one date, with or without midnight behind it; CQC's `-` and `*` are blank."""
    if tidy(text) in ("", "-", "*"):
        return None
    found = moment(text, order)
    if found.time() != dt.time():
        raise Unreadable("a date such as 17/12/2024 or 2024-12-17, without a time")
    return found.date()


def _year(text: str, order: Order) -> int:
    if len(text) == 4:
        return int(text)
    if not order.takes_local_forms:
        raise ValueError(text)
    return CENTURY + int(text)


def _midnight(year: int, month: int, day: int) -> dt.datetime:
    """Return the beginning of a day, of no zone."""
    return dt.datetime.combine(dt.date(year, month, day), dt.time())


def _is_american(match: re.Match[str]) -> bool:
    return match[5].rstrip(". ").casefold().endswith(("am", "pm", "a.m", "p.m"))


def _split_offset(text: str) -> tuple[str, dt.timezone | None]:
    match = OFFSET.fullmatch(text)
    if match is None:
        return text, None
    if match[2] == "Z":
        return match[1], dt.UTC
    sign = -1 if match[2][0] == "-" else 1
    return match[1], dt.timezone(sign * dt.timedelta(hours=int(match[2][1:3]), minutes=int(match[2][-2:])))


def _clock(text: str) -> dt.timedelta:
    if not text.strip():
        return dt.timedelta()
    match = CLOCK.fullmatch(text)
    if match is None:
        raise ValueError(text)
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[5]:
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if match[5] in "pP" else 0)
    dt.time(hour, minute, second)  # raises ValueError for 25:00
    return dt.timedelta(hours=hour, minutes=minute, seconds=round(second + float(match[4] or 0)))
