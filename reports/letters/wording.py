"""A notice -> every value its letter shows, as finished words; complete, or not made at all (reg 4(2))."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import groupby
from typing import Any

from pipeline.enforce.addresses import plain
from pipeline.enforce.grounds import Fee, pounds
from pipeline.enforce.notices import DueUnit, HeldReason, Notice
from pipeline.rules.notice_dates import NoticeDates
from pipeline.rules.windows import Window, add_months, parse_month
from reports.lists.authority import day_words
from reports.sender import Sender

UNDATED = dt.date(2000, 1, 1)  # a file that gives no day ranks before everything
RETURNS = {"care_home": "Care home return", "home_care": "Home care return"}
LONG_WORD = re.compile(r"\S{20,}")
WHY_LEFT_OUT = {
    HeldReason.DEREGISTERED: "it is no longer registered with CQC.",
    HeldReason.NOT_IN_REGISTER: "CQC's register does not list it.",
    HeldReason.NOT_OWED: "it may not owe this return.",
    HeldReason.OWNER_CHANGED: "you did not hold it in all of the reporting windows.",
    HeldReason.NO_FRESH_WINDOWS: "an earlier notice is about them already.",
}
Windows = Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Limits:
    """When a notice is due: after `run` misses in a row, or `misses` of the last `within` windows."""

    run: int
    misses: int
    within: int


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates a letter prints: sent on, what follows from it, and the next reporting window."""

    send_on: dt.date
    notice: NoticeDates
    following: Window


def shown(text: str) -> str:
    """Return plain text in which a word of 20 characters or more may break, so that it stays on the page."""
    return LONG_WORD.sub(lambda word: "\u200b".join(re.findall(".{1,8}", word[0])), plain(text))


def values_of(
    notice: Notice,
    siblings: Mapping[str, Sequence[str]],
    windows: Windows,
    limits: Limits,
    sender: Sender,
    dates: Dates,
) -> dict[str, object]:
    """Return what the wording asks for. `siblings` maps a location to its provider types, `windows` a unit to its windows
    as evidence shows them; both hold every unit of the notice. The notice is not held."""
    assert notice.amount_pence is not None and notice.fee is not None and notice.held is None
    notice_dates = dates.notice
    return {
        **{field.name: shown(getattr(sender, field.name)) for field in fields(sender) if field.name != "specimen"},
        "specimen": sender.specimen,
        "large": False,
        "ref": notice.ref,
        "address_lines": [shown(line) for line in notice.address_lines],
        "contacts": _contacts(notice, sender, dates),
        "provider_name": shown(notice.provider_name),
        "amount": f"\u00a3{pounds(notice.amount_pence)}",
        "fee_words": fee_words(notice.fee),
        "about": _about(notice),
        "trigger_words": _trigger_words(notice.units, limits),
        "services": [_service(unit, siblings, windows, limits.within) for unit in notice.units],
        "within": str(limits.within),
        "windows": _windows(notice.units),
        "left_out": [
            {"name": shown(unit.location_name), "location_id": unit.location_id,
             "kind": RETURNS[unit.provider_type].lower(), "why": WHY_LEFT_OUT[unit.left_out]}
            for unit in notice.left_out if unit.left_out is not None
        ],
        "next_window": f"{day_words(dates.following.opens_on)} to {day_words(dates.following.closes_on)}",
        "given_on": day_words(notice_dates.given_on),
        "representations_from": day_words(notice_dates.representations_from),
        "representations_until": day_words(notice_dates.representations_until),
        "decide_by": day_words(notice_dates.decide_by),
    }  # fmt: skip


def _contacts(notice: Notice, sender: Sender, dates: Dates) -> list[tuple[str, list[str]]]:
    return [
        ("Date", [day_words(dates.send_on)]),
        ("Our reference", [notice.ref]),
        ("Provider", [f"CQC provider {notice.provider_id}"]),
        ("Address", [shown(part) for part in sender.sender_address.split(",") if plain(part)]),
        ("Telephone", [shown(sender.contact_phone)]),
        ("E-mail", [shown(sender.contact_email)]),
    ]


