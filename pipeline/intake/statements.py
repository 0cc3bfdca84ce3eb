"""What is stated about a file from outside its rows: the provider type and the moment it was extracted."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import PurePath

from pipeline.errors import InputRefused, UsageError
from pipeline.intake.blanks import DASHES, MONTH_NUMBERS
from pipeline.rules.windows import LONDON

DAY = r"(?<![0-9])(?:(?P<y>20[0-9]{2})(?P<s>[-_.]?)(?P<m>0[1-9]|1[0-2])(?P=s)(?P<d>0[1-9]|[12][0-9]|3[01])|"
DAY += (
    r"(?P<d2>[0-9]{1,2})[ _-](?P<name>"
    + "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
    + r")[ _-](?P<y2>20[0-9]{2})|"
)
DAY += r"(?<![vV])(?P<d3>[0-9]{1,2})\.(?P<m3>[0-9]{1,2})\.(?P<y3>20[0-9]{2}|[0-9]{2}))"
TIME = r"(?:[T _-]{1,3}(?!20[23][0-9](?![0-9:.h]))(?P<hour>[01][0-9]|2[0-3])[:.\-h]?(?P<minute>[0-5][0-9])(?:[:.\-]?(?P<second>[0-5][0-9]))?)?(?![0-9])"


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
    moments = {
        moment for match in re.finditer(DAY + TIME, stem, re.IGNORECASE) if (moment := _moment(match)) is not None
    }
    return Statement(types.pop() if len(types) == 1 else "", moments.pop() if len(moments) == 1 else None)


def _moment(match: re.Match[str]) -> dt.datetime | None:
    if match["y"]:
        year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
    elif match["name"]:
        year, month, day = int(match["y2"]), MONTH_NUMBERS[match["name"].casefold()], int(match["d2"])
    else:
        year, month, day = int(match["y3"]) % 100 + 2000, int(match["m3"]), int(match["d3"])
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    try:
        return dt.datetime(year, month, day, hour, minute, second, tzinfo=LONDON)
    except ValueError:
        return None


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
