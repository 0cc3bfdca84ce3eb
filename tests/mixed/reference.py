"""What RULES sections 2 to 4 and CONTRACT sections 4 and 5 say about a folder of inputs, as plainly as possible.

Slow and obvious on purpose. It reads the files and what people decided, never the truth behind them. Nothing of the product
is imported. Read downward: files -> tables, calendar, evidence -> outcome, population, registers, who was new, outcomes -> status,
the answers.
"""

import csv
import datetime as dt
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

Key = tuple[str, str]  # location id, provider type
Answers = dict[Key, dict[str, str]]
Decided = Mapping[tuple[str, str, dt.date], str]  # location id, provider type, month: excused or missed

LONDON = ZoneInfo("Europe/London")
DAY = dt.timedelta(days=1)
FIRST_WINDOW = dt.date(2022, 12, 1)
NEW_DAYS = 101

PUBLISHED = Path(__file__).parents[2] / "data" / "reference"


@dataclass(frozen=True)
class Places:
    """Where the published facts lie: bank holidays, authorities and the names they go by."""

    holidays: Path = PUBLISHED / "govuk_bank_holidays_2012_2028.json"
    authorities: Path = PUBLISHED / "la_asc_authorities_153.csv"
    aliases: Path = PUBLISHED / "la_name_aliases.csv"


PLACES = Places()

# Files -> tables

ID_HEADINGS = ("cqc location id", "cqc id", "location id", "cqcid", "cqc location")
NAMES = {
    "provider_id": ("provider id", "cqc provider id"),
    "authority": ("local authority", "localauthority", "laname", "la", "la name", "location local authority"),
    "registration_status": ("registration status",),
    "registered_on": ("location hsca start date",),
    "ended_on": ("location hsca end date",),
    "utc": ("lastupdatedutc", "cqcsurveylastupdatedutc"),
    "local": ("lastupdatedbst", "cqcsurveylastupdatedbst"),
}
MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WORDS = dict.fromkeys(("yes", "y", "true", "1", "1.0"), "Y") | dict.fromkeys(("no", "n", "false", "0", "0.0"), "N")
BLANKS = " \t\r\n\u00a0\u200b\u200c\u200d\u2060\ufeff"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d_"


@dataclass
class Table:
    """One file: its kind, its provider type where it has one, when it was taken, and its rows in canonical words."""

    name: str
    kind: str  # status, record, register or deactivated
    provider_type: str
    taken: dt.datetime
    months: list[dt.date]
    rows: list["Row"]

    @cached_property
    def rows_by_id(self) -> dict[str, list["Row"]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.location_id, []).append(row)
        return found

    def of(self, location_id: str) -> list["Row"]:
        """Return the rows of a location, in order."""
        return self.rows_by_id.get(location_id, [])


@dataclass
class Row:
    """One row: the location, the cells that have a name in NAMES, and Y, N or nothing by month."""

    location_id: str
    cells: dict[str, str]
    said: dict[dt.date, str] = field(default_factory=dict)


def read_folder(folder: Path) -> list[Table]:
    return [read_file(path) for path in sorted(folder.glob("*.csv"))]


def read_file(path: Path) -> Table:
    headings, lines = _split(path.read_text(encoding="utf-8-sig"))
    normal = [_normal_heading(heading) for heading in headings]
    id_at = next(i for i, heading in enumerate(normal) if heading in ID_HEADINGS)
    named = {i: word for word, aliases in NAMES.items() for i, heading in enumerate(normal) if heading in aliases}
    months = {i: month for i, heading in enumerate(headings) if (month := month_of(heading))}
    rows = []
    for line in lines:
        location_id = _id_of(line[id_at]) if len(line) > id_at else ""
        if re.fullmatch(r"1-[0-9]{5,12}", location_id):  # anything else is a group, a total or headings again
            cells = {word: line[i].strip(BLANKS) for i, word in named.items()}
            said = {month: WORDS.get(line[i].strip(BLANKS).casefold(), "") for i, month in months.items()}
            rows.append(Row(location_id, cells, said))
    kind = _kind(set(named.values()), months)
    return Table(path.name, kind, _provider_type(path.name, normal), taken_at(path.name), list(months.values()), rows)


