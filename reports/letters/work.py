"""The letters of one batch in the making: what each shows, its row, its evidence, and what it was all made with."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.assess.assessment import Judgement
from pipeline.assess.explain import windows_of
from pipeline.enforce.earlier import Place
from pipeline.enforce.notices import Held, HeldReason, Notice
from pipeline.record.facts import Facts
from pipeline.rules.notice_dates import Method, NoticeDates, letter_dates
from pipeline.rules.windows import Window, add_months, month_text, window_for
from reports.letters.annex import ANNEX, annex_values
from reports.letters.check import Expected
from reports.letters.evidence import evidence_of
from reports.letters.making import Letters, Made, Order
from reports.letters.rows import (
    Letter,
    annex_path,
    letter_path,
)
from reports.letters.setting import engine, unprintable
from reports.letters.source import FONTS, LETTERS, NOTICE_OF_INTENT, source_of
from reports.letters.wording import Dates, Limits, values_of
from reports.sender import Sender

SHOWN = ("amount", "representations_from", "representations_until", "representations_address", "representations_email",
         "given_on", "decide_by", "provider_name", "sender_name")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """What a batch is planned with: when and how it is sent, by whom (None: not configured), and what is missing for
    that; the version and calendar it is made with, what makes the letters, and its place among earlier notices."""

    send_on: dt.date
    method: Method
    sender: Sender | None
    missing: Sequence[str]
    version: str
    calendar: str | None
    letters: Letters
    place: Place


def _strings(value: object) -> Iterator[str]:
    """Yield every text in what a letter shows."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _strings(inner)


class Work:
    """The letters of one batch: what each shows, its row, its evidence."""

    def __init__(self, facts: Facts, judgement: Judgement, plan: Plan, name: str, notices: Sequence[Notice]) -> None:
        self._judgement, self._plan, self._name = judgement, plan, name
        self._in_force = judgement.parameters.on(plan.send_on)
        self._dates: NoticeDates = letter_dates(plan.send_on, plan.method, judgement.days, self._in_force)
        wanted = [notice for notice in notices if notice.held is None]
        asked = sorted({unit.location_id for notice in wanted for unit in notice.units})
        facts.load("asked_location", {"location_id": "VARCHAR"}, [(location,) for location in asked], temp=True)
        units = facts.query(
            "SELECT location_id, provider_type FROM unit INNER JOIN asked_location USING (location_id) ORDER BY ALL"
        )
        self._siblings: dict[str, list[str]] = {}
        for location_id, kind in units:
            self._siblings.setdefault(location_id, []).append(kind)
        self._windows = windows_of(facts, judgement, [(location_id, kind) for location_id, kind in units])
        self._values = {notice.ref: self._values_of(notice) for notice in wanted}
        self._templates = _digests(
            [LETTERS / name for name in (NOTICE_OF_INTENT, "letterhead.typ", ANNEX, "papers.typ")]
        )

    def printable(self, notice: Notice) -> Notice:
        """Return a notice, held where its letter's fonts lack a character of it, with the character and where it stands."""
        for text in _strings(self._values.get(notice.ref, {})):
            if (character := unprintable(text)) is not None:
                return replace(notice, held=Held(HeldReason.UNPRINTABLE, f'{character} in "{text}"'))
        return notice

    def letters(self, notices: Sequence[Notice], staged: Path) -> dict[str, Made]:
        """Make the letters of all notices that are not held; return what became of each."""
        wanted = [notice for notice in notices if notice.held is None]
        if not wanted:
            return {}
        folder = staged / "notices" / self._name
        for inner in ("letters", "evidence"):
            (folder / inner).mkdir(mode=0o700, parents=True, exist_ok=True)
        orders = [self._order(notice, folder) for notice in wanted]
        seconds = self._in_force.number("letter_seconds_most")
        return {made.ref: made for made in self._plan.letters(orders, seconds)}

    def _values_of(self, notice: Notice) -> dict[str, object]:
        assert self._plan.sender is not None
        in_force = self._judgement.parameters.on(self._judgement.month)
        limits = Limits(*(in_force.number(name) for name in ("notice_run", "notice_misses", "notice_within_windows")))
        dates = Dates(self._plan.send_on, self._dates, self._next_window())
        return values_of(notice, self._siblings, self._windows, limits, self._plan.sender, dates)

    def _order(self, notice: Notice, folder: Path) -> Order:
        assert self._plan.sender is not None
        values = self._values[notice.ref]
        words = [notice.ref, *(str(values[name]) for name in SHOWN)]
        words += [unit.location_id for unit in notice.units]
        words += [f"{month:%B %Y}" for month in sorted({miss.month for unit in notice.units for miss in unit.misses})]
        expected = Expected(
            tuple(notice.address_lines), tuple(words), self._plan.sender.specimen,
            self._in_force.number("letter_pages_most"), self._in_force.number("letter_bytes_most"),
        )  # fmt: skip
        annex = source_of(ANNEX, annex_values(self.evidence(notice), self._plan.sender.specimen))
        return Order(
            notice.ref, source_of(NOTICE_OF_INTENT, values), self._plan.send_on, folder / letter_path(notice.ref), expected,
            annex, folder / annex_path(notice.ref),
        )  # fmt: skip

    def _next_window(self) -> Window:
        """Return the first window after the month's that is still to close when the notice is given."""
        month = add_months(self._judgement.month, 1)
        while True:
            window = window_for(month, self._judgement.days, self._judgement.parameters)
            if window.closes_on >= self._dates.given_on:
                return window
            month = add_months(month, 1)

    @property
    def letter(self) -> Letter:
        """What all letters of the batch have in common."""
        return Letter(self._plan.send_on, self._plan.method, self._dates, self._templates[0]["sha256"])

    def evidence(self, notice: Notice) -> dict[str, Any]:
        """Return what a letter rests on."""
        return evidence_of(
            notice,
            self._judgement,
            self._windows,
            self._plan.send_on,
            self._plan.method,
            self._dates,
            self._plan.calendar,
            self._values[notice.ref],
            self._plan.version,
        )

    def summary(self, letters: Sequence[Notice], held: Sequence[Notice], made: Mapping[str, Made]) -> dict[str, Any]:
        """Return what `batch.json` says (CONTRACT 7)."""
        pages = [made[notice.ref].pages for notice in letters]
        return {
            "batch": self._name,
            "month": month_text(self._judgement.month),
            "providers_due": len(letters) + len(held),
            "first_letter": self._plan.place.first_letter,
            "noticed_before": len(self._plan.place.noticed),
            "letters": len(letters),
            "held": len(held),
            "pages": sum(pages),
            "sheets": sum(-(-count // 2) for count in pages),
            "send_on": self._plan.send_on.isoformat(),
            "method": self._plan.method.value,
            "templates": self._templates,
            "fonts": _digests(sorted(FONTS.glob("*.ttf"))),
            "parameters": list(_stated(self._in_force.all())),
            "made_with": self._plan.version,
            "engine": engine(),
        }


def _digests(paths: Sequence[Path]) -> list[dict[str, str]]:
    return [{"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()} for path in paths]


def _stated(parameters: Any) -> Iterator[dict[str, Any]]:
    for p in parameters:
        yield {"name": p.name, "value": p.value, "from": p.from_date.isoformat(), "authority": p.authority}
