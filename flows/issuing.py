"""Issuing a batch: the letters that still stand that day, written down as sent before anything can be posted."""

import datetime as dt
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.opening import writing
from flows.receipts import receipt_bytes, receipt_of
from flows.settings import calendar_of
from flows.signatures import drafted_settings, proof_of
from pipeline.assess.assessment import Judgement
from pipeline.enforce import batches, cases, standing
from pipeline.enforce.grounds import grounds_of
from pipeline.enforce.lawful import check_step
from pipeline.enforce.steps import Stage
from pipeline.errors import Damaged, HomeBusy, UnlawfulStep
from pipeline.intake.ingest import Stores
from pipeline.record.archive import digest_of
from pipeline.record.decisions import decisions_in_force
from pipeline.record.home import Home, sync_folder, write_whole
from pipeline.record.register import Ledger
from pipeline.rules.notice_dates import Method, is_out_of_season, notice_dates
from pipeline.rules.windows import newest_opened, parse_month, window_for
from reports.batches import PublishedBatch, batch_named
from reports.dispatch import dispatch_folder, dispatch_of, receipt_path
from reports.release import SUMS, damage


@dataclass(frozen=True, slots=True)
class Issue:
    """What a batch is issued with: by whom, and when and how it is sent."""

    batch: str
    by: str
    sent_on: dt.date
    method: Method


def issue(home: Home, order: Issue, signature: Path | None, moment: dt.datetime) -> dict[str, Any]:
    """Write down that the letters of an approved batch are sent, and put what is to be sent into `dispatch/`.

    Letters that no longer stand are taken out. A batch that was issued with the same words before has its dispatch put
    back where it was lost, and nothing else happens. Raises UnlawfulStep.
    """
    with writing(home, moment) as (stores, staging):
        published = batch_named(home.releases, order.batch, batches.records_of(stores.register))
        if published.record is not None and published.record.issue is not None:
            return _again(stores, home, published, order, staging)
        _check_approved(published)
        proof = proof_of(
            drafted_settings(stores.register, home, published.release),
            "issue",
            order.batch,
            published.checksum,
            order.by,
            signature,
        )
        sent, taken_out = _sorted_out(stores, home, published, order)
        staged = _staged(stores, home, published, sent, taken_out, staging)
        said = {
            "month": published.month, "checksum": published.checksum, "by": order.by, "sent_on": order.sent_on.isoformat(),
            "method": order.method.value, "letters": len(sent), "taken_out": taken_out, "sent": sent,
            "dispatch_sums": digest_of(staged / SUMS), **proof,
        }  # fmt: skip
        with stores.register.writing() as ledger:
            _write_down(ledger, order, sent, taken_out, said, moment)
        return _put_in_place(stores, home, published, staged)


def _check_approved(published: PublishedBatch) -> None:
    record = published.record
    if record is None:
        raise UnlawfulStep(published.name, "issue", "nobody has approved it (a second person has to)")
    if record.is_replaced:
        raise UnlawfulStep(published.name, "issue", "it was replaced, and its approval is void")
    damaged = published.damage
    if damaged or published.checksum != record.approval["checksum"]:
        problem = damaged[0] if damaged else f"{SUMS}: changed"
        raise UnlawfulStep(
            published.name, "issue", f"it is not as it was approved ({problem}); its approval has lapsed"
        )


