"""Files into the archive, the register and the facts; each stays or is refused whole."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import InputRefused, InputsRefused, UsageError
from pipeline.intake.files import Reading, read_file
from pipeline.intake.findings import Finding
from pipeline.intake.sources import Kind
from pipeline.intake.statements import Statement, settled_type, stated_by_name
from pipeline.intake.storing import delete, store
from pipeline.record.archive import Archive
from pipeline.record.facts import Facts
from pipeline.record.register import Event, Register
from pipeline.rules.parameters import Parameters

STRAY = (".pdf", ".msg", ".eml", ".docx", ".txt", ".zip")
SYSTEM = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Stores:
    """Where things are kept while a command works."""

    archive: Archive
    register: Register
    facts: Facts
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class Intake:
    """One file as it stands in the register: its bytes, kind, provider type and moment."""

    no: int
    sha256: str
    file: str
    kind: Kind
    column_type: str
    provider_type: str
    extracted_at: dt.datetime | None
    ranked_at: dt.datetime
    rows: int
    refused: int
    findings: int

    @property
    def identity(self) -> tuple[str, str, str, dt.datetime | None]:
        """What makes an intake the same one again (CONTRACT 1)."""
        return self.sha256, self.kind, self.provider_type, self.extracted_at


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file."""

    file: str
    intake: Intake
    state: str  # taken in, already held, replaced


