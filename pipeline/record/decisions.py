"""What people decided: excused windows, and whose an unknown authority name is. The last word stands."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from pipeline.record.register import Register

Unit = tuple[str, str]  # location id, provider type


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions in force: excused (location id, provider type, month), and normalised name -> authority code."""

    excused: frozenset[tuple[str, str, dt.date]] = frozenset()
    authority_codes: dict[str, str] = field(default_factory=dict)
    canonical: tuple[dict[str, Any], ...] = ()


def decisions_in_force(register: Register) -> Decisions:
    """Return the decisions that stand: of each window and each name the last one, those taken back left out."""
    windows = {event.subject: event.body for event in register.events("window decision")}
    names = {event.subject: event.body for event in register.events("authority decision")}
    standing = {subject: body for subject, body in windows.items() if body["decision"] != "none"}
    return Decisions(
        frozenset(
            (body["location_id"], body["provider_type"], dt.date.fromisoformat(f"{body['month']}-01"))
            for body in standing.values()
        ),
        {subject: body["la_code"] for subject, body in names.items()},
        tuple(dict(body) for _, body in sorted([*standing.items(), *names.items()])),
    )