def _sorted_out(
    stores: Stores, home: Home, published: PublishedBatch, order: Issue
) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Return the letters to send, each with its dates, and those taken out, each with the reason."""
    assert published.record is not None
    known = cases.cases_of(stores.register)
    mine = {ref: case for ref, case in known.items() if case.opening["batch"] == published.name}
    days = calendar_of(home)
    judgement = Judgement(
        newest_opened(order.sent_on, stores.parameters), order.sent_on, days, stores.parameters, decisions_in_force(stores.register)
    )  # fmt: skip
    units = [(location_id, kind) for case in mine.values() for location_id, kind, _ in case.windows]
    now = standing.units_now(stores.facts, judgement, units)
    grounds = grounds_of(stores.facts, judgement.decisions, order.sent_on, order.method)
    holds = judgement.decisions.holds
    _refuse_day(judgement, order)
    sent: dict[str, dict[str, str]] = {}
    taken_out: dict[str, str] = dict(published.record.approval["void"])
    for row in published.rows("manifest.csv"):
        ref = row["letter_ref"]
        if ref not in mine:
            continue
        if mine[ref].stage is not Stage.APPROVED:
            taken_out[ref] = "withdrawn"
        elif why := standing.why_not_sent(mine[ref], now, grounds.public_bodies, holds, order.sent_on):
            taken_out[ref] = why
        else:
            sent[ref] = _dates(row, judgement, order)
    unserved = [ref for ref in sent if order.method is Method.EMAIL and mine[ref].provider_id not in grounds.recorded]
    if unserved:
        raise UnlawfulStep(
            order.batch, "issue", f"no e-mail address is recorded for service on the provider of {unserved[0]} (reg 7)"
        )
    return sent, taken_out


def _refuse_day(judgement: Judgement, order: Issue) -> None:
    """Refuse a day before the run day, which is a slip, and the closed season."""
    in_force = judgement.parameters.on(order.sent_on)
    run_on = window_for(parse_month(order.batch[4:11]), judgement.days, judgement.parameters).run_on
    if order.sent_on < run_on:
        raise UnlawfulStep(order.batch, "issue", f"it cannot be sent on {order.sent_on}: the month is run on {run_on}")
    if is_out_of_season(order.sent_on, in_force):
        raise UnlawfulStep(order.batch, "issue", f"no notice is sent on {order.sent_on}, over Christmas")


def _dates(row: Mapping[str, str], judgement: Judgement, order: Issue) -> dict[str, str]:
    """Return what follows from the day and way a letter is really sent; raises UnlawfulStep where the day printed is too
    early for it (reg 5)."""
    in_force = judgement.parameters.on(order.sent_on)
    least = notice_dates(order.sent_on, order.method, judgement.days, in_force)
    printed = dt.date.fromisoformat(row["representations_until"])
    if printed < least.representations_until:
        raise UnlawfulStep(
            order.batch, "issue",
            f"its letters allow representations until {printed}, and sent by {order.method} on {order.sent_on} they have to "
            f"allow them until {least.representations_until} (reg 5): `notices redraft {order.batch} --send-on DATE`",
        )  # fmt: skip
    return {
        "sent_on": order.sent_on.isoformat(), "method": order.method.value, "given_on": least.given_on.isoformat(),
        "representations_until": printed.isoformat(), "decide_by": row["decide_by"],
    }  # fmt: skip


def _staged(
    stores: Stores, home: Home, published: PublishedBatch, sent: Mapping[str, Mapping[str, str]],
    taken_out: Mapping[str, str], staging: Path,
) -> Path:  # fmt: skip
    """Write the dispatch into the staging folder, and read it back."""
    month = dt.date.fromisoformat(f"{published.month}-01")
    folder = staging / "dispatch"
    for file in dispatch_of(published, sent, taken_out, stores.parameters.on(month).number("letters_a_print_file")):
        path = folder / file.path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(file.content)
    if problems := damage(folder):
        raise RuntimeError(f"a staged dispatch does not read back as it was made: {problems[:3]}")
    for place in {path.parent for path in folder.rglob("*")}:
        sync_folder(place)
    os.sync()
    return folder


def _write_down(
    ledger: Ledger, order: Issue, sent: Mapping[str, Mapping[str, str]], taken_out: Mapping[str, str], said: Mapping[str, Any],
    moment: dt.datetime,
) -> None:  # fmt: skip
    """Write the issue down, the batch's own event last; the register may have changed since the letters were sorted out."""
    record = batches.records_of(ledger)[order.batch]
    if record.issue is not None or record.is_replaced:
        raise UnlawfulStep(order.batch, "issue", f"it is {record.state} meanwhile")
    known = cases.cases_of(ledger)
    _refuse_overtaken(ledger, [known[ref] for ref in sent])
    common = {"by": order.by, "because": ""}
    on = {"on": order.sent_on.isoformat()}
    for ref, dates in sent.items():
        check_step(known[ref], "issued", order.sent_on)
        ledger.append(cases.KIND, ref, {"event": "issued", **on, **common, **dates}, moment)
    for ref, why in taken_out.items():
        if ref in known and known[ref].stage is Stage.APPROVED:
            ledger.append(cases.KIND, ref, {"event": "taken_out", **on, **common, "because": why}, moment)
    ledger.append(batches.ISSUE, order.batch, said, moment)


def _refuse_overtaken(ledger: Ledger, sent: Sequence[cases.Case]) -> None:
    """A decision that was recorded while the letters were sorted out counts too: they have to be sorted out again."""
    decisions = decisions_in_force(ledger)
    for case in sent:
        kind = decisions.provider_kinds.get(case.provider_id, {}).get("decision")
        if kind == "public_body" or case.provider_id in decisions.holds or decisions.excused & set(case.windows):
            raise HomeBusy(f"a decision about {case.provider_id} was recorded meanwhile")


def _again(stores: Stores, home: Home, published: PublishedBatch, order: Issue, staging: Path) -> dict[str, Any]:
    """Put a dispatch back that was lost after it was written down; refuse to issue anything a second time."""
    assert published.record is not None and published.record.issue is not None
    done = published.record.issue
    if (done["sent_on"], done["method"]) != (order.sent_on.isoformat(), order.method.value):
        raise UnlawfulStep(
            order.batch, "issue", f"{done['by']} issued it before, by {done['method']} on {done['sent_on']}"
        )
    target = dispatch_folder(home.releases, published.month, published.name)
    if target.exists() and not damage(target) and digest_of(target / SUMS) == done["dispatch_sums"]:
        return _put_in_place(stores, home, published, None)
    _check_approved(published)
    staged = _staged(stores, home, published, done["sent"], done["taken_out"], staging)
    if digest_of(staged / SUMS) != done["dispatch_sums"]:
        raise Damaged(f"the dispatch of {published.name} cannot be made again as it was issued")
    shutil.rmtree(target, ignore_errors=True)
    return _put_in_place(stores, home, published, staged)


def _put_in_place(stores: Stores, home: Home, published: PublishedBatch, staged: Path | None) -> dict[str, Any]:
    """Rename a dispatch into place, write its receipt beside it, and return what the receipt says and where things are."""
    target = dispatch_folder(home.releases, published.month, published.name)
    if staged is not None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if target.exists():  # nobody issued this one: it is from before the register's last word
            shutil.rmtree(target)
        staged.rename(target)
        sync_folder(target.parent)
    path = receipt_path(home.releases, published.month, published.name)
    content = receipt_bytes(stores.register, published.name)
    if not path.exists() or path.read_bytes() != content:
        write_whole(path, content)
    return {**receipt_of(stores.register, published.name), "dispatch": str(target), "receipt": str(path)}
