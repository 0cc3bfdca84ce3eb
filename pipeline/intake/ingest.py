"""Files into the archive, the register and the facts; each stays or is refused whole."""

import contextlib
import datetime as dt
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import InputRefused, InputsRefused
from pipeline.intake.arriving import Unreached, reached
from pipeline.intake.files import Reading, of_their_time, read_file, unsure_ids
from pipeline.intake.findings import Finding
from pipeline.intake.intakes import TYPED_KINDS, Intake, intakes, live_intakes, utc_text
from pipeline.intake.sources import Kind
from pipeline.intake.statements import Statement, settled_type, stated_by_name
from pipeline.intake.storing import IntakeColumns, delete, store, store_unread
from pipeline.intake.workbooks import SHEETS
from pipeline.record.archive import Archive, digest_of
from pipeline.record.facts import Facts
from pipeline.record.register import Register
from pipeline.rules.parameters import Parameters

TURNED = "turned"  # of the register's events: the rows of a workbook were made again, and are others


@dataclass(frozen=True, slots=True)
class Stores:
    """Where things are kept while a command works."""

    archive: Archive
    register: Register
    facts: Facts
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file."""

    file: str
    intake: Intake
    state: str  # taken in, already held, replaced
    note: str = ""  # what a person stated and was not followed in, and how to insist


def ingest(stores: Stores, paths: Sequence[Path], said: Statement, by: str, now: dt.datetime) -> list[Taken]:
    """Take files in, each whole or not at all; raises InputsRefused at the end, naming every refused file.

    `said` is what a person states on the command line: it counts where a file's name and columns are silent (where the
    name of one new file says otherwise, a note tells it). Given with one file that is held already, it replaces the
    earlier statement about it.
    """
    taken: list[Taken] = []
    refusals: list[InputRefused] = []
    for path in paths:
        try:
            refuse_name(path)
        except InputRefused as problem:
            refusals.append(problem)
            continue
        with reached(path, taken):
            before = path.stat()
            sha256 = stores.archive.add(path)
            after = path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            stores.register.append("refusal", sha256, {"file": path.name, "by": by}, now)
            raise Unreached(path, "it is still being written", taken)
        try:
            taken.append(_take(stores, sha256, path.name, said, len(paths) == 1, by, now))
        except BaseException as problem:
            stores.register.append("refusal", sha256, {"file": path.name, "by": by}, now)
            if not isinstance(problem, InputRefused):
                raise
            refusals.append(problem)
    stores.facts.checkpoint()  # a full disk is found here, before anything is published
    if refusals:
        raise InputsRefused(refusals, taken)
    return taken


def refuse_name(path: Path) -> None:
    """Raise InputRefused for a file whose name holds characters nobody can write."""
    if not path.name.isprintable() or path.name.encode("utf-8", "replace").decode("utf-8") != path.name:
        raise InputRefused(ascii(path.name), "the name holds characters nobody can write.", "Rename the file.")


def look_at(path: Path, parameters: Parameters, turned: Path) -> tuple[Intake, Reading, list[Finding]]:
    """Return what a file not held would be taken in as, its rows, and its findings; nothing is kept.

    Raises InputRefused as taking it in would, and Unreached.
    """
    refuse_name(path)
    with reached(path):
        before = path.stat()
        reading = read_file(path, path.name, parameters, turned)
        after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise Unreached(path, "it is still being written")
    intake = _first("", path.name, reading, Statement())
    return intake, reading, [*_findings(reading, intake, parameters), *unsure_ids(reading)]


def _findings(reading: Reading, intake: Intake, parameters: Parameters) -> list[Finding]:
    """Return all that is found in a file, as it is stated; raises InputRefused for months that cannot be."""
    return [*reading.findings, *unstated(intake), *of_their_time(reading, intake.extracted_at, parameters)]


def _take(
    stores: Stores, sha256: str, file: str, said: Statement, may_restate: bool, by: str, now: dt.datetime
) -> Taken:
    history = intakes(stores.register)
    ever = [intake for intake in history.ever if intake.sha256 == sha256]
    live = [intake for intake in history.live if intake.sha256 == sha256]
    reading, note = None, ""
    held = next((intake for intake in reversed(live) if intake.file == file), live[-1] if live else None)
    unsaid = next((intake for intake in live if intake.extracted_at is None), None)
    is_restated = said != Statement() and may_restate
    if held is None:
        reading = _read(stores, sha256, file)
        intake = _first(sha256, file, reading, said)
        note = _not_followed(file, said, reading.kind) if may_restate else ""
    elif is_restated:
        intake = _stated(held, held.file, said)
        ever = live
    else:
        intake = _stated(held, file, stated_by_name(file))
        if unsaid is not None and intake.provider_type == unsaid.provider_type and intake.extracted_at is not None:
            held, is_restated = unsaid, True  # now somebody says when it was taken
    if intake.identity in {known.identity for known in ever}:
        same = [known for known in live if known.identity == intake.identity]
        return Taken(file, (same or live)[-1], "already held")
    replaces = held.no if held is not None and is_restated else None
    intake = _keep(stores, replace(intake, no=len(history.ever) + 1), replaces, by, now, reading)
    return Taken(file, intake, "replaced" if replaces else "taken in", note)


def _not_followed(file: str, said: Statement, kind: Kind) -> str:
    """Say what a file's name says against the person who gives it: the name was followed (CONTRACT 4)."""
    named, words = stated_by_name(file), []
    if kind in TYPED_KINDS and named.provider_type and said.provider_type not in ("", named.provider_type):
        words.append(named.provider_type)
    if named.extracted_at and said.extracted_at not in (None, named.extracted_at):
        words.append(named.extracted_at.isoformat())
    return f"its name says {' and '.join(words)}; give the file again with the option to replace that" if words else ""


