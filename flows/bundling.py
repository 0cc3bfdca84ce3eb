"""Putting a case together for a tribunal: every paper of it in one PDF, with an index and numbered pages."""

import datetime as dt
from typing import Any

from flows.case_letters import evidence_of_case
from flows.casework import case_named
from flows.following import since_notice
from flows.opening import register_of
from flows.receipts import receipt_of
from flows.settings import settings_of
from pipeline.enforce import batches
from pipeline.enforce.cases import Case
from pipeline.errors import Damaged
from pipeline.record.archive import Archive, digest_of
from pipeline.record.home import Home
from reports.bundle import Contents, Paper, bundle

NAMES = {"representations_received": "Representations", "call": "Call", "data_supplied": "Data supplied"}


def bundle_of(home: Home, ref: str, moment: dt.datetime) -> bytes:
    """Return the bundle of a case as the register has it: the same bytes as long as nothing is recorded."""
    register = register_of(home)
    try:
        case = case_named(register, ref)
        issued = register.events(batches.ISSUE, case.opening["batch"])
        receipt = receipt_of(register, case.opening["batch"]) if issued else None
    finally:
        register.close()
    evidence = evidence_of_case(home, case)
    happened = [event.on for event in case.events if event.event != "letter_made"]
    last_day = max(happened, default=dt.date.fromisoformat(case.opening["send_on"]))
    _, since = since_notice(home, ref, last_day, moment)
    papers = [
        Paper("Notice of intent", case.opening["on"], _notice(home, case)),
        *_letters(home, case),
        *_evidence_files(home, case),
    ]
    is_specimen = settings_of(home).get("specimen") is True
    contents = Contents(_facts(case), _chronology(case), since, _proof(receipt, ref))
    return bundle(contents, evidence, papers, is_specimen)


def _facts(case: Case) -> list[tuple[str, str]]:
    """Return what the front page says of a case."""
    opened = case.opening
    return [
        ("Reference", case.ref), ("Provider", f"{opened['provider_name']} (CQC provider {case.provider_id})"),
        ("Penalty named in the notice", f"\u00a3{opened['amount_gbp']}"), ("Batch", opened["batch"]), ("Month", opened["month"]),
        ("Checksum of the batch", opened["checksum"]), ("State by the register", str(case.stage)),
    ]  # fmt: skip


def _chronology(case: Case) -> list[tuple[str, str, str, str]]:
    lines = [(case.opening["on"], "approved", case.opening["by"], "")]
    lines += [(event.on.isoformat(), event.event, event.by, event.because) for event in case.events]
    return lines


def _proof(receipt: dict[str, Any] | None, ref: str) -> list[tuple[str, str]]:
    """Return what shows that the notice was sent, from the receipt of its batch."""
    if receipt is None or ref in receipt["taken_out"]:
        return [("Sending", "this notice was not sent")]
    return [
        ("Sent on", receipt["sent_on"]), ("Method", receipt["method"]),
        ("Approved by", f"{receipt['approved']['by']}, {receipt['approved']['at']} ({receipt['approved']['proof']})"),
        ("Issued by", f"{receipt['issued']['by']}, {receipt['issued']['at']} ({receipt['issued']['proof']})"),
        ("Checksum of the dispatch", receipt["dispatch_sums"]), ("Head of the register", receipt["chain_head"]),
    ]  # fmt: skip


def _notice(home: Home, case: Case) -> tuple[str, bytes]:
    folder = home.releases / case.month / case.opening["release"] / "notices" / case.opening["batch"] / "letters"
    path = folder / f"{case.ref}.pdf"
    if not path.is_file() or digest_of(path) != case.opening["pdf_sha256"]:
        raise Damaged(f"{path.name} is not as it was approved")
    return path.name, path.read_bytes()


def _letters(home: Home, case: Case) -> list[Paper]:
    made = [event for event in case.events if event.event == "letter_made"]
    archive = Archive(home.archive)
    return [
        Paper(f"Letter: {event.details['letter'].replace('_', ' ')}", event.on.isoformat(),
              (f"{event.details['letter']}.pdf", archive.checked(event.details["sha256"]).read_bytes()))
        for event in made
    ]  # fmt: skip


def _evidence_files(home: Home, case: Case) -> list[Paper]:
    archive = Archive(home.archive)
    return [
        Paper(NAMES.get(event.event, event.event.replace("_", " ").capitalize()), event.on.isoformat(),
              (event.details["evidence"]["name"], archive.checked(event.details["evidence"]["sha256"]).read_bytes()))
        for event in case.events if event.details.get("evidence")
    ]  # fmt: skip
