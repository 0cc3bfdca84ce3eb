"""What people decided: excused windows, whose an unknown authority name is, who is a public body, whom to hold.

The last word stands.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from pipeline.record.register import Events

PROVIDER_KINDS = ("public_body", "private")
Unit = tuple[str, str]  # location id, provider type


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions in force: excused (location id, provider type, month); normalised name -> authority code; and, by
    provider id, the record of who is public_body or private, and of who is on hold."""

    excused: frozenset[tuple[str, str, dt.date]] = frozenset()
    authority_codes: dict[str, str] = field(default_factory=dict)
    provider_kinds: dict[str, dict[str, Any]] = field(default_factory=dict)
    holds: dict[str, dict[str, Any]] = field(default_factory=dict)
    canonical: tuple[dict[str, Any], ...] = ()


def decisions_in_force(register: Events) -> Decisions:
    """Return the decisions that stand: of each window and each name the last one, those taken back left out."""
    windows = {event.subject: event.body for event in register.events("window decision")}
    names = {event.subject: event.body for event in register.events("authority decision")}
    kinds: dict[str, dict[str, Any]] = {}
    holds: dict[str, dict[str, Any]] = {}
    for event in register.events("provider decision"):
        (kinds if event.body["decision"] in PROVIDER_KINDS else holds)[event.subject] = dict(event.body)
    holds = {subject: body for subject, body in holds.items() if body["decision"] == "hold"}
    standing = {subject: body for subject, body in windows.items() if body["decision"] != "none"}
    return Decisions(
        frozenset(
            (body["location_id"], body["provider_type"], dt.date.fromisoformat(f"{body['month']}-01"))
            for body in standing.values()
        ),
        {subject: body["la_code"] for subject, body in names.items()},
        kinds,
        holds,
        tuple(dict(body) for decided in (standing | names, kinds, holds) for _, body in sorted(decided.items())),
    )
