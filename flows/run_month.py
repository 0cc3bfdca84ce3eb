"""The main job: take in, judge, check, publish. The steps stand here in reading order, and nowhere else."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flows.opening import writing
from flows.sender import sender_of
from flows.settings import read_calendar, settings_of, workers
from flows.step import Step, Timed, plain
from pipeline.assess import assessment, checks, findings_of_month
from pipeline.assess.assessment import Judgement
from pipeline.errors import CheckFailed, Damaged, UsageError
from pipeline.intake.ingest import Stores, Taken, files_of, ingest, live_intakes, utc_text
from pipeline.intake.statements import Statement
from pipeline.record.archive import digest_of
from pipeline.record.decisions import decisions_in_force
from pipeline.record.facts import Row
from pipeline.record.home import Home
from pipeline.rules.notice_dates import Method, check_sending_day, planned_sending_day
from pipeline.rules.windows import month_text, start_of
from pipeline.rules.working_days import ONE_DAY, WorkingDays
from reports import contents
from reports.letters.batch import Plan
from reports.lists.authority import day_words
from reports.release import (
    SUMS,
    current,
    damage,
    last_before,
    manifest_of,
    point_to,
    promote,
    release_id,
    services_published,
    stage,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is asked for; `accepted` maps a check to the words with which it was accepted."""

    home: Home
    month: dt.date
    as_at: dt.date
    by: str
    inboxes: Sequence[Path] = ()
    send_on: dt.date | None = None
    accepted: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Published:
    """What a run came to."""

    month: dt.date
    release: str
    path: Path
    manifest: dict[str, Any]
    taken: list[Taken]
    skipped: list[Path]
    is_new: bool
    seconds: dict[str, float]


def run_month(order: Order, moment: dt.datetime, step: Step = plain) -> Published:
    """Publish the release of a month, or find that it is published already.

    Raises UsageError for a window that has not closed, InputsRefused, CheckFailed, HomeBusy; then nothing is published.
    """
    seconds: dict[str, float] = {}
    timed = Timed(step, seconds)
    with writing(order.home, moment) as (stores, staging):
        calendar, days = _calendar(stores, order.home, moment)
        judgement = Judgement(
            order.month,
            order.as_at,
            days,
            stores.parameters,
            decisions_in_force(stores.register),
            frozenset(order.accepted),
        )
        _refuse_open_window(judgement)
        wanted, skipped = files_of(order.inboxes)
        taken = timed("take in", lambda: ingest(stores, wanted, Statement(), order.by, moment))
        made_of, previous = _made_of(stores, judgement, order, calendar)
        release = release_id(made_of)
        published = _recorded(stores, order.month, release)
        path = order.home.releases / month_text(order.month) / release
        if not (published and path.is_dir() and not damage(path)):
            timed("judge", lambda: assessment.assess(stores.facts, judgement))
            timed("find", lambda: findings_of_month.find(stores.facts, judgement))
            fired = timed("check", lambda: _stopped(stores, judgement, order, previous, moment))
            staged = staging / release
            sums = timed("make", lambda: _staged(stores, judgement, staged, release, made_of, fired))
            timed("publish", lambda: _publish(stores, order, staged, release, sums, moment))
        _point(stores, order, release)
        return Published(
            order.month, release, path, manifest_of(order.home.releases, month_text(order.month), release), taken, skipped,
            not published, seconds,
        )  # fmt: skip


def _refuse_open_window(judgement: Judgement) -> None:
    window = judgement.window
    if judgement.as_at <= window.closes_on:
        raise UsageError(
            f"The window of {month_text(judgement.month)} closes at the end of {day_words(window.closes_on)}. "
            f"It can be run from {day_words(window.run_on)}."
        )


def _made_of(
    stores: Stores, judgement: Judgement, order: Order, calendar: str | None
) -> tuple[dict[str, Any], list[Row]]:
    """Return what the release is made of (CONTRACT 1), and the services of the release it is compared with."""
    in_force = judgement.parameters.on(judgement.month)
    send_on = order.send_on or planned_sending_day(judgement.window, judgement.days, in_force)
    check_sending_day(send_on, judgement.window, judgement.days, in_force)
    known_before = start_of(judgement.as_at + ONE_DAY)
    intakes = sorted(
        [i.sha256, i.kind, i.provider_type, utc_text(i.extracted_at), i.file]  # findings and manifest show the name
        for i in live_intakes(stores.register)
        if i.ranked_at < known_before
    )
    earlier = last_before(order.home.releases, month_text(order.month))
    previous: list[Row] = []
    if earlier is not None:
        previous = [
            (row["la_code"], row["local_authority"], row["provider_type"], row["location_id"], row["status"])
            for row in services_published(order.home.releases, *earlier)
        ]
    made_of = {
        "month": month_text(judgement.month),
        "intakes": intakes,
        "decisions": list(judgement.decisions.canonical),
        "accepted": dict(order.accepted),
        "settings": settings_of(order.home),
        "calendar": calendar,
        "parameters": judgement.parameters.canonical(),
        "version": version("asc-compliance"),
        "send_on": send_on.isoformat(),
        "method": Method.POST.value,
        "compared_with": earlier[1] if earlier else None,
    }
    return made_of, previous


