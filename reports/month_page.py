"""The month at a glance: one plain HTML page with counts, trend, regions, authorities, changes and findings."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from pipeline.assess.assessment import LISTED, PROVIDER_TYPES, SQL, Judgement, Status
from pipeline.intake.findings import catalogue, support_of
from pipeline.record.facts import Facts, Row, sql
from pipeline.rules.parameters import InForce
from pipeline.rules.windows import add_months, month_text, window_for
from reports.letters.batch import Batch
from reports.lists.authority import TYPE_WORDS, day_words
from reports.lists.national import UNMATCHED
from reports.lists.services import Service

STATUS_WORDS = {
    Status.NOTICE_DUE: "Notice due", Status.AT_RISK: "At risk", Status.WATCH: "Watch", Status.MISSED: "Missed",
    Status.UNKNOWN: "Unknown", Status.NEW: "New", Status.COMPLIANT: "Compliant", Status.NOT_REQUIRED: "Not required",
}  # fmt: skip
OWNERS = ("the provider", "council", "CQC", "us")  # beside those who support Capacity Tracker
MOST_EXAMPLES = 20


def month_page(
    facts: Facts,
    judgement: Judgement,
    services: Sequence[Service],
    found: Sequence[Row],
    release: dict[str, str],
    batch: Batch,
) -> str:
    """Return the page of a judged month; values can never become markup."""
    environment = Environment(
        loader=FunctionLoader(_template), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    window = judgement.window
    following = window_for(add_months(judgement.month, 1), judgement.days, judgement.parameters)
    return environment.get_template("month_page.html.j2").render(
        title=f"{judgement.month:%B %Y}",
        month=month_text(judgement.month),
        release=release,
        batch=batch,
        window=f"{day_words(window.opens_on)} to {day_words(window.closes_on)}",
        following=f"{day_words(following.opens_on)} to {day_words(following.closes_on)}",
        type_words=TYPE_WORDS,
        statuses=_statuses(services),
        trend=_trend(facts, judgement),
        regions=_places(services, "region"),
        authorities=_places(services, "local_authority"),
        changes=_changes(facts, services),
        findings=[
            (owner_words(owner), rules)
            for owner, rules in findings_by_owner(found, judgement.parameters.on(judgement.month))
        ],
    )


def _template(name: str) -> str:
    return files("templates").joinpath(name).read_text(encoding="utf-8")


def _statuses(services: Sequence[Service]) -> list[tuple[str, list[int]]]:
    counter = Counter((service.status, service.provider_type) for service in services)
    rows = []
    for status, words in STATUS_WORDS.items():
        numbers = [counter[status, kind] for kind in PROVIDER_TYPES]
        rows.append((words, [*numbers, sum(numbers)]))
    return rows


def _trend(facts: Facts, judgement: Judgement) -> list[tuple[str, list[str]]]:
    """Return, for each of the last windows, the share submitted by type, of today's services."""
    within = judgement.parameters.on(judgement.month).number("notice_within_windows")
    counts: dict[dt.date, Counter[tuple[str, str]]] = {}
    for month, kind, outcome, units in facts.query(
        sql(SQL, "sql/trend.sql"), {"month": judgement.month, "within": within}
    ):
        counts.setdefault(month, Counter())[kind, outcome] = units
    return [(f"{month:%B %Y}", [_share(counter, kind) for kind in PROVIDER_TYPES]) for month, counter in counts.items()]


def _share(counter: Counter[tuple[str, str]], kind: str) -> str:
    submitted, missed = counter[kind, "submitted"], counter[kind, "missed"]
    return f"{100 * submitted / (submitted + missed):.1f} %" if submitted + missed else "no evidence"


def _places(services: Sequence[Service], attribute: str) -> list[tuple[str, list[int | str]]]:
    """Return one row a region or authority: services, missed, listed by status, and the share submitted."""
    groups: dict[str, Counter[str]] = {}
    same = Counter((getattr(service, attribute) or UNMATCHED, service.outcome, service.status) for service in services)
    for (name, outcome, status), n in same.items():
        groups.setdefault(name, Counter()).update({"services": n, f"outcome {outcome}": n, f"status {status}": n})
    rows = []
    for name, counter in sorted(groups.items()):
        submitted, missed = counter["outcome submitted"], counter["outcome missed"]
        rate = f"{100 * submitted / (submitted + missed):.1f} %" if submitted + missed else ""
        numbers: list[int | str] = [
            counter["services"],
            missed,
            *(counter[f"status {status}"] for status in LISTED),
            rate,
        ]
        rows.append((name, numbers))
    return rows


def _changes(facts: Facts, services: Sequence[Service]) -> dict[str, Any]:
    """Return who came onto the lists and who left them since the month before, from the same inputs."""
    before = {
        (location_id, kind): status
        for location_id, kind, status in facts.query("SELECT location_id, provider_type, status FROM service_before")
    }
    now = {(service.location_id, service.provider_type): service for service in services}
    worse = [
        (service, STATUS_WORDS[Status(before[key])] if key in before else "not listed in the exports")
        for key, service in now.items()
        if service.is_listed and before.get(key) != service.status
    ]
    left = Counter(
        (
            STATUS_WORDS[Status(status)],
            STATUS_WORDS[Status(now[key].status)] if key in now else "in no export",
        )
        for key, status in before.items()
        if status in LISTED and (key not in now or not now[key].is_listed)
    )
    return {
        "entered": [
            (STATUS_WORDS[Status(s.status)], was, s.local_authority or UNMATCHED, s.location_id, s.location_name,
             TYPE_WORDS[s.provider_type], s.reason)
            for s, was in worse
        ],
        "left": sorted((was, now_is, count) for (was, now_is), count in left.items()),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule that found something: how often, what to do, and some of the places."""

    name: str
    severity: str
    action: str
    count: int
    examples: list[tuple[str, str, int | str, str, str]]  # file, sheet, row, column, value


def owner_words(owner: str) -> str:
    """Return for whom findings are."""
    if owner not in OWNERS:
        return f"For {owner}, who run Capacity Tracker"
    return f"For the {owner}" if owner == "council" else f"For {owner}"


def findings_by_owner(found: Sequence[Row], in_force: InForce) -> list[tuple[str, list[Rule]]]:
    """Return, for each who can mend something, the rules that found it, the serious first; of each up to 20 places."""
    words, order = catalogue(in_force), {"error": 0, "warning": 1, "info": 2}
    places: dict[str, list[tuple[str, str, int | str, str, str]]] = {}
    for file, _, sheet, row, column, value, rule in found:
        places.setdefault(rule, []).append((file, sheet, row or "", column, value))
    owners = [*OWNERS[:2], support_of(in_force), *OWNERS[2:]]
    by_owner: dict[str, list[Rule]] = {owner: [] for owner in owners}
    for name, examples in places.items():
        says = words[name]
        by_owner[says["owner"]].append(
            Rule(name, says["severity"], says["action"], len(examples), examples[:MOST_EXAMPLES])
        )
    for rules in by_owner.values():
        rules.sort(key=lambda rule: (order[rule.severity], rule.name))
    return [(owner, rules) for owner, rules in by_owner.items() if rules]
