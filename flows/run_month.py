"""The main job: take in, judge, check, publish. The steps stand here in reading order, and nowhere else."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flows.choosing import Chosen, chosen_release
from flows.made_of import Order, archived_calendar, made_of_month, services_compared
from flows.opening import writing
from flows.publishing import Made, point, publish
from flows.reviewing import Review, review
from flows.sender import sender_of
from flows.settings import workers
from flows.skipping import left_out_of, without_skipped
from flows.step import Step, Timed, plain
from pipeline.assess import assessment, checks, findings_of_month
from pipeline.assess.assessment import Judgement
from pipeline.errors import CheckFailed, Damaged, UsageError
from pipeline.intake.arriving import files_of
from pipeline.intake.ingest import Stores, Taken, ingest
from pipeline.intake.statements import Statement
from pipeline.record import acceptances
from pipeline.record.decisions import decisions_in_force
from pipeline.record.home import Home
from pipeline.rules.notice_dates import Method
from pipeline.rules.windows import month_text
from reports import contents
from reports.changes import changes_file
from reports.letters.making import Letters, make_all
from reports.letters.making import Made as MadeLetter
from reports.letters.making import Order as Letter
from reports.letters.work import Plan
from reports.lists.authority import day_words
from reports.lists.services import services_of
from reports.release import (
    Artefact,
    current,
    damage,
    manifest_of,
    services_published,
    stage,
)  # fmt: skip


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
    reviews: list[Review]


def on_this_machine(orders: Sequence[Letter], seconds: int) -> Iterable[MadeLetter]:
    """Make letters on all cores; a letter may take so many seconds."""
    return make_all(orders, workers(), seconds)


def run_month(order: Order, moment: dt.datetime, step: Step = plain, letters: Letters = on_this_machine) -> Published:
    """Publish the release of a month, or find that it is published already.

    Raises UsageError for a window that has not closed, InputsRefused, CheckFailed, HomeBusy; then nothing is published.
    """
    seconds: dict[str, float] = {}
    timed = Timed(step, seconds)
    with writing(order.home, moment) as (stores, staging):
        calendar, days = archived_calendar(stores, order.home, moment)
        judgement = Judgement(
            order.month,
            order.as_at,
            days,
            stores.parameters,
            decisions_in_force(stores.register),
        )
        _refuse_open_window(judgement)
        wanted, skipped = files_of(order.inboxes)
        wanted = without_skipped(stores, order.month, wanted, order.skipped, order.by, moment)
        standing = acceptances.standing(stores.register, month_text(order.month))
        asked = frozenset(order.accepted) | {one.words for one in standing.values()}
        judgement = replace(
            judgement, left_out=left_out_of(stores, order.month), accepted=asked,
            whole_registers=acceptances.whole_registers(stores.register, month_text(order.month)),
        )  # fmt: skip
        taken = timed("take in", lambda: ingest(stores, wanted, Statement(), order.by, moment))
        timed("judge", lambda: assessment.assess(stores.facts, judgement))
        fired = timed(
            "check", lambda: checks.failures(stores.facts, judgement, services_compared(order.home, order.month))
        )
        accepted, stopping = checks.sorted_out(fired, order.accepted, standing)
        _refuse_stopping(stores, order, stopping, taken, skipped, moment)
        made_of = made_of_month(stores, judgement, order, calendar, accepted)
        chosen = chosen_release(stores.register, judgement, made_of, order.replaces)
        path = order.home.releases / month_text(order.month) / chosen.release
        if not (chosen.is_published and path.is_dir() and not damage(path)):
            if not chosen.can_be_made:
                raise Damaged(
                    f"releases/{month_text(order.month)}/{chosen.release} cannot be made again: later notices have changed"
                )
            timed("find", lambda: findings_of_month.find(stores.facts, judgement))
            staged = staging / chosen.release
            made = timed("make", lambda: _staged(stores, judgement, staged, chosen, letters))
            changes = timed("compare", lambda: _changes(stores, judgement, order.home, chosen.release))
            timed("publish", lambda: publish(stores, order, staged, chosen, accepted, made, changes, moment))
        is_current = point(stores, judgement, order, chosen, moment)
        reviews = review(stores, order.home, judgement, order.by, moment) if is_current else []
        manifest = manifest_of(order.home.releases, month_text(order.month), chosen.release)
        return Published(
            order.month, chosen.release, path, manifest, taken, skipped, not chosen.is_published, seconds, reviews
        )


def _refuse_open_window(judgement: Judgement) -> None:
    window = judgement.window
    if judgement.as_at <= window.closes_on:
        raise UsageError(
            f"The window of {month_text(judgement.month)} closes at the end of {day_words(window.closes_on)}. "
            f"It can be run from {day_words(window.run_on)}."
        )


def _refuse_stopping(
    stores: Stores,
    order: Order,
    stopping: list[checks.Failure],
    taken: list[Taken],
    skipped: list[Path],
    moment: dt.datetime,
) -> None:
    """Raise CheckFailed for checks that fired and that nobody accepted, saying how to go on."""
    if not stopping:
        return
    names = [failure.check for failure in stopping]
    body = {"ended": "stopped", "checks": names, "by": order.by}
    stores.register.append("run", month_text(order.month), body, moment)
    words = dict(order.accepted) | {name: "WHY" for failure in stopping for name in failure.accept}
    accept = " ".join(f'--accept {name} --because "{why}"' for name, why in words.items())
    raise CheckFailed(
        [(failure.check, failure.message(5, stores.parameters.on(order.month))) for failure in stopping],
        f"To publish all the same, add to the command: {accept}",
        taken,
        skipped,
    )


def _staged(stores: Stores, judgement: Judgement, staged: Path, chosen: Chosen, letters: Letters) -> Made:
    """Make and stage the release."""
    made_of = chosen.made_of
    sender, missing = sender_of(made_of["settings"])
    plan = Plan(
        dt.date.fromisoformat(made_of["send_on"]), Method(made_of["method"]), sender, missing, made_of["version"],
        made_of["calendar"], letters, chosen.place,
    )  # fmt: skip
    names = {"id": chosen.release, "made_with": made_of["version"], "compared_with": made_of["compared_with"] or ""}
    artefacts, counts, batch = contents.artefacts_of(stores.facts, judgement, plan, names, staged)
    manifest = contents.manifest(stores.facts, judgement, chosen.release, made_of)
    return Made(stage(staged, artefacts, {**manifest, "counts": counts}), batch)


def _changes(stores: Stores, judgement: Judgement, home: Home, release: str) -> Artefact | None:
    """Return the file that compares the release with the current one of the month, where there is another one."""
    month = month_text(judgement.month)
    try:
        before = current(home.releases, month)
    except Damaged:  # it was lost, and may be the very one that is made again
        return None
    if before is None or before == release:
        return None
    services = services_of(stores.facts, judgement)
    return changes_file(stores.facts, services_published(home.releases, month, before), services, (before, release))
