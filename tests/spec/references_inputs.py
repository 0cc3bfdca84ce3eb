"""The rules about inputs once more, as plainly as possible. Nothing of the product is imported here."""

import datetime as dt
import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
HOUR = dt.timedelta(hours=1)
FORMS = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%d %B %Y", "%d %B %Y %H:%M", "%d %b %Y", "%d %b %Y %H:%M")
DAY_FORMS = ("%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S")
MONTH_FORMS = tuple(form.replace("%d/%m", "%m/%d") for form in DAY_FORMS)
AMERICAN = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p")
DAY_FIRST_AMERICAN = tuple(form.replace("%m/%d", "%d/%m") for form in AMERICAN)


def read(text: str, forms: Sequence[str]) -> dt.datetime | None:
    for form in forms:
        try:
            return dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC).replace(tzinfo=None)
        except ValueError:
            pass
    return None


def only(texts: Sequence[str], forms: Sequence[str], others: Sequence[str]) -> bool:
    """Say whether a text can be read in some forms and in none of the others."""
    return any(read(text, forms) and not read(text, others) for text in texts)


def moment(written: str, beside: Sequence[str]) -> str:
    """Return how a cell reads, or none."""
    if not written.isascii():
        return "none"
    if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", written) and 36526 <= float(written) < 73051:
        return str(dt.datetime.fromisoformat("1899-12-30") + dt.timedelta(seconds=round(float(written) * 86400)))
    if "T" in written and written[-1] == "Z":
        return f"{dt.datetime.fromisoformat(written[:-1])} UTC"
    if "T" in written and "+" in written:
        return f"{dt.datetime.fromisoformat(written).astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"
    part = re.search(r"(?<=:[0-9]{2}:[0-9]{2})\.[0-9]+", written)
    plain = written.replace(part[0], "") if part else written
    plain = plain.replace("T", " ") if plain[:4].isdigit() else plain
    plain = plain.replace(".", "/") if re.match(r"[0-9]{1,2}\.", plain) else plain
    plain = plain.replace("-", " ") if re.match(r"[0-9]{1,2}-[A-Z]", plain) else plain
    texts = (plain, *beside)
    shows_days = only(texts, DAY_FIRST_AMERICAN, AMERICAN) and not only(texts, AMERICAN, DAY_FIRST_AMERICAN)
    days = shows_days or only(texts, DAY_FORMS, MONTH_FORMS)
    bare = MONTH_FORMS if only(texts, MONTH_FORMS, DAY_FORMS) and not days else DAY_FORMS
    found = read(plain, (*(DAY_FIRST_AMERICAN if shows_days else AMERICAN), *FORMS, *bare))
    found = found + dt.timedelta(seconds=round(float(part[0]))) if found and part else found
    return str(found) if found else "none"


def update(taken: dt.datetime, utc: str, local: str, opens: dt.datetime, closed: dt.datetime) -> tuple[str, str]:
    """Return what one record says of a window that opens and is closed at these moments, and the finding."""
    finding, known = "-", []
    for text, zone in ((utc, dt.UTC), (local, LONDON)):
        if text in ("-", "Never"):
            continue
        said = moment(text, [])
        if said == "none":
            finding = "stamp_unreadable"
            continue
        naive = dt.datetime.fromisoformat(said)
        if zone is LONDON and naive.date() == dt.date(2024, 3, 31) and naive.hour == 1:
            finding = "stamp_hour_missing"
        if zone is LONDON and naive.date() == dt.date(2024, 10, 27) and naive.hour == 1:
            finding = "stamp_hour_twice"
        known.append((naive, naive.replace(tzinfo=zone)))
    if known and known[0][0].year < 2015:
        return "unknown", "stamp_too_old"
    until = taken + dt.timedelta(days=1) if (taken.hour, taken.minute) == (0, 0) else taken
    if known and known[0][1] >= until:
        return "unknown", "stamp_after_extraction"
    moments = [at for _, at in known[:1]]
    if len(known) == 2:
        apart = abs(known[1][0] - known[0][0])
        if min(apart, abs(apart - HOUR)) > dt.timedelta(seconds=1):
            finding, moments = "stamps_apart", [at for _, at in known]
    if moments and all(opens <= at < closed for at in moments):
        return "submitted", finding
    if moments and all(at < opens for at in moments) and taken >= closed:
        return "missed", finding
    return "unknown", finding


def register_change(clauses: Sequence[str]) -> tuple[str, str, str, str, set[str]]:
    """Return December's outcome, the status, authority, provider, and findings, of what the registers hold."""
    lists, gone, missing = [], None, False
    dates: dict[str, dt.date] = {}
    for clause in clauses:
        words = clause.split()
        if words[0] in ("gone", "export"):
            gone = int(words[1]) if words[0] == "gone" else gone
            dates |= {words[0]: dt.date.fromisoformat(words[-1])} if "from" in words else {}
        elif "without" in words:
            missing = True
        else:
            match = re.fullmatch(r"(register|weekly) ([0-9]+) (Nov|Dec) (.+?) (P[12])( from ([0-9-]+))?( .+)?", clause)
            assert match is not None
            at = dt.date(2024, {"Nov": 11, "Dec": 12}[match[3]], int(match[2]))
            began = dt.date.fromisoformat(match[7]) if match[7] else None
            lists.append(
                (at, match[1], match[4].removesuffix(" Metropolitan Borough Council"), match[5], began, match[8] or "")
            )
    lists.sort()
    authority, provider, began, findings = "Kent", "P1", None, {"not_in_register"} if missing else set()
    if lists:
        at, kind, place, provider, began, more = lists[-1]
        if kind == "weekly":
            began = next((line[4] for line in reversed(lists) if line[1] == "register"), None)
        authority = "Kent" if place == "Cumbria" else place
        findings |= {"authority_differs"} if authority != "Kent" else set()
        findings |= {"provider_id_differs"} if provider != "P1" else set()
        findings |= {"dormant_still_owes"} if "dormant" in more else set()
        findings |= {"reregistered"} if "follows" in more else set()
        findings |= {"return_not_owed"} if "owes home care" in more else set()
        findings |= {"owes_nothing"} if "owes nothing" in more else set()
        if began and began > at:
            began, findings = None, findings | {"registered_in_future"}
        if len(lists) > 1:
            before = lists[-2]
            findings |= {"moved_authority"} if before[2] not in (place, "Cumbria") else set()
            findings |= {"provider_changed"} if before[3] != provider else set()
    is_dated = lists and lists[-1][1] == "register" and "registered_in_future" not in findings
    for file, taken in (("export", dt.date(2024, 12, 17)), ("gone", dt.date(2024, 12, 16))):
        if file in dates and dates[file] > taken:
            findings.add("registered_in_future")
        elif file in dates and not is_dated:
            began = began or dates[file]
    if gone and not (lists and lists[-1][0] > dt.date(2024, 12, 16)):
        findings.add("deregistered_still_listed")
        if gone < 8:
            return "not_required", "not_required", authority, provider, findings | {"not_required_yet_reported"}
    if began and began > dt.date(2024, 10, 14):
        findings.add("not_required_yet_reported")
    if began and began > dt.date(2024, 12, 16):
        return "not_required", "not_required", authority, provider, findings
    is_new = began is not None and (dt.date(2024, 12, 16) - began).days < 101
    return "missed", "new" if is_new else "notice_due", authority, provider, findings
