"""Trying the wording of every letter on awkward specimens, as a policy officer does who has changed it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import typst

from pipeline.errors import InputRefused
from reports.letters.check import Expected, problems_of
from reports.letters.setting import pdf_of
from reports.letters.source import PARTS, source_of
from reports.letters.wording import month_list, shown

DAY = dt.date(2025, 1, 6)
ADDRESS = ("1 Invented Road", "Nowhereton", "ZZ99 1AA")
ODD = "#read(\"/etc/passwd\") $x$ @ref *b* _i_ {{ 7*7 }} <b> \\ 'q' \u0174y T\u0177"
SPECIMENS: dict[str, dict[str, Any]] = {
    "an ordinary provider": {},
    "markup in the names": {"provider_name": ODD, "address_lines": [ODD[:40], *ADDRESS]},
    "a word of 200 characters": {"provider_name": "Wimble" * 34},
    "seven lines of address": {
        "address_lines": ["Invented Care Ltd", "Floor 2", "Unit 3", "4 Invented Road", "Parish", *ADDRESS[1:]]
    },
    "forty services": {"services": 40},
    "in large print": {"large": True},
    "twelve services, in large print": {"services": 12, "large": True},
}
WORDS = {
    "ref": "NOI-2024-12-0001", "specimen": True, "large": False, "sender_name": "Invented Enforcement Team",
    "sender_address": "1 Imaginary Square, Invented Town, ZZ99 1AA", "signatory_name": "A. N. Example", "signatory_title": "Head of Inventions",
    "contact_phone": "01632 960000", "contact_email": "enforcement@invalid.example",
    "representations_address": "1 Imaginary Square, Invented Town, ZZ99 1AA", "representations_email": "replies@invalid.example",
    "provider_name": "Invented Care Ltd", "address_lines": ["Invented Care Ltd", *ADDRESS], "amount": "\u00a31,234.00",
    "fee_words": "scheme 2024/25, as known to us on 2 December 2024", "about": "your one registered service.",
    "trigger_words": "We send a notice of intent where a service has missed three or more windows in a row.", "within": "12", "left_out": [],
    "next_window": "Wednesday 8 January 2025 to Tuesday 14 January 2025", "given_on": "Thursday 9 January 2025",
    "representations_from": "Friday 10 January 2025", "representations_until": "Thursday 30 January 2025", "decide_by": "Thursday 27 February 2025",
    "notice_date": "Monday 6 January 2025", "decided_on": "Monday 3 February 2025", "reason": "data_supplied", "has_representations": True,
    "payment_details": "Invented Bank, account 00000000", "payment_days": "28", "pay_by": "Thursday 6 March 2025",
    "appeal_chamber": "an invented chamber", "appeal_address": "1 Imaginary Court, Invented Town, ZZ99 1AA", "appeal_days": "28",
    "appeal_until": "Monday 3 March 2025",
}  # fmt: skip


def try_letters(most_pages: int, most_bytes: int) -> list[dict[str, Any]]:
    """Return, for each template and specimen, the problems found: none, for wording that can be sent."""
    return [
        {
            "template": template,
            "specimen": specimen,
            "problems": list(_problems(template, _values(changes), most_pages, most_bytes)),
        }
        for template in PARTS
        for specimen, changes in SPECIMENS.items()
    ]


def _values(changes: Mapping[str, Any]) -> dict[str, Any]:
    count = changes.get("services", 1)
    months = [dt.date(2024, month, 1) for month in (10, 11, 12)]
    services = [
        {"name": shown(f"Invented House {n} with a name of some length"), "location_id": f"1-9000000{n:03d}", "kind": "Care home return",
         "local_authority": "Kent", "not_received": month_list(months), "received": "January to September 2024", "other": "",
         "months": month_list(months)}
        for n in range(count)
    ]  # fmt: skip
    windows = [{"month": f"{m:%B %Y}", "opens_on": f"8 {m:%B %Y}", "closes_on": f"14 {m:%B %Y}"} for m in months]
    contacts = [
        ("Date", ["Monday 6 January 2025"]),
        ("Our reference", ["NOI-2024-12-0001"]),
        ("Telephone", ["01632 960000"]),
    ]
    values = {**WORDS, **changes, "services": services, "windows": windows, "contacts": contacts}
    return {
        **values,
        "provider_name": shown(values["provider_name"]),
        "address_lines": [shown(line) for line in values["address_lines"]],
    }


def _problems(template: str, values: Mapping[str, Any], most_pages: int, most_bytes: int) -> Iterator[str]:
    lines = tuple(line.replace("\u200b", "") for line in values["address_lines"])
    expected = Expected(lines, (values["ref"],), True, most_pages, most_bytes)
    try:
        _, problems = problems_of(pdf_of(source_of(template, values), DAY), expected)
        yield from problems
    except (InputRefused, TypeError, typst.TypstError) as error:
        yield str(error).splitlines()[0]
