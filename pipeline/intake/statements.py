"""What is stated about a file from outside its rows: the provider type and the moment it was extracted."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from pipeline.errors import InputRefused, UsageError
from pipeline.intake.blanks import DASHES, MONTH_NUMBERS
from pipeline.rules.windows import LONDON

MONTH = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
DAYS = (  # a day as people write it into a name; each is tried where none before it has been found
    r"(?<![0-9])(?P<y>20[0-9]{2})(?P<s>[-. ]?)(?P<m>0[1-9]|1[0-2])(?P=s)(?P<d>0[1-9]|[12][0-9]|3[01])"
    r"(?:(?![0-9])|(?=[0-9]{4}(?:[0-9]{2})?(?![0-9])))",
    rf"(?<![0-9])(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?[ -]?(?P<name>{MONTH})[ -]?(?P<y>20[0-9]{{2}}|[0-9]{{2}})(?![0-9])",
    rf"(?<![a-z])(?P<name>{MONTH})[ -](?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,?[ -](?P<y>20[0-9]{{2}})(?![0-9])",
    r"(?<![0-9])(?<![vV])(?P<d>[0-9]{1,2})(?P<s>[-. ])(?P<m>[0-9]{1,2})(?P=s)(?P<y>20[0-9]{2})(?![0-9])",
    r"(?<![0-9.])(?<![vV])(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?P<y>[0-9]{2})(?![0-9])",
    r"(?<![0-9])(?P<d>[0-9]{2})(?P<m>[0-9]{2})(?P<y>20[0-9]{2})(?![0-9])",
)
SHORT = r"(?<![0-9])(?<![0-9][-.])([0-9]{2})(?P<s>-?)([0-9]{2})(?P=s)([0-9]{2})(?![0-9])"  # 17-12-24, 050124; or the year first
EARLIEST = 2020  # no file of ours is older: it tells a year from a day
TIME = re.compile(
    r"(?:[T -]{1,3}|(?=[0-9]{4}(?:[0-9]{2})?(?![0-9])))"
    r"(?!20[23][0-9](?![0-9:.h]))(?P<hour>[0-2]?[0-9])[:.\-h]?(?P<minute>[0-5][0-9])(?:[:.\-]?(?P<second>[0-5][0-9]))?(?![0-9])"
    r"(?: ?(?P<half>[ap]m))?(?:[ -]?(?P<zone>z|utc|gmt|bst|[+-][0-9]{2}(?::?[0-9]{2})?|[ecmp][sd]t|cet|cest|eet|eest|ist))?(?![a-z0-9])",
    re.IGNORECASE,
)
ZONES = {"z": dt.UTC, "utc": dt.UTC, "gmt": dt.UTC, "bst": dt.timezone(dt.timedelta(hours=1))}


@dataclass(frozen=True, slots=True)
class Statement:
    """The provider type and extraction moment of a file, blank or None where nobody said."""

    provider_type: str = ""
    extracted_at: dt.datetime | None = None


def stated_by_name(file: str) -> Statement:
    """Return what a file's name says; a name that says two types or two moments says neither."""
    stem = PurePath(file).stem.translate(DASHES)
    types = {
        name
        for name, words in {
            "care_home": r"care[\s_-]*homes?(?![a-z])",
            "home_care": r"home[\s_-]*care(?![a-z])",
        }.items()
        if re.search(rf"(?<![a-z]){words}", stem.casefold())
    }
    return Statement(types.pop() if len(types) == 1 else "", _moment(stem))


def _moment(stem: str) -> dt.datetime | None:
    """Return the day, and the time beside it, that a name says; None where it says none, or two days."""
    days = sorted(_days(stem))
    if len({day for _, _, day in days}) != 1:
        return None
    ends = [start for start, _, _ in days[1:]] + [len(stem)]
    moments = {_at(day, stem[end:until]) for (_, end, day), until in zip(days, ends, strict=True)}
    timed = {moment for moment in moments if moment.astimezone(LONDON).time() != dt.time()}
    return next(iter(timed or moments)) if len(timed or moments) == 1 else None


