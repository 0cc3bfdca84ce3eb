"""The rules once more, as plainly as possible. Nothing of the product is imported here."""

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
GOVUK = Path(__file__).parents[2] / "data" / "reference" / "govuk_bank_holidays_2012_2028.json"
HOLIDAYS = {
    dt.date.fromisoformat(event["date"]): event["title"]
    for event in json.loads(GOVUK.read_text(encoding="utf-8"))["england-and-wales"]["events"]
}
WORDS = {"Yes": "submitted", "1": "submitted", "No": "missed", "0": "missed"}
DAY = dt.timedelta(days=1)


def working_days_after(day: dt.date, count: int) -> dt.date:
    while count:
        day += DAY
        count -= day.weekday() < 5 and day not in HOLIDAYS
    return day


def window(year: int, month: int) -> tuple[dt.date, dt.date, dt.date, str]:
    """Return opening, close, run day, and why the close is not the 14th."""
    nominal = dt.date(year, month, 14)
    because = f"{nominal:%A}" if nominal.weekday() > 4 else HOLIDAYS.get(nominal, "-")
    closes = working_days_after(nominal - DAY, 1)
    return dt.date(year, month, 8), closes, working_days_after(closes, 1), because


def is_inside(moment: dt.datetime, opens: dt.date, closes: dt.date) -> bool:
    return opens <= moment.astimezone(LONDON).date() <= closes


def outcome(
    exports: list[tuple[dt.datetime, str]],
    records: list[tuple[dt.datetime, dt.datetime]],
    registered: dt.date | None,
    deregistered: dt.date | None,
    is_excused: bool,
    decided: Sequence[str] = (),
) -> tuple[str, dt.date | None]:
    """Return the outcome of the window of December 2024 from its evidence, and when it was supplied late. Of what was
    decided, oldest first, the last word stands."""
    records = [(taken, updated) for taken, updated in records if updated < known_until(taken)]
    standing = "excused" if is_excused else decided[-1] if decided else "none"
    found = _outcome(exports, records, registered, deregistered, standing)
    days = [updated.astimezone(LONDON).date() for _, updated in records]
    late = [day for day in days if dt.date(2024, 12, 16) < day < dt.date(2025, 1, 8)]
    return found, min(late) if late and found == "missed" else None


def known_until(taken: dt.datetime) -> dt.datetime:
    """Return the moment from which on an extract knows nothing: the end of its day, where it has no time."""
    return taken + DAY if (taken.hour, taken.minute) == (0, 0) else taken + dt.timedelta(seconds=1)


def _outcome(
    exports: list[tuple[dt.datetime, str]],
    records: list[tuple[dt.datetime, dt.datetime]],
    registered: dt.date | None,
    deregistered: dt.date | None,
    decided: str,
) -> str:
    opens, closes = dt.date(2024, 12, 8), dt.date(2024, 12, 16)
    closed = dt.datetime(2024, 12, 17, tzinfo=LONDON)
    if (registered and registered > closes) or (deregistered and deregistered < opens):
        return "not_required"
    if decided != "none":
        return decided  # excused, or missed as decided
    said = [
        (taken, WORDS[word])
        for taken, word in exports
        if word in WORDS and taken.date() >= opens and (WORDS[word] == "submitted" or taken >= closed)
    ]
    newest = max(said)[1] if said else None  # "submitted" sorts after "missed": at equal times a Yes wins
    inside = any(is_inside(updated, opens, closes) for _, updated in records)
    before = any(updated.astimezone(LONDON).date() < opens and taken >= closed for taken, updated in records)
    if newest == "submitted" or (newest is None and inside):
        return "submitted"
    if newest == "missed":
        return "unknown" if inside else "missed"
    return "missed" if before else "unknown"


def status(outcomes: list[str], is_new_at: list[bool], is_new: bool) -> tuple[str, str, int]:
    """Return status, reason and counted misses of the last twelve, of outcomes oldest first, the month last."""
    missed = [outcome == "missed" for outcome in outcomes]
    counted = [is_missed and not new for is_missed, new in zip(missed, is_new_at, strict=True)]
    run_all, run, of12, of11 = in_a_row(missed), in_a_row(counted), sum(counted[-12:]), sum(counted[-11:])
    while_new = sum(is_new_at[len(outcomes) - run_all :])
    last = outcomes[-1]
    if last == "not_required":
        return "not_required", "", of12
    if is_new:
        return "new", "", of12
    if last == "unknown":
        return "unknown", "", of12
    rows = f"{run} windows in a row" + f"; {while_new} more while new" * (while_new > 0)
    reasons = [rows] * (run >= 3) + [f"{of12} of the last 12 windows"] * (of12 >= 4)
    if counted[-1] and reasons:
        return "notice_due", "; ".join(reasons), of12
    if run_all >= 2:
        return "at_risk", f"{run_all} windows in a row" + f"; {while_new} of them while new" * (while_new > 0), of12
    if of11 >= 3:
        return "watch", f"{of11} of the last 11 windows", of12
    return ("missed" if last == "missed" else "compliant"), "", of12


def in_a_row(flags: Sequence[bool]) -> int:
    """Return how many flags are set in a row, ending with the last."""
    return len(flags) - max((place for place, flag in enumerate(flags, 1) if not flag), default=0)


def is_new_on(registered: dt.date | None, closes: dt.date) -> bool:
    return registered is not None and (closes - registered).days < 101