def fee_words(fee: Fee) -> str:
    """Say by which scheme a fee is, and since when it is known."""
    scheme, as_at = shown(fee.scheme), fee.as_at
    known = f"as known to us on {as_at.day} {as_at:%B %Y}" if as_at > UNDATED else "as known to us"
    return f"{f'scheme {scheme}, ' if scheme else ''}{known}"


def _about(notice: Notice) -> str:
    """Return "1 of your 40 registered services. The other 39 are not part of this notice." in good English."""
    listed, total = len(notice.units), notice.services_total
    others = total - listed
    if total == 1:
        return "your one registered service."
    if others == 0:
        return f"all {total} of your registered services."
    rest = "The other one is" if others == 1 else f"The other {others} are"
    return f"{listed} of your {total} registered services. {rest} not part of this notice."


def _trigger_words(units: Iterable[DueUnit], limits: Limits) -> str:
    """Say which rule of NHSBSA's policy each unit meets; `reason` holds the status's own words."""
    reasons = {unit.reason for unit in units}
    rules = []
    if any("in a row" in reason for reason in reasons):
        rules.append(f"{_number(limits.run)} or more windows in a row")
    if any(" of the last " in reason for reason in reasons):
        rules.append(f"{_number(limits.misses)} or more of the last {_number(limits.within)} windows")
    return f"We send a notice of intent where a service has missed {' or '.join(rules)}."


def _number(number: int) -> str:
    """Return a small number in words."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return words[number] if number < len(words) else str(number)


def _service(unit: DueUnit, siblings: Mapping[str, Sequence[str]], windows: Windows, within: int) -> dict[str, str]:
    last = windows[unit.key][-within:]
    missed = [miss.month for miss in unit.misses]
    received = [parse_month(window["month"]) for window in last if window["outcome"] == "submitted"]
    return {
        "name": shown(unit.location_name),
        "location_id": unit.location_id,
        "local_authority": shown(unit.local_authority) or "authority not known",
        "kind": RETURNS[unit.provider_type],
        "not_received": month_list(missed),
        "received": month_runs(received) if received else "none",
        "other": _other(unit, siblings, windows, set(missed)),
    }


def _other(unit: DueUnit, siblings: Mapping[str, Sequence[str]], windows: Windows, missed: set[dt.date]) -> str:
    """Say what became of the other return of a dual-registered location in the windows this one missed."""
    for kind in siblings[unit.location_id]:
        if kind != unit.provider_type:
            came = [
                parse_month(window["month"])
                for window in windows[unit.location_id, kind]
                if window["outcome"] == "submitted" and parse_month(window["month"]) in missed
            ]
            name = RETURNS[kind]
            if came:
                return f"The {name.lower()} of this location was received for {month_list(came)}; it does not stand for this one."
            return f"The {name.lower()} of this location is a separate one."
    return ""


def _windows(units: Iterable[DueUnit]) -> list[dict[str, str]]:
    named = {miss.month: miss for unit in units for miss in unit.misses}
    return [
        {"month": f"{month:%B %Y}", "opens_on": day_words(miss.opens_on), "closes_on": day_words(miss.closes_on)}
        for month, miss in sorted(named.items())
    ]


def month_list(months: Iterable[dt.date]) -> str:
    """Return "November 2023; January, February and March 2024" for months in order."""
    years = []
    for year, group in groupby(months, key=lambda month: month.year):
        names = [f"{month:%B}" for month in group]
        head = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
        years.append(f"{head} {year}")
    return "; ".join(years)


def month_runs(months: Sequence[dt.date]) -> str:
    """Return months in order with three or more in a row as "January to September 2024"."""
    runs: list[list[dt.date]] = []
    for month in months:
        if runs and add_months(runs[-1][-1], 1) == month:
            runs[-1].append(month)
        else:
            runs.append([month])
    words = []
    for run in runs:
        if len(run) < 3:
            words.append(month_list(run))
        else:
            first = f"{run[0]:%B}" if run[0].year == run[-1].year else f"{run[0]:%B %Y}"
            words.append(f"{first} to {run[-1]:%B %Y}")
    return "; ".join(words)
