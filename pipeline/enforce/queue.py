"""The queue of providers held: each entry stands until a letter, a decision or a recorded lapse ends it (CONTRACT 6)."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.enforce.notices import HeldReason, Notice
from pipeline.record.register import Events, Ledger

KIND = "held"  # of the register's events; the subject is the provider, or the unit whose provider is unknown


@dataclass(frozen=True, slots=True)
class Entry:
    """A provider held, or whose letter waits for approval: since which month, last seen in which, and why."""

    key: str
    provider_name: str
    reason: str
    detail: str
    since: str
    month: str

    @property
    def shown(self) -> dict[str, str]:
        """What `held list` says of it."""
        return {"provider_id": self.key, "provider_name": self.provider_name, "since": self.since, "month": self.month,
                "reason": self.reason, "detail": self.detail}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Queue:
    """What events of the kind `held` add up to; opened = closed + standing, always."""

    standing: Mapping[str, Entry]
    opened: int
    closed: int


def queue_of(register: Events) -> Queue:
    """Return the queue; raises ValueError where an entry was opened twice, or ended that did not stand."""
    standing: dict[str, Entry] = {}
    opened = closed = 0
    for event in register.events(KIND):
        key, body = event.subject, event.body
        if (body["entry"] == "opened") == (key in standing):
            raise ValueError(f"row {event.no} of the register: the entry of {key} was {body['entry']} out of turn")
        if body["entry"] == "ended":
            del standing[key]
            closed += 1
        elif body["entry"] == "opened":
            standing[key] = Entry(
                key, body["provider_name"], body["reason"], body["detail"], body["month"], body["month"]
            )
            opened += 1
        else:
            month = max(body["month"], standing[key].month)
            standing[key] = replace(standing[key], reason=body["reason"], detail=body["detail"], month=month)
    return Queue(standing, opened, closed)


def due_of(notices: Iterable[Notice]) -> list[list[str]]:
    """Return key, provider name, reason and detail of every notice of a batch, as its release writes it down."""
    return [
        [
            n.key,
            n.provider_name,
            *(("letter_drafted", n.ref) if n.held is None else (n.held.reason.value, n.held.detail)),
        ]
        for n in notices
    ]


def changes_of_release(
    queue: Queue,
    month: str,
    release: str,
    due: Iterable[Sequence[str]],
    noticed: Collection[str],
    decided: Collection[str],
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (subject, body) of the events with which a release changes the queue; `due` is what `due_of` says.

    `decided` holds the providers that a person found to be public bodies: they stand no longer. An entry whose provider is
    not due any more, in this or an earlier month, has lapsed.
    """
    common = {"month": month, "release": release}
    seen = set()
    for key, name, reason, detail in due:
        seen.add(key)
        is_settled = reason == HeldReason.PUBLIC_BODY and key in decided
        entry = queue.standing.get(key)
        said = {**common, "provider_name": name, "reason": reason, "detail": detail}
        if entry is not None and is_settled:
            yield key, {**common, "entry": "ended", "ended_by": "decision", "why": detail}
        elif entry is None and reason != "letter_drafted" and not is_settled:
            yield key, {**said, "entry": "opened"}
        elif entry is not None and (entry.reason, entry.detail, entry.month) != (
            reason,
            detail,
            max(month, entry.month),
        ):
            yield key, {**said, "entry": "updated"}
    for key, entry in queue.standing.items():
        if key not in seen and key not in noticed and entry.month <= month:
            yield key, {**common, "entry": "ended", "ended_by": "lapse", "why": f"no notice is due in {month}"}


def settle(ledger: Ledger, key: str, why: str, moment: dt.datetime) -> None:
    """End the entry of a provider, if one stands, by a decision."""
    entry = queue_of(ledger).standing.get(key)
    if entry is not None:
        body = {"entry": "ended", "ended_by": "decision", "why": why, "month": entry.month, "release": ""}
        ledger.append(KIND, key, body, moment)