def files_of(paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """Return the files to read, sorted, and the stray files of folders that are skipped."""
    wanted: list[Path] = []
    skipped: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(found for found in path.rglob("*") if found.is_file())
            stray = [found for found in inside if _is_stray(found)]
            skipped += stray
            wanted += [found for found in inside if found not in set(stray)]
        elif path.is_file():
            wanted.append(path)
        else:
            raise UsageError(f"{path}: there is no such file or folder.")
    return sorted(wanted, key=lambda path: (path.name, str(path))), skipped


def _is_stray(path: Path) -> bool:
    name = path.name.casefold()
    return name.startswith((".", "~$")) or name in SYSTEM or path.suffix.casefold() in STRAY


def live_intakes(register: Register) -> list[Intake]:
    """Return the intakes that count, oldest first: all that no later statement replaced."""
    intakes: dict[int, Intake] = {}
    for event in register.events("intake"):
        intakes.pop(event.body.get("replaces") or 0, None)
        intakes[event.no] = _intake(event)
    return list(intakes.values())


def _intake(event: Event) -> Intake:
    body = event.body
    moment = dt.datetime.fromisoformat
    return Intake(
        event.no,
        event.subject,
        body["file"],
        Kind(body["kind"]),
        body["column_type"],
        body["provider_type"],
        moment(body["extracted_at"]) if body["extracted_at"] else None,
        moment(body["ranked_at"]),
        body["rows"],
        body["refused"],
        body["findings"],
    )


def ingest(stores: Stores, paths: Iterable[Path], said: Statement, by: str, now: dt.datetime) -> list[Taken]:
    """Take files in, each whole or not at all; raises InputsRefused at the end, naming every refused file.

    `said` is what a person states on the command line: it counts where a file's name and columns are silent,
    and replaces the earlier statement for a file that is held already.
    """
    held = {intake.identity: intake for intake in live_intakes(stores.register)}
    taken: list[Taken] = []
    refusals: list[InputRefused] = []
    for path in paths:
        sha256 = stores.archive.add(path)
        try:
            answer = _take(stores, sha256, path.name, said, held, by, now)
        except InputRefused as refusal:
            stores.register.append("refusal", sha256, {"file": path.name, "by": by}, now)
            refusals.append(refusal)
            continue
        taken.append(answer)
        held = {key: intake for key, intake in held.items() if answer.state != "replaced" or intake.sha256 != sha256}
        held[answer.intake.identity] = answer.intake
    if refusals:
        raise InputsRefused(refusals)
    return taken


def _take(
    stores: Stores,
    sha256: str,
    file: str,
    said: Statement,
    held: dict[tuple[str, str, str, dt.datetime | None], Intake],
    by: str,
    now: dt.datetime,
) -> Taken:
    before = [intake for intake in held.values() if intake.sha256 == sha256]
    named = stated_by_name(file)
    if before and said != Statement():
        wanted = _restated(before[-1], said)
        if wanted.identity in held:
            return Taken(file, held[wanted.identity], "already held")
        return Taken(file, _keep(stores, wanted, before[-1].no, by, now), "replaced")
    reading = None
    if before:
        kind, column_type = before[-1].kind, before[-1].column_type
        fallback = before[-1].ranked_at
    else:
        reading = read_file(stores.archive.path(sha256), file, stores.parameters)
        kind, column_type, fallback = reading.kind, reading.column_type, reading.fallback
    is_status = kind is Kind.MONTHLY_STATUS
    provider_type = settled_type(file, column_type, named.provider_type, said.provider_type, True) if is_status else ""
    extracted_at = named.extracted_at or said.extracted_at
    identity = (sha256, kind, provider_type, extracted_at)
    if identity in held:
        return Taken(file, held[identity], "already held")
    if before and extracted_at is None:
        return Taken(file, before[-1], "already held")
    intake = Intake(0, sha256, file, kind, column_type, provider_type, extracted_at, extracted_at or fallback, 0, 0, 0)
    return Taken(file, _keep(stores, intake, None, by, now, reading), "taken in")


def _restated(intake: Intake, said: Statement) -> Intake:
    """Return a held intake as a person now states it."""
    is_status = intake.kind is Kind.MONTHLY_STATUS
    provider_type = settled_type(
        intake.file, intake.column_type, "", said.provider_type or intake.provider_type, is_status
    )
    moment = said.extracted_at or intake.extracted_at
    return replace(
        intake,
        provider_type=provider_type if is_status else "",
        extracted_at=moment,
        ranked_at=moment or intake.ranked_at,
    )


def _keep(
    stores: Stores,
    intake: Intake,
    replaces: int | None,
    by: str,
    now: dt.datetime,
    reading: Reading | None = None,
) -> Intake:
    """Write an intake into the register and its rows into the facts; both or neither."""
    reading = reading or read_file(stores.archive.path(intake.sha256), intake.file, stores.parameters)
    findings = reading.findings + unstated(intake)
    intake = replace(intake, rows=reading.rows, refused=reading.refused, findings=len(findings))
    body = {
        "file": intake.file,
        "kind": intake.kind,
        "column_type": intake.column_type,
        "provider_type": intake.provider_type,
        "extracted_at": intake.extracted_at.isoformat() if intake.extracted_at else "",
        "ranked_at": intake.ranked_at.isoformat(),
        "rows": intake.rows,
        "refused": intake.refused,
        "findings": intake.findings,
        "replaces": replaces,
        "by": by,
    }
    with stores.facts.transaction():
        event = stores.register.append("intake", intake.sha256, body, now)
        intake = replace(intake, no=event.no)
        if replaces is not None:
            delete(stores.facts, replaces)
        store(stores.facts, intake.no, _columns(intake), reading, findings)
    return intake


def unstated(intake: Intake) -> list[Finding]:
    """Return the finding that nobody said when a file was extracted, where nobody did."""
    return [Finding("no_extraction_time")] if intake.extracted_at is None else []


def _columns(intake: Intake) -> tuple[str, str, str, str, dt.datetime | None, dt.datetime, int, int]:
    return (
        intake.sha256, intake.file, intake.kind, intake.provider_type, intake.extracted_at, intake.ranked_at,
        intake.rows, intake.refused,
    )  # fmt: skip


def rebuild(stores: Stores) -> int:
    """Fill empty facts from the archive and the register; returns the number of intakes read again."""
    intakes = live_intakes(stores.register)
    with stores.facts.transaction():
        for intake in intakes:
            reading = read_file(stores.archive.path(intake.sha256), intake.file, stores.parameters)
            store(stores.facts, intake.no, _columns(intake), reading, reading.findings + unstated(intake))
    return len(intakes)
