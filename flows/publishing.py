"""Publishing a staged release: into its place, written down, its queue kept, and made current, in this order."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.choosing import Chosen
from flows.made_of import Order
from flows.replacing import void_approval
from flows.signatures import approvers_of
from flows.skipping import left_out_of
from pipeline.assess.assessment import Judgement
from pipeline.enforce.batches import latest_number, records_of
from pipeline.enforce.queue import KIND as QUEUE
from pipeline.enforce.queue import changes_of_release, due_of, queue_of
from pipeline.errors import Damaged, HomeBusy
from pipeline.intake.ingest import Stores
from pipeline.intake.intakes import live_intakes, utc_text
from pipeline.record.acceptances import Acceptance, write_down
from pipeline.record.archive import digest_of
from pipeline.record.register import Ledger
from pipeline.rules.windows import month_text
from reports.letters.batch import Batch
from reports.release import SUMS, Artefact, current, damage, manifest_of, point_to, promote, put_changes


@dataclass(frozen=True, slots=True)
class Made:
    """A staged release: the SHA-256 of its SHA256SUMS, and its batch."""

    sums: str
    batch: Batch


def publish(
    stores: Stores, order: Order, staged: Path, chosen: Chosen, accepted: Sequence[Acceptance], made: Made,
    changes: Artefact | None, moment: dt.datetime,
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
        asked = [one for one in accepted if one.check in order.accepted or one.words in order.accepted]
        write_down(ledger, month, asked, order.by, moment)
        ledger.append("run", month, {"ended": "published", "release": release, "by": order.by}, moment)


def _refuse_overtaken(ledger: Ledger, order: Order, chosen: Chosen) -> None:
    """A batch that was approved while this run went on stands; the run has to begin again, beside it."""
    if chosen.is_published:
        return
    newest = latest_number(records_of(ledger, month_text(order.month)).values())
    if newest >= chosen.place.number:
        raise HomeBusy(f"batch {newest:02d} of {month_text(order.month)} was approved meanwhile")


def point(stores: Stores, judgement: Judgement, order: Order, chosen: Chosen, moment: dt.datetime) -> bool:
    """Make the release current, unless it looks back; say whether it is."""
    if _looks_back(stores, order, chosen.release):
        return False
    with stores.register.writing() as ledger:
        _refuse_overtaken(ledger, order, chosen)
        if current(order.home.releases, month_text(order.month)) != chosen.release:
            _write_queue(ledger, judgement, order, chosen, moment)
    with stores.register.writing() as ledger:  # apart, and last: a run killed in between writes the same queue again
        _refuse_overtaken(ledger, order, chosen)
        point_to(order.home.releases, month_text(order.month), chosen.release)
    return True


def _write_queue(ledger: Ledger, judgement: Judgement, order: Order, chosen: Chosen, moment: dt.datetime) -> None:
    """Write down what the release changes in the queue of those held; nothing lapses for want of an export."""
    due = ledger.events("release", chosen.release)[-1].body.get("due")
    if due is None:
        return  # published before there was a queue
    decided = {key for key, body in judgement.decisions.provider_kinds.items() if body["decision"] == "public_body"}
    may_lapse = all(one["check"] != "provider-type-missing" for one in chosen.made_of["accepted"])
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
