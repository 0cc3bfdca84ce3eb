"""A release: staged, read back and checked, hashed, and put in its place by one rename; never changed afterwards."""

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import Damaged
from pipeline.record.archive import digest_of
from pipeline.record.home import sync_folder, write_whole
from pipeline.record.register import canonical

SUMS = "SHA256SUMS"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Artefact:
    """One file of a release; `rows` counts the records of a table, None for other files."""

    path: str
    content: bytes
    rows: int | None = None

    @property
    def entry(self) -> dict[str, object]:
        """The manifest's line about the file."""
        sha256 = hashlib.sha256(self.content).hexdigest()
        return {"path": self.path, "sha256": sha256, "bytes": len(self.content), "rows": self.rows}


@dataclass(frozen=True, slots=True)
class Placed:
    """A file that stands in the staged folder already: a letter, written by the process that made it."""

    path: str
    sha256: str
    size: int

    @property
    def entry(self) -> dict[str, object]:
        """The manifest's line about the file."""
        return {"path": self.path, "sha256": self.sha256, "bytes": self.size, "rows": None}


def release_id(made_of: dict[str, Any]) -> str:
    """Return the id of what a release is made of: the same things, the same id (CONTRACT 1)."""
    return hashlib.sha256(canonical(made_of).encode()).hexdigest()[:16]


def current(releases: Path, month: str) -> str | None:
    """Return the id of a month's current release."""
    pointer = releases / month / "CURRENT"
    if not pointer.exists():
        return None
    release = pointer.read_text(encoding="utf-8", errors="replace").strip()
    if not re.fullmatch(r"[0-9a-f]{16}", release) or not (releases / month / release / MANIFEST).exists():
        raise Damaged(f"releases/{month}/CURRENT names no release")
    return release


def last_before(releases: Path, month: str) -> tuple[str, str] | None:
    """Return (month, id) of the current release of the last earlier month."""
    earlier = sorted(path.parent.name for path in releases.glob("????-??/CURRENT") if path.parent.name < month)
    if not earlier:
        return None
    release = current(releases, earlier[-1])
    assert release is not None
    return earlier[-1], release


def accepted_in(manifest: dict[str, Any]) -> dict[str, str]:
    """Return the checks that a release accepts, as CHECK or CHECK:TYPE, with the words; older releases say no type."""
    older = [one for one in manifest["checks"] if one["because"] is not None]
    return {
        f"{one['check']}:{one['provider_type']}" if one.get("provider_type") else one["check"]: one["because"]
        for one in manifest.get("accepted", older)
    }


def manifest_of(releases: Path, month: str, release: str) -> dict[str, Any]:
    """Return what the manifest of a release says."""
    text = (releases / month / release / MANIFEST).read_text(encoding="utf-8")
    answer: dict[str, Any] = json.loads(text)
    return answer


def services_published(releases: Path, month: str, release: str) -> list[dict[str, str]]:
    """Return the rows of a release's `national/services.csv`."""
    with (releases / month / release / "national" / "services.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def stage(folder: Path, artefacts: Iterable[Artefact | Placed], manifest: dict[str, Any]) -> str:
    """Write a whole release into a folder that holds no more than its placed files, read it back, and return the SHA-256 of its SHA256SUMS."""
    artefacts = sorted(artefacts, key=lambda artefact: artefact.path)
    manifest = {**manifest, "files": [artefact.entry for artefact in artefacts]}
    text = json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    whole = sorted([*artefacts, Artefact(MANIFEST, text.encode())], key=lambda artefact: artefact.path)
    sums = "".join(f"{artefact.entry['sha256']}  {artefact.path}\n" for artefact in whole)
    for artefact in [*whole, Artefact(SUMS, sums.encode())]:
        if isinstance(artefact, Placed):
            continue
        path = folder / artefact.path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(artefact.content)
    problems = damage(folder) + [problem for artefact in artefacts for problem in _unlike(folder, artefact)]
    if problems:
        raise RuntimeError(f"a staged release does not read back as it was made: {problems[:3]}")
    return digest_of(folder / SUMS)


def _unlike(folder: Path, artefact: Artefact | Placed) -> list[str]:
    """Say where a CSV, read back, does not have the rows and columns it was made with."""
    if isinstance(artefact, Placed) or not artefact.path.endswith(".csv"):
        return []
    data = (folder / artefact.path).read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(data, newline=""), strict=True))
    widths = {len(row) for row in rows}
    if len(rows) - 1 != artefact.rows or len(widths) != 1:
        return [f"{artefact.path}: {len(rows) - 1} rows, widths {sorted(widths)}"]
    return []


