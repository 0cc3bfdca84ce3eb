"""What people accepted of checks that fired: of which month, in which words, and up to which figures (CONTRACT 2)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.record.register import Events, Ledger

KIND = "acceptance"  # of the register's events; the subject is the month


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A check that fired for a provider type (blank for none), why it is accepted, and the figure of each subject."""

    check: str
    provider_type: str
    because: str
    figures: Mapping[str, float]

    def covers(self, figures: Mapping[str, float]) -> bool:
        """Say whether no figure is worse than what was accepted; what was not found then is worse."""
        return all(subject in self.figures and figure <= self.figures[subject] for subject, figure in figures.items())

    @property
    def words(self) -> str:
        """How it is accepted: `CHECK`, or `CHECK:TYPE`."""
        return f"{self.check}:{self.provider_type}" if self.provider_type else self.check

    @property
    def body(self) -> dict[str, Any]:
        """What the register, the manifest and the release id hold of it."""
        return {
            "check": self.check,
            "provider_type": self.provider_type,
            "because": self.because,
            "figures": dict(self.figures),
        }


def standing(register: Events, month: str) -> dict[tuple[str, str], Acceptance]:
    """Return what stands accepted of a month, by check and provider type: of each the last word."""
    return {
        (event.body["check"], event.body["provider_type"]): Acceptance(
            event.body["check"], event.body["provider_type"], event.body["because"], event.body["figures"]
        )
        for event in register.events(KIND)
        if event.subject == month
    }


def whole_registers(register: Events, month: str) -> frozenset[str]:
    """Return the digests of the registers that were accepted as whole (`register-fall`) for a month before."""
    return frozenset(
        digests
        for event in register.events(KIND)
        if event.body["check"] == "register-fall" and event.subject < month
        for digests in event.body["figures"]
    )


def write_down(ledger: Ledger, month: str, accepted: Iterable[Acceptance], by: str, moment: dt.datetime) -> None:
    """Write down what a person accepted and does not stand so already."""
    known = standing(ledger, month)
    for one in accepted:
        if known.get((one.check, one.provider_type)) != one:
            ledger.append(KIND, month, {**one.body, "by": by}, moment)
