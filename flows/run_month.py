"""The main job: take in, judge, check, publish. The steps stand here in reading order, and nowhere else."""

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flows.choosing import Chosen, chosen_release
from flows.made_of import Order, archived_calendar, made_of_month, services_compared
from flows.opening import writing
from flows.replacing import void_approval
from flows.reviewing import Review, review
from flows.sender import sender_of
from flows.settings import workers
from flows.signatures import approvers_of
from flows.skipping import left_out_of, without_skipped
from flows.step import Step, Timed, plain
from pipeline.assess import assessment, checks, findings_of_month
from pipeline.assess.assessment import Judgement
from pipeline.enforce.batches import latest_number, records_of
from pipeline.enforce.queue import KIND as QUEUE
from pipeline.enforce.queue import changes_of_release, due_of, queue_of
from pipeline.errors import CheckFailed, Damaged, HomeBusy, UsageError
from pipeline.intake.ingest import Stores, Taken, files_of, ingest
from pipeline.intake.intakes import live_intakes, utc_text
from pipeline.intake.statements import Statement
from pipeline.record.archive import digest_of
from pipeline.record.decisions import decisions_in_force
from pipeline.record.home import Home
from pipeline.record.register import Ledger
from pipeline.rules.notice_dates import Method
from pipeline.rules.windows import month_text
from reports import contents
from reports.changes import changes_file
from reports.letters.batch import Batch, Plan
from reports.lists.authority import day_words
from reports.lists.services import services_of
from reports.release import (
    SUMS,
    Artefact,
    current,
    damage,
    manifest_of,
    point_to,
    promote,
    put_changes,
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


def run_month(order: Order, moment: dt.datetime, step: Step = plain) -> Published:
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
            frozenset(order.accepted),
        )
        _refuse_open_window(judgement)
        wanted, skipped = files_of(order.inboxes)
        wanted = without_skipped(stores, order.month, wanted, order.skipped, order.by, moment)
        judgement = replace(judgement, left_out=left_out_of(stores, order.month))
        taken = timed("take in", lambda: ingest(stores, wanted, Statement(), order.by, moment))
        made_of = made_of_month(stores, judgement, order, calendar)
        chosen = chosen_release(stores.register, judgement, made_of, order.replaces)
        path = order.home.releases / month_text(order.month) / chosen.release
        if not (chosen.is_published and path.is_dir() and not damage(path)):
            if not chosen.can_be_made:
                raise Damaged(
                    f"releases/{month_text(order.month)}/{chosen.release} cannot be made again: later notices have changed"
                )
            timed("judge", lambda: assessment.assess(stores.facts, judgement))
            timed("find", lambda: findings_of_month.find(stores.facts, judgement))
            fired = timed("check", lambda: _stopped(stores, judgement, order, moment))
            staged = staging / chosen.release
            made = timed("make", lambda: _staged(stores, judgement, staged, chosen, fired))
            changes = timed("compare", lambda: _changes(stores, judgement, order.home, chosen.release))
            timed("publish", lambda: _publish(stores, order, staged, chosen, made, changes, moment))
        is_current = _point(stores, judgement, order, chosen, moment)
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


def _stopped(stores: Stores, judgement: Judgement, order: Order, moment: dt.datetime) -> list[checks.Failure]:
    """Return the checks that fired and were accepted; raises CheckFailed for those that were not."""
    fired = checks.failures(stores.facts, judgement, services_compared(order.home, order.month))
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


@dataclass(frozen=True, slots=True)
class Made:
    """A staged release: the SHA-256 of its SHA256SUMS, and its batch."""

    sums: str
    batch: Batch


def _staged(stores: Stores, judgement: Judgement, staged: Path, chosen: Chosen, fired: list[checks.Failure]) -> Made:
    """Make and stage the release."""
    made_of = chosen.made_of
    sender, missing = sender_of(made_of["settings"])
    plan = Plan(
        dt.date.fromisoformat(made_of["send_on"]), Method(made_of["method"]), sender, missing, made_of["version"],
        made_of["calendar"], workers(), chosen.place,
    )  # fmt: skip
    names = {"id": chosen.release, "made_with": made_of["version"], "compared_with": made_of["compared_with"] or ""}
    artefacts, counts, batch = contents.artefacts_of(stores.facts, judgement, plan, names, staged)
    manifest = contents.manifest(stores.facts, judgement, chosen.release, made_of, [failure.check for failure in fired])
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


