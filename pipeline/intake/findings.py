"""A problem met in a file, and what is said about each sort of problem."""

import functools
from dataclasses import dataclass, replace

from pipeline import reference
from pipeline.errors import without_addresses


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: which rule, and where it stands as an officer sees it."""

    rule: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    value: str = ""

    def masked(self) -> "Finding":
        """Return the finding without e-mail addresses: whose they are is nobody's business here."""
        return replace(self, value=without_addresses(self.value)) if "@" in self.value else self


@functools.cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return rule -> severity, owner, action."""
    return reference.toml("findings.toml")
