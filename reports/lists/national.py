"""The national files: every service, those at risk, providers, and counts by region and authority."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.assess.assessment import LISTED, Outcome, Status
from pipeline.rules.authorities import Authorities
from pipeline.rules.windows import month_text
from reports.lists.services import Service

Cells = list[object]

SERVICE_HEADINGS = (
    "month", "la_code", "local_authority", "region", "location_id", "location_name", "provider_id", "provider_name",
    "provider_type", "registration_status", "registered_on", "user_count", "outcome", "status", "reason",
    "windows_in_a_row", "missed_of_last_12", "windows_missed", "last_submitted_window",
)  # fmt: skip
PROVIDER_HEADINGS = (
    "month",
    "provider_id",
    "provider_name",
    "services_total",
    "services_listed",
    "worst_status",
)
SUMMARY_HEADINGS = (
    "level", "la_code", "local_authority", "region", "provider_type", "services", "submitted", "missed", "excused",
    "not_required", "unknown", "notice_due", "at_risk", "watch", "new", "compliance_rate",
)  # fmt: skip
OUTCOMES = (Outcome.SUBMITTED, Outcome.MISSED, Outcome.EXCUSED, Outcome.NOT_REQUIRED, Outcome.UNKNOWN)
STATUSES = (*LISTED, Status.NEW)
TYPES = ("care_home", "home_care", "")
UNMATCHED = "not matched"


def service_rows(month: dt.date, services: Iterable[Service]) -> list[Cells]:
    """Return the rows of `services.csv` (and of `at-risk.csv`, given the listed ones), in the order given."""
    text = month_text(month)
    return [
        [
            text, s.la_code or "", s.local_authority or UNMATCHED, s.region or "", s.location_id, s.location_name,
            s.provider_id, s.provider_name, s.provider_type, s.registration_status, s.registered_on, s.user_count,
            s.outcome, s.status, s.reason, s.run_all, s.misses_within, s.missed_months,
            month_text(s.last_submitted) if s.last_submitted else "",
        ]
        for s in services
    ]  # fmt: skip


def provider_rows(month: dt.date, services: Sequence[Service]) -> list[Cells]:
    """Return one row per provider with a listed service; a service without a provider id stands alone."""
    order = [status.value for status in LISTED]
    of_provider: dict[str, list[Service]] = {}
    for service in services:
        of_provider.setdefault(service.provider_id or f" {service.location_id}", []).append(service)
    rows: list[Cells] = []
    for _, group in sorted(of_provider.items()):
        listed = [service for service in group if service.is_listed]
        if listed:
            worst = min((service.status for service in listed), key=order.index)
            first = listed[0]
            rows.append([month_text(month), first.provider_id, first.provider_name, len(group), len(listed), worst])
    return rows


def summary_rows(services: Sequence[Service], authorities: Authorities) -> list[Cells]:
    """Return counts for England, the regions and every authority in force, each by provider type and together."""
    counts: dict[tuple[str, str, str], Counter[str]] = {}
    same = Counter((s.la_code or UNMATCHED, s.region or "", s.provider_type, s.outcome, s.status) for s in services)
    for (code, region, provider_type, outcome, status), n in same.items():
        for place in (("england", ""), ("region", region), ("authority", code)):
            for kind in (provider_type, ""):
                counter = counts.setdefault((*place, kind), Counter())
                counter.update({f"outcome {outcome}": n, f"status {status}": n, "services": n})
    rows = [_summary("england", "", "", "", kind, counts.get(("england", "", kind))) for kind in TYPES]
    for region in sorted({authority.region for authority in authorities.all}):
        rows += [_summary("region", "", "", region, kind, counts.get(("region", region, kind))) for kind in TYPES]
    for a in authorities.all:
        rows += [
            _summary("authority", a.la_code, a.name, a.region, kind, counts.get(("authority", a.la_code, kind)))
            for kind in TYPES
        ]
    if ("authority", UNMATCHED, "") in counts:
        rows += [
            _summary("authority", "", UNMATCHED, "", kind, counts.get(("authority", UNMATCHED, kind))) for kind in TYPES
        ]
    return rows


def _summary(level: str, code: str, name: str, region: str, kind: str, counter: Counter[str] | None) -> Cells:
    counter = counter or Counter()
    submitted, missed = counter["outcome submitted"], counter["outcome missed"]
    rate = f"{submitted / (submitted + missed):.4f}" if submitted + missed else ""
    return [
        level, code, name, region, kind, counter["services"],
        *(counter[f"outcome {outcome}"] for outcome in OUTCOMES),
        *(counter[f"status {status}"] for status in STATUSES),
        rate,
    ]  # fmt: skip
