"""Is a step of a case lawful on a day (RULES 9, regs 4 to 8)?"""

import datetime as dt

from pipeline.enforce.cases import Case, State
from pipeline.enforce.steps import ALWAYS, DECISIONS, STEPS, STOPPED_BY_REVIEW
from pipeline.errors import UnlawfulStep


def check_step(case: Case, event: str, on: dt.date) -> None:
    """Raise UnlawfulStep, with the rule and the date, for a step that a case does not allow on a day.

    A step is judged by the day it was done on, not by the day it is written down.
    """
    step = STEPS[event]
    if case.stage not in step.lawful_from or (not case.is_open and event not in ALWAYS):
        raise UnlawfulStep(case.ref, event, f"the case is {case.stage} ({step.rule})")
    sent = case.last("issued")
    if sent is not None and event not in ALWAYS and on < sent.on:
        raise UnlawfulStep(case.ref, event, f"{on} is before the notice was sent on {sent.on}")
    _check_order(case, event, on)
    if step.leads_to is not None and event != "withdrawn" and case.state(on) is State.LAPSED and event not in DECISIONS:
        raise UnlawfulStep(
            case.ref, event, f"it had to be decided by {case.day('decide_by')}; the notice has lapsed (reg 6)"
        )
    if event in STOPPED_BY_REVIEW and case.needs_review:
        raise UnlawfulStep(case.ref, event, "what the notice rests on has changed: record `reviewed` first")
    if event in DECISIONS:
        _check_decision(case, event, on)
    if event == "reviewed" and not case.needs_review and case.state(on) is not State.LAPSED:
        raise UnlawfulStep(case.ref, event, step.rule)


def _check_order(case: Case, event: str, on: dt.date) -> None:
    """A stage begins no earlier than the one before it; representations may be written down late, if they came in time."""
    if event == "representations_received":
        decided = case.last("penalty_decided")
        if decided is not None and on > decided.on:
            raise UnlawfulStep(
                case.ref, event, f"it was decided on {decided.on}; what came later is recorded as a note"
            )
        return
    before = case.last(*(name for name, one in STEPS.items() if one.leads_to is not None))
    if STEPS[event].leads_to is not None and before is not None and on < before.on:
        raise UnlawfulStep(case.ref, event, f"{on} is before {before.event} on {before.on}")


def _check_decision(case: Case, event: str, on: dt.date) -> None:
    """A decision is made after representations end, and within 28 days of their end (regs 5 and 6)."""
    until, decide_by = case.day("representations_until"), case.day("decide_by")
    assert until is not None and decide_by is not None
    if on <= until:
        raise UnlawfulStep(
            case.ref, event, f"representations can be made until {until}, so not before the day after (reg 5)"
        )
    if on > decide_by:
        raise UnlawfulStep(case.ref, event, f"it had to be decided by {decide_by}; the notice has lapsed (reg 6)")
