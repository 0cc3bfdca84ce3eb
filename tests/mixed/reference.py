"""What RULES sections 2 to 4 and CONTRACT sections 4 and 5 say about a folder of inputs, as plainly as possible.

Slow and obvious on purpose. It reads the files, never the truth behind them. Nothing of the product is imported.
Read downward: files -> tables, calendar, evidence -> outcome, population, register, outcomes -> status, the answers.
"""

import csv
import datetime as dt
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

Key = tuple[str, str]  # location id, provider type
Answers = dict[Key, dict[str, str]]

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
    """Yield what the status exports say, a Yes at any time, a No only when seen after the close."""
    for table in tables:
        if table.kind == "status" and table.provider_type == key[1]:
            for row in table.rows:
                word = row.said.get(window.month, "") if row.location_id == key[0] else ""
                if word == "Y" or (word == "N" and table.taken >= window.closed_at):
                    yield table.taken, word


def last_updates(tables: Sequence[Table], key: Key) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Yield when each record-level extract was taken and the last update it shows."""
    for table in tables:
        if table.kind == "record" and table.provider_type == key[1]:
            for row in table.rows:
                stamp = stamp_of(row.cells) if row.location_id == key[0] else None
                if stamp and stamp <= table.taken:
                    yield table.taken, stamp


def outcome(
    tables: Sequence[Table], key: Key, window: Window, registered: dt.date | None, ended: dt.date | None
) -> str:
    if registered and registered > window.closes or ended and ended < window.opens:
        return "not_required"
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


# Population and register


def population(tables: Sequence[Table], provider_type: str, window: Window) -> dict[str, Row]:
    """Return the units of a month and the row of the export each is taken from (of two that day, the later)."""
    after = [t for t in tables if t.provider_type == provider_type and t.taken >= window.closed_at]
    exports = sorted((t for t in after if t.kind == "status" and window.month in t.months), key=lambda t: t.taken)
    records = sorted((t for t in after if t.kind == "record"), key=lambda t: t.taken)
    chosen = [t for t in exports if t.taken.date() == exports[-1].taken.date()] or records[-1:]
    return {row.location_id: row for table in chosen for row in table.rows}


def newest_of(tables: Sequence[Table], kind: str) -> dict[str, Row]:
    of_kind = [table for table in tables if table.kind == kind]
    newest = max(of_kind, key=lambda table: table.taken, default=None)
    return {row.location_id: row for row in newest.rows} if newest else {}


# Outcomes -> status


@dataclass(frozen=True)
class Standing:
    """The counted misses of a unit: which of the last 12, and how many in a row to the end."""

    run: int
    months: list[dt.date]
    misses_11: int


def standing(windows: Sequence[Window], outcomes: Sequence[str], registered: dt.date | None) -> Standing:
    """Count misses over the calendar of windows, leaving out those at whose close the unit was still new."""
    is_counted = [
        word == "missed" and not is_new_at(registered, window) for word, window in zip(outcomes, windows, strict=True)
    ]
    run = 0
    while run < len(is_counted) and is_counted[-1 - run]:
        run += 1
    months = [window.month for window, counted in list(zip(windows, is_counted, strict=True))[-12:] if counted]
    return Standing(run, months, sum(is_counted[-11:]))


def is_new_at(registered: dt.date | None, window: Window) -> bool:
    return registered is not None and (window.closes - registered).days < NEW_DAYS


def status(last: str, is_new: bool, counted: Standing) -> tuple[str, str]:
    """Return the status of a unit and its reason."""
    misses_12, in_a_row = len(counted.months), f"{counted.run} windows in a row"
    if last == "not_required":
        return "not_required", ""
    if is_new:
        return "new", ""
    if last == "unknown":
        return "unknown", ""
    due = [in_a_row] * (counted.run >= 3) + [f"{misses_12} of the last 12 windows"] * (misses_12 >= 4)
    if last == "missed" and due:
        return "notice_due", "; ".join(due)
    if counted.run >= 2:
        return "at_risk", in_a_row
    if counted.misses_11 >= 3:
        return "watch", f"{counted.misses_11} of the last 11 windows"
    return ("missed" if last == "missed" else "compliant"), ""


# The answers


def answers(folder: Path, month: dt.date, as_at: dt.date, places: Places = PLACES) -> Answers:
    """Return one row per unit of a month, from the files known at the end of a day."""
    return assess(read_folder(folder), month, as_at, places)


def assess(tables: Sequence[Table], month: dt.date, as_at: dt.date, places: Places = PLACES) -> Answers:
    known = [table for table in tables if table.taken.date() <= as_at]
    windows, codes = windows_until(month, places), codes_by_name(places)
    register, ends = newest_of(known, "register"), newest_of(known, "deactivated")
    found: Answers = {}
    for provider_type in ("care_home", "home_care"):
        for location_id, row in population(known, provider_type, windows[-1]).items():
            key = location_id, provider_type
            found[key] = _answer(known, key, row, register.get(location_id), ends.get(location_id), windows, codes)
    return found


def _answer(
    tables: Sequence[Table],
    key: Key,
    export: Row,
    registered: Row | None,
    gone: Row | None,
    windows: Sequence[Window],
    codes: Mapping[str, str],
) -> dict[str, str]:
    source, dated = registered or export, registered or gone  # no export here has a date: the list of the gone has one
    started = _day_of(dated.cells["registered_on"]) if dated else None
    ended = _day_of(gone.cells["ended_on"]) if gone else None
    says_new = export.cells.get("registration_status", "").casefold().startswith("new")
    about_it = [table for table in tables if table.provider_type == key[1]]
    outcomes = [outcome(about_it, key, window, started, ended) for window in windows]
    counted = standing(windows, outcomes, started)
    is_new = is_new_at(started, windows[-1]) if started else says_new
    found, reason = status(outcomes[-1], is_new, counted)
    submitted = [w.month for w, word in zip(windows, outcomes, strict=True) if word == "submitted"]
    return {
        "location_id": key[0],
        "provider_type": key[1],
        "provider_id": source.cells.get("provider_id", ""),
        "la_code": codes.get(_normal_name(source.cells["authority"]), ""),
        "registered_on": started.isoformat() if started else "",
        "outcome": outcomes[-1],
        "status": found,
        "reason": reason,
        "windows_in_a_row": str(counted.run),
        "missed_of_last_12": str(len(counted.months)),
        "windows_missed": ";".join(f"{missed:%Y-%m}" for missed in counted.months),
        "last_submitted_window": f"{max(submitted):%Y-%m}" if submitted else "",
    }
