"""The rules about registers, exports of one day and who is new, once more, as plainly as possible. Nothing of the product
is imported here."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from tests.spec import references

LONDON = ZoneInfo("Europe/London")
DAY = dt.timedelta(days=1)


def windows_of_2024(first: int) -> list[tuple[dt.date, dt.date]]:
    """Return opening and close of the windows from a month of 2024 to December."""
    return [references.window(2024, month)[:2] for month in range(first, 13)]


def gap(
    lists: Sequence[tuple[dt.date, dt.date]], registers: Sequence[dt.date], windows: Sequence[tuple[dt.date, dt.date]]
) -> tuple[str, bool]:
    """Return N for a window that is owed and x for one that is not, and whether there is a gap, by (day of a list of
    deactivated locations, end date in it) and by the days of the registers that hold the location."""
    freed: set[dt.date] = set()
    for taken, ended in lists:
        again = min((day for day in registers if day > taken and day > ended), default=None)
        if again:
            last = max((closes for _, closes in windows if closes < again), default=dt.date.min)
            freed |= {opens for opens, closes in windows if opens > ended and closes < last}
    taken, ended = max(lists)
    is_gone = not any(day > taken and day > ended for day in registers)
    gone = {opens for opens, _ in windows if is_gone and opens > ended}
    return "".join("x" if opens in freed | gone else "N" for opens, _ in windows), bool(freed)


def new_by_exports(exports: Sequence[tuple[dt.datetime, str]], closes: Sequence[dt.date]) -> tuple[list[bool], bool]:
    """Return, for each window but the last of the closes, whether its unit was new by the first export that says so or
    not, taken after its close and before the next; and whether the newest export says New."""
    was_new = []
    for close, following in zip(closes, closes[1:], strict=False):
        said = [
            (taken, word)
            for taken, word in exports
            if close + DAY <= taken.date() <= following and word not in ("blank", "without it")
        ]
        first = min((taken for taken, _ in said), default=None)
        was_new.append(any(taken == first and word.startswith("New") for taken, word in said))
    newest = max(taken for taken, _ in exports)
    return was_new, any(taken == newest and word.startswith("New") for taken, word in exports)


def future_month(taken: dt.datetime, month: dt.date, word: str) -> tuple[str, str]:
    """Return what is made of a column of an export, and December 2024's outcome by it alone."""
    opens, closes, _, _ = references.window(month.year, month.month)
    answers = word in ("Yes", "No")
    if month > taken.date().replace(day=1):
        return ("refused", "-") if answers else ("a finding", "unknown")
    if answers and taken.date() < opens:
        return "window_not_open", "unknown"
    if month != dt.date(2024, 12, 1) or not answers:
        return "-", "unknown"
    if word == "Yes":
        return "-", "submitted"
    return "-", "missed" if taken.date() > closes else "unknown"


COLUMNS_OF_EXPORT = ("status", "users", "authority", "provider")


def same_day(exports: Sequence[tuple[dt.datetime, Mapping[str, str] | None]]) -> tuple[str, ...]:
    """Return what is said in each column by the newest file of the newest day that has it; None does not list the unit."""
    day = max(taken for taken, _ in exports).date()
    of_day = [(taken, said) for taken, said in sorted(exports, key=lambda x: x[0]) if taken.date() == day and said]
    return tuple(next((said[name] for _, said in reversed(of_day) if name in said), "-") for name in COLUMNS_OF_EXPORT)


@dataclass(frozen=True)
class Lists:
    """A register: its day, the locations it holds, those among them that owe a return, or None where no column tells,
    and the provider it gives ours, or none where it lacks ours."""

    day: dt.date
    locations: frozenset[str]
    owing: frozenset[str] | None
    provider: str


