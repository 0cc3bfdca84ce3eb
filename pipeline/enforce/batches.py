"""What became of batches: who approved them, who issued them, and what an approval opened (CONTRACT 6)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.record.register import Events

APPROVAL, ISSUE, REPLACEMENT = "approval", "issue", "replacement"  # kinds of events; the subject is the batch


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """What the register knows of a batch that was approved once."""

    name: str
    approval: Mapping[str, Any]
    issue: Mapping[str, Any] | None
    is_replaced: bool

    @property
    def state(self) -> str:
        """What the batch is: approved, issued or replaced."""
        return "issued" if self.issue else "replaced" if self.is_replaced else "approved"

    @property
    def number(self) -> int:
        """Its number among those of its month."""
        return int(self.name.rpartition("-")[2])


def records_of(register: Events, month: str | None = None) -> dict[str, BatchRecord]:
    """Return what is known of every batch ever approved (of one month), in the order of approval."""
    issues = {event.subject: {**event.body, "at": event.at} for event in register.events(ISSUE)}
    replaced = {event.subject for event in register.events(REPLACEMENT)}
    return {
        event.subject: BatchRecord(event.subject, {**event.body, "at": event.at}, issues.get(event.subject), event.subject in replaced)
        for event in register.events(APPROVAL)
        if month is None or event.body["month"] == month
    }  # fmt: skip


def same_person(one: str, other: str) -> bool:
    """Say whether two names can be one person's: case, blanks, dots, accents and the order of names make no second one."""
    one, other = _plain(one), _plain(other)
    return "".join(one.split()) == "".join(other.split()) or sorted(one.split()) == sorted(other.split())


def _plain(name: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    return " ".join(re.findall(r"[^\W_]+", bare))


def is_name(name: str) -> bool:
    """Say whether a text can be a person's name: it holds a letter."""
    return any(character.isalpha() for character in name)


def latest_number(records: Iterable[BatchRecord]) -> int:
    """Return the number of the newest batch ever approved, 0 for none."""
    return max((record.number for record in records), default=0)
