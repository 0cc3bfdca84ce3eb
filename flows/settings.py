"""What a command starts from: the clock, the packaged parameters, the home's calendar and settings."""

import datetime as dt
import functools
import hashlib
import os
import tomllib
from pathlib import Path
from typing import Any

from pipeline import reference
from pipeline.errors import InputRefused
from pipeline.record.home import Home
from pipeline.rules.parameters import Parameters, parse_parameters
from pipeline.rules.windows import LONDON
from pipeline.rules.working_days import WorkingDays, parse_calendar

OPERATIONS = ("inbox", "alerts", "mail", "letters")  # tables of the settings of which no release is made


def now() -> dt.datetime:
    """Return this moment; the only place where the clock is read."""
    return dt.datetime.now(dt.UTC)


def london_day(moment: dt.datetime) -> dt.date:
    """Return the day a moment falls on in Europe/London."""
    return moment.astimezone(LONDON).date()


@functools.cache
def parameters() -> Parameters:
    """Return the packaged parameters."""
    return parse_parameters({name: reference.text(name) for name in reference.parameter_files()})


def home_at(folder: Path) -> Home:
    """Return the home in a folder; with ASC_WORK, its facts stand in a folder of its own in that one, of this machine."""
    work = os.environ.get("ASC_WORK")
    if not work:
        return Home(folder)
    return Home(folder, Path(work) / hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16])


def calendar_of(home: Home) -> WorkingDays:
    """Return England's working days with the home's calendar on top."""
    return read_calendar(home.calendar, home.calendar.name) if home.calendar.exists() else WorkingDays()


def read_calendar(path: Path, file: str) -> WorkingDays:
    """Return England's working days with the calendar of a file on top."""
    return parse_calendar(_text(path, file), file)


def _text(path: Path, file: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputRefused(file, "not UTF-8 text.", "Save it as UTF-8.") from None


def settings_of(home: Home) -> dict[str, Any]:
    """Return the home's settings (or those of ASC_SETTINGS), empty where there are none."""
    named = os.environ.get("ASC_SETTINGS")
    path = Path(named or home.settings)
    if not path.exists() and not named:
        return {}
    try:
        return tomllib.loads(_text(path, path.name))
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise InputRefused(path.name, f"not TOML ({error}).", "Correct the settings file.") from None
    except OSError as error:
        raise InputRefused(str(path), f"it cannot be read ({error.strerror}).", "Correct ASC_SETTINGS.") from None


def settings_of_releases(home: Home) -> dict[str, Any]:
    """Return the settings that a release is made of: all but those by which the work runs by itself."""
    return {name: value for name, value in settings_of(home).items() if name not in OPERATIONS}


def workers() -> int:
    """Return how many processes may make letters at once: one a core."""
    return len(os.sched_getaffinity(0))