def registers_say(registers: Iterable[Lists], gone: frozenset[str], accepted: bool) -> tuple[bool, str, bool]:
    """Return whether the newest register is partial, the provider of ours, and whether ours is gone from the register."""
    whole: Lists | None = None
    partial, speaks, is_gone = False, "P1", False
    for one in sorted(registers, key=lambda one: one.day):
        if whole:
            compared = whole.locations if whole.owing is None or one.owing is None else whole.owing
            partial = len(compared - one.locations - gone) > 0.05 * len(compared)
        if not partial or accepted:
            whole, is_gone = one, not one.provider
        if one.provider:
            speaks, is_gone = one.provider, False
    return partial, speaks, is_gone


def owed(kind: str, care_home: str, home_care: str, decided: Sequence[str]) -> tuple[str, str]:
    """Return the finding about a return and what becomes of its notice, by Y, N or - (no such column) of the register,
    and what was decided of it, oldest first."""
    mine, other = (care_home, home_care) if kind == "care_home" else (home_care, care_home)
    finding = "-" if mine in "Y-" else "return_not_owed" if other == "Y" else "owes_nothing"
    last = decided[-1] if decided else "none"
    is_owed = finding == "-" if last == "none" else last == "owed"
    return finding, "letter" if is_owed else "not_owed"


def owners(
    registers: Sequence[tuple[dt.date, str, dt.date | None]], exported: str, missed: Sequence[int]
) -> tuple[str, str]:
    """Return the months of 2024 that a notice relies on, and letter or owner_changed; registers are (day, provider,
    start of that provider)."""
    ordered = sorted(registers, key=lambda line: line[0])
    person = ordered[-1][1] if ordered else exported
    relied = []
    for month in missed:
        close = references.window(2024, month)[1]
        before = [line for line in ordered if line[0] <= close]
        speaks = (before or ordered[::-1])[-1] if ordered else (close, exported, None)
        if speaks[1] == person and (speaks[2] is None or speaks[2] <= close):
            relied.append(month)
    run = 0
    while 12 - run in relied:
        run += 1
    is_due = 12 in relied and (run >= 3 or len(relied) >= 4)
    names = ", ".join(f"{dt.date(2024, month, 1):%b}" for month in relied)
    return (names, "letter") if is_due else ("-", "owner_changed")


def fee(written: str) -> str:
    """Return pounds with two decimals, or refused."""
    text = written.removeprefix("£").strip()
    if not re.fullmatch(r"([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]{1,2})?", text):
        return "refused"
    pounds, _, pence = text.replace(",", "").partition(".")
    amount = int(pounds) * 100 + int(pence.ljust(2, "0"))
    return f"{amount // 100}.{amount % 100:02d}" if amount else "refused"


def file_time(name: str) -> str:
    """Return the moment in London that a file name states, or none."""
    day = re.search(r"(20[0-9]{2})-?([0-9]{2})-?([0-9]{2})(.*)", name)
    if not day:
        return "none"
    time = re.fullmatch(r"[T _-]?([0-9]{2})-?([0-9]{2})(-?[0-9]{2})?(Z|UTC| UTC|[+][0-9]{4})?( [A-Z]+)?\.csv", day[4])
    if not time or time[5]:
        return f"{day[1]}-{day[2]}-{day[3]} 00:00"
    east = int(time[4][1:3]) if time[4] and time[4][0] == "+" else 0
    zone = dt.timezone(dt.timedelta(hours=east)) if time[4] else LONDON
    said = dt.datetime.fromisoformat(f"{day[1]}-{day[2]}-{day[3]} {time[1]}:{time[2]}").replace(tzinfo=zone)
    return f"{said.astimezone(LONDON):%Y-%m-%d %H:%M}"


CUMBRIAN = ("Cumberland", "Westmorland and Furness")


def place(exported: str, registered: str, decided: str) -> str:
    """Return the authority of a service: the register's where it is one, what was decided of the location, then the
    export's; an abolished or unknown name is none."""
    known = {"Kent", "Oxfordshire", *CUMBRIAN}
    if registered in known:
        return registered
    kind, _, code = decided.partition(" ")
    if kind == "location":
        return code
    if kind == "name" and exported not in known:
        return code
    return exported if exported in known else "-"
