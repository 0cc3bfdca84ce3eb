"""What the world outside refused, told in one line: a disk that is full, broken or read-only; a database that is gone."""

import errno
import os
from collections.abc import Iterator

from pipeline.errors import NO_ROOM, OF_THE_DISK

PASSING = frozenset({
    errno.EAGAIN, errno.EBUSY, errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.ECONNRESET, errno.ECONNREFUSED, errno.EHOSTUNREACH,
    errno.EHOSTDOWN, errno.ENETUNREACH, errno.EREMOTEIO,
})  # fmt: skip
OF_THE_PATH = (errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.ELOOP)
SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN = 8, 10, 13, 14


def said_of_outside(fault: BaseException) -> str | None:
    """Return the line that names what the disk or the register's database refused, for a fault that comes of it, else None."""
    return said_of_the_disk(fault) or said_of_the_database(fault) or said_of_the_path(fault)


def said_of_the_path(fault: BaseException) -> str | None:
    """Return the line for a path that may not be used as it has to be, else None."""
    for one in _chain(fault):
        if isinstance(one, OSError) and one.errno in OF_THE_PATH and one.filename:
            return f"{one.filename2 or one.filename}: {one.strerror}. What was there before is whole. Mend that, and give the same command again."
    return None


def is_passing(fault: BaseException) -> bool:
    """Say whether a fault is one of input or output that may pass by itself: a busy share, a server that restarts."""
    chain = list(_chain(fault))
    return said_of_the_database(fault) is not None or any(isinstance(f, OSError) and f.errno in PASSING for f in chain)


def said_of_the_database(fault: BaseException) -> str | None:
    """Return the line for a register on PostgreSQL that was lost in the middle of a command, else None."""
    for one in _chain(fault):
        if type(one).__module__.startswith("psycopg") and type(one).__name__ in ("OperationalError", "AdminShutdown"):
            return (
                "The register at ASC_REGISTER_URL was lost. What it holds is whole: each act stands in it, or does not. "
                "Give the same command again when it is back."
            )
    return None


def said_of_the_disk(fault: BaseException) -> str | None:
    """Return the line that names what the disk refused, for a fault that comes of it, else None."""
    found = [answer for one in _chain(fault) if (answer := _of_the_disk(one)) is not None]
    if not found:
        return None
    is_full, words = found[-1]  # the first that happened
    what = "There is no room left" if is_full else "The disk cannot be written or read"
    todo = "Free some" if is_full else "Mend that"
    return f"{what} ({words}). What was there before is whole. {todo}, and give the same command again."


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    """Yield a fault, and those it came of."""
    while fault is not None:
        yield fault
        fault = fault.__cause__ or fault.__context__


def _of_the_disk(fault: BaseException) -> tuple[bool, str] | None:
    """Return whether the disk is full, and what was said, for a fault of the disk as Python, SQLite or DuckDB raises it."""
    if isinstance(fault, OSError) and fault.errno in OF_THE_DISK:
        path = fault.filename2 or fault.filename
        return fault.errno in NO_ROOM, f"{path}: {fault.strerror}" if path else str(fault.strerror)
    code = getattr(fault, "sqlite_errorcode", 0) & 0xFF
    if code in (SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN):
        return code == SQLITE_FULL, f"the register: {fault}"
    if type(fault).__module__.lstrip("_").startswith("duckdb"):
        for number in OF_THE_DISK:
            if os.strerror(number) in str(fault):
                return number in NO_ROOM, " ".join(str(fault).split())[:300]
    return None
