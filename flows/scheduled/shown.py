"""What operators see in Prefect: events and artefacts with months, counts and links; no provider and no person."""

import csv
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

from prefect.artifacts import create_link_artifact, create_table_artifact
from prefect.events import emit_event

from flows.deadlines import Deadlines
from flows.run_month import Published
from pipeline.rules.windows import month_text

SHOWN = ("services", "submitted", "missed", "unknown", "notice_due", "at_risk", "watch", "compliance_rate")
EVENTS = uuid.UUID("0d3c5b8e-6d5b-4a57-9a35-3f0a6d0c8f10")  # names the events that are told again


def announce(event: str, resource: str, payload: dict[str, Any], once: str = "") -> None:
    """Tell the server of an event: a nudge, for the register alone is the truth. With `once` the same one is told once."""
    emit_event(
        event,
        resource={"prefect.resource.id": resource},
        payload=payload,
        id=uuid.uuid5(EVENTS, f"{event} {once}") if once else None,
    )


def show_month(published: Published) -> None:
    """Show a month: its counts by region, the checks that were accepted, its findings by rule, and where the release is."""
    month, national = month_text(published.month), published.path / "national"
    regions = [
        {"region": row["region"] or "England", **{name: row[name] for name in SHOWN}}
        for row in _rows(national / "summary.csv")
        if row["level"] in ("england", "region") and not row["provider_type"]
    ]
    create_table_artifact(regions, key="month-summary", description=f"{month}, release {published.release}")
    checks = [
        {
            "check": one["check"],
            "fired": "yes" if one["fired"] else "no",
            "accepted": "no" if one["because"] is None else "yes",
        }
        for one in published.manifest["checks"]
    ]
    create_table_artifact(checks, key="checks", description=f"Checks of {month}")
    found = Counter((row["severity"], row["rule"]) for row in _rows(published.path / "findings.csv"))
    rules = [{"severity": severity, "rule": rule, "times": times} for (severity, rule), times in sorted(found.items())]
    create_table_artifact(rules or [{"rule": "none"}], key="findings", description=f"Findings of {month}")
    page = published.path / "report.html"
    create_link_artifact(
        page.as_uri(), f"{month} at a glance", key="release", description=f"Release {published.release}: {page}"
    )


def show_deadlines(found: Deadlines) -> None:
    """Show how much waits to be done about notices."""
    rows = [{"what": what, "how many": count} for what, count in found.counts.items()]
    create_table_artifact(rows, key="deadlines", description=f"What waits on {found.day}")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
