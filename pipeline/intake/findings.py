"""A problem met in a file, and what is said about each sort of problem."""

import functools
from dataclasses import dataclass, replace

from pipeline import reference
from pipeline.errors import without_addresses
from pipeline.intake.headings import allowed_under
from pipeline.rules.parameters import InForce


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


def action_of(rule: str, column: str, in_force: InForce | None = None) -> str:
    """Return what is to be done about a finding; of a value that refused its row also what would be allowed."""
    action = catalogue(in_force)[rule]["action"]
    allowed = allowed_under(column) if rule == "row_value_refused" else ""
    return f"{action} Allowed is {allowed}." if allowed else action


def catalogue(in_force: InForce | None = None) -> dict[str, dict[str, str]]:
    """Return rule -> severity, owner, action, with the names of bodies in force; without a day those of the beginning."""
    return _catalogue(support_of(in_force))


def support_of(in_force: InForce | None) -> str:
    """Return who supports Capacity Tracker."""
    if in_force is not None:
        return in_force.text("capacity_tracker_support")
    return str(reference.toml("parameters/bodies.toml")["capacity_tracker_support"][0]["value"])


@functools.cache
def _catalogue(support: str) -> dict[str, dict[str, str]]:
    return {
        rule: {name: text.format(support=support) for name, text in words.items()}
        for rule, words in reference.toml("findings.toml").items()
    }
