"""Everything a release holds, made from one judged month."""

import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.assess import findings_of_month
from pipeline.assess.assessment import Judgement, Status
from pipeline.assess.checks import messages
from pipeline.enforce.fees import providers_with_fee_needed
from pipeline.enforce.grounds import Grounds, grounds_of, pounds
from pipeline.intake.findings import action_of, catalogue
from pipeline.record.facts import Facts, Row
from pipeline.rules.parameters import InForce
from pipeline.rules.windows import add_months, window_for
from reports.letters.batch import Batch, batch_of
from reports.letters.work import Plan
from reports.lists import authority, national
from reports.lists.books import authority_files, national_book
from reports.lists.cells import csv_for_machines
from reports.lists.services import Service, services_of
from reports.month_page import month_page
from reports.release import Artefact, Placed

FEES_HEADINGS = ("provider_id", "provider_name", "worst_status", "services_listed", "annual_fee_gbp", "as_at", "why")
UNMATCHED_HEADINGS = (
    "la_code", "local_authority", "location_id", "location_name", "provider_type", "provider_id", "provider_name", "registered_on",
    "known_to",
)  # fmt: skip
FINDING_HEADINGS = ("file", "sha256", "sheet", "row", "column", "value", "rule", "severity", "action")


def artefacts_of(
    facts: Facts, judgement: Judgement, plan: Plan, release: dict[str, str], staged: Path
) -> tuple[list[Artefact | Placed], dict[str, Any], Batch]:
    """Return the files of a release, the counts its manifest states, and its batch; `release` names it on the month's page.

    The letters among them are written into the staged folder as they are made.
    """
    services = services_of(facts, judgement)
    listed = [service for service in services if service.is_listed]
    found = findings_of_month.findings(facts)
    grounds = grounds_of(facts, judgement.decisions, plan.send_on, plan.method)
    batch = batch_of(facts, judgement, grounds, plan, staged)
    counts = {
        "statuses": {status.value: n for status, n in _by_status(services).items()},
        "findings": len(found),
        "listed": len(listed),
        "notices": {"batch": batch.name, "letters": batch.letters, "held": batch.held},
    }
    artefacts: list[Artefact | Placed] = [
        *_national(facts, judgement, services, listed),
        _fees_needed(facts, judgement, grounds),
        _unmatched(facts),
        *_authority_files(judgement, listed, plan),
        _findings(found, judgement.parameters.on(judgement.month)),
        Artefact("report.html", month_page(facts, judgement, services, found, release, batch).encode()),
        *batch.files,
    ]
    return artefacts, counts, batch


def _by_status(services: Sequence[Service]) -> dict[Status, int]:
    counter = Counter(service.status for service in services)
    return {status: counter[status] for status in Status}


def _national(facts: Facts, judgement: Judgement, services: list[Service], listed: list[Service]) -> list[Artefact]:
    month = judgement.month
    tables: list[tuple[str, Sequence[str], list[list[object]]]] = [
        ("services", national.SERVICE_HEADINGS, national.service_rows(month, services)),
        ("at-risk", national.SERVICE_HEADINGS, national.service_rows(month, listed)),
        ("by-provider", national.PROVIDER_HEADINGS, national.provider_rows(month, services)),
        ("summary", national.SUMMARY_HEADINGS, national.summary_rows(services, judgement.authorities)),
    ]
    files = [
        Artefact(f"national/{name}.csv", csv_for_machines(headings, rows), len(rows)) for name, headings, rows in tables
    ]
    book = national_book(month, tables[1][1], tables[1][2], files[1].content)
    return [*files, book, Artefact("national/at-risk.parquet", _parquet(facts, tables[1][2]), len(listed))]


def _fees_needed(facts: Facts, judgement: Judgement, grounds: Grounds) -> Artefact:
    rows = [
        [provider_id, name, status, services, pounds(pence).replace(",", "") if pence else "", as_at, why]
        for provider_id, name, status, services, pence, as_at, why in providers_with_fee_needed(
            facts, judgement, grounds
        )
    ]
    return Artefact("national/fees-needed.csv", csv_for_machines(FEES_HEADINGS, rows), len(rows))