def _days(stem: str) -> Iterator[tuple[int, int, dt.date]]:
    """Yield where each day of a name begins and ends, and the day; of two readings neither."""
    for pattern in DAYS:
        for match in re.finditer(pattern, stem, re.IGNORECASE):
            said = match.groupdict()
            month = int(said["m"]) if "m" in said else MONTH_NUMBERS[said["name"].casefold()]
            day = _day(int(said["y"]) % 100 + 2000, month, int(said["d"]))
            if day is not None:
                yield match.start(), match.end(), day
                stem = f"{stem[: match.start()]}{'/' * len(match[0])}{stem[match.end() :]}"
    for match in re.finditer(SHORT, stem):
        first, month, last = int(match[1]), int(match[3]), int(match[4])
        readings = {_day(2000 + last, month, first), _day(2000 + first, month, last)} - {None}
        plausible = [day for day in readings if day is not None and day.year >= EARLIEST]
        if len(plausible) == 1:
            yield match.start(), match.end(), plausible[0]


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _at(day: dt.date, text: str) -> dt.datetime:
    """Return a day with the time that follows it in a name; a time of a zone that nobody knows is none."""
    midnight = dt.datetime.combine(day, dt.time(), LONDON)
    match = TIME.match(text)
    if match is None or re.match(r"[-.]?[0-9]", text[match.end() :]):
        return midnight
    is_iso = text[:1] in ("T", "t")
    hour, zone, half = int(match["hour"]), (match["zone"] or "").casefold(), (match["half"] or "").casefold()
    if (
        hour > (12 if half else 23)
        or (half and hour == 0)
        or (zone and zone not in ZONES and not _is_offset(zone, is_iso))
    ):
        return midnight
    hour = hour % 12 + 12 * (half == "pm") if half else hour
    time = dt.time(hour, int(match["minute"]), int(match["second"] or 0))
    return dt.datetime.combine(day, time, _offset(zone) if _is_offset(zone, is_iso) else ZONES.get(zone, LONDON))


def _is_offset(text: str, is_iso: bool) -> bool:
    """Say whether a text is an offset from UTC that there is; after a minus it may as well be the end of a time span, unless
    the time is written as ISO has it."""
    digits = text[1:].replace(":", "").ljust(4, "0")
    return (text[:1] == "+" and digits <= "1400") or (text[:1] == "-" and is_iso and digits <= "1200")


def _offset(text: str) -> dt.timezone:
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return dt.timezone(-offset if text[0] == "-" else offset)


def parse_moment(text: str) -> dt.datetime:
    """Return the moment of 2024-12-17, 2024-12-17T09:30 or with an offset; without one it is Europe/London."""
    try:
        moment = dt.datetime.fromisoformat(text)
        if not 2000 <= moment.year <= 2200:
            raise ValueError(text)
    except ValueError:
        raise UsageError(f'"{text}" is not a moment. Write 2024-12-17 or 2024-12-17T09:30.') from None
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)


def settled_type(file: str, in_column: str, in_name: str, by_person: str, needed: bool) -> str:
    """Return the provider type of a file: its column's, else its name's, else the one a person stated."""
    if in_column and in_name and in_column != in_name:
        raise InputRefused(
            file,
            f"its Provider Type column says {in_column}, its name says {in_name}.",
            "Rename the file, or export the right provider type.",
        )
    if in_column and by_person and in_column != by_person:
        raise InputRefused(
            file,
            f"its Provider Type column says {in_column}, not {by_person}.",
            "Leave --provider-type out for this file.",
        )
    answer = in_column or in_name or by_person
    if needed and not answer:
        raise InputRefused(
            file,
            "nothing says which provider type this is (no Provider Type column, and neither care home nor home care in its name).",
            "Say it: asc-compliance ingest FILE --provider-type care_home (or home_care).",
        )
    return answer
