"""The rows of cases.md, asked of the shipped code."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from pipeline.enforce.cases import Case, folded
from pipeline.enforce.lawful import check_step
from pipeline.errors import UnlawfulStep
from pipeline.record.register import Event
from tests.spec import references_cases
from tests.spec.tables import BadTable, Example

ISSUED = {
    "on": "2025-01-06",
    "given_on": "2025-01-09",
    "representations_until": "2025-01-30",
    "decide_by": "2025-02-27",
}
OPENING = {"provider_id": "1-1", "month": "2024-12", "windows": [], "send_on": "2025-01-06"}


def cases(example: Example, day: Callable[[str, Example], dt.date]) -> tuple[object, object, object]:
    """Return the row's answer, the shipped code's and the reference's."""
    clauses = [] if example["history"] == "-" else example["history"].split("; ")
    on, is_sent = day(example["day"], example), "approved only" not in clauses
    history = []
    for clause in clauses:
        match = re.fullmatch(r"([a-z_]+) ([0-9]{1,2} [A-Z][a-z]{2} [0-9]{4})(?: (quashed|upheld))?", clause)
        if match is not None:
            history.append((match[1], day(match[2], example), match[3] or ""))
        elif clause != "approved only":
            raise BadTable(f"{example.file}:{example.line}: {clause!r} is no event")
    step, _, result = example["step"].partition(" ")
    asked = None if step == "-" else (step, on, result)
    return example["state"], shipped(is_sent, history, asked, on), references_cases.state(is_sent, history, asked, on)


def shipped(
    is_sent: bool, history: list[tuple[str, dt.date, str]], asked: tuple[str, dt.date, str] | None, on: dt.date
) -> str:
    """Return the state at the end of the day, or refused."""
    events = [{**OPENING}] + ([body("issued", **ISSUED)] if is_sent else []) + [said(*one) for one in history]
    if asked is not None:
        try:
            check_step(case_of(events), asked[0], on)
        except UnlawfulStep:
            return "refused"
        events.append(said(*asked))
    return str(case_of(events).state(on))


def said(event: str, on: dt.date, result: str) -> dict[str, Any]:
    pay_by = {"pay_by": "2025-03-06"} if event == "final_notice" else {}
    return body(event, on=on.isoformat(), result=result, **pay_by)


def body(event: str, **details: str) -> dict[str, Any]:
    return {"event": event, "by": "tests", "because": "", **details}


def case_of(events: list[dict[str, Any]]) -> Case:
    opened, *happened = (Event(n, "", "case", "NOI-2024-12-0001", one) for n, one in enumerate(events))
    return folded([opened], happened)["NOI-2024-12-0001"]