def promote(staged: Path, releases: Path, month: str, release: str) -> Path:
    """Put a staged release into its place by one rename; what lies there already stays as it is."""
    target = releases / month / release
    target.parent.mkdir(mode=0o700, exist_ok=True)
    if not target.exists():
        for folder in {path.parent for path in staged.rglob("*")}:
            sync_folder(folder)
        os.sync()
        staged.rename(target)
        sync_folder(target.parent)
    return target


def put_changes(releases: Path, month: str, changes: Artefact) -> None:
    """Write the comparison of two releases beside them; it is a matter of the two alone, and never changes."""
    target = releases / month / changes.path
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not target.exists():
        write_whole(target, changes.content)


def point_to(releases: Path, month: str, release: str) -> None:
    """Make a release the current one of its month."""
    if current(releases, month) != release:
        write_whole(releases / month / "CURRENT", f"{release}\n".encode())


def damage(folder: Path) -> list[str]:
    """Return what no longer fits the SHA256SUMS of a release folder: files changed, missing or added."""
    sums = folder / SUMS
    if not sums.exists():
        return [f"{folder.name}/{SUMS}: missing"]
    listed: dict[str, str] = {}
    for line in sums.read_text(encoding="utf-8", errors="replace").splitlines():
        digest, _, path = line.partition("  ")
        listed[path] = digest
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {SUMS}
    problems = [f"{path}: missing" for path in sorted(set(listed) - there)]
    problems += [f"{path}: not part of the release" for path in sorted(there - set(listed))]
    problems += [f"{path}: changed" for path in sorted(there & set(listed)) if digest_of(folder / path) != listed[path]]
    return problems


def document_of(folder: Path, path: str, sums_sha256: str) -> dict[str, Any]:
    """Return a JSON document of a folder, checked against the folder's SHA256SUMS, and that against its digest."""
    sums = folder / SUMS
    lines = sums.read_text(encoding="utf-8").splitlines() if sums.is_file() else []
    if not lines or digest_of(sums) != sums_sha256:
        raise Damaged(f"{folder.name}/{SUMS} is not as it was published")
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    file = folder / path
    if not file.is_file() or digest_of(file) != listed.get(path):
        raise Damaged(f"{folder.name}/{path} is not as it was published")
    answer: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return answer


def checked_releases(releases: Path, recorded: Sequence[tuple[str, str, str]]) -> list[str]:
    """Return what is wrong with the releases: `recorded` holds (month, id, SHA-256 of SHA256SUMS) as written down."""
    problems = []
    for month, release, sums_sha256 in recorded:
        folder = releases / month / release
        name = f"releases/{month}/{release}"
        if not folder.is_dir():
            problems.append(f"{name}: missing")
            continue
        problems += [f"{name}/{problem}" for problem in damage(folder)]
        if (folder / SUMS).exists() and digest_of(folder / SUMS) != sums_sha256:
            problems.append(f"{name}/{SUMS}: changed")
    return problems


def checked_changes(releases: Path, recorded: Sequence[tuple[str, str, str]]) -> list[str]:
    """Return which comparisons of releases are missing or changed: `recorded` holds (month, path, SHA-256)."""
    problems = []
    for month, path, sha256 in recorded:
        file = releases / month / path
        if not file.exists() or digest_of(file) != sha256:
            problems.append(f"releases/{month}/{path}: {'changed' if file.exists() else 'missing'}")
    return problems


def checked_pointers(releases: Path, recorded: Sequence[tuple[str, str, str]]) -> list[str]:
    """Return the months whose CURRENT is missing or names no release of theirs."""
    problems = []
    for month in sorted({month for month, _, _ in recorded}):
        pointer = releases / month / "CURRENT"
        named = pointer.read_text(encoding="utf-8", errors="replace").strip() if pointer.exists() else None
        if named is None:
            problems.append(f"releases/{month}/CURRENT: missing")
        elif named not in {release for of_month, release, _ in recorded if of_month == month}:
            problems.append(f"releases/{month}/CURRENT: names no release of this month")
    return problems
