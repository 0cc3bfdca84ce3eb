"""Files that a person leaves out of a month, with the reason; it stands in the register and in the release (`--skip`)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError
from pipeline.intake.arriving import reached
from pipeline.intake.ingest import Stores
from pipeline.intake.intakes import live_intakes
from pipeline.record.archive import digest_of
from pipeline.rules.windows import month_text


def without_skipped(
    stores: Stores, month: dt.date, paths: Sequence[Path], asked: Mapping[str, str], by: str, moment: dt.datetime
) -> list[Path]:
    """Write down the files that a person leaves out (`asked`: name or path -> reason), and return all others.

    What was left out of a month once stays left out of it, as long as its bytes are the same; so is a file that is held
    already, which need not be given again.
    """
    held = live_intakes(stores.register) if asked else []
    for name, because in asked.items():
        given = {(path.name, _digest(path)) for path in paths if name in (path.name, str(path))}
        found = given or {(intake.file, intake.sha256) for intake in held if intake.file == name}
        if not found:
            raise UsageError(f"--skip {name}: no such file among those given or held.")
        for file, sha256 in sorted(found):
            body = {"month": month_text(month), "file": file, "because": because, "by": by}
            if not any(event.body == body for event in stores.register.events("skip", sha256)):
                stores.register.append("skip", sha256, body, moment)
    left_out = left_out_of(stores, month)
    return [path for path in paths if not left_out or _digest(path) not in left_out]


def _digest(path: Path) -> str:
    with reached(path):
        return digest_of(path)


def left_out_of(stores: Stores, month: dt.date) -> frozenset[str]:
    """Return the SHA-256 of the files left out of a month: also where they are held, it goes without."""
    return frozenset(skip["sha256"] for skip in skipped_files(stores, month))


def skipped_files(stores: Stores, month: dt.date) -> list[dict[str, Any]]:
    """Return name, SHA-256 and reason of the files left out of a month, sorted; of each the last reason."""
    events = [event for event in stores.register.events("skip") if event.body["month"] == month_text(month)]
    last = {(event.body["file"], event.subject): event.body["because"] for event in events}
    return [{"name": file, "sha256": sha256, "because": last[file, sha256]} for file, sha256 in sorted(last)]
