"""A problem met in a file, and what is said about each sort of problem."""

import functools
from dataclasses import dataclass

from pipeline import reference


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: which rule, and where it stands as an officer sees it."""

    rule: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    value: str = ""


@functools.cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return rule -> severity, owner, action."""
    return reference.toml("findings.toml")
