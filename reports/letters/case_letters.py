"""The letters of a case after its notice: withdrawal, no penalty, final notice; and the notice again in large print."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from pipeline.enforce.cases import Case
from pipeline.errors import InputRefused
from pipeline.rules.windows import parse_month
from reports.letters.check import Expected, problems_of
from reports.letters.setting import pdf_of
from reports.letters.source import FINAL_NOTICE, NO_PENALTY, NOTICE_OF_INTENT, WITHDRAWAL, source_of
from reports.letters.wording import RETURNS, month_list, shown
from reports.lists.authority import day_words
from reports.sender import Sender

TEMPLATES = {
    "notice": NOTICE_OF_INTENT,
    "withdrawal": WITHDRAWAL,
    "no_penalty": NO_PENALTY,
    "final_notice": FINAL_NOTICE,
}


@dataclass(frozen=True, slots=True)
class Penalty:
    """What a final notice says beside its case: the amount and where it is from, how and until when it is paid, and how it
    is appealed (reg 6(3)); every one of them is finished words."""

    amount: str
    fee_words: str
    payment_details: str
    payment_days: str
    pay_by: str
    given_on: str
    appeal_chamber: str
    appeal_address: str
    appeal_days: str
    appeal_until: str


def notice_again(evidence: Mapping[str, Any], large: bool) -> dict[str, object]:
    """Return the values of a notice as it was sent, to be set in another size."""
    return {**evidence["letter"], "large": large}


def case_letter_values(
    case: Case, evidence: Mapping[str, Any], sender: Sender, send_on: dt.date, large: bool, penalty: Penalty | None
) -> dict[str, object]:
    """Return what the wording of a letter of a case asks for. `evidence` is that of its notice; `penalty` is for a final
    notice alone."""
    closed = case.last("withdrawn", "no_penalty")
    decided = case.last("penalty_decided", "no_penalty")
    issued = case.last("issued")
    notice_date = dt.date.fromisoformat(case.opening["send_on"])
    return {
        **{field.name: shown(getattr(sender, field.name)) for field in fields(sender) if field.name != "specimen"},
        **({field.name: shown(getattr(penalty, field.name)) for field in fields(penalty)} if penalty else {}),
        "specimen": sender.specimen,
        "large": large,
        "ref": case.ref,
        "address_lines": [shown(line) for line in evidence["address"]["lines"]],
        "provider_name": shown(evidence["provider_name"]),
        "notice_date": day_words(notice_date if issued is None else min(notice_date, issued.on)),
        "decided_on": day_words(decided.on) if decided is not None else "",
        "reason": str(closed.details.get("reason", "")) if closed is not None else _reason_of_draft(case),
        "has_representations": case.last("representations_received") is not None,
        "services": [_service(unit) for unit in evidence["units"]],
        "contacts": [
            ("Date", [day_words(send_on)]),
            ("Our reference", [case.ref]),
            ("Provider", [f"CQC provider {case.provider_id}"]),
            ("Address", [shown(part) for part in sender.sender_address.split(",") if part.strip()]),
            ("Telephone", [shown(sender.contact_phone)]),
            ("E-mail", [shown(sender.contact_email)]),
        ],
    }


def _reason_of_draft(case: Case) -> str:
    """Return why a notice in doubt would be withdrawn, for its draft: excused by a decision, else a record that was wrong."""
    doubted = case.last("review_needed")
    return "excuse_accepted" if doubted and "excused" in doubted.details.get("doubts", {}).values() else "record_wrong"


def _service(unit: Mapping[str, Any]) -> dict[str, str]:
    relied_on = [parse_month(window["month"]) for window in unit["windows"] if window["relied_on"]]
    return {
        "name": shown(unit["location_name"]), "location_id": unit["location_id"],
        "kind": RETURNS[unit["provider_type"]].lower(), "months": month_list(relied_on),
    }  # fmt: skip


def letter_of(kind: str, values: Mapping[str, Any], day: dt.date, most_pages: int, most_bytes: int) -> bytes:
    """Return the PDF of a letter, checked as those of a batch are; raises InputRefused for one that may not be sent."""
    pdf = pdf_of(source_of(TEMPLATES[kind], values), day)
    words = (values["ref"], values["provider_name"], *(service["location_id"] for service in values["services"]))
    expected = Expected(
        tuple(line.replace("\u200b", "") for line in values["address_lines"]), words, values["specimen"], most_pages, most_bytes
    )  # fmt: skip
    _, problems = problems_of(pdf, expected)
    if problems:
        raise InputRefused(
            TEMPLATES[kind], f"the letter may not be sent: {problems[0]}.", "Correct the wording or the address."
        )
    return pdf
