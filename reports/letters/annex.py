"""The evidence of one letter as a paper: each unit and window, with the cell that decides, as it stood."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from reports.letters.setting import unprintable
from reports.letters.wording import RETURNS, shown
from reports.lists.authority import day_words

ANNEX = "evidence_annex.typ.j2"


def legible(text: object) -> str:
    """Return text as a paper shows it: a character that its fonts lack by its number."""
    return shown("".join(f"[{code}]" if (code := unprintable(letter)) else letter for letter in str(text)))


def annex_values(evidence: Mapping[str, Any], specimen: bool) -> dict[str, object]:
    """Return what the wording of an annex asks for, from the evidence of a letter."""
    numbers: dict[str, int] = {}
    names: dict[str, str] = {}
    (within,) = (rule["value"] for rule in evidence["parameters"] if rule["name"] == "notice_within_windows")
    units = [_unit(unit, within, numbers, names) for unit in evidence["units"]]
    amount, dates = evidence["amount"], evidence["dates"]
    days = {
        name: day_words(dt.date.fromisoformat(dates[name]))
        for name in ("send_on", "given_on", "representations_until", "decide_by")
    }
    source = ", ".join(
        filter(None, (amount["source"], amount["file"], f"row {amount['row']}", f"as at {amount['as_at']}"))
    )
    return {
        **days,
        "ref": evidence["letter_ref"],
        "specimen": specimen,
        "provider_name": legible(evidence["provider_name"]),
        "provider_id": evidence["provider_id"],
        "amount": f"\u00a3{amount['gbp']}",
        "amount_source": legible(source),
        "address_source": legible(evidence["address"]["source"]),
        "method": dates["method"],
        "units": units,
        "files": [
            {"number": str(n), "name": legible(names[sha256]), "sha256": shown(sha256)} for sha256, n in numbers.items()
        ],
        "rules": [
            {name: legible(rule[name]) for name in ("name", "value", "from", "authority")}
            for rule in evidence["parameters"]
        ],
        "calendar": shown(evidence["calendar_sha256"] or "none"),
        "made_with": evidence["made_with"],
    }


def _unit(unit: Mapping[str, Any], within: int, numbers: dict[str, int], names: dict[str, str]) -> dict[str, Any]:
    rows = []
    for window in unit["windows"][-within:]:
        proof = next((one for one in window["evidence"] if one["decides"]), None)
        cells = ["", "none that counts", "", ""]
        if proof is not None:
            number = numbers.setdefault(proof["sha256"], len(numbers) + 1)
            names[proof["sha256"]] = proof["file"]
            place = ", ".join(filter(None, (proof["sheet"], f"row {proof['row']}", proof["column"])))
            cells = [str(number), legible(place), legible(proof["value"]), proof["extracted_at"] or "not stated"]
        mark = "R" if window["relied_on"] else ""
        rows.append([mark, window["month"], f"{window['opens_on']}, {window['closes_on']}", window["outcome"], *cells])
    return {
        "name": legible(unit["location_name"]), "location_id": unit["location_id"], "kind": RETURNS[unit["provider_type"]].lower(),
        "local_authority": legible(unit["local_authority"] or "authority not known"), "reason": unit["reason"], "rows": rows,
    }  # fmt: skip
