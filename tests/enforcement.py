"""A small world with notices to approve: providers due, with fees, addresses and settings."""

import json
from dataclasses import dataclass
from pathlib import Path

from flows.demo.files import write_settings
from tests.conftest import Command
from tests.worlds import Inbox, Unit

MONTH, BATCH = "2024-12", "NOI-2024-12-01"
APPROVER = "Alex Approver"


@dataclass
class Office:
    """The enforcement team at work: an inbox, a home, and the commands they type."""

    asc: Command
    inbox: Inbox
    home: Path

    def due(self, number: int, history: str = "NNN", **more: object) -> Unit:
        """Add a service of a provider of its own that is due a notice."""
        unit = Unit(
            f"1-9000004{number:03d}", history, provider=f"Provider {number} Ltd", provider_id=f"1-9700000{number:03d}",
            street=f"{number} Invented Road", **more,
        )  # fmt: skip
        self.inbox.units.append(unit)
        return unit

    def write(self) -> None:
        """Write the inbox and the settings."""
        self.home.mkdir(exist_ok=True)
        if not (self.home / "settings.toml").exists():
            write_settings(self.home / "settings.toml")
        self.inbox.write()
        self.inbox.write_fees()

    def run(self, *more: object, month: str = MONTH, as_at: str = "2024-12-17") -> dict[str, object]:
        """Run a month and return its answer."""
        words = ("run", "--month", month, "--as-at", as_at, "--inbox", self.inbox.folder, "--home", self.home, "--json")
        return self.said(*words, *more)

    def said(self, *words: object) -> dict[str, object]:
        """Return what a command that has to succeed answers."""
        answer = self.asc(*words)
        assert answer.code == 0, answer.err
        return json.loads(answer.out) if "--json" in words else {}

    def notices(self, *words: object) -> dict[str, object]:
        """Return what a `notices` command answers."""
        return self.said("notices", *words, "--home", self.home, "--json")

    def refused(self, *words: object) -> str:
        """Return the message of an unlawful step, which has to be refused with 5."""
        answer = self.asc(*words, "--home", self.home)
        assert answer.code == 5, (answer.code, answer.err)
        return answer.err

    def approve(self, batch: str = BATCH, by: str = APPROVER) -> dict[str, object]:
        """Approve a batch."""
        return self.notices("approve", batch, "--by", by)

    def issue(self, batch: str = BATCH, sent_on: str = "2025-01-06") -> dict[str, object]:
        """Issue a batch by post."""
        return self.notices("issue", batch, "--by", APPROVER, "--sent-on", sent_on, "--method", "post")

    def record(self, ref: str, event: str, on: str, *more: object) -> dict[str, object]:
        """Record an event of a case."""
        return self.said("cases", "record", ref, event, "--on", on, "--by", "Ann", *more, "--home", self.home, "--json")

    def case(self, ref: str, as_at: str) -> dict[str, object]:
        """Return what `cases show` answers."""
        return self.said("cases", "show", ref, "--as-at", as_at, "--home", self.home, "--json")
