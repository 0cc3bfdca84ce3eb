"""The batches of notices: drafts in current releases, and those approved once, read back as they were published."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.enforce.batches import BatchRecord
from pipeline.errors import Damaged, UsageError
from pipeline.record.archive import digest_of
from reports.release import SUMS, current, damage


@dataclass(frozen=True, slots=True)
class PublishedBatch:
    """One batch as it was published with a release of its month; its checksum is the SHA-256 of its SHA256SUMS. `record`
    is what became of it, None for a draft."""

    month: str
    release: str
    folder: Path
    record: BatchRecord | None

    @property
    def name(self) -> str:
        """The id of the batch."""
        return self.folder.name

    @property
    def state(self) -> str:
        """What the batch is: draft, approved, issued or replaced."""
        return self.record.state if self.record else "draft"

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
        if not (self.folder / SUMS).is_file():
            raise Damaged(f"{self.folder.name}/{SUMS} is missing")
        return digest_of(self.folder / SUMS)

    @property
    def damage(self) -> list[str]:
        """What of its files no longer fits its SHA256SUMS."""
        return damage(self.folder)

    def rows(self, name: str) -> list[dict[str, str]]:
        """Return the rows of the batch's manifest.csv or held.csv."""
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def batches(releases: Path, records: Mapping[str, BatchRecord], month: str = "????-??") -> Iterator[PublishedBatch]:
    """Yield the drafts of all current releases (of one month) and every batch approved once, in order of their ids."""
    found = {
        name: PublishedBatch(
            record.approval["month"], record.approval["release"],
            releases / record.approval["month"] / record.approval["release"] / "notices" / name, record,
        )
        for name, record in records.items()
    }  # fmt: skip
    for pointer in releases.glob(f"{month}/CURRENT"):
        month = pointer.parent.name
        release = current(releases, month)
        if release is not None:
            for folder in (releases / month / release / "notices").glob("NOI-*"):
                found.setdefault(folder.name, PublishedBatch(month, release, folder, None))
    yield from (found[name] for name in sorted(found))


def whole_batches(releases: Path, records: Mapping[str, BatchRecord]) -> tuple[list[PublishedBatch], list[Damaged]]:
    """Return the batches that can be read, in order of their ids, and what is damaged of the others."""
    found: dict[str, PublishedBatch] = {}
    damaged = []
    for month in sorted(path.name for path in releases.glob("????-??")):
        own = {name: record for name, record in records.items() if record.approval["month"] == month}
        try:
            for batch in batches(releases, own, month):
                found[batch.name] = batch
                assert batch.summary and batch.checksum
        except Damaged as fault:
            damaged.append(fault)
            found = {name: batch for name, batch in found.items() if batch.month != month}
    return [found[name] for name in sorted(found)], damaged


def batch_named(releases: Path, name: str, records: Mapping[str, BatchRecord]) -> PublishedBatch:
    """Return the batch of that id; raises UsageError where there is none."""
    known = {batch.name: batch for batch in batches(releases, records)}
    if name not in known:
        listed = ", ".join(known) or "none"
        raise UsageError(f'There is no batch "{name}". There are: {listed}.')
    return known[name]