def notice(sent: dt.date, method: str) -> tuple[dt.date, dt.date, dt.date, dt.date]:
    """Return given, first and last day of representations, and the day to decide by."""
    given = working_days_after(sent, {"hand": 0, "email": 1, "post": 3}[method])
    return given, given + DAY, given + 14 * DAY, given + 42 * DAY


def letter(sent: dt.date, method: str) -> tuple[dt.date, dt.date, dt.date]:
    """Return given, the last day a letter allows for representations, and the day to decide by."""
    given = notice(sent, method)[0]
    until = given + 21 * DAY
    while until.weekday() > 4 or until in HOLIDAYS:
        until += DAY
    return given, until, until + 28 * DAY


def fee_needed(known: Sequence[tuple[int, dt.date]]) -> str:
    """Return why a fee is asked for, by (pounds, as at), or no; the letter would be sent on 6 January 2025."""
    dated = [(as_at, pounds) for pounds, as_at in known if as_at <= dt.date(2025, 1, 6)]
    if not dated:
        return "unknown"
    newest = max(dated)[0]
    if len({pounds for as_at, pounds in dated if as_at == newest}) > 1:
        return "two amounts for one day"
    return "older than 12 months" if newest < dt.date(2024, 1, 6) else "no"


HELD_IN_ORDER = (
    "public_body", "needs_decision", "manual_hold", "open_case", "deregistered", "not_in_register", "not_owed",
    "owner_changed", "no_fresh_windows", "supplied_late", "settings_missing", "amount_unknown", "address_incomplete",
)  # fmt: skip
OF_A_UNIT = HELD_IN_ORDER[4:9]


def left_out(said: set[str]) -> str | None:
    """Return the first reason for which a unit of which this is said stays out of the letter."""
    since = any(clause.startswith("provider since") for clause in said)
    applies = {
        "deregistered": any(clause.startswith("deregistered") for clause in said),
        "not_in_register": "not in the register" in said,
        "not_owed": "not owed" in said and "decided owed" not in said,
        "owner_changed": since or "sold" in said,
        "no_fresh_windows": bool({"relied on Oct", "relied on Nov", "relied on Dec"} & said),
    }
    return next((reason for reason in OF_A_UNIT if applies[reason]), None)


def held(clauses: Sequence[str]) -> str:
    """Return what becomes of a provider of whom the clauses of a row are known: letter, or the first reason. Its second
    home, where it has one, is left out by itself."""
    said = {clause for clause in clauses if not clause.startswith("second home")}
    second = [clause.removeprefix("second home ") for clause in clauses if clause.startswith("second home")]
    out = {left_out(said), *(left_out({word}) for word in second)}
    names = [clause.removeprefix("named ").casefold().split() for clause in clauses if clause.startswith("named ")]
    is_public = {"public list", "nhs body"} & said and "decided private" not in said
    fees: dict[tuple[int, int, int], set[str]] = {} if "no fee" in said else {(2024, 12, 1): {"1000"}}
    for clause in clauses:
        words = clause.split()
        if words[0] == "fee":
            day = int(words[6]), {"Jan": 1, "Mar": 3, "Nov": 11, "Dec": 12}[words[5]], int(words[4])
            if day <= (2025, 1, 6):
                fees.setdefault(day, set()).add(words[1])
    recorded = "recorded by post" in said
    unknown = "no provider" in said
    nowhere = {"no address", "another address", "no register"} & said
    applies = {
        "public_body": is_public or "decided public_body" in said,
        "needs_decision": "decided private" not in said
        and (
            any(word in ("council", "borough", "corporation", "nhs") for name in names for word in name)
            or "council next door" in said
        ),
        "manual_hold": "hold" in said and "release" not in said,
        "open_case": "open case" in said,
        **{reason: reason in out and None not in out for reason in OF_A_UNIT},
        "supplied_late": {"late Oct", "late Nov", "late Dec"} <= said,
        "settings_missing": "no settings" in said,
        "amount_unknown": not unknown and (not fees or len(fees[max(fees)]) > 1 or max(fees) < (2024, 1, 6)),
        "address_incomplete": unknown or (not recorded and bool(nowhere)),
    }
    if any(applies.values()):
        return next(reason for reason in HELD_IN_ORDER if applies[reason])
    return "letter without it" if second and left_out(said) else "letter"


def address(lines: Sequence[str]) -> str:
    """Return Notify's word for an address, or ok."""
    kept = [line for line in lines if line not in ("", "-", "*")]
    if kept[-1].lower() in ("england", "united kingdom"):
        kept = kept[:-1]
    if len(kept) < 3:
        return "not-enough-address-lines"
    if len(kept) > 7:
        return "too-many-address-lines"
    if not all(any(c.isalpha() or c.isdigit() for c in line) for line in kept[:2]):
        return "invalid-address-line-1-or-2"
    code = kept[-1].replace(" ", "").upper()
    letters = len(code) - len(code.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    real = (
        code[:letters] == "ZZ"
        and 5 <= len(code) <= 7
        and code[-3].isdigit()
        and not set(code[-2:]) & set("CIKMOV0123456789")
    )
    if not real:
        return "not-a-real-uk-postcode"
    if any(line[0] in '@()=[]"\\/,<>~' for line in kept):
        return "invalid-char-in-address"
    if any("no fixed abode" in line.lower() for line in kept):
        return "no-fixed-abode-address"
    return "ok"
