"""Is everything in a home still as it was written down?"""

from collections.abc import Iterator
from typing import Any

from flows.opening import has_register, register_of
from flows.receipts import receipt_bytes
from flows.reminding import KIND as REMINDER
from pipeline.enforce.batches import records_of
from pipeline.enforce.cases import KIND
from pipeline.enforce.queue import queue_of
from pipeline.errors import Damaged, UsageError
from pipeline.intake.ingest import turned_rows
from pipeline.intake.workbooks import SHEETS, is_whole
from pipeline.record.archive import Archive, digest_of
from pipeline.record.home import Home
from pipeline.record.register import Event, Register
from reports.dispatch import dispatch_folder, receipt_path
from reports.release import SUMS, checked_changes, checked_pointers, checked_releases, damage


def verify_home(home: Home, which: str = "all", expect: str | None = None) -> dict[str, Any]:
    """Return the number of files read, every problem found, and the head of the register's chain.

    `which` is a release id, or "all" for archive, register, facts and every release; `expect` a head noted earlier, which
    has to be that of a row.
    """
    if not home.root.is_dir() or not any(home.root.iterdir()):
        raise UsageError(f"{home.root}: there is nothing here to verify.")
    if not has_register(home):
        return {"files": 0, "problems": [f"{home.register.name}: missing"], "head": ""}
    try:
        register = register_of(home)
    except Damaged as damage:
        return {"files": 1, "problems": [str(damage).splitlines()[0]], "head": ""}
    problems = register.problems()
    if not problems and expect is not None and not register.holds(expect):
        problems = [f"register: no row has the head {expect}; what stood before it was changed or lost"]
    if problems:
        return {"files": 1, "problems": problems, "head": ""}
    recorded = [(e.body["month"], e.subject, e.body["sums_sha256"]) for e in register.events("release")]
    if which != "all":
        recorded = [line for line in recorded if line[1] == which]
        if not recorded:
            raise UsageError(f"No release {which} was ever published here.")
    problems += checked_releases(home.releases, recorded)
    files = sum(
        1 for month, release, _ in recorded for path in (home.releases / month / release).rglob("*") if path.is_file()
    )
    if which == "all":
        made = [(e.body["month"], e.body["changes"]) for e in register.events("release") if "changes" in e.body]
        problems += checked_changes(home.releases, [(month, file["path"], file["sha256"]) for month, file in made])
        problems += checked_pointers(home.releases, recorded)
        problems += _archive(Archive(home.archive), register) + _facts(home, register) + _issued(home, register)
        problems += _reminders(home, register)
        files += len(list(Archive(home.archive).held())) + 2
    head = register.head()
    register.close()
    return {"files": files, "problems": problems, "head": head}


def _archive(archive: Archive, register: Register) -> list[str]:
    problems = [f"archive/{path.parent.name}/{path.name}: changed" for path in archive.damaged()]
    held = {path.name for path in archive.held()}
    evidence = {e.body["evidence_sha256"] for e in register.events("window decision")} - {""}
    papers = {sha256 for event in register.events(KIND) for sha256 in _papers(event)}
    wanted = {e.subject for kind in ("intake", "calendar") for e in register.events(kind)} | evidence | papers
    refused = {e.subject for e in register.events("refusal")}
    problems += [f"archive/{sha256[:2]}/{sha256}: missing" for sha256 in sorted(wanted - held)]
    problems += [f"archive/{sha256[:2]}/{sha256}: nobody took this in" for sha256 in sorted(held - wanted - refused)]
    problems += [
        f"archive/turned/{sha256}: changed or missing; `asc-compliance rebuild` makes it again"
        for sha256, digest in sorted(turned_rows(register).items())
        if not is_whole(archive.turned(sha256)) or digest_of(archive.turned(sha256) / SHEETS) != digest
    ]
    return problems


def _papers(event: Event) -> Iterator[str]:
    """Yield the SHA-256 of every paper that an event of a case keeps: a file that shows it, a letter that was made."""
    if evidence := event.body.get("evidence"):
        yield evidence["sha256"]
    if event.body["event"] == "letter_made":
        yield event.body["sha256"]


def _issued(home: Home, register: Register) -> list[str]:
    """Say what is wrong with what was issued: batches, dispatches and receipts, and the queue of those held."""
    problems = []
    known = {}
    for record in records_of(register).values():
        month = record.approval["month"]
        batch = home.releases / month / record.approval["release"] / "notices" / record.name
        if not (batch / SUMS).is_file() or digest_of(batch / SUMS) != record.approval["checksum"]:
            problems.append(f"{record.name}: not as it was approved")
        if record.issue is None:
            continue
        folder, receipt = (
            dispatch_folder(home.releases, month, record.name),
            receipt_path(home.releases, month, record.name),
        )
        known[folder], known[receipt] = record.name, record.name
        name = f"releases/{month}/dispatch/{record.name}"
        if not folder.is_dir():
            problems.append(f"{name}: missing; the same `notices issue` again puts it back")
        else:
            problems += [f"{name}/{problem}" for problem in damage(folder)]
            if (folder / SUMS).is_file() and digest_of(folder / SUMS) != record.issue["dispatch_sums"]:
                problems.append(f"{name}/{SUMS}: changed")
        if not receipt.is_file() or receipt.read_bytes() != receipt_bytes(register, record.name):
            problems.append(f"{name}.receipt.json: {'changed' if receipt.is_file() else 'missing'}")
    strangers = [path for path in home.releases.glob("????-??/dispatch/*") if path not in known]
    problems += [f"{path.relative_to(home.root)}: nobody issued this" for path in sorted(strangers)]
    try:
        queue_of(register)
    except ValueError as error:
        problems.append(str(error))
    return problems


def _reminders(home: Home, register: Register) -> list[str]:
    """Say which reminders are not as they were made."""
    problems = []
    for event in register.events(REMINDER):
        name = f"reminders/{event.subject}/{event.body['name']}"
        folder = home.root / name
        problems += [f"{name}/{problem}" for problem in damage(folder)]
        if (folder / SUMS).is_file() and digest_of(folder / SUMS) != event.body["sums_sha256"]:
            problems.append(f"{name}/{SUMS}: changed")
    return problems


def _facts(home: Home, register: Register) -> list[str]:
    events = register.events("facts")
    if not events:
        return []
    if not home.facts.exists():
        return [] if home.work is not None else ["facts.duckdb: missing; `asc-compliance rebuild` makes it again"]
    written = [e.body["sha256"] for e in events if home.work is not None or e is events[-1]]  # one folder each machine
    if digest_of(home.facts) not in written:
        return ["facts.duckdb: changed; `asc-compliance rebuild` makes it again"]
    return []
