"""Who sends notices, as the settings say it."""

from collections.abc import Mapping
from typing import Any

from pipeline.enforce.addresses import plain
from pipeline.errors import InputRefused
from reports.letters.setting import unprintable
from reports.sender import Sender

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
    values = {key: plain(setting(settings, key)) for key in REQUIRED}
    missing = [key for key, value in values.items() if not any(character.isalnum() for character in value)]
    for key, value in values.items():
        if (character := unprintable(value)) is not None:
            missing.append(f"{key} (it holds {character}, which no letter can show)")
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