def _publish(
    stores: Stores, order: Order, staged: Path, chosen: Chosen, made: Made, changes: Artefact | None,
    moment: dt.datetime,
) -> None:  # fmt: skip
    """Rename the release into place and write it down; a folder left by a killed run must hold the same bytes."""
    month, release = month_text(order.month), chosen.release
    if changes is not None:
        put_changes(order.home.releases, month, changes)
    target = promote(staged, order.home.releases, month, release)
    with stores.register.writing() as ledger:
        recorded = ledger.events("release", release)
        is_other = any(event.body["sums_sha256"] != made.sums for event in recorded)
        if damage(target) or digest_of(target / SUMS) != made.sums or is_other:
            raise Damaged(f"releases/{month}/{release} is not what was published")
        _refuse_overtaken(ledger, order, chosen)
        if not recorded:
            body: dict[str, Any] = {
                "month": month, "sums_sha256": made.sums, "by": order.by, "core": chosen.core,
                "batch": made.batch.name, "checksum": made.batch.checksum, "due": due_of(made.batch.notices),
                "specimen": chosen.made_of["settings"].get("specimen") is True, "approvers": approvers_of(chosen.made_of["settings"]),
            }  # fmt: skip
            if changes is not None:
                body["changes"] = {"path": changes.path, "sha256": changes.entry["sha256"]}
            ledger.append("release", release, body, moment)
            if order.replaces:
                void_approval(ledger, order.replaces, order.by, f"drafted anew as {made.batch.name}", moment)
        ledger.append("run", month, {"ended": "published", "release": release, "by": order.by}, moment)


def _refuse_overtaken(ledger: Ledger, order: Order, chosen: Chosen) -> None:
    """A batch that was approved while this run went on stands; the run has to begin again, beside it."""
    if chosen.is_published:
        return
    newest = latest_number(records_of(ledger, month_text(order.month)).values())
    if newest >= chosen.place.number:
        raise HomeBusy(f"batch {newest:02d} of {month_text(order.month)} was approved meanwhile")


def _point(stores: Stores, judgement: Judgement, order: Order, chosen: Chosen, moment: dt.datetime) -> bool:
    """Make the release current, unless it looks back; say whether it is."""
    with stores.register.writing() as ledger:
        _refuse_overtaken(ledger, order, chosen)
        looks_back = _looks_back(stores, order, chosen.release)
        if not looks_back:
            point_to(order.home.releases, month_text(order.month), chosen.release)
            _write_queue(ledger, judgement, order, chosen, moment)
    return not looks_back


def _write_queue(ledger: Ledger, judgement: Judgement, order: Order, chosen: Chosen, moment: dt.datetime) -> None:
    """Write down what the release changes in the queue of those held; nothing lapses for want of an export."""
    due = ledger.events("release", chosen.release)[-1].body.get("due", [])
    decided = {key for key, body in judgement.decisions.provider_kinds.items() if body["decision"] == "public_body"}
    may_lapse = "provider-type-missing" not in order.accepted
    changes = changes_of_release(
        queue_of(ledger), month_text(order.month), chosen.release, due, chosen.place.noticed, decided
    )
    for key, change in changes:
        if may_lapse or change.get("ended_by") != "lapse":
            ledger.append(QUEUE, key, change, moment)


def _looks_back(stores: Stores, order: Order, release: str) -> bool:
    """Say whether the current release of the month knows live intakes that this one does not, and nobody left out."""
    month = month_text(order.month)
    before = current(order.home.releases, month)
    if before is None or before == release:
        return False
    live = {(i.sha256, i.provider_type, utc_text(i.extracted_at)) for i in live_intakes(stores.register)}
    left_out = left_out_of(stores, order.month)
    known, knew = (
        {
            (line["sha256"], line["provider_type"], line["extracted_at"])
            for line in manifest["inputs"]
            if line["sha256"] not in left_out
        }
        for manifest in (manifest_of(order.home.releases, month, name) for name in (release, before))
    )
    return bool((knew - known) & live)
