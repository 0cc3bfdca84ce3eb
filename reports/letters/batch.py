"""A batch of draft notices: letters with their evidence, those held with the reason, and what it was all made with."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.assess.assessment import Judgement
from pipeline.enforce.earlier import Place
from pipeline.enforce.grounds import Grounds
from pipeline.enforce.notices import Held, HeldReason, Notice, notices_of
from pipeline.record.facts import Facts
from pipeline.rules.windows import month_text
from reports.letters.making import Made
from reports.letters.rows import (
    HELD_HEADINGS,
    MANIFEST_HEADINGS,
    annex_path,
    held_row,
    letter_path,
    manifest_row,
)
from reports.letters.setting import NO_GLYPH
from reports.letters.work import Plan, Work
from reports.lists.cells import csv_for_machines
from reports.release import SUMS, Artefact, Placed


@dataclass(frozen=True, slots=True)
class Batch:
    """A finished batch: its id, its files, its checksum, and every notice it is about."""

    name: str
    files: list[Artefact | Placed]
    checksum: str
    notices: Sequence[Notice]

    @property
    def letters(self) -> int:
        """The number of letters."""
        return sum(notice.held is None for notice in self.notices)

    @property
    def held(self) -> int:
        """The number of providers held."""
        return len(self.notices) - self.letters

    @property
    def held_by_reason(self) -> dict[HeldReason, int]:
        """The number of providers held, by reason, in the order of reasons."""
        reasons = Counter(notice.held.reason for notice in self.notices if notice.held is not None)
        return {reason: reasons[reason] for reason in HeldReason if reason in reasons}


def batch_of(facts: Facts, judgement: Judgement, grounds: Grounds, plan: Plan, staged: Path) -> Batch:
    """Make the batch of a judged month; its letters are written into the staged release folder.

    `letters + held = providers due` is checked before anything is written.
    """
    name = f"NOI-{month_text(judgement.month)}-{plan.place.number:02d}"
    notices = notices_of(facts, judgement, grounds, plan.place, plan.missing)
    _check_whole(facts, notices, plan.place)
    work = Work(facts, judgement, plan, name, notices)
    notices = [work.printable(notice) for notice in notices]
    made = work.letters(notices, staged)
    notices = [_refused(notice, made[notice.ref]) if notice.ref in made else notice for notice in notices]
    letters = [notice for notice in notices if notice.held is None]
    held = [notice for notice in notices if notice.held is not None]
    inside: list[Artefact | Placed] = [
        _table("manifest.csv", MANIFEST_HEADINGS, [manifest_row(n, made[n.ref], work.letter) for n in letters]),
        _table("held.csv", HELD_HEADINGS, [held_row(notice) for notice in held]),
        _document("batch.json", work.summary(letters, held, made)),
        *(Placed(letter_path(n.ref), made[n.ref].sha256, made[n.ref].size) for n in letters),
        *(_document(f"evidence/{n.ref}.json", work.evidence(n)) for n in letters),
        *(Placed(annex_path(n.ref), made[n.ref].annex_sha256, made[n.ref].annex_size) for n in letters),
    ]
    inside.sort(key=lambda file: file.path)
    sums = Artefact(SUMS, "".join(f"{file.entry['sha256']}  {file.path}\n" for file in inside).encode())
    files = [replace(file, path=f"notices/{name}/{file.path}") for file in (*inside, sums)]
    return Batch(name, files, str(sums.entry["sha256"]), notices)


def _check_whole(facts: Facts, notices: Sequence[Notice], place: Place) -> None:
    due = {key for (key,) in facts.query(
        "SELECT DISTINCT coalesce(nullif(provider_id, ''), location_id || ' ' || provider_type) FROM service"
        " WHERE status = 'notice_due'"
    )}  # fmt: skip
    wanted = len(due - place.noticed)
    if wanted != len(notices) or len({notice.ref for notice in notices}) != len(notices):
        raise RuntimeError(f"{wanted} providers are due a notice, and {len(notices)} were looked at")


def _refused(notice: Notice, made: Made) -> Notice:
    if not made.problems:
        return notice
    lacks_a_character = any(NO_GLYPH in problem for problem in made.problems)
    reason = HeldReason.UNPRINTABLE if lacks_a_character else HeldReason.LETTER_REFUSED
    return replace(notice, held=Held(reason, "; ".join(made.problems)))


def _table(path: str, headings: Sequence[str], rows: list[list[object]]) -> Artefact:
    return Artefact(path, csv_for_machines(headings, rows), len(rows))


def _document(path: str, content: Mapping[str, Any]) -> Artefact:
    return Artefact(path, (json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode())
