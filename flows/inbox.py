"""The inbox: the folder into which exports are dropped for the runs that nobody starts by hand."""

import datetime as dt
import time
from collections.abc import Sequence
from pathlib import Path

from flows.opening import writing
from flows.operations import Operations
from flows.room import said_of_outside
from pipeline.errors import InputsRefused, UsageError, without_addresses
from pipeline.intake.arriving import files_of
from pipeline.intake.ingest import Taken, ingest
from pipeline.intake.own_lists import OwnList
from pipeline.intake.statements import Statement
from pipeline.record.home import Home

BY = "asc-compliance"  # who does what nobody does by hand
FRESH, SETTLES_IN = 60, 2  # seconds: a file changed so lately may still be arriving, and is looked at twice


class StillArriving(UsageError):
    """A file of the inbox is still being written, or went away while it was read."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{without_addresses(name)} is still being written into the inbox. Nothing was taken in.")


def take_in_inbox(home: Home, operations: Operations, moment: dt.datetime) -> tuple[list[Taken], list[str]]:
    """Take in all files of the inbox: that of the settings, else `inbox` in the home, which is made; return what was taken in,
    and the names of lists of our own that were set aside.

    Raises UsageError where it cannot be read, StillArriving, InputsRefused, HomeBusy.
    """
    inbox = operations.inbox.folder
    if inbox is None:
        inbox = home.root / "inbox"
        inbox.mkdir(mode=0o700, exist_ok=True)
    elif home.root.resolve().is_relative_to(inbox.resolve()):
        raise UsageError("The inbox of the settings holds the home itself. Choose another folder.")
    try:
        paths = _readable(inbox, moment)
    except OSError as fault:
        if said_of_outside(fault) is not None:
            raise
        name = without_addresses(str(fault.filename or inbox))
        raise UsageError(f"The inbox {name} cannot be read ({fault.strerror}).") from None
    if not paths:
        return [], []
    with writing(home, moment) as (stores, _):
        try:
            return ingest(stores, paths, Statement(), BY, moment), []
        except InputsRefused as refused:
            if not all(isinstance(one, OwnList) for one in refused.refusals):
                raise
            return [one for one in refused.taken if isinstance(one, Taken)], [one.file for one in refused.refusals]


def _readable(inbox: Path, moment: dt.datetime) -> list[Path]:
    """Return the files of the inbox, each of which can be opened and has arrived whole."""
    if not inbox.is_dir():
        why = "is a file, not a folder" if inbox.exists() else "is not there: is it mounted?"
        raise UsageError(f"The inbox {without_addresses(str(inbox))} {why}.")
    paths, _ = files_of([inbox])
    for path in paths:
        path.open("rb").close()
    before = _sizes(paths)
    if any(changed > moment.timestamp() - FRESH for _, changed in before):
        time.sleep(SETTLES_IN)
        for path, size, now in zip(paths, before, _sizes(paths), strict=True):
            if size != now:
                raise StillArriving(path.name)
    return paths


def _sizes(paths: Sequence[Path]) -> list[tuple[int, float]]:
    return [(path.stat().st_size, path.stat().st_mtime) for path in paths]
