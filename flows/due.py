"""Which months wait to be run, and what is still missing for them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.opening import has_register, reading, register_of
from flows.settings import calendar_of, parameters
from flows.skipping import left_out_of
from pipeline import reference
from pipeline.assess.assessment import PROVIDER_TYPES
from pipeline.intake.ingest import Stores
from pipeline.record.facts import utc
from pipeline.record.home import Home
from pipeline.rules.windows import COLLECTION_BEGAN, Window, add_months, month_text, window_for
from pipeline.rules.working_days import WorkingDays


def _register() -> dict[str, Any]:
    words = reference.toml("exports.toml")["register"]
    return {"what": words["what"], "how": list(words["how"])}


def _export(kind: str, window: Window) -> dict[str, Any]:
    """Return what a missing status export is, and the criteria to click for it."""
    words, name = reference.toml("exports.toml")["status"], kind.replace("_", " ")
    said = {
        "type": name, "Type": name.title(), "month": month_text(window.month), "closes_on": window.closes_on,
        "example": f"status {name} {window.run_on.isoformat()}.csv",
    }  # fmt: skip
    return {"what": words["what"].format(**said), "how": [line.format(**said) for line in words["how"]]}


@dataclass(frozen=True, slots=True)
class Due:
    """A month that can be run and is not published, and which inputs it lacks, each with how to get it."""

    window: Window
    missing: Mapping[str, Sequence[str]]

    @property
    def month(self) -> str:
        """The month, as 2024-12."""
        return month_text(self.window.month)


def due_months(home: Home, as_at: dt.date, moment: dt.datetime) -> list[Due]:
    """Return the months whose run day has come without a release, oldest first (CONTRACT 2).

    They start after the first release; with no release, only the newest such month is due.
    """
    found = due_windows(home, as_at)
    if not found:
        return []
    if not has_register(home):
        nothing = [*(_export(kind, found[-1]) for kind in PROVIDER_TYPES), _register()]
        return [Due(window, _how(nothing)) for window in found]
    with reading(home, moment) as (stores, _):
        return [Due(window, _how(_missing(stores, window, as_at))) for window in found]


def due_windows(home: Home, as_at: dt.date) -> list[Window]:
    """Return the windows of the months that are due, oldest first."""
    days, values = calendar_of(home), parameters()
    published = published_months(home)
    month = as_at.replace(day=1)
    found: list[Window] = []
    while month >= COLLECTION_BEGAN and (not published or month_text(month) > published[0]):
        window = window_for(month, days, values)
        if window.run_on <= as_at and month_text(month) not in published:
            found.append(window)
            if not published:
                break
        month = add_months(month, -1)
    return found[::-1]


def published_months(home: Home) -> list[str]:
    """Return the months that the register says were published, and of which a release is current, sorted."""
    if not has_register(home):
        return []
    register = register_of(home.made())
    done = {event.subject for event in register.events("run") if event.body["ended"] == "published"}
    register.close()
    return sorted(done & {path.parent.name for path in home.releases.glob("????-??/CURRENT")})


def next_run_day(as_at: dt.date, days: WorkingDays) -> dt.date:
    """Return the first run day after a day."""
    month, values = add_months(as_at.replace(day=1), -1), parameters()
    while (window := window_for(month, days, values)).run_on <= as_at:
        month = add_months(month, 1)
    return window.run_on


def _how(missing: list[dict[str, Any]]) -> dict[str, Sequence[str]]:
    return {one["what"]: one["how"] for one in missing}


def _missing(stores: Stores, window: Window, as_at: dt.date) -> list[dict[str, Any]]:
    """Return what a month still lacks: for each type an export, or a record-level extract, taken after the close; and a
    register.  What was left out of the month is not there."""
    left_out = sorted(left_out_of(stores, window.month))
    held = stores.facts.query(
        "SELECT DISTINCT row.provider_type FROM core_unit_row AS row INNER JOIN core_intake AS intake USING (intake_no)"
        " WHERE intake.ranked_at >= CAST($closed_at AS TIMESTAMP) AND intake.ranked_on <= $as_at AND (intake.kind = 'record_level'"
        " OR intake_no IN (SELECT intake_no FROM core_status_column WHERE window_month = $month))"
        " AND NOT list_contains($left_out, intake.sha256)",
        {"month": window.month, "closed_at": utc(window.closed_at), "as_at": as_at, "left_out": left_out},
    )
    missing = [_export(kind, window) for kind in PROVIDER_TYPES if (kind,) not in held]
    registers = stores.facts.value(
        "SELECT count(*) FROM core_intake WHERE kind = 'service_register' AND NOT list_contains($left_out, sha256)",
        {"left_out": left_out},
    )
    return missing + ([] if registers else [_register()])
