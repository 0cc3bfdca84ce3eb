"""Why a unit has its status: every window, its evidence as it stood, and the parameters with their authority."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from pipeline.assess.assessment import SQL, Judgement
from pipeline.errors import UsageError
from pipeline.record.decisions import Unit
from pipeline.record.facts import Facts, sql
from pipeline.rules.parameters import InForce
from pipeline.rules.windows import LONDON, month_text

PARAMETERS = ("window_opens_on_day", "window_closes_on_day", "new_under_days", "at_risk_run", "notice_run", "notice_misses",
              "notice_within_windows")  # fmt: skip


def units_of(facts: Facts, location_id: str) -> list[str]:
    """Return the provider types a location has units of in the judged month, sorted."""
    return [kind for (kind,) in facts.query(
        "SELECT provider_type FROM unit WHERE location_id = $id ORDER BY provider_type", {"id": location_id}
    )]  # fmt: skip


def explain(facts: Facts, judgement: Judgement, location_id: str, provider_type: str | None = None) -> dict[str, Any]:
    """Return the answer of CONTRACT 7 for one unit of a judged month.

    Raises UsageError for a location without a unit in the month, and for one with two where no type is given.
    """
    types = units_of(facts, location_id)
    month = month_text(judgement.month)
    if provider_type is None and len(types) > 1:
        raise UsageError(f"{location_id} has two returns to make: say --type {' or --type '.join(types)}.")
    if not types or (provider_type is not None and provider_type not in types):
        has = f"; it is listed as {types[0]}" if types else ""
        wanted = f" as {provider_type}" if provider_type else ""
        raise UsageError(f"{location_id} is not listed{wanted} in the exports of {month}{has}.")
    unit = location_id, provider_type or types[0]
    ((status, reason),) = facts.query(
        "SELECT status, reason FROM service WHERE location_id = $location_id AND provider_type = $provider_type",
        {"location_id": unit[0], "provider_type": unit[1]},
    )
    return {
        "location_id": unit[0],
        "provider_type": unit[1],
        "month": month,
        "status": status,
        "reason": reason,
        "windows": windows_of(facts, judgement, [unit])[unit],
        "parameters": parameters_used(judgement.parameters.on(judgement.month)),
    }


def windows_of(facts: Facts, judgement: Judgement, units: Sequence[Unit]) -> dict[Unit, list[dict[str, Any]]]:
    """Return, for each of the units asked about, its windows, oldest first, each with its evidence as it stood."""
    facts.load("asked_unit", {"location_id": "VARCHAR", "provider_type": "VARCHAR"}, units, temp=True)
    evidence: dict[tuple[str, str, dt.date], list[dict[str, Any]]] = {}
    for location_id, kind, month, file, sha256, sheet, row, column, value, extracted_at, decides in facts.query(
        sql(SQL, "sql/evidence.sql")
    ):
        evidence.setdefault((location_id, kind, month), []).append(
            {"file": file, "sha256": sha256, "sheet": sheet, "row": row, "column": column, "value": value,
             "extracted_at": _london(extracted_at), "decides": decides}
        )  # fmt: skip
    excuses = {
        (body["location_id"], body["provider_type"], body["month"]): {"because": body["because"], "by": body["by"]}
        for body in judgement.decisions.canonical
        if "month" in body
    }
    windows: dict[Unit, list[dict[str, Any]]] = {unit: [] for unit in units}
    for location_id, kind, month, opens_on, closes_on, outcome, is_new, late_at in facts.query(
        sql(SQL, "sql/windows_of_asked.sql")
    ):
        unit = location_id, kind
        excuse = excuses.get((*unit, month_text(month)))
        windows[unit].append(
            {
                "month": month_text(month),
                "opens_on": opens_on.isoformat(),
                "closes_on": closes_on.isoformat(),
                "outcome": outcome,
                "counted": outcome == "missed" and not is_new,
                "late_on": _london(late_at)[:10] if late_at and outcome == "missed" else None,
                "evidence": evidence.get((*unit, month), []),
                **({"decision": excuse} if excuse else {}),
            }
        )
    return windows


def parameters_used(in_force: InForce) -> list[dict[str, Any]]:
    """Return the parameters that statuses follow from, each with its authority."""
    return [
        {"name": p.name, "value": p.value, "from": p.from_date.isoformat(), "authority": p.authority}
        for p in (in_force[name] for name in PARAMETERS)
    ]


def _london(moment: dt.datetime | None) -> str:
    return "" if moment is None else moment.replace(tzinfo=dt.UTC).astimezone(LONDON).isoformat()
