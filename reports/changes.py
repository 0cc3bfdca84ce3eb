"""Two releases of one month beside each other: who came onto the lists, who left them, and why (CONTRACT 5)."""

from collections.abc import Iterator, Mapping, Sequence

from pipeline.assess.assessment import LISTED, SQL
from pipeline.record.decisions import Unit
from pipeline.record.facts import Facts, sql
from pipeline.rules.windows import month_text
from reports.lists.cells import csv_for_machines
from reports.lists.services import Service
from reports.release import Artefact

SERVICE = (
    "location_id", "location_name", "provider_type", "provider_id", "provider_name", "la_code", "local_authority",
)  # fmt: skip
HEADINGS = (
    "change", *SERVICE, "status_before", "reason_before", "status_after", "reason_after", "why", "windows",
)  # fmt: skip
WHY = {"submitted": "submitted", "excused": "excused", "not_required": "left", "unknown": "evidence missing"}


def changes_file(
    facts: Facts,
    before: Sequence[Mapping[str, str]],
    services: Sequence[Service],
    names: tuple[str, str],
) -> Artefact:
    """Return the file that compares two releases, named by both: a row for each service that entered a list, left the
    lists or moved between them.

    `before` holds the rows of the earlier release's services.csv; `services` are those judged now.
    """
    was = {(row["location_id"], row["provider_type"]): row for row in before}
    now = {(service.location_id, service.provider_type): service for service in services}
    listed = {key for key, row in was.items() if row["status"] in LISTED}
    listed |= {key for key, service in now.items() if service.is_listed}
    changed = sorted(key for key in listed if not _same(was.get(key), now.get(key)))
    rows = list(_rows(was, now, changed, _outcomes(facts, changed)))
    return Artefact(f"changes/{names[0]}-{names[1]}.csv", csv_for_machines(HEADINGS, rows), len(rows))


def _same(row: Mapping[str, str] | None, service: Service | None) -> bool:
    return (
        row is not None and service is not None and (row["status"], row["reason"]) == (service.status, service.reason)
    )


def _outcomes(facts: Facts, units: Sequence[Unit]) -> dict[tuple[str, str, str], str]:
    """Return what became of each window of some units, by location, type and month."""
    facts.load("asked_unit", {"location_id": "VARCHAR", "provider_type": "VARCHAR"}, units, temp=True)
    rows = facts.query(sql(SQL, "sql/windows_of_asked.sql"))
    return {(location_id, kind, month_text(month)): outcome for location_id, kind, month, _, _, outcome, *_ in rows}


def _rows(
    was: Mapping[Unit, Mapping[str, str]],
    now: Mapping[Unit, Service],
    changed: Sequence[Unit],
    outcomes: Mapping[tuple[str, str, str], str],
) -> Iterator[list[object]]:
    for key in changed:
        row, service = was.get(key), now.get(key)
        is_on, was_on = service is not None and service.is_listed, row is not None and row["status"] in LISTED
        missed_then = set(filter(None, row["windows_missed"].split(";"))) if row else set()
        missed_now = set(filter(None, service.missed_months.split(";"))) if service else set()
        why, windows = _why(key, service, row, missed_then - missed_now, missed_now - missed_then, outcomes)
        said: Mapping[str, object] = service._asdict() if service is not None else row or {}
        yield [
            "moved" if is_on and was_on else "entered" if is_on else "left",
            *(said[name] or "" for name in SERVICE),
            row["status"] if row else "", row["reason"] if row else "",
            service.status if service else "", service.reason if service else "", why, ";".join(sorted(windows)),
        ]  # fmt: skip


def _why(
    key: Unit,
    service: Service | None,
    row: Mapping[str, str] | None,
    lost: set[str],
    gained: set[str],
    outcomes: Mapping[tuple[str, str, str], str],
) -> tuple[str, set[str]]:
    """Return why the status is another one, and the windows this rests on."""
    if service is None:
        return "left", lost
    words = [WHY.get(outcomes.get((*key, month), "unknown"), "counted as new") for month in sorted(lost)]
    if row is not None and row["status"] == "new" and service.status != "new":
        words.append("no longer counted as new")
        gained = gained or set(service.missed_months.split(";"))
    elif gained:
        words.append("newly in the exports" if row is None else "missed")
    if not words:
        words.append("counted as new" if service.status == "new" else "the same misses")
    return "; ".join(dict.fromkeys(words)), lost | gained
