"""What was taken in, as the register says it: each intake, and which of them count."""

import datetime as dt
from dataclasses import dataclass

from pipeline.intake.sources import Kind
from pipeline.record.register import Event, Register

TYPED_KINDS = (Kind.MONTHLY_STATUS, Kind.RECORD_LEVEL)


@dataclass(frozen=True, slots=True)
class Intake:
    """One file as it stands in the register: its bytes, kind, provider type and moment."""

    no: int
    sha256: str
    file: str
    kind: Kind
    column_type: str
    provider_type: str
    extracted_at: dt.datetime | None
    ranked_at: dt.datetime
    rows: int
    refused: int
    findings: int
    layout: str = ""
    turned: str = ""  # the digest of the list of sheets of a workbook, as its rows are kept

    @property
    def identity(self) -> tuple[str, str, str, dt.datetime | None]:
        """What makes an intake the same one again (CONTRACT 1)."""
        return self.sha256, self.kind, self.provider_type, self.extracted_at


@dataclass(frozen=True, slots=True)
class Intakes:
    """All intakes there ever were, and those that count: all that no later statement replaced."""

    ever: list[Intake]
    live: list[Intake]


def intakes(register: Register) -> Intakes:
    """Return the intakes, oldest first."""
    events = register.events("intake")
    replaced = {event.body["replaces"] for event in events}
    ever = [_intake(event) for event in events]
    return Intakes(ever, [intake for intake in ever if intake.no not in replaced])


def live_intakes(register: Register) -> list[Intake]:
    """Return the intakes that count, oldest first."""
    return intakes(register).live


def _intake(event: Event) -> Intake:
    body = event.body
    moment = dt.datetime.fromisoformat
    return Intake(
        body["no"],
        event.subject,
        body["file"],
        Kind(body["kind"]),
        body["column_type"],
        body["provider_type"],
        moment(body["extracted_at"]) if body["extracted_at"] else None,
        moment(body["ranked_at"]),
        body["rows"],
        body["refused"],
        body["findings"],
        body.get("layout", ""),
        body.get("turned", ""),
    )


def utc_text(moment: dt.datetime | None) -> str:
    """Return a moment as UTC text, whatever zone it was stated in; blank for None."""
    return moment.astimezone(dt.UTC).isoformat() if moment else ""