def _split(text: str) -> tuple[list[str], list[list[str]]]:
    """Return the heading row, the first of 30 with an id heading beside others, and the rows after it."""
    for delimiter in ",;|\t":
        lines = list(csv.reader(text.splitlines(), delimiter=delimiter))
        for at, line in enumerate(lines[:30]):
            if len(line) > 1 and any(_normal_heading(cell) in ID_HEADINGS for cell in line):
                return line, lines[at + 1 :]
    raise AssertionError("no heading row")


def _normal_heading(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[()\[\]?:]", "", folded.replace("_", " ").replace("\u00a0", " ")).split())


def _id_of(text: str) -> str:
    return "".join("-" if c in DASHES else c for c in text.strip(BLANKS)).upper()


def _kind(named: set[str], months: Mapping[int, dt.date]) -> str:
    if months:
        return "status"
    if named & {"utc", "local"}:
        return "record"
    return "deactivated" if "ended_on" in named else "register"


def _provider_type(name: str, headings: Sequence[str]) -> str:
    if any("lastupdated" in heading for heading in headings):
        return "home_care" if any(heading.startswith("cqcsurveylastupdated") for heading in headings) else "care_home"
    words = re.sub(r"[^a-z]+", " ", name.casefold())
    return "care_home" if "care home" in words else "home_care" if "home care" in words else ""


def month_of(heading: str) -> dt.date | None:
    """Return the month of a heading: `Nov 24`, `Nov-2024`, `Sept 24`, `2024-11`, `2024-11-01`, `11/2024`, `24-Nov`."""
    text = heading.strip(BLANKS).casefold()
    if found := re.fullmatch(r"([a-z]{3,9})[ '/-](\d{4}|\d\d)", text):
        name, year = found.groups()
    elif found := re.fullmatch(r"(2[2-9]|3[01])-([a-z]{3})", text):
        year, name = found.groups()
    elif found := re.fullmatch(r"(\d{4})-(\d\d)(?:-01)?", text):
        return dt.date(int(found[1]), int(found[2]), 1)
    elif found := re.fullmatch(r"(\d\d)/(\d{4})", text):
        return dt.date(int(found[2]), int(found[1]), 1)
    else:
        return None
    return dt.date(int(year[-2:]) + 2000, MONTH_NAMES.index(name[:3]) + 1, 1) if name[:3] in MONTH_NAMES else None


def taken_at(name: str) -> dt.datetime:
    """Return the extraction time a file name states, 00:00 in London where it states a day alone."""
    time = r"(?:[T _-](\d\d)[-.]?(\d\d)(?:[-.]?\d\d)?(?!\d))?"
    if found := re.search(rf"(20\d\d)-?(\d\d)-?(\d\d)(?!\d){time}", name):
        year, month, day = (int(part) for part in found.groups()[:3])
        return dt.datetime(year, month, day, int(found[4] or 0), int(found[5] or 0), tzinfo=LONDON)
    if found := re.search(r"(\d\d?)_([A-Z][a-z]+)_(20\d\d)", name):
        return dt.datetime(int(found[3]), MONTH_NAMES.index(found[2][:3].casefold()) + 1, int(found[1]), tzinfo=LONDON)
    found = re.search(r"(\d\d)\.(\d\d)\.(\d\d)(?!\d)", name)
    assert found, name
    return dt.datetime(2000 + int(found[3]), int(found[2]), int(found[1]), tzinfo=LONDON)


def stamp_of(cells: Mapping[str, str]) -> dt.datetime | None:
    """Return a record's last update: UTC where there is one, else the local time beside it."""
    if cells.get("utc"):
        return _read_stamp(cells["utc"]).replace(tzinfo=dt.UTC).astimezone(LONDON)
    return _read_stamp(cells["local"]).replace(tzinfo=LONDON) if cells.get("local") else None


def _read_stamp(text: str) -> dt.datetime:
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return dt.datetime.fromisoformat("1899-12-30") + dt.timedelta(seconds=round(float(text) * 86400))
    if "/" in text:
        day, clock = text.split(" ")
        return dt.datetime.fromisoformat(f"{_day_of(day)} {clock}")
    return dt.datetime.fromisoformat(text.removesuffix("Z"))


def _day_of(text: str) -> dt.date | None:
    return dt.date.fromisoformat("-".join(reversed(text.split("/")))) if text else None


# Authorities


def codes_by_name(places: Places) -> dict[str, str]:
    """Return the current code of every name an authority goes by."""
    current: dict[str, str] = {}
    codes: dict[str, str] = {}
    with places.authorities.open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            current[line["local_authority_code"]] = line["gss_code_2025"]
            codes |= {_normal_name(line[name]): line["gss_code_2025"] for name in ("official_name", "nice_name")}
    with places.aliases.open(encoding="utf-8-sig", newline="") as file:
        return codes | {_normal_name(x["alias"]): current[x["local_authority_code"]] for x in csv.DictReader(file)}


def _normal_name(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    return " ".join(re.sub(r"[^\w\s]", " ", folded).split())


# The calendar of windows


@dataclass(frozen=True)
class Window:
    """A reporting window: its month, its first and last day, and the first moment after it."""

    month: dt.date
    opens: dt.date
    closes: dt.date

    @property
    def closed_at(self) -> dt.datetime:
        return dt.datetime.combine(self.closes + DAY, dt.time(), LONDON)

    def holds(self, moment: dt.datetime) -> bool:
        return self.opens <= moment.astimezone(LONDON).date() <= self.closes


def windows_until(month: dt.date, places: Places) -> list[Window]:
    events = json.loads(places.holidays.read_text(encoding="utf-8"))["england-and-wales"]["events"]
    holidays = {dt.date.fromisoformat(event["date"]) for event in events}
    windows, first = [], FIRST_WINDOW
    while first <= month:
        closes = first.replace(day=14)
        while closes.weekday() > 4 or closes in holidays:
            closes += DAY
        windows.append(Window(first, first.replace(day=8), closes))
        first = (first + 31 * DAY).replace(day=1)
    return windows


# Evidence -> outcome


def statements(tables: Sequence[Table], key: Key, window: Window) -> Iterator[tuple[dt.datetime, str]]:
    """Yield what the status exports say, a Yes from the opening on, a No only when seen after the close."""
    for table in tables:
        if table.kind == "status" and table.provider_type == key[1]:
            for row in table.of(key[0]):
                word = row.said.get(window.month, "")
                if (word == "Y" and table.taken.date() >= window.opens) or (
                    word == "N" and table.taken >= window.closed_at
                ):
                    yield table.taken, word


def last_updates(tables: Sequence[Table], key: Key) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Yield when each record-level extract was taken and the last update it shows."""
    for table in tables:
        if table.kind == "record" and table.provider_type == key[1]:
            for row in table.of(key[0]):
                stamp = stamp_of(row.cells)
                if stamp and stamp <= table.taken:
                    yield table.taken, stamp


def outcome(tables: Sequence[Table], key: Key, window: Window, held: "Held", decided: Decided) -> str:
    if held.registered and held.registered > window.closes or window.opens in held.freed:
        return "not_required"
    if (*key, window.month) in decided:
        return decided[*key, window.month]
    said = list(statements(tables, key, window))
    newest = max(said)[1] if said else ""  # Y sorts after N: of equal times Yes wins
    updates = list(last_updates(tables, key))
    is_inside = any(window.holds(stamp) for _, stamp in updates)
    if newest == "Y" or (not newest and is_inside):
        return "submitted"
    if newest == "N":
        return "unknown" if is_inside else "missed"
    is_before = any(taken >= window.closed_at and stamp.date() < window.opens for taken, stamp in updates)
    return "missed" if is_before else "unknown"


# Population and registers


def population(tables: Sequence[Table], provider_type: str, window: Window) -> dict[str, "Export"]:
    """Return the units of a month and what the files of the newest day say they are, the newest last."""
    after = [t for t in tables if t.provider_type == provider_type and t.taken >= window.closed_at]
    exports = sorted((t for t in after if t.kind == "status" and window.month in t.months), key=lambda t: t.taken)
    records = sorted((t for t in after if t.kind == "record"), key=lambda t: t.taken)
    chosen = [t for t in exports if t.taken.date() == exports[-1].taken.date()] or records[-1:]
    return {where: Export([t.of(where) for t in chosen if t.of(where)]) for t in chosen for where in t.rows_by_id}


@dataclass(frozen=True)
class Export:
    """The rows of a unit in the files of one day, file by file, the newest last."""

    files: list[list[Row]]

    def cell(self, word: str) -> str:
        """Return what stands in a column of the newest file that has it."""
        return next((rows[-1].cells[word] for rows in reversed(self.files) if word in rows[-1].cells), "")

    @property
    def says_new(self) -> bool:
        """Whether any row of it in the newest file that has the column says New."""
        return any(
            is_new(row)
            for rows in [rows for rows in self.files if "registration_status" in rows[-1].cells][-1:]
            for row in rows
        )


def is_new(row: Row) -> bool:
    return row.cells.get("registration_status", "").casefold().startswith("new")


@dataclass(frozen=True)
class Held:
    """What registers and lists of deactivated locations say of one location: the row of the newest register that holds it,
    since when it is registered, and the openings of windows for which it was registered no more."""

    row: Row | None
    registered: dt.date | None
    freed: frozenset[dt.date]


def held_of(tables: Sequence[Table], location_id: str, windows: Sequence[Window]) -> Held:
    """`windows` go on after the month that is judged, for a gap can end later."""
    holding = sorted(
        (t for t in tables if t.kind in ("register", "deactivated") and t.of(location_id)), key=lambda t: t.taken
    )
    registers = [t for t in holding if t.kind == "register"]
    lists = [(t, ended) for t in holding if t.kind == "deactivated" for ended in [_ended(t, location_id)] if ended]
    freed: set[dt.date] = set()
    for gone, ended in lists:
        again = [t for t in registers if t.taken > gone.taken and t.taken.date() > ended]
        closed = [w for w in windows if again and w.closes < again[0].taken.date()]
        if again:
            freed |= {w.opens for w in closed[:-1] if w.opens > ended}
        elif gone is lists[-1][0]:
            freed |= {w.opens for w in windows if w.opens > ended}
    dates = [_registered(t, location_id) for t in (*registers[-1:], *(t for t, _ in reversed(lists)))]
    row = registers[-1].of(location_id)[0] if registers else None
    return Held(row, next(filter(None, dates), None), frozenset(freed))


def _ended(table: Table, location_id: str) -> dt.date | None:
    return _day_of(table.of(location_id)[0].cells["ended_on"])


def _registered(table: Table, location_id: str) -> dt.date | None:
    """Return a date of registration, unless it is in the future of its own file."""
    day = _day_of(table.of(location_id)[0].cells.get("registered_on", ""))
    return day if day and day <= table.taken.date() else None


# Who was new


def was_new(tables: Sequence[Table], key: Key, registered: dt.date | None, window: Window, following: Window) -> bool:
    """Say whether a unit was new at a close: by its date, or by the first export after it, and before the next close, that
    says one or the other."""
    if registered:
        return is_new_at(registered, window)
    said = [
        (table.taken, is_new(row))
        for table in tables
        if table.kind == "status" and table.provider_type == key[1]
        if window.closed_at <= table.taken < following.closed_at
        for row in table.of(key[0])
        if row.cells.get("registration_status")
    ]
    first = min((taken for taken, _ in said), default=None)
    return any(word for taken, word in said if taken == first)


# Outcomes -> status


@dataclass(frozen=True)
class Standing:
    """The misses of a unit: those in a row to the end, and how many of them while new; of those that count, how many in a
    row to the end, and which of the last 12 and 11."""

    run_all: int
    while_new: int
    run: int
    months: list[dt.date]
    misses_11: int


def standing(windows: Sequence[Window], outcomes: Sequence[str], new_at: Sequence[bool]) -> Standing:
    """Count misses over the calendar of windows."""
    is_missed = [word == "missed" for word in outcomes]
    is_counted = [missed and not new for missed, new in zip(is_missed, new_at, strict=True)]
    run_all = _in_a_row(is_missed)
    months = [window.month for window, counted in list(zip(windows, is_counted, strict=True))[-12:] if counted]
    while_new = sum(new_at[len(new_at) - run_all :])
    return Standing(run_all, while_new, _in_a_row(is_counted), months, sum(is_counted[-11:]))


def _in_a_row(flags: Sequence[bool]) -> int:
    run = 0
    while run < len(flags) and flags[-1 - run]:
        run += 1
    return run


def is_new_at(registered: dt.date, window: Window) -> bool:
    return (window.closes - registered).days < NEW_DAYS


def status(last: str, is_new: bool, misses: Standing) -> tuple[str, str]:
    """Return the status of a unit and its reason."""
    misses_12 = len(misses.months)
    if last == "not_required":
        return "not_required", ""
    if is_new:
        return "new", ""
    if last == "unknown":
        return "unknown", ""
    more = f"; {misses.while_new} more while new" if misses.while_new else ""
    due = [f"{misses.run} windows in a row{more}"] * (misses.run >= 3)
    due += [f"{misses_12} of the last 12 windows"] * (misses_12 >= 4)
    if misses.run and due:  # the month itself is missed, and counts
        return "notice_due", "; ".join(due)
    if misses.run_all >= 2:
        of_them = f"; {misses.while_new} of them while new" if misses.while_new else ""
        return "at_risk", f"{misses.run_all} windows in a row{of_them}"
    if misses.misses_11 >= 3:
        return "watch", f"{misses.misses_11} of the last 11 windows"
    return ("missed" if last == "missed" else "compliant"), ""


# The answers


def answers(folder: Path, month: dt.date, as_at: dt.date, places: Places = PLACES) -> Answers:
    """Return one row per unit of a month, from the files known at the end of a day."""
    return assess(read_folder(folder), month, as_at, places)


def assess(
    tables: Sequence[Table],
    month: dt.date,
    as_at: dt.date,
    places: Places = PLACES,
    decided: Decided = MappingProxyType({}),
) -> Answers:
    known = [table for table in tables if table.taken.date() <= as_at]
    calendar, codes = windows_until(max(as_at, month + 31 * DAY), places), codes_by_name(places)
    windows = [window for window in calendar if window.month <= month]
    held: dict[str, Held] = {}
    found: Answers = {}
    for provider_type in ("care_home", "home_care"):
        about_it = [table for table in known if table.provider_type == provider_type]
        for location_id, export in population(known, provider_type, windows[-1]).items():
            held[location_id] = held.get(location_id) or held_of(known, location_id, calendar)
            key = location_id, provider_type
            outcomes = [outcome(about_it, key, window, held[location_id], decided) for window in windows]
            following = calendar[1 : len(windows) + 1]
            new_at = [
                was_new(about_it, key, held[location_id].registered, window, after)
                for window, after in zip(windows, following, strict=True)
            ]
            found[key] = _answer(key, export, held[location_id], windows, outcomes, new_at, codes)
    return found


def _answer(
    key: Key,
    export: Export,
    held: Held,
    windows: Sequence[Window],
    outcomes: Sequence[str],
    new_at: Sequence[bool],
    codes: Mapping[str, str],
) -> dict[str, str]:
    def known(word: str) -> str:
        return held.row.cells.get(word, "") if held.row else export.cell(word)

    misses = standing(windows, outcomes, new_at)
    is_new_now = is_new_at(held.registered, windows[-1]) if held.registered else export.says_new
    found, reason = status(outcomes[-1], is_new_now, misses)
    submitted = [w.month for w, word in zip(windows, outcomes, strict=True) if word == "submitted"]
    return {
        "location_id": key[0],
        "provider_type": key[1],
        "provider_id": known("provider_id"),
        "la_code": codes.get(_normal_name(known("authority")), ""),
        "registered_on": held.registered.isoformat() if held.registered else "",
        "outcome": outcomes[-1],
        "status": found,
        "reason": reason,
        "windows_in_a_row": str(misses.run_all),
        "missed_of_last_12": str(len(misses.months)),
        "windows_missed": ";".join(f"{missed:%Y-%m}" for missed in misses.months),
        "last_submitted_window": f"{max(submitted):%Y-%m}" if submitted else "",
    }
