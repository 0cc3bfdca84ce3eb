"""Making a letter of a case: what it may say by now, archived and written down before anybody can send it."""

import datetime as dt
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.casework import Record, append, case_named
from flows.final_notice import amount_now, penalty_of
from flows.opening import reading
from flows.sender import sender_of
from flows.settings import settings_of
from pipeline.enforce.cases import Case
from pipeline.enforce.steps import Stage
from pipeline.errors import UnlawfulStep, UsageError
from pipeline.intake.ingest import Stores
from pipeline.record.archive import Archive
from pipeline.record.home import Home, write_whole
from pipeline.rules.notice_dates import Method
from reports.letters.case_letters import case_letter_values, letter_of, notice_again
from reports.release import document_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """A letter asked for: of which case, which one, when and how it is sent, by whom it is made, and its size."""

    ref: str
    kind: str
    send_on: dt.date
    method: Method
    by: str
    large: bool


LAWFUL = {  # kind -> the stages in which it can be made
    "notice": (*Stage,),
    "withdrawal": (Stage.WITHDRAWN,),
    "no_penalty": (Stage.NO_PENALTY,),
    "final_notice": (Stage.PENALTY_DECIDED, Stage.FINAL_NOTICE),
}


def make_letter(home: Home, wanted: Wanted, moment: dt.datetime) -> Path:
    """Make a letter of a case, archive it, write that down, and return where it lies; raises UnlawfulStep."""
    with reading(home, moment) as (stores, _):
        case = case_named(stores.register, wanted.ref)
        _check_lawful(case, wanted)
        pdf = pdf_of_case(stores, home, case, wanted)
        size = "-large-print" if wanted.large else ""
        path = home.root / "cases" / case.ref / f"{wanted.kind}-{wanted.send_on}{size}.pdf"
        sha256 = _kept(stores.archive, pdf, path)
        details = {"letter": wanted.kind, "sha256": sha256, "size": "large print" if wanted.large else "ordinary"}
        with stores.register.writing() as ledger:
            made = [e for e in case_named(ledger, case.ref).events if e.event == "letter_made"]
            if not any(event.details.get("sha256") == sha256 for event in made):
                asked = Record(case.ref, "letter_made", wanted.send_on, wanted.by, "", details)
                append(ledger, home, asked, moment)
    return path


def _check_lawful(case: Case, wanted: Wanted) -> None:
    """Raise UnlawfulStep for a letter that says what has not happened, or before it happened."""
    step = f"the letter {wanted.kind}"
    if case.stage not in LAWFUL[wanted.kind]:
        raise UnlawfulStep(wanted.ref, step, f"the case is {case.stage}")
    if case.last("issued") is None:
        raise UnlawfulStep(wanted.ref, step, "its notice was never sent")
    said = case.last("withdrawn", "no_penalty", "penalty_decided")
    if wanted.kind != "notice" and said is not None and wanted.send_on < said.on:
        raise UnlawfulStep(wanted.ref, step, f"{wanted.send_on} is before {said.event} on {said.on}")
    if wanted.kind == "final_notice" and case.needs_review:
        raise UnlawfulStep(wanted.ref, step, "what it rests on has changed: record `reviewed` first")


def draft_withdrawal(stores: Stores, home: Home, case: Case, day: dt.date) -> Path | None:
    """Make the draft of a withdrawal for a case that a release put in doubt; None where nobody is configured to send it."""
    sender, _ = sender_of(settings_of(home))
    if sender is None:
        return None
    path = home.root / "cases" / case.ref / "withdrawal-draft.pdf"
    pdf = pdf_of_case(stores, home, case, Wanted(case.ref, "withdrawal", day, Method.POST, "", False))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, pdf)
    return path


def pdf_of_case(stores: Stores, home: Home, case: Case, wanted: Wanted) -> bytes:
    """Return the PDF of a letter of a case."""
    settings = settings_of(home)
    evidence, in_force = evidence_of_case(home, case), stores.parameters.on(wanted.send_on)
    limits = in_force.number("letter_pages_most"), in_force.number("letter_bytes_most")
    if wanted.kind == "notice":
        day = dt.date.fromisoformat(case.opening["send_on"])
        return letter_of("notice", notice_again(evidence, wanted.large), day, *limits)
    sender, missing = sender_of(settings)
    if sender is None:
        raise UsageError(f"The settings lack {', '.join(missing)}: `asc-compliance settings check`.")
    penalty = None
    if wanted.kind == "final_notice":
        amount, lines = amount_now(stores, home, case, wanted.send_on)
        penalty = penalty_of(settings, home, stores.parameters, amount, wanted.send_on, wanted.method)
        if lines:  # the last known address is looked up again, as the fee is (reg 7)
            name = evidence["address"]["lines"][0]
            rest = lines[1:] if lines[0].casefold() == name.casefold() else lines
            evidence = {**evidence, "address": {"lines": [name, *rest]}}
    values = case_letter_values(case, evidence, sender, wanted.send_on, wanted.large, penalty)
    return letter_of(wanted.kind, values, wanted.send_on, *limits)


def evidence_of_case(home: Home, case: Case) -> Mapping[str, Any]:
    """Return the evidence of a case's notice, from the batch as it was approved; raises Damaged where it was changed."""
    folder = home.releases / case.month / case.opening["release"] / "notices" / case.opening["batch"]
    return document_of(folder, f"evidence/{case.ref}.json", case.opening["checksum"])


def _kept(archive: Archive, pdf: bytes, path: Path) -> str:
    """Archive a letter and put it where a person finds it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        (Path(folder) / path.name).write_bytes(pdf)
        sha256 = archive.add(Path(folder) / path.name)
    write_whole(path, pdf)
    return sha256
