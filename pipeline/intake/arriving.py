"""Files as they lie in folders: which are inputs, which are skipped, and those that cannot be reached or are not there whole."""

import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import UsageError, speakable

STRAY = (".pdf", ".msg", ".eml", ".docx", ".txt", ".zip")
SYSTEM = ("thumbs.db", "desktop.ini")
HALF = (
    ".part",
    ".filepart",
    ".crdownload",
    ".tmp",
    ".partial",
    ".download",
)  # what programs call a file they are still writing
OF_THE_PATH = (
    errno.ENOENT,
    errno.EACCES,
    errno.EPERM,
    errno.EISDIR,
    errno.ENOTDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ESTALE,
)


class Unreached(UsageError):
    """A file or folder cannot be read, went away, or is still being written; `taken` is what was taken in before."""

    def __init__(self, path: Path, why: str, taken: Sequence[object] = ()) -> None:
        self.taken = tuple(taken)
        super().__init__(
            f"{speakable(str(path), 300)}: {why}. Nothing of it was taken in.\nMend that, and give the same command again."
        )


@contextmanager
def reached(path: Path, taken: Sequence[object] = ()) -> Iterator[None]:
    """Raise Unreached, saying which path and why, where a file cannot be opened or has gone."""
    try:
        yield
    except OSError as fault:
        if fault.errno not in OF_THE_PATH:
            raise
        raise Unreached(path, f"it cannot be read ({fault.strerror})", taken) from None


def files_of(paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """Return the files to read, sorted, and the stray files of folders that are skipped.

    Raises UsageError for a path that is nothing, Unreached for a folder that cannot be listed and for a file that a program is
    still writing.
    """
    wanted: list[Path] = []
    skipped: list[Path] = []
    for path in paths:
        if path.is_dir():
            for found in _inside(path):
                (skipped if _is_stray(found) or not _is_file(found) else wanted).append(found)
        elif path.is_file():
            (skipped if _is_hidden(path) else wanted).append(path)
        else:
            with reached(path):
                path.stat()
            raise UsageError(f"{speakable(str(path), 300)}: this is no file and no folder.")
    for path in wanted:
        if path.suffix.casefold() in HALF:
            raise Unreached(path, "its name says that it is still being written")
    return sorted(wanted, key=lambda path: (path.name, str(path))), skipped


def _inside(folder: Path) -> list[Path]:
    def fail(fault: OSError) -> None:
        raise Unreached(Path(fault.filename or folder), f"the folder cannot be listed ({fault.strerror})")

    found: list[Path] = []
    for place, folders, files in os.walk(folder, onerror=fail):
        found += [
            Path(place) / name for name in (*files, *(name for name in folders if (Path(place) / name).is_symlink()))
        ]
    return sorted(found)


def _is_file(path: Path) -> bool:
    """Say whether a path is a file, and no link that leads nowhere; raises Unreached where that cannot be told."""
    with reached(path):
        return path.is_file()


def _is_hidden(path: Path) -> bool:
    """Say whether a file is none of a person's: hidden, a lock, or the system's own."""
    name = path.name.casefold()
    return name.startswith((".", "~$")) or name in SYSTEM


def _is_stray(path: Path) -> bool:
    return _is_hidden(path) or path.suffix.casefold() in STRAY
