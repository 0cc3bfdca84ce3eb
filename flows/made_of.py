"""What a run is asked for, and all that the release it makes is made of (CONTRACT 1)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flows.settings import read_calendar, settings_of_releases
from flows.skipping import skipped_files
from pipeline.assess.assessment import Judgement
from pipeline.intake.ingest import Stores
from pipeline.intake.intakes import live_intakes, utc_text
from pipeline.record.acceptances import Acceptance
from pipeline.record.facts import Row
from pipeline.record.home import Home
from pipeline.rules.notice_dates import Method, check_sending_day, planned_sending_day
from pipeline.rules.windows import month_text, start_of
from pipeline.rules.working_days import ONE_DAY, WorkingDays
from reports.release import last_before, services_published


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is asked for; `accepted` maps a check (CHECK, or CHECK:TYPE), and `skipped` a file, to the words with which it was; `replaces`
    names a batch that its draft replaces."""

    home: Home
    month: dt.date
    as_at: dt.date
    by: str
    inboxes: Sequence[Path] = ()
    send_on: dt.date | None = None
    accepted: Mapping[str, str] = field(default_factory=dict)
    skipped: Mapping[str, str] = field(default_factory=dict)
    method: Method = Method.POST
    replaces: str = ""


def made_of_month(
    stores: Stores, judgement: Judgement, order: Order, calendar: str | None, accepted: Sequence[Acceptance]
) -> dict[str, Any]:
    """Return what every release of the order is made of (CONTRACT 1); the batch's place among earlier notices comes on top.

    `accepted` are the checks that fired and were accepted: one that did not fire changes nothing.
    """
    in_force = judgement.parameters.on(judgement.month)
    send_on = order.send_on or planned_sending_day(judgement.window, judgement.days, in_force)
    check_sending_day(send_on, judgement.window, judgement.days, in_force)
    known_before = start_of(judgement.as_at + ONE_DAY)
    intakes = sorted(
        [i.sha256, i.kind, i.provider_type, utc_text(i.extracted_at), i.file]  # findings and manifest show the name
        for i in live_intakes(stores.register)
        if i.ranked_at < known_before and i.sha256 not in judgement.left_out
    )
    earlier = last_before(order.home.releases, month_text(order.month))
    return {
        "month": month_text(judgement.month),
        "intakes": intakes,
        "decisions": list(judgement.decisions.canonical),
        "accepted": [one.body for one in accepted],
        **({"whole_registers": sorted(judgement.whole_registers)} if judgement.whole_registers else {}),
        "skipped": skipped_files(stores, judgement.month),
        "settings": settings_of_releases(order.home),
        "calendar": calendar,
        "parameters": judgement.parameters.canonical(),
        "version": version("asc-compliance"),
        "send_on": send_on.isoformat(),
        "method": order.method.value,
        "compared_with": earlier[1] if earlier else None,
    }


def services_compared(home: Home, month: dt.date) -> list[Row]:
    """Return the services of the current release of the last earlier month."""
    earlier = last_before(home.releases, month_text(month))
    rows = services_published(home.releases, *earlier) if earlier is not None else []
    return [
        (row["la_code"], row["local_authority"], row["provider_type"], row["location_id"], row["status"])
        for row in rows
    ]


def archived_calendar(stores: Stores, home: Home, moment: dt.datetime) -> tuple[str | None, WorkingDays]:
    """Archive the home's calendar, an input like any other, and return its digest and the working days it gives."""
    if not home.calendar.exists():
        return None, WorkingDays()
    sha256 = stores.archive.add(home.calendar)
    if not stores.register.events("calendar", sha256):
        stores.register.append("calendar", sha256, {"file": home.calendar.name}, moment)
    return sha256, read_calendar(stores.archive.checked(sha256), home.calendar.name)
