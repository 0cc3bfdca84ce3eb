"""What a command starts from: the clock, the packaged parameters, the home's calendar and settings."""

import datetime as dt
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline import reference
from pipeline.errors import InputRefused
from pipeline.record.home import Home
from pipeline.rules.parameters import Parameters, parse_parameters
from pipeline.rules.windows import LONDON
from pipeline.rules.working_days import WorkingDays, parse_calendar
from reports.letters.wording import Sender


def now() -> dt.datetime:
    """Return this moment; the only place where the clock is read."""
    return dt.datetime.now(dt.UTC)


def london_day(moment: dt.datetime) -> dt.date:
    """Return the day a moment falls on in Europe/London."""
    return moment.astimezone(LONDON).date()


def parameters() -> Parameters:
    """Return the packaged parameters."""
    return parse_parameters({name: reference.text(name) for name in reference.parameter_files()})


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
    path = Path(os.environ.get("ASC_SETTINGS") or home.settings)
    if not path.exists():
        return {}
    try:
        return tomllib.loads(_text(path, path.name))
    except tomllib.TOMLDecodeError as error:
        raise InputRefused(path.name, f"not TOML ({error}).", "Correct the settings file.") from None


REQUIRED = {
    "sender.name": "who sends notices, as NHS Business Services Authority",
    "sender.address": "the sender's postal address, its lines separated by commas",
    "signatory.name": "who signs notices",
    "signatory.title": "the office of who signs",
    "contact.phone": "the telephone number for questions about a notice",
    "contact.email": "the e-mail address for questions about a notice",
    "representations.address": "the postal address for written representations",
    "representations.email": "the e-mail address for written representations",
}


def sender_of(settings: Mapping[str, Any]) -> tuple[Sender | None, list[str]]:
    """Return who sends notices, or None and the keys that are missing; `specimen` marks every letter of a demonstration.

    Raises InputRefused for a key that holds no text.
    """
    values = {key: setting(settings, key) for key in REQUIRED}
    missing = [key for key, value in values.items() if not value]
    specimen = settings.get("specimen", False)
    if not isinstance(specimen, bool):
        raise InputRefused(
            "settings.toml", "specimen is neither true nor false.", "Write specimen = true, or leave it out."
        )
    if missing:
        return None, missing
    return Sender(**{key.replace(".", "_"): value for key, value in values.items()}, specimen=specimen), []


def setting(settings: Mapping[str, Any], key: str) -> str:
    """Return the text of a setting such as sender.name, blank where it is missing."""
    table, _, name = key.partition(".")
    section = settings.get(table, {})
    value = section.get(name, "") if isinstance(section, dict) else section
    if not isinstance(value, str) or not isinstance(section, dict):
        raise InputRefused(
            "settings.toml", f"{key} holds no text.", f'Write it as text under [{table}]: {name} = "...".'
        )
    return value.strip()


def workers() -> int:
    """Return how many processes may make letters at once: one a core."""
    return len(os.sched_getaffinity(0))
