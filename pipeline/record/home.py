"""A home: the folder in which everything is kept, private to its owner, written by one run at a time."""

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import HomeBusy, UsageError

TRIES, PAUSE = 10, 0.03  # a reader who asks whether a run goes on holds the lock for a moment


@dataclass(frozen=True, slots=True)
class Home:
    """The paths of a home (CONTRACT 1); `made` creates what is missing.

    `work` is a folder of this machine for what can be made again, where the home itself is on a share.
    """

    root: Path
    work: Path | None = None

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def register(self) -> Path:
        return self.root / "register.sqlite"

    @property
    def facts(self) -> Path:
        return (self.work or self.root) / "facts.duckdb"

    @property
    def calendar(self) -> Path:
        return self.root / "calendar.toml"

    @property
    def settings(self) -> Path:
        return self.root / "settings.toml"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def staging(self) -> Path:
        return self.root / "staging"

    def made(self) -> "Home":
        """Create the folder, private to its owner (0700), and return the home; files made later are 0600."""
        if self.root.exists() and not self.root.is_dir():
            raise UsageError(f"{self.root} is a file, not a folder. Choose another --home.")
        os.umask(0o077)
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.root.stat().st_mode & 0o777 != 0o700:
            self.root.chmod(0o700)
        for folder in (self.archive, self.releases):
            folder.mkdir(mode=0o700, exist_ok=True)
        if self.work is not None:
            try:
                self.work.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as fault:
                raise UsageError(f"The working folder {self.work.parent} cannot be used ({fault.strerror}).") from None
        return self

    @contextlib.contextmanager
    def held(self, holder: str) -> Iterator[Path]:
        """Hold this home alone and yield an empty folder for work in progress; HomeBusy if another holds it."""
        with (self.root / "lock").open("a+") as lock:
            for _ in range(TRIES):
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    time.sleep(PAUSE)
            else:
                lock.seek(0)
                raise HomeBusy(lock.read().strip() or "no name given")
            lock.truncate(0)
            lock.write(holder)
            lock.flush()
            shutil.rmtree(self.staging, ignore_errors=True)
            self.staging.mkdir(mode=0o700)
            try:
                yield self.staging
            finally:
                shutil.rmtree(self.staging, ignore_errors=True)

    def is_busy(self) -> bool:
        """Say whether another process holds this home now."""
        lock_file = self.root / "lock"
        if not lock_file.exists():
            return False
        with lock_file.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file by one rename, so that a reader sees the old bytes or the new ones."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make names written in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