def _unmatched(facts: Facts) -> Artefact:
    """Return the services that only one of Capacity Tracker and CQC knows, by authority: what councils are asked about."""
    rows = [
        list(row)
        for row in facts.query(f"SELECT {', '.join(UNMATCHED_HEADINGS)} FROM unmatched ORDER BY ALL NULLS LAST")
    ]
    return Artefact("national/unmatched.csv", csv_for_machines(UNMATCHED_HEADINGS, rows), len(rows))


def _parquet(facts: Facts, rows: list[list[object]]) -> bytes:
    """Return the listed services as Parquet."""
    import pyarrow.parquet as pq

    kinds = {
        "registered_on": "DATE",
        "user_count": "INTEGER",
        "windows_in_a_row": "INTEGER",
        "missed_of_last_12": "INTEGER",
    }
    columns = {name: kinds.get(name, "VARCHAR") for name in national.SERVICE_HEADINGS}
    facts.load("listed_row", {"place": "INTEGER", **columns}, [[n, *row] for n, row in enumerate(rows)], temp=True)
    sink = io.BytesIO()
    pq.write_table(facts.arrow(f"SELECT {', '.join(columns)} FROM listed_row ORDER BY place"), sink)
    return sink.getvalue()


def _authority_files(judgement: Judgement, listed: list[Service], plan: Plan) -> list[Artefact]:
    in_force = judgement.parameters.on(judgement.month)
    following = window_for(add_months(judgement.month, 1), judgement.days, judgement.parameters)
    of_place: dict[tuple[str | None, str], list[Service]] = {}
    for service in listed:
        of_place.setdefault((service.la_code, service.provider_type), []).append(service)
    files = []
    for place in judgement.authorities.all:
        rows = {
            kind: authority.rows(of_place.get((place.la_code, kind), []), following, in_force)
            for kind in authority.TYPE_WORDS
        }
        files += authority_files(place, judgement, following, rows, plan.sender)
    return files


def _findings(found: list[Row], in_force: InForce) -> Artefact:
    words = catalogue(in_force)
    rows = [
        [
            file,
            sha256,
            sheet,
            row or "",
            column,
            value,
            rule,
            words[rule]["severity"],
            action_of(rule, column, in_force),
        ]
        for file, sha256, sheet, row, column, value, rule in found
    ]
    return Artefact("findings.csv", csv_for_machines(FINDING_HEADINGS, rows), len(rows))


def manifest(facts: Facts, judgement: Judgement, release: str, made_of: dict[str, Any]) -> dict[str, Any]:
    """Return what the manifest says beside files and counts: what the release is made of, and which checks fired and were
    accepted, with their figures."""
    in_force = judgement.parameters.on(judgement.month)
    return {
        "month": made_of["month"],
        "release": release,
        "made_with": made_of["version"],
        "parameters": {
            p.name: {"value": p.value, "from": p.from_date.isoformat(), "authority": p.authority}
            for p in in_force.all()
        },
        "compared_with": made_of["compared_with"],
        "send_on": made_of["send_on"],
        "method": made_of["method"],
        "earlier_notices": [line[0] for line in made_of.get("earlier_notices", [])],
        "inputs": _inputs(facts, made_of["calendar"]),
        "skipped": made_of["skipped"],
        "decisions": made_of["decisions"],
        "checks": [_check(name, [one for one in made_of["accepted"] if one["check"] == name]) for name in messages()],
        "accepted": made_of["accepted"],
    }


def _check(name: str, accepted: list[dict[str, Any]]) -> dict[str, object]:
    """Return the manifest's line about a check: whatever fired in a release that was published was accepted."""
    because = "; ".join(dict.fromkeys(one["because"] for one in accepted)) or None
    return {"check": name, "fired": bool(accepted), "because": because}


def _inputs(facts: Facts, calendar: str | None) -> list[dict[str, object]]:
    """Return a line for each known intake, sorted, and one for the home's calendar."""
    names = ("name", "sha256", "kind", "provider_type", "extracted_at", "rows")
    lines: list[tuple[object, ...]] = [
        (file, sha256, kind, provider_type, at.isoformat() + "+00:00" if at else "", rows)
        for file, sha256, kind, provider_type, at, rows in facts.query(
            "SELECT file_name, sha256, kind, provider_type, extracted_at, rows_read FROM known_intake"
            " ORDER BY kind, sha256, provider_type, extracted_at"
        )
    ]
    if calendar is not None:
        lines.append(("calendar.toml", calendar, "calendar", "", "", None))
    return [dict(zip(names, line, strict=True)) for line in lines]