def _calendar(stores: Stores, home: Home, moment: dt.datetime) -> tuple[str | None, WorkingDays]:
    """Archive the home's calendar, an input like any other, and return its digest and the working days it gives."""
    if not home.calendar.exists():
        return None, WorkingDays()
    sha256 = stores.archive.add(home.calendar)
    if not stores.register.events("calendar", sha256):
        stores.register.append("calendar", sha256, {"file": home.calendar.name}, moment)
    return sha256, read_calendar(stores.archive.checked(sha256), home.calendar.name)


def _recorded(stores: Stores, month: dt.date, release: str) -> bool:
    return any(event.body["month"] == month_text(month) for event in stores.register.events("release", release))


def _stopped(
    stores: Stores, judgement: Judgement, order: Order, previous: list[Row], moment: dt.datetime
) -> list[checks.Failure]:
    """Return the checks that fired and were accepted; raises CheckFailed for those that were not."""
    fired = checks.failures(stores.facts, judgement, previous)
    stopping = [failure for failure in fired if failure.check not in order.accepted]
    if stopping:
        names = [failure.check for failure in stopping]
        stores.register.append(
            "run", month_text(order.month), {"ended": "stopped", "checks": names, "by": order.by}, moment
        )
        words = {**order.accepted, **dict.fromkeys(names, "WHY")}
        accept = " ".join(f'--accept {name} --because "{why}"' for name, why in words.items())
        raise CheckFailed(
            [(failure.check, failure.message(5)) for failure in stopping],
            f"To publish all the same, add to the command: {accept}",
        )
    return fired


def _staged(
    stores: Stores,
    judgement: Judgement,
    staged: Path,
    release: str,
    made_of: dict[str, Any],
    fired: list[checks.Failure],
) -> str:
    """Make and stage the release; returns the SHA-256 of its SHA256SUMS."""
    sender, missing = sender_of(made_of["settings"])
    plan = Plan(
        dt.date.fromisoformat(made_of["send_on"]), Method(made_of["method"]), sender, missing, made_of["version"],
        made_of["calendar"], workers(),
    )  # fmt: skip
    names = {"id": release, "made_with": made_of["version"], "compared_with": made_of["compared_with"] or ""}
    artefacts, counts = contents.artefacts_of(stores.facts, judgement, plan, names, staged)
    manifest = contents.manifest(stores.facts, judgement, release, made_of, [failure.check for failure in fired])
    return stage(staged, artefacts, {**manifest, "counts": counts})


def _publish(stores: Stores, order: Order, staged: Path, release: str, sums: str, moment: dt.datetime) -> None:
    """Rename the release into place and write it down; a folder left by a killed run must hold the same bytes."""
    month = month_text(order.month)
    target = promote(staged, order.home.releases, month, release)
    recorded = stores.register.events("release", release)
    if damage(target) or digest_of(target / SUMS) != sums or any(e.body["sums_sha256"] != sums for e in recorded):
        raise Damaged(f"releases/{month}/{release} is not what was published")
    if not recorded:
        stores.register.append("release", release, {"month": month, "sums_sha256": sums, "by": order.by}, moment)
    stores.register.append("run", month, {"ended": "published", "release": release, "by": order.by}, moment)


def _point(stores: Stores, order: Order, release: str) -> None:
    """Make the release current, unless it looks back: the current one knows live intakes that this one does not."""
    month = month_text(order.month)
    before = current(order.home.releases, month)
    if before is not None and before != release:
        live = {(i.sha256, i.provider_type, utc_text(i.extracted_at)) for i in live_intakes(stores.register)}
        known, knew = (
            {(line["sha256"], line["provider_type"], line["extracted_at"]) for line in manifest["inputs"]}
            for manifest in (manifest_of(order.home.releases, month, name) for name in (release, before))
        )
        if (knew - known) & live:
            return
    point_to(order.home.releases, month, release)
