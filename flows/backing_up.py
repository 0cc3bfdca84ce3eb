"""A backup of a home: one file that holds all that cannot be made again, named by what it holds; and putting it back."""

import datetime as dt
import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flows.opening import register_of, writing
from pipeline.errors import InputRefused, UsageError
from pipeline.record.archive import digest_of
from pipeline.record.home import Home, sync_folder
from pipeline.record.register import canonical

KEPT = ("archive", "releases", "reminders", "cases", "settings.toml", "calendar.toml", "alerts.jsonl")
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
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with home.made().held(f"a backup, process {os.getpid()}, since {moment:%Y-%m-%d %H:%M} UTC"):
        register = register_of(home)
        with register.writing() as ledger:
            rows, head = ledger.rows(), ledger.head()
        register.close()
        text = "".join(f"{canonical(row)}\n" for row in rows).encode()
        paths = list(_files(home))
        sums = {path.relative_to(home.root).as_posix(): digest_of(path) for path in paths}
        sums[REGISTER] = hashlib.sha256(text).hexdigest()
        listed = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())).encode()
        name = f"asc-backup-{len(rows):07d}-{hashlib.sha256(listed).hexdigest()[:16]}.tar"
        target, partial = folder / name, folder / f".{name}.partial"
        made = Backup(target, len(paths), len(rows), head, not target.exists())
        if made.is_new:
            with tarfile.open(partial, "w", format=tarfile.PAX_FORMAT) as tar:
                _add(tar, SUMS, io.BytesIO(listed), len(listed))
                _add(tar, REGISTER, io.BytesIO(text), len(text))
                for path in paths:
                    with path.open("rb") as file:
                        _add(tar, path.relative_to(home.root).as_posix(), file, path.stat().st_size)
            _check(partial)
            with partial.open("rb") as file:
                os.fsync(file.fileno())
            partial.rename(target)
            sync_folder(folder)
    return made


def put_back(home: Home, file: Path, moment: dt.datetime) -> None:
    """Make a home from a backup, beside its place first and then by one rename; the facts are made again.

    Raises UsageError where the home holds something or the register is not empty, InputRefused for a file that is no whole
    backup.
    """
    if home.root.exists() and (not home.root.is_dir() or any(home.root.iterdir())):
        raise UsageError(f"{home.root} is not empty. A backup is restored into a home that does not exist yet.")
    if not file.is_file():
        raise UsageError(f"{file}: there is no such file.")
    _check(file)
    beside = home.root.resolve().with_name(f".{home.root.resolve().name}.restoring")
    shutil.rmtree(beside, ignore_errors=True)
    restored = Home(beside).made()
    with tarfile.open(file) as tar:
        tar.extractall(beside, filter="data")
    lines = (beside / REGISTER).read_text(encoding="utf-8").splitlines()
    register = register_of(restored)
    try:
        with register.writing() as ledger:
            ledger.put_back([json.loads(line) for line in lines])
    finally:
        register.close()
    for name in (REGISTER, SUMS):
        (beside / name).unlink()
    for path in beside.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    if home.root.exists():
        home.root.rmdir()
    beside.rename(home.root)
    with writing(home, moment, anew=True):
        pass


def _files(home: Home) -> Iterator[Path]:
    for name in KEPT:
        path = home.root / name
        if path.is_file():
            yield path
        for found in sorted(path.rglob("*")) if path.is_dir() else []:
            is_passing = found.name.startswith(".")  # a file that a killed process left half written
            if found.is_file() and not is_passing and not found.is_relative_to(home.root / MADE_AGAIN):
                yield found


def _add(tar: tarfile.TarFile, name: str, file: io.BufferedIOBase, size: int) -> None:
    member = tarfile.TarInfo(name)  # no owner and no time: the same home, the same bytes
    member.size, member.mode = size, 0o600
    tar.addfile(member, file)


def _check(file: Path) -> None:
    """Read a backup whole; raises InputRefused where it is not what its SHA256SUMS say, or would write outside a home."""
    problem, listed, found = "", {}, {}
    try:
        with tarfile.open(file) as tar:
            for member in tar:
                content = tar.extractfile(member)
                place = PurePosixPath(member.name)
                if content is None or place.is_absolute() or ".." in place.parts or member.name in found:
                    problem = "it holds what no backup holds"
                    break
                if member.name == SUMS:
                    lines = content.read().decode("utf-8", "replace").splitlines()
                    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
                else:
                    found[member.name] = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
    except (tarfile.TarError, OSError, EOFError) as fault:
        problem = f"it cannot be read to its end ({fault})"
    if problem or found != listed or REGISTER not in found:
        raise InputRefused(
            file.name, f"not a whole backup: {problem or 'a file of it was changed or lost'}.", "Take another one."
        )