def _first(sha256: str, file: str, reading: Reading, said: Statement) -> Intake:
    """Return the intake of a file never held: its name speaks before the person."""
    named = stated_by_name(file)
    provider_type = ""
    if reading.kind in TYPED_KINDS:
        provider_type = settled_type(file, reading.column_type, named.provider_type, said.provider_type, True)
    moment = named.extracted_at or said.extracted_at
    if moment is None and reading.kind is Kind.RECORD_LEVEL:
        raise InputRefused(
            file,
            "nobody said when this record-level extract was taken, without which its last updates prove nothing.",
            "Put the date into its name, or say it: asc-compliance ingest FILE --extracted-at 2024-12-17.",
        )
    return Intake(
        0, sha256, file, reading.kind, reading.column_type, provider_type, moment, moment or reading.fallback, 0, 0, 0
    )


def _stated(held: Intake, file: str, statement: Statement) -> Intake:
    """Return a held intake as a name or a person now states it; where that is silent, it stays as it was."""
    provider_type = held.provider_type
    if held.kind in TYPED_KINDS and statement.provider_type:
        provider_type = settled_type(file, held.column_type, statement.provider_type, "", True)
    moment = statement.extracted_at or held.extracted_at
    return replace(
        held, file=file, provider_type=provider_type, extracted_at=moment, ranked_at=moment or held.ranked_at
    )


def _keep(
    stores: Stores, intake: Intake, replaces: int | None, by: str, now: dt.datetime, reading: Reading | None = None
) -> Intake:
    """Write an intake's rows into the facts and the intake into the register: both or neither."""
    reading = reading or _read(stores, intake.sha256, intake.file, turned_rows(stores.register).get(intake.sha256, ""))
    findings = _findings(reading, intake, stores.parameters)
    intake = replace(
        intake, rows=reading.rows, refused=reading.refused, findings=len(findings), layout=reading.layout,
        turned=_turned(stores, intake.sha256),
    )  # fmt: skip
    body = {
        "no": intake.no,
        "file": intake.file,
        "kind": intake.kind,
        "layout": intake.layout,
        "column_type": intake.column_type,
        "provider_type": intake.provider_type,
        "extracted_at": utc_text(intake.extracted_at),
        "ranked_at": utc_text(intake.ranked_at),
        "rows": intake.rows,
        "refused": intake.refused,
        "findings": intake.findings,
        "turned": intake.turned,
        "replaces": replaces,
        "by": by,
    }
    with stores.facts.transaction():
        if replaces is not None:
            delete(stores.facts, replaces)
        store(stores.facts, intake.no, _columns(intake), reading, findings)
        stores.register.append("intake", intake.sha256, body, now)
    return intake


def _read(stores: Stores, sha256: str, file: str, turned: str = "") -> Reading:
    """Read the archived bytes of a file; the kept rows of a workbook serve only as the register knows them."""
    if _turned(stores, sha256) != turned or not turned:
        shutil.rmtree(stores.archive.turned(sha256), ignore_errors=True)
    try:
        return read_file(stores.archive.checked(sha256), file, stores.parameters, stores.archive.turned(sha256))
    except InputRefused:
        shutil.rmtree(stores.archive.turned(sha256), ignore_errors=True)
        raise


def _turned(stores: Stores, sha256: str) -> str:
    sheets = stores.archive.turned(sha256) / SHEETS
    return digest_of(sheets) if sheets.is_file() else ""


def turned_rows(register: Register) -> dict[str, str]:
    """Return, by SHA-256, the digest under which the register knows the rows of each workbook: what a later version of the
    product made of one anew is the last word."""
    known = {e.subject: e.body.get("turned", "") for e in register.events("intake")}
    known |= {e.subject: e.body["digest"] for e in register.events(TURNED)}
    return {sha256: digest for sha256, digest in known.items() if digest}


def unstated(intake: Intake) -> list[Finding]:
    """Return the finding that nobody said when a file was extracted, where nobody did."""
    return [Finding("no_extraction_time")] if intake.extracted_at is None else []


def _columns(intake: Intake) -> IntakeColumns:
    return (
        intake.sha256, intake.file, intake.kind, intake.provider_type, intake.extracted_at, intake.ranked_at,
        intake.rows, intake.refused, intake.layout,
    )  # fmt: skip


def rebuild(stores: Stores, moment: dt.datetime) -> int:
    """Fill empty facts from the archive and the register; returns the number of intakes read again.

    A file that was taken in once is never refused again: what today's rules would not take in is not used, with a finding.
    """
    live, known = live_intakes(stores.register), turned_rows(stores.register)
    for sha256 in {intake.sha256 for intake in live if intake.sha256 in known}:
        with contextlib.suppress(InputRefused):
            _read(stores, sha256, "", known[sha256])
            if (made := _turned(stores, sha256)) != known[sha256]:
                stores.register.append(TURNED, sha256, {"digest": made}, moment)
                known[sha256] = made
    with stores.facts.transaction():
        for intake in live:
            try:
                reading = _read(stores, intake.sha256, intake.file, known.get(intake.sha256, ""))
                findings = _findings(reading, intake, stores.parameters)
            except InputRefused as refusal:
                store_unread(
                    stores.facts,
                    intake.no,
                    _columns(intake),
                    Finding("no_longer_read", value=str(refusal).splitlines()[0]),
                )
                continue
            store(stores.facts, intake.no, _columns(intake), reading, findings)
    return len(live)
