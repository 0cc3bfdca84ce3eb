"""Approving a batch: a second person, bound to its checksum; from then on its letters are cases."""

import datetime as dt
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flows.opening import register_of
from flows.settings import london_day
from flows.signatures import drafted_settings, proof_of
from pipeline.enforce import batches, cases, queue
from pipeline.enforce.earlier import Earlier, earlier_of
from pipeline.errors import UnlawfulStep
from pipeline.record.decisions import Decisions, decisions_in_force
from pipeline.record.home import Home
from pipeline.record.register import Ledger
from pipeline.rules.windows import parse_month
from reports.batches import PublishedBatch, batch_named
from reports.release import current

COPIED = ("provider_id", "provider_name", "amount_gbp", "send_on", "method", "given_on", "representations_until", "decide_by",
          "pdf_sha256")  # fmt: skip


def approve(home: Home, name: str, by: str, signature: Path | None, moment: dt.datetime) -> dict[str, Any]:
    """Approve a draft batch and open the cases of its letters; return what was approved, and the head it was approved at.

    A letter is void, and not approved, whose provider has an open case or whose windows another notice relies on. Raises
    UnlawfulStep for the preparer's own batch, one that was approved before, and one that is not as it was published.
    """
    register = register_of(home)
    try:
        published = batch_named(home.releases, name, batches.records_of(register))
        _refuse_altered(published, "approve")
        proof = proof_of(
            drafted_settings(register, home, published.release), "approve", name, published.checksum, by, signature
        )
        with register.writing() as ledger:
            _refuse_second(ledger, name)
            if current(home.releases, published.month) != published.release:
                raise UnlawfulStep(name, "approve", "a newer release of the month replaced it: look at its draft")
            prepared_by = _preparer(ledger, published)
            if batches.same_person(prepared_by, by):
                raise UnlawfulStep(name, "approve", f"{prepared_by} prepared it, and a second person has to approve it")
            head = ledger.head()
            void = _void(published, earlier_of(cases.cases_of(ledger).values()), decisions_in_force(ledger))
            sound = [row for row in published.rows("manifest.csv") if row["letter_ref"] not in void]
            if not sound:
                why = next(iter(void.values()), "it holds no letter")
                raise UnlawfulStep(name, "approve", f"no letter of it can be approved: {why}")
            _write_down(ledger, published, sound, void, {"by": by, "chain_head": head, **proof}, moment)
            return {
                "batch": name, "checksum": published.checksum, "approved_by": by, "prepared_by": prepared_by,
                "letters": len(sound), "void": void, "proof": proof["proof"], "chain_head": head,
            }  # fmt: skip
    finally:
        register.close()


def _refuse_altered(published: PublishedBatch, step: str) -> None:
    damaged = published.damage
    if damaged:
        raise UnlawfulStep(published.name, step, f"it is not as it was published ({damaged[0]})")


def _refuse_second(ledger: Ledger, name: str) -> None:
    record = batches.records_of(ledger).get(name)
    if record is not None:
        raise UnlawfulStep(name, "approve", f"{record.approval['by']} approved it before, and it is {record.state}")


def _preparer(ledger: Ledger, published: PublishedBatch) -> str:
    made = [e for e in ledger.events("release", published.release) if e.body.get("batch") == published.name]
    if not made:
        raise UnlawfulStep(
            published.name, "approve", "the register knows of no run that drafted it; run the month again"
        )
    if made[-1].body["checksum"] != published.checksum:
        raise UnlawfulStep(published.name, "approve", "its checksum is not that of the draft that was published")
    return str(made[-1].body["by"])


def _void(published: PublishedBatch, earlier: Earlier, decisions: Decisions) -> dict[str, str]:
    """Return the letters that another notice, or a decision, stands in the way of, with the reason."""
    void = {}
    for row in published.rows("manifest.csv"):
        if row["provider_id"] in decisions.holds:
            void[row["letter_ref"]] = "its provider is on hold (a decision)"
        elif decisions.provider_kinds.get(row["provider_id"], {}).get("decision") == "public_body":
            void[row["letter_ref"]] = "its provider is a public body (a decision)"
        elif row["provider_id"] in earlier.open_cases:
            void[row["letter_ref"]] = f"{earlier.open_cases[row['provider_id']]} of the same provider is open"
        elif any(window in earlier.relied_on for window in _windows(row)):
            void[row["letter_ref"]] = "another notice relies on its windows"
    return void


def _windows(row: dict[str, str]) -> list[cases.Window]:
    parts = [text.split(":") for text in row["windows_relied_on"].split(";")]
    return [(location_id, kind, parse_month(month)) for location_id, kind, month in parts]


def _write_down(
    ledger: Ledger, published: PublishedBatch, rows: list[dict[str, str]], void: dict[str, str], said: dict[str, str],
    moment: dt.datetime,
) -> None:  # fmt: skip
    summary = published.summary
    common = {"month": published.month, "release": published.release, "checksum": published.checksum}
    last = summary["first_letter"] + summary["providers_due"] - 1
    ledger.append(batches.APPROVAL, published.name, {**common, **said, "last_letter": last, "void": void}, moment)
    standing = queue.queue_of(ledger).standing
    for row in rows:
        body = {
            "on": london_day(moment).isoformat(), "by": said["by"], **common,
            "batch": published.name, "made_with": version("asc-compliance"), **{key: row[key] for key in COPIED},
            "windows": row["windows_relied_on"].split(";"), "address": [row[f"address_line_{n}"] for n in range(1, 8)],
        }  # fmt: skip
        ledger.append(cases.OPENED, row["letter_ref"], body, moment)
        if row["provider_id"] in standing:
            ended = {"entry": "ended", "ended_by": "letter", "why": row["letter_ref"], "month": published.month}
            ledger.append(queue.KIND, row["provider_id"], {**ended, "release": published.release}, moment)
