"""A backup of a home: one file that holds all that cannot be made again, named by what it holds; and putting it back."""

import contextlib
import datetime as dt
import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from flows.opening import register_of, writing
from pipeline.errors import InputRefused, UsageError
from pipeline.record.archive import digest_of
from pipeline.record.home import Home, sync_folder
from pipeline.record.register import canonical

KEPT = ("archive", "releases", "reminders", "cases")
LOOSE = ("settings.toml", "calendar.toml", "alerts.jsonl")
COLUMNS = ("no", "at", "kind", "subject", "body", "previous", "hash")  # of a row of the register
MADE_AGAIN = "archive/turned"  # rows of workbooks, which `rebuild` makes again
REGISTER, SUMS = "register.jsonl", "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup: its file, how many files and rows of the register it holds, the register's head, and whether it is new."""

    path: Path
    files: int
    rows: int
    head: str
    is_new: bool


def back_up(home: Home, folder: Path, moment: dt.datetime) -> Backup:
    """Write a backup into a folder and read it back; the same home gives the same bytes under the same name.

    The register is copied first, in one transaction, so that whatever it names is there. Raises HomeBusy while a run goes on.
    """
    if not home.root.is_dir():
        raise UsageError(f"{home.root}: there is nothing here to back up.")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file, not a folder. Choose another --to.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.ExitStack() as held:
        register = register_of(home.made())
        held.callback(register.close)
        held.enter_context(register.run_alone())
        held.enter_context(home.held(f"a backup, process {os.getpid()}, since {moment:%Y-%m-%d %H:%M} UTC"))
        with register.writing() as ledger:
            rows, head = ledger.rows(), ledger.head()
        in_memory = {REGISTER: "".join(f"{canonical(row)}\n" for row in rows).encode(), **_changing(home)}
        paths = {path.relative_to(home.root).as_posix(): path for path in _files(home)}
        sums = {name: digest_of(path) for name, path in paths.items()}
        sums |= {name: hashlib.sha256(content).hexdigest() for name, content in in_memory.items()}
        listed = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())).encode()
        name = f"asc-backup-{len(rows):07d}-{hashlib.sha256(listed).hexdigest()[:16]}.tar"
        target = folder / name
        made = Backup(target, len(sums) - 1, len(rows), head, not target.exists())
        if made.is_new:
            _write(target, {SUMS: listed, **in_memory}, paths)
    return made


def _changing(home: Home) -> dict[str, bytes]:
    """Return the small files that people and alerts change while a backup is written, as they are at one moment."""
    found = {"settings.toml": Path(os.environ.get("ASC_SETTINGS") or home.settings), "calendar.toml": home.calendar,
             "alerts.jsonl": home.root / "alerts.jsonl"}  # fmt: skip
    return {name: path.read_bytes() for name, path in found.items() if path.is_file()}


def _files(home: Home) -> Iterator[Path]:
    """Yield the files of the folders that are kept, also those behind a link to another disk."""
    for name in KEPT:
        for folder, _, files in os.walk(home.root / name, followlinks=True):
            inside = Path(folder)
            if not inside.is_relative_to(home.root / MADE_AGAIN):
                yield from (inside / file for file in sorted(files) if not file.startswith("."))  # a kill leaves .x.new


def _write(target: Path, in_memory: Mapping[str, bytes], paths: Mapping[str, Path]) -> None:
    partial = target.with_name(f".{target.name}.partial")
    try:
        with tarfile.open(partial, "w", format=tarfile.PAX_FORMAT) as tar:
            for name, content in in_memory.items():
                _add(tar, name, io.BytesIO(content), len(content))
            for name, path in sorted(paths.items()):
                with path.open("rb") as file:
                    _add(tar, name, file, path.stat().st_size)
        _checked(partial)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.rename(target)
        sync_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)


def _add(tar: tarfile.TarFile, name: str, file: io.BufferedIOBase, size: int) -> None:
    member = tarfile.TarInfo(name)  # no owner and no time: the same home, the same bytes
    member.size, member.mode = size, 0o600
    tar.addfile(member, file)


def put_back(home: Home, file: Path, moment: dt.datetime) -> None:
    """Make a home from a backup, beside its place first and then by one rename; the facts are made again.

    Raises UsageError where the home holds something or the register is not empty, InputRefused for a file that is no whole
    backup.
    """
    root = home.root.resolve()
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise UsageError(f"{home.root} is not empty. A backup is restored into a home that does not exist yet.")
    if not file.is_file():
        raise UsageError(f"{file}: there is no such file.")
    rows = _checked(file)
    beside = root.with_name(f".{root.name}.restoring")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        restored = Home(beside).made()
        with tarfile.open(file) as tar:
            tar.extractall(beside, [member for member in tar if member.name not in (REGISTER, SUMS)], filter="data")
        register = register_of(restored)
        try:
            with register.writing() as ledger:
                ledger.put_back(rows)
        finally:
            register.close()
        for path in beside.rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)
        if root.exists():
            root.rmdir()
        beside.rename(root)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    with writing(home, moment, anew=True):
        pass


def _checked(file: Path) -> list[dict[str, Any]]:
    """Read a backup whole and return the rows of its register; raises InputRefused where it is not what its SHA256SUMS say,
    or holds anything but files of a home."""
    listed: dict[str, str] = {}
    found: dict[str, str] = {}
    rows: list[dict[str, Any]] = []
    problem = ""
    try:
        with tarfile.open(file) as tar:
            for member in tar:
                place = PurePosixPath(member.name)
                content = tar.extractfile(member) if member.isreg() else None
                is_ours = place.parts[0] in (*KEPT, *LOOSE, REGISTER, SUMS) and ".." not in place.parts
                if content is None or not is_ours or member.name in found:
                    raise ValueError("it holds what no backup holds")
                if member.name == SUMS:
                    lines = content.read().decode().splitlines()
                    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
                    continue
                found[member.name] = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
                if member.name == REGISTER:
                    content.seek(0)
                    rows = [{name: row[name] for name in COLUMNS} for row in map(json.loads, content)]
    except (tarfile.TarError, OSError, EOFError, ValueError, LookupError, TypeError) as fault:
        problem = f"it cannot be read to its end ({fault})"
    if problem or found != listed or REGISTER not in found:
        problem = problem or "a file of it was changed or lost"
        raise InputRefused(file.name, f"not a whole backup: {problem}.", "Take another one.")
    return rows
