"""The batches of draft notices that stand in current releases, read back as they were published."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import Damaged, UsageError
from pipeline.record.archive import digest_of
from reports.release import SUMS, current


@dataclass(frozen=True, slots=True)
class PublishedBatch:
    """One batch as it stands in the current release of its month; its checksum is the SHA-256 of its SHA256SUMS."""

    month: str
    release: str
    folder: Path

    @property
    def summary(self) -> dict[str, Any]:
        """What `batch.json` says."""
        try:
            answer = json.loads((self.folder / "batch.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            answer = None
        if not isinstance(answer, dict) or answer.get("batch") != self.folder.name:
            raise Damaged(f"{self.folder.name}/batch.json is not what was published")
        return answer

    @property
    def checksum(self) -> str:
        """What an approval is bound to."""
        return digest_of(self.folder / SUMS)

    def rows(self, name: str) -> list[dict[str, str]]:
        """Return the rows of the batch's manifest.csv or held.csv."""
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def batches(releases: Path) -> Iterator[PublishedBatch]:
    """Yield the batches of all current releases, oldest month first."""
    for pointer in sorted(releases.glob("????-??/CURRENT")):
        month = pointer.parent.name
        release = current(releases, month)
        if release is not None:
            for folder in sorted((releases / month / release / "notices").glob("NOI-*")):
                yield PublishedBatch(month, release, folder)


def batch_named(releases: Path, name: str) -> PublishedBatch:
    """Return the batch of that id; raises UsageError where no current release holds it."""
    known = {batch.folder.name: batch for batch in batches(releases)}
    if name not in known:
        listed = ", ".join(known) or "none"
        raise UsageError(f'There is no batch "{name}" in a current release. There are: {listed}.')
    return known[name]
