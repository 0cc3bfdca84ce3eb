"""What people decided: windows excused or missed, whose an unknown authority name or a location is, which returns are
owed, who is a public body, whom to hold.

The last word stands.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.record.register import Events

PROVIDER_KINDS = ("public_body", "private")
Unit = tuple[str, str]  # location id, provider type


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions in force: windows (location id, provider type, month) excused, and those decided to be missed; normalised
    name -> authority code, and location id -> authority code; unit -> whether it owes its return; and, by provider id, the
    record of who is public_body or private, and of who is on hold."""

    excused: frozenset[tuple[str, str, dt.date]] = frozenset()
    missed: frozenset[tuple[str, str, dt.date]] = frozenset()
    authority_codes: dict[str, str] = field(default_factory=dict)
    location_codes: dict[str, str] = field(default_factory=dict)
    owed: dict[Unit, bool] = field(default_factory=dict)
    provider_kinds: dict[str, dict[str, Any]] = field(default_factory=dict)
    holds: dict[str, dict[str, Any]] = field(default_factory=dict)
    canonical: tuple[dict[str, Any], ...] = ()


def decisions_in_force(register: Events) -> Decisions:
    """Return the decisions that stand: of each window and each name the last one, those taken back left out."""
    windows = {event.subject: event.body for event in register.events("window decision")}
    places = {event.subject: event.body for event in register.events("authority decision")}
    owed = {event.subject: event.body for event in register.events("owed decision")}
    kinds: dict[str, dict[str, Any]] = {}
    holds: dict[str, dict[str, Any]] = {}
    for event in register.events("provider decision"):
        (kinds if event.body["decision"] in PROVIDER_KINDS else holds)[event.subject] = dict(event.body)
    holds = {subject: body for subject, body in holds.items() if body["decision"] == "hold"}
    standing = {subject: body for subject, body in (windows | owed).items() if body["decision"] != "none"}
    return Decisions(
        _windows(standing, "excused"),
        _windows(standing, "missed"),
        {subject: body["la_code"] for subject, body in places.items() if "location_id" not in body},
        {subject: body["la_code"] for subject, body in places.items() if "location_id" in body},
        {
            (body["location_id"], body["provider_type"]): body["decision"] == "owed"
            for subject, body in owed.items()
            if subject in standing
        },
        kinds,
        holds,
        tuple(dict(body) for decided in (standing | places, kinds, holds) for _, body in sorted(decided.items())),
    )


def _windows(standing: Mapping[str, Mapping[str, Any]], decision: str) -> frozenset[tuple[str, str, dt.date]]:
    return frozenset(
        (body["location_id"], body["provider_type"], dt.date.fromisoformat(f"{body['month']}-01"))
        for body in standing.values()
        if body["decision"] == decision
    )
