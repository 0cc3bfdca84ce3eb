"""A case is the fold of its events: what it has come to, what follows on a day, and which step is lawful (RULES 9)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipeline.enforce.steps import ENDED, STEPS, Stage
from pipeline.record.register import Event, Events

OPENED, KIND = "case opened", "case"  # kinds of the register's events; the subject is the letter's reference
Window = tuple[str, str, dt.date]  # location id, provider type, month


class State(StrEnum):
    """What is seen on a day beside the stages; none of these is ever recorded."""

    REVIEW_NEEDED = "review_needed"
    LAPSED = "lapsed"
    REVIEWED = "reviewed"
    OVERDUE = "overdue"
    DECISION_DUE = "decision_due"


UNDECIDED = (Stage.ISSUED, Stage.REPRESENTATIONS_RECEIVED)
FIRST = (State.REVIEW_NEEDED, State.LAPSED, State.OVERDUE, State.DECISION_DUE)  # in every list
NEXT = {
    Stage.APPROVED: "issue",
    Stage.ISSUED: "penalty_decided or no_penalty",
    Stage.REPRESENTATIONS_RECEIVED: "penalty_decided or no_penalty",
    Stage.PENALTY_DECIDED: "final_notice",
    Stage.FINAL_NOTICE: "paid",
    Stage.APPEALED: "appeal_decided",
    Stage.APPEAL_DECIDED: "paid",
    State.REVIEW_NEEDED: "reviewed",
    State.LAPSED: "reviewed",
    State.REVIEWED: "withdrawn",
    State.DECISION_DUE: "penalty_decided or no_penalty",
    State.OVERDUE: "paid",
}


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One event of a case: what, on which day, who, why, when it was written down, and what else was said."""

    event: str
    on: dt.date
    by: str
    because: str
    at: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One notice of intent from its approval on. `opening` is what the approval wrote down: batch, month, provider,
    amount, windows relied on, printed dates."""

    ref: str
    opening: Mapping[str, Any]
    events: tuple[CaseEvent, ...]

    @property
    def provider_id(self) -> str:
        """The provider the notice is given to."""
        return str(self.opening["provider_id"])

    @property
    def month(self) -> str:
        """The month of the batch."""
        return str(self.opening["month"])

    @property
    def amount(self) -> str:
        """The amount of the penalty: the notice's, or a later one that a person has reviewed (reg 3)."""
        told = [
            event.details["amount_gbp"]
            for event in self.events
            if event.event == "review_needed" and "amount_gbp" in event.details
        ]
        return str(told[-1] if told and not self.needs_review else self.opening["amount_gbp"])

    @property
    def windows(self) -> tuple[Window, ...]:
        """The windows relied on."""
        return tuple(
            (location_id, kind, dt.date.fromisoformat(f"{month}-01"))
            for location_id, kind, month in (text.split(":") for text in self.opening["windows"])
        )

    def last(self, *events: str) -> CaseEvent | None:
        """Return the newest event of these kinds."""
        return next((event for event in reversed(self.events) if event.event in events), None)

    @property
    def stage(self) -> Stage:
        """What the events add up to; representations written down after a decision leave it as it is."""
        stage = Stage.APPROVED
        for event in self.events:
            leads_to = STEPS[event.event].leads_to
            if leads_to is not None and not (event.event == "representations_received" and stage not in UNDECIDED):
                stage = leads_to
        return stage

    @property
    def is_open(self) -> bool:
        """Whether the case has not ended: by no penalty, payment, withdrawal, or an appeal that quashes."""
        decided = self.last("appeal_decided")
        quashed = (
            self.stage is Stage.APPEAL_DECIDED and decided is not None and decided.details.get("result") == "quashed"
        )
        return self.stage not in ENDED and not quashed

    @property
    def needs_review(self) -> bool:
        """Whether something that the notice rests on changed, and nobody has looked at it yet."""
        last = self.last("review_needed", "reviewed")
        return self.is_open and last is not None and last.event == "review_needed"

    @property
    def relies(self) -> bool:
        """Whether no later notice may rely on its windows: unless it never was given, or was withdrawn for a defect."""
        ended = self.last("taken_out", "replaced", "withdrawn")
        return ended is None or (ended.event == "withdrawn" and ended.details.get("reason") != "defect")

    def day(self, name: str) -> dt.date | None:
        """Return a day that the case knows: given_on, representations_until, decide_by (once issued), pay_by, appeal_until.

        An appeal suspends the final notice: the period for payment is longer by the days that it took.
        """
        event = self.last("final_notice" if name in ("pay_by", "appeal_until") else "issued")
        text = event.details.get(name) if event is not None else None
        if not text:
            return None
        return dt.date.fromisoformat(text) + (self._suspended if name == "pay_by" else dt.timedelta())

    @property
    def _suspended(self) -> dt.timedelta:
        ends = {"appeal_withdrawn", "appeal_decided"}
        began: list[dt.date] = []
        days = dt.timedelta()
        for event in self.events:
            if event.event == "appealed":
                began = [event.on]
            elif event.event in ends and began:
                days += event.on - began.pop()
        return days

    def as_at(self, day: dt.date) -> "Case":
        """Return the case with what had happened by the end of a day."""
        return Case(self.ref, self.opening, tuple(event for event in self.events if event.on <= day))

    def state(self, day: dt.date) -> Stage | State:
        """Return what the case is on a day, from its events and its dates."""
        known = self.as_at(day)
        until, decide_by, pay_by = (known.day(name) for name in ("representations_until", "decide_by", "pay_by"))
        if known.needs_review:
            return State.REVIEW_NEEDED
        if known.stage in (Stage.ISSUED, Stage.REPRESENTATIONS_RECEIVED) and until and decide_by:
            if day > decide_by:
                looked_at = known.last("reviewed")
                return State.REVIEWED if looked_at and looked_at.on > decide_by else State.LAPSED
            return State.DECISION_DUE if day > until else known.stage
        if known.stage in (Stage.FINAL_NOTICE, Stage.APPEAL_DECIDED) and known.is_open and pay_by and day > pay_by:
            return State.OVERDUE
        return known.stage

    def next_step(self, day: dt.date) -> tuple[str, dt.date | None]:
        """Return what has to be done next, and by which day the law or the letter wants it."""
        state = self.state(day)
        if not self.as_at(day).is_open:
            return "", None
        days = {
            Stage.APPROVED: dt.date.fromisoformat(self.opening["send_on"]),
            Stage.FINAL_NOTICE: self.day("pay_by"),
            Stage.APPEAL_DECIDED: self.day("pay_by"),
            State.OVERDUE: self.day("pay_by"),
        }
        waits = (Stage.ISSUED, Stage.REPRESENTATIONS_RECEIVED, State.DECISION_DUE, State.LAPSED)
        return NEXT[state], self.day("decide_by") if state in waits else days.get(state)

    def is_urgent(self, day: dt.date, last: dt.date) -> bool:
        """Say whether something has to be done by the day `last`, or somebody has to look at the case now."""
        _, by = self.next_step(day)
        return (self.state(day) in FIRST and self.state(day) != State.DECISION_DUE) or (by is not None and by <= last)


def cases_of(register: Events, ref: str | None = None) -> dict[str, Case]:
    """Return the cases (or the one of a reference) that the register's events add up to, in the order of their opening."""
    return folded(register.events(OPENED, ref), register.events(KIND, ref))


def folded(opened: Iterable[Event], happened: Iterable[Event]) -> dict[str, Case]:
    """Return the cases that events add up to, by reference."""
    rest: dict[str, list[CaseEvent]] = {}
    for event in happened:
        body = dict(event.body)
        said = (body.pop("event"), dt.date.fromisoformat(body.pop("on")), body.pop("by"), body.pop("because"))
        rest.setdefault(event.subject, []).append(CaseEvent(*said, event.at, body))
    return {
        event.subject: Case(event.subject, {**event.body, "at": event.at}, tuple(rest.get(event.subject, ())))
        for event in opened
    }
