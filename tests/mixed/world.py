"""An invented population and the mixed inbox somebody would have kept about it over two years.

All ids, names and providers are fictional. Nothing of the product is imported here. The cast and what really happened
(`invent`) come first, then the calendar of files, then how each file is written (`write`).
"""

import csv
import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

Key = tuple[str, str]  # location id, provider type
Cell = tuple[str, str, dt.date]  # location id, provider type, month

LONDON = ZoneInfo("Europe/London")
TYPES = ("care_home", "home_care")
MONTHS = tuple(dt.date(2023 + n // 12, n % 12 + 1, 1) for n in range(24))
LATE_CLOSES = {
    (2023, 1): 16, (2023, 5): 15, (2023, 10): 16,
    (2024, 1): 15, (2024, 4): 15, (2024, 7): 15, (2024, 9): 16, (2024, 12): 16,
}  # fmt: skip
REGIONS = (("Kent", "Oxfordshire", "Brighton and Hove"), ("Barnsley", "Leeds", "Sheffield"))
LEGAL_NAMES = {
    "Kent": "Kent County Council",
    "Oxfordshire": "Oxfordshire County Council",
    "Brighton and Hove": "Brighton & Hove City Council",
    "Barnsley": "Barnsley Metropolitan Borough Council",
    "Leeds": "Leeds City Council",
    "Sheffield": "Sheffield City Council",
}
ENDS = (  # the last two on the day before an opening and on the opening
    "2023-04-20", "2023-08-03", "2023-12-05", "2024-02-20", "2024-03-10",
    "2024-05-20", "2024-07-30", "2024-09-10", "2024-11-07", "2024-11-08",
)  # fmt: skip
EDGES = {  # service -> start: 101 and 100 days before a close, three times; on a close and the day after
    10: "2023-09-04", 11: "2023-09-05", 18: "2024-03-05", 19: "2024-03-06", 26: "2024-09-06", 27: "2024-09-07",
    28: "2024-10-14", 29: "2024-10-15",
}  # fmt: skip
NEVER, ALWAYS = dt.datetime(2099, 1, 1, tzinfo=LONDON), dt.datetime(2000, 1, 1, tzinfo=LONDON)
NO_STATEMENT_MONTH = dt.date(2024, 9, 1)  # some units are blank here in every export of both types
NO_COLUMN_MONTH = dt.date(2023, 9, 1)  # no home care export has a column for this month at all
CONFLICT_MONTHS = (dt.date(2024, 1, 1), dt.date(2024, 9, 1), dt.date(2024, 12, 1))
CORRECTIONS = (  # since when exports say otherwise about some windows from this month to that, and where
    ("2024-01-10", "2023-07", "2023-12", ""),
    ("2024-07-01", "2024-01", "2024-06", ""),
    ("2024-12-17T12:00", "2024-09", "2024-12", "Kent"),
    ("2024-12-20", "2024-07", "2024-12", ""),
    ("2025-01-02", "2024-03", "2024-08", "Kent"),
)
SEEN_EARLY = {  # months that have an export taken in the window; later exports say nothing about some units
    "care_home": (dt.date(2023, 9, 1), dt.date(2024, 3, 1), dt.date(2024, 12, 1)),
    "home_care": (dt.date(2023, 10, 1), dt.date(2024, 5, 1), dt.date(2024, 12, 1)),
}
TWIN = "Care Home status 17.09.24 second.csv"  # as new as another export, and at odds with it
EARLY = "status-care-home-2024-08-02.csv"  # answers for a window that opens six days later
EARLY_MONTH = dt.date(2024, 8, 1)
UNDATED = (3, 5, 9, 14, 22, 23, 30, 60, 61, 130)  # in no register: only exports tell whether they are new
SLOW_STARTERS = (5, 9, 12, 13, 14, 15, 16, 17, 22, 23, 24, 25)  # provide nothing in their first five months
MISDATED = (72, 73)  # registers say from June 2024 on that they began in March 2025
GAPS = {  # service -> end date, and the day from which it is registered again: on and beside edges of windows
    62: ("2024-01-20", "2024-05-20"), 63: ("2024-02-07", "2024-06-03"), 64: ("2024-02-08", "2024-09-20"),
    65: ("2024-06-30", "2024-09-15"), 66: ("2024-01-31", "2024-10-01"), 67: ("2024-02-14", "2024-12-02"),
    68: ("2024-09-15", "2024-12-15"), 69: ("2024-03-07", "2099-01-01"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Service:
    """A location. Authority and provider are those before and those after `changes_on`."""

    location_id: str
    name: str
    provider_types: tuple[str, ...]
    authorities: tuple[str, str]
    providers: tuple[tuple[str, str], tuple[str, str]]
    changes_on: dt.date
    registered: dt.date
    restarted: dt.date | None
    ended: dt.date | None
    listed_from: dt.date
    listed_until: dt.date
    is_in_registers: bool
    is_always_called_new: bool
    do_exports_follow: bool
    gap: tuple[dt.date, dt.date] | None
    is_misdated: bool


@dataclass(frozen=True, slots=True)
class Edit:
    """What exports taken from one moment until another say in a cell, whatever happened."""

    word: str
    since: dt.datetime = ALWAYS
    until: dt.datetime = NEVER
    file: str = ""


@dataclass
class World:
    """What really happened, and where the exports depart from it."""

    services: list[Service]
    updates: dict[Key, list[dt.datetime]] = field(default_factory=lambda: defaultdict(list))
    edits: dict[Cell, list[Edit]] = field(default_factory=lambda: defaultdict(list))

    def units(self, provider_type: str) -> list[Service]:
        return [service for service in self.services if provider_type in service.provider_types]


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


def month_of(text: str) -> dt.date:
    return dt.date.fromisoformat(f"{text}-01")


def window(month: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return the first moment of a window and the first moment after it."""
    closes = LATE_CLOSES.get((month.year, month.month), 14)
    start = dt.datetime(month.year, month.month, 8, tzinfo=LONDON)
    return start, start.replace(day=closes + 1)


def owes(service: Service, month: dt.date) -> bool:
    opens, closed = (edge.date() for edge in window(month))
    return service.registered < closed and (service.ended is None or service.ended >= opens)


# The cast


def invent(seed: int) -> World:
    rng = random.Random(seed)
    world = World(_services(rng))
    for provider_type in TYPES:
        for places in REGIONS:
            group = [s for s in world.units(provider_type) if s.authorities[0] in places]
            _simulate(rng, world, provider_type, group)
    for i in SLOW_STARTERS:
        service = world.services[i]
        begins = dt.datetime.combine(service.registered + dt.timedelta(days=150), dt.time(), LONDON)
        for provider_type in service.provider_types:
            key = service.location_id, provider_type
            world.updates[key] = [update for update in world.updates[key] if update > begins]
    _depart_from_the_truth(rng, world)
    return world


def _services(rng: random.Random) -> list[Service]:
    numbers = rng.sample(range(100_000_000, 500_000_000), 150)
    owners = rng.sample(range(500_000_000, 999_999_999), 60)
    providers = [(f"1-9{number}", f"Invented Care {n} Ltd") for n, number in enumerate(owners)]
    return [_service(rng, i, number, providers) for i, number in enumerate(numbers)]


def _start(rng: random.Random, i: int) -> dt.date:
    days = (45 if i < 32 else 36) * (i // 2) + rng.randrange(10)
    if i in EDGES:
        return dt.date.fromisoformat(EDGES[i])
    return dt.date(2023, 1, 20) + dt.timedelta(days=days) if i < 32 else dt.date(2015, 1, 1) + dt.timedelta(days=days)


def _service(rng: random.Random, i: int, number: int, providers: Sequence[tuple[str, str]]) -> Service:
    """Return service i: 0 to 31 start in the two years, 32 to 41 end, 42 to 55 change hands, place or start date."""
    places = REGIONS[i // 2 % 2]
    (old, other), owner = rng.sample(places, 2), rng.choice(providers)
    started = _start(rng, i)
    ended = dt.date.fromisoformat(ENDS[i - 32]) if 32 <= i < 42 else None
    lingers = ended is not None and (i % 2 == 0 or ended > dt.date(2024, 8, 1))
    has_gone = ended is not None and not lingers
    types = TYPES if i >= 126 else (TYPES[i % 2],)
    return Service(
        location_id=f"1-9{number}",
        name=f"Invented House {i}",
        provider_types=types,
        authorities=(old, other if 42 <= i < 48 else old),
        providers=(owner, rng.choice(providers) if 46 <= i < 53 else owner),
        changes_on=dt.date(2024, 3 if i % 2 else 9, 1),
        registered=started,
        restarted=dt.date(2024, 7, 1) if i in (54, 55) else None,
        ended=ended,
        listed_from=started + dt.timedelta(days=-60 if i in (20, 21) else rng.randrange(20)),
        listed_until=ended + dt.timedelta(days=30) if ended and has_gone else dt.date(2099, 1, 1),
        is_in_registers=i not in UNDATED,
        is_always_called_new=i in (60, 70, 71),
        do_exports_follow=i % 4 < 2,
        gap=(dt.date.fromisoformat(GAPS[i][0]), dt.date.fromisoformat(GAPS[i][1])) if i in GAPS else None,
        is_misdated=i in MISDATED,
    )


def _simulate(rng: random.Random, world: World, provider_type: str, group: Sequence[Service]) -> None:
    """Say when each unit of one type and region updated: the same share misses each month, and the same units often."""
    habit = {service.location_id: rng.choices((1, 4, 20), (77, 15, 8))[0] for service in group}
    missed_last: set[str] = set()
    missed_before: set[str] = set()
    for service in group:
        if service.registered < dt.date(2022, 12, 1):
            first = dt.datetime(2022, 12, rng.randint(19, 31), rng.randrange(24), tzinfo=LONDON)
            world.updates[service.location_id, provider_type].append(first)
    for month in MONTHS:
        active = [service.location_id for service in group if owes(service, month)]
        once = missed_last - missed_before
        weights = {one: habit[one] * (10 if one in once else 1) for one in active}
        drawn = sorted(active, key=lambda one: rng.random() ** (1 / weights[one]), reverse=True)
        missed_before, missed_last = missed_last, set(drawn[: round(len(active) * 0.19)])
        for one in active:
            world.updates[one, provider_type] += _updates(rng, month, one in missed_last)


def _updates(rng: random.Random, month: dt.date, is_missed: bool) -> list[dt.datetime]:
    """Return the updates of one unit about one window, oldest first."""
    opens, closed = window(month)
    early = _between(rng, opens.replace(day=1), opens)
    inside = _between(rng, opens, closed)
    late = _between(rng, closed, closed + dt.timedelta(days=7))
    if is_missed:
        return rng.choices(([late], [early], []), (40, 20, 40))[0]
    return rng.choices(([inside], [inside, late], [early, inside]), (70, 15, 15))[0]


def _between(rng: random.Random, first: dt.datetime, end: dt.datetime) -> dt.datetime:
    """Return a moment from first until just before end, in London; one in eight in the half hour at an edge."""
    last = int((end.replace(tzinfo=None) - first.replace(tzinfo=None)).total_seconds()) - 1
    edge = rng.choices((0, 1, 2), (14, 1, 1))[0]
    seconds = (rng.randint(0, last), rng.randint(0, 1799), last - rng.choice((0, 0, 600, 1700)))[edge]
    return (first.replace(tzinfo=None) + dt.timedelta(seconds=seconds)).replace(tzinfo=LONDON)


# Where the exports depart from what happened


def is_inside(world: World, cell: Cell, until: dt.datetime = NEVER) -> bool:
    opens, closed = window(cell[2])
    return any(opens <= update < closed and update <= until for update in world.updates.get(cell[:2], ()))


@dataclass(frozen=True, slots=True)
class Pick:
    """Cells to choose from: of a type, a span of months, perhaps one authority, updated in the window or not."""

    provider_type: str
    first: dt.date
    last: dt.date
    was_inside: bool
    authority: str = ""


def _edit(rng: random.Random, world: World, pick: Pick, count: int, edit: Edit) -> None:
    """Give some cells, of units that owed and without an edit so far, a word of their own."""
    cells = [
        (service.location_id, pick.provider_type, month)
        for service in world.units(pick.provider_type)
        for month in MONTHS
        if pick.first <= month <= pick.last and owes(service, month) and pick.authority in ("", service.authorities[0])
    ]
    free = [cell for cell in cells if cell not in world.edits and is_inside(world, cell) == pick.was_inside]
    for cell in rng.sample(free, min(count, len(free))):
        world.edits[cell].append(edit)


def _depart_from_the_truth(rng: random.Random, world: World) -> None:
    for provider_type in TYPES:
        gap = NO_STATEMENT_MONTH
        _edit(rng, world, Pick(provider_type, gap, gap, True), 16, Edit(""))
        _edit(rng, world, Pick(provider_type, gap, gap, False), 2, Edit(""))
        for month in CONFLICT_MONTHS:
            _edit(rng, world, Pick(provider_type, month, month, True), 1, Edit("N"))
        for month in SEEN_EARLY[provider_type]:
            _edit(rng, world, Pick(provider_type, month, month, True), 3, Edit("", since=window(month)[1]))
            _edit(rng, world, Pick(provider_type, month, month, False), 1, Edit("", since=window(month)[1]))
        for effective, first, last, authority in CORRECTIONS:
            picks = [Pick(provider_type, month_of(first), month_of(last), word, authority) for word in (True, False)]
            _correct(rng, world, moment(effective), *picks)
        for n, month in enumerate(MONTHS):
            _edit(rng, world, Pick(provider_type, month, month, n % 3 > 0), 1, Edit(""))
        _edit(rng, world, Pick(provider_type, MONTHS[0], MONTHS[-1], True), 2, Edit("n/a"))
    early = Pick("care_home", EARLY_MONTH, EARLY_MONTH, False)
    before = set(world.edits)
    _edit(rng, world, early, 5, Edit("Y", file=EARLY))
    for n, cell in enumerate(sorted(world.edits.keys() - before)):
        world.edits[cell] += [Edit("")] if n % 2 == 0 else []
    for was_inside, word in ((True, "N"), (False, "Y"), (True, "")):
        twin = Pick("care_home", month_of("2024-01"), month_of("2024-09"), was_inside)
        _edit(rng, world, twin, 3, Edit(word, file=TWIN))


def _correct(rng: random.Random, world: World, on: dt.datetime, inside: Pick, outside: Pick) -> None:
    """Let exports say No until a correction makes it Yes, Yes until one makes it No, and a word until one blanks it."""
    months = [month for month in MONTHS if inside.first <= month <= inside.last]
    for month in (months[-1], *rng.choices(months, k=3)):  # as many of each, so that rates stay steady
        _edit(rng, world, replace(inside, first=month, last=month), 1, Edit("N", until=on))
        _edit(rng, world, replace(outside, first=month, last=month), 1, Edit("Y", until=on))
    _edit(rng, world, inside, 3, Edit("", since=on))
    _edit(rng, world, outside, 3, Edit("", since=on))


Decision = tuple[str, str, dt.date, str]  # location id, provider type, month, and excused, missed or none


def decided(world: World) -> list[Decision]:
    """Return what people said of windows, the last word of each the one that stands: of doubts that they were missed or are
    excused, of misses that they are excused, and some of it taken back."""
    rng = random.Random(f"{world.services[0].location_id} decided")
    doubts = sorted(
        cell for cell, edits in world.edits.items() if [x.word for x in edits] == ["N"] and cell[2] in CONFLICT_MONTHS
    )
    words = (["missed"], ["excused"], ["missed", "none"], ["excused", "missed"], ["missed", "excused"], ["missed"])
    found = [(*cell, word) for cell, said in zip(doubts, words, strict=False) for word in said]
    for provider_type in TYPES:
        missed = [
            (service.location_id, provider_type, month)
            for service in world.units(provider_type)
            for month in MONTHS[6:]
            if owes(service, month) and not is_inside(world, (service.location_id, provider_type, month))
        ]
        for n, cell in enumerate(rng.sample(missed, 8)):
            found += [(*cell, "excused"), *([(*cell, "none")] if n < 3 else [])]
    gone = next(service for service in world.services if service.ended == dt.date(2024, 7, 30))
    return [*found, (gone.location_id, gone.provider_types[0], dt.date(2024, 9, 1), "missed")]


# The files


@dataclass(frozen=True, slots=True)
class Export:
    """One monthly status export: what it is called, when it was taken, which months it has, and how it is written."""

    provider_type: str
    taken: str
    name: str
    first: str
    last: str
    heading: str  # a strftime form, or one of the special forms of `_heading`
    words: tuple[str, str] = ("Yes", "No")
    flags: str = ""

    @property
    def layout(self) -> str:
        return "bare" if "bare" in self.flags else "2024" if self.words[0][:1] == "1" else "2025"


CARE, HOME, ONE = partial(Export, "care_home"), partial(Export, "home_care"), ("1", "0")
EXPORTS = (
    CARE("2023-06-15", "Care Home status 15_June_2023.csv", "2023-01", "2023-06", "%b %y", ONE, "bom"),
    CARE("2023-09-12T10:30", "status-care-home-2023-09-12T10-30.csv", "2023-02", "2023-09", "sept", ONE),
    CARE("2023-10-17", "status-care-home-20231017.csv", "2023-01", "2023-10", "%Y-%m", ONE, "semicolon"),
    CARE("2023-12-15", "status-care-home-2023-12-15.csv", "2023-01", "2023-12", "%b-%y", ONE, "total"),
    CARE("2024-01-16T09:15", "status_care_home_20240116_0915.csv", "2023-03", "2024-01", "%b'%y", ONE),
    CARE("2024-03-14T09:00", "Care Home status 2024-03-14 09.00.csv", "2023-08", "2024-03", "%B %Y", ONE),
    CARE("2024-04-16", "status-care-home-2024-04-16.csv", "2023-05", "2024-04", "%m/%Y", ONE, "ids"),
    CARE("2024-06-17", "status-care-home-2024-06-17.csv", "2023-07", "2024-06", "%b %Y", ONE, "groups total"),
    CARE("2024-07-16", "status-care-home-2024-07-16.csv", "2024-02", "2024-07", "mangled", ONE, "absent"),
    CARE("2024-08-02", EARLY, "2024-02", "2024-08", "%b %y"),
    CARE("2024-09-17", "status-care-home-2024-09-17.csv", "2024-01", "2024-09", "%b/%y", ("1.0", "0.0")),
    CARE("2024-09-17", TWIN, "2024-01", "2024-09", "sept", ("Y", "N")),
    CARE("2024-10-15T14:05", "status-care-home-2024-10-15_1405.csv", "2024-03", "2024-10", "%B %y", ("TRUE", "false"), "repeat"),
    CARE("2024-11-15", "status-care-home-2024-11-15.csv", "2023-12", "2024-11", "%b %y", (" yes ", "NO"), "twice"),
    CARE("2024-12-16T08:00", "status-care-home-2024-12-16T08-00.csv", "2024-05", "2024-12", "%Y-%m-%d"),
    CARE("2024-12-17", "Update monthly status ASC collection - Care Home - 2024-12-17.csv", "2024-01", "2024-12", "%b %y", flags="bom duplicate"),
    CARE("2024-12-17T15:00", "status-care-home-part-2024-12-17T15-00.csv", "2024-07", "2024-12", "%b %y", flags="part"),
    CARE("2024-12-27", "status-care-home-2024-12-27.csv", "2023-11", "2024-12", "%b-%Y", flags="shuffled ids"),
    CARE("2024-12-27T16:00", "status-care-home-bare-2024-12-27T16-00.csv", "2024-07", "2024-12", "%b %y", flags="bare"),
    CARE("2025-01-06", "status-care-home-2025-01-06.csv", "2024-07", "2024-12", "%b %y", flags="part"),
    HOME("2023-07-17", "Home Care status 17.07.23.csv", "2023-01", "2023-07", "%b %y", ONE),
    HOME("2023-10-13T16:45", "status-home-care-20231013_164500.csv", "2023-03", "2023-10", "%b %Y", ONE),
    HOME("2023-11-15", "status-home-care-2023-11-15.csv", "2023-01", "2023-11", "%b-%y", ONE, "preamble"),
    HOME("2023-12-18", "status-home-care-2023-12-18.csv", "2023-01", "2023-12", "%m/%Y", ONE, "ids"),
    HOME("2024-01-17", "status-home-care-2024-01-17.csv", "2023-06", "2024-01", "%B %Y", ONE, "bom"),
    HOME("2024-03-19", "status-home-care-2024-03-19.csv", "2023-04", "2024-03", "%Y-%m", ONE, "absent"),
    HOME("2024-05-13T11:00", "status-home-care-2024-05-13T11-00.csv", "2023-11", "2024-05", "%b'%y", ONE),
    HOME("2024-06-18", "status-home-care-18_June_2024.csv", "2023-07", "2024-06", "%b %y", ONE, "groups"),
    HOME("2024-07-17", "status-home-care-2024-07-17.csv", "2023-12", "2024-07", "%b/%y", ("1.0", "0.0")),
    HOME("2024-10-16", "status-home-care-2024-10-16.csv", "2024-01", "2024-12", "sept", ("y", "n"), "duplicate"),
    HOME("2024-11-18T08:40", "status-home-care-20241118_0840.csv", "2024-06", "2024-11", "%B %y"),
    HOME("2024-12-13", "status-home-care-2024-12-13.csv", "2024-07", "2024-12", "%b-%Y"),
    HOME("2024-12-19T09:30", "status-home-care-2024-12-19T09-30.csv", "2024-01", "2024-12", "%b %y", flags="total"),
    HOME("2024-12-28", "Home Care status 28.12.24.csv", "2023-11", "2024-12", "%Y-%m-%d", ("YES", "no"), flags="bom twice"),
    HOME("2025-01-07", "status-home-care-2025-01-07.csv", "2024-03", "2024-08", "%b %y", flags="part"),
)  # fmt: skip
RECORDS = (  # provider type, taken, file, form of the stamps, which of the two columns are filled
    ("care_home", "2023-05-16", "capacity-care-home-2023-05-16.csv", "serial", "utc"),
    ("care_home", "2023-09-11T12:00", "capacity-care-home-2023-09-11T12-00.csv", "iso", "utc"),
    ("care_home", "2023-09-15", "capacity-care-home-2023-09-15.csv", "iso", "utc"),
    ("care_home", "2024-01-16T07:30", "capacity-care-home-20240116_0730.csv", "dmy", "utc bst"),
    ("care_home", "2024-09-10", "capacity-care-home-2024-09-10.csv", "serial", "utc bst"),
    ("care_home", "2024-09-17T06:30", "capacity-care-home-2024-09-17T06-30.csv", "serial", "utc bst"),
    ("care_home", "2024-09-27", "capacity-care-home-27_September_2024.csv", "dmy", "bst"),
    ("care_home", "2024-06-20", "capacity-care-home-2024-06-20.csv", "iso", "utc"),
    ("care_home", "2024-12-17T10:00", "capacity-care-home-2024-12-17T10-00.csv", "serial", "utc bst"),
    ("home_care", "2023-09-10T18:00", "capacity-home-care-2023-09-10T18-00.csv", "dmy", "utc"),
    ("home_care", "2023-09-15T08:00", "capacity-home-care-2023-09-15T08-00.csv", "dmy", "utc"),
    ("home_care", "2023-09-29", "capacity-home-care-2023-09-29.csv", "serial", "utc bst"),
    ("home_care", "2024-09-11", "capacity-home-care-2024-09-11.csv", "iso", "utc"),
    ("home_care", "2024-09-17T08:00", "capacity-home-care-2024-09-17T08-00.csv", "iso", "utc"),
    ("home_care", "2024-09-24", "capacity-home-care-2024-09-24.csv", "dmy", "utc bst"),
    ("home_care", "2024-08-15", "capacity-home-care-2024-08-15.csv", "serial", "bst"),
    ("home_care", "2024-12-12T13:00", "capacity-home-care-2024-12-12T13-00.csv", "dmy", "utc bst"),
    ("home_care", "2024-12-17T08:00", "capacity-home-care-2024-12-17T08-00.csv", "dmy", "utc bst"),
)
PARTIAL = (
    "HSCA_Active_Locations_01_October_2024.csv",
    "HSCA_Active_Locations_2024-12-18.csv",
)  # two thirds are lacking
REGISTERS = (
    ("2023-09-04", "HSCA_Active_Locations_04_September_2023.csv"),
    ("2024-06-03", "HSCA_Active_Locations_2024-06-03.csv"),
    ("2024-10-01", PARTIAL[0]),
    ("2024-12-02", "HSCA_Active_Locations_20241202.csv"),
    ("2024-12-18", PARTIAL[1]),
)
DEACTIVATED = (
    ("2024-03-01", "Deactivated_Locations_2024-03-01.csv"),
    ("2024-12-02", "Deactivated_Locations_2024-12-02.csv"),
)
LAYOUTS = {
    "2025": ("CQC Location ID", "Location", "Provider ID", "Provider", "Local Authority", "Registration Status", "Provider Type"),
    "2024": ("CQC ID", "Location Name", "CQC Provider ID", "Parent Organisation", "LA Name", "Registration Status", "User Count"),
    "bare": ("CQC Location ID", "Location", "User Count"),
}  # fmt: skip
RECORD_HEADINGS = {
    "care_home": (
        "Local Authority", "location", "parentorganisation", "localauthority", "region", "cqcid", "odscode",
        "covidresidentstotal", "isacceptingadmissions", "nursesemployed", "lastupdatedutc", "lastupdatedbst",
    ),
    "home_care": (
        "local_authority", "location", "cqcid", "laname", "regionname", "odscode", "serviceusercount",
        "canprovidermorehours", "extrahourscount", "cqcsurveylastupdatedutc", "cqcsurveylastupdatedbst",
    ),
}  # fmt: skip
REGISTER_HEADINGS = (
    "Location ID", "Location HSCA start date", "Dormant (Y/N)", "Care home?", "Location Name",
    "Location Local Authority", "Location Postal Code", "Provider ID", "Provider Name", "Service type - Domiciliary care service",
)  # fmt: skip


def write(folder: Path, seed: int) -> None:
    """Write the whole inbox of one seed."""
    folder.mkdir(parents=True, exist_ok=True)
    world = invent(seed)
    for export in EXPORTS:
        _write_export(folder, world, export)
    for record in RECORDS:
        _write_record(folder, world, *record)
    for taken, name in REGISTERS:
        rows = list(_register_rows(world, dt.date.fromisoformat(taken)))
        _write_rows(folder / name, [REGISTER_HEADINGS, *(rows[::3] if name in PARTIAL else rows)])
    for taken, name in DEACTIVATED:
        _write_deactivated(folder / name, world, dt.date.fromisoformat(taken))


def _write_rows(path: Path, rows: Sequence[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)


def _write_export(folder: Path, world: World, export: Export) -> None:
    rng = random.Random(f"{world.services[0].location_id} {export.name}")
    months = _months(export)
    if "shuffled" in export.flags:
        rng.shuffle(months)
    headings = [*LAYOUTS[export.layout], *(_heading(month, export.heading) for month in months)]
    rows = [_export_row(world, export, service, months) for service in _listed(world, export)]
    rows = _soiled(rng, export, headings, rows)
    first = [["Update monthly status ASC collection"], ["Data Type", "Numbers"]] if "preamble" in export.flags else []
    delimiter = ";" if "semicolon" in export.flags else ","
    encoding = "utf-8-sig" if "bom" in export.flags else "utf-8"
    _write_rows(folder / export.name, [*first, headings, *rows], delimiter, encoding)


def _months(export: Export) -> list[dt.date]:
    chosen = [month for month in MONTHS if month_of(export.first) <= month <= month_of(export.last)]
    return [month for month in chosen if export.provider_type == "care_home" or month != NO_COLUMN_MONTH]


def _heading(month: dt.date, form: str) -> str:
    if form == "mangled":  # what Excel makes of "Nov 24"
        return f"{month:%y-%b}"
    if form == "sept":
        return f"{month:%b %y}".replace("Sep ", "Sept ")
    return f"{month:{form}}"


def _listed(world: World, export: Export) -> list[Service]:
    """Return the services of an export: all on the books that day, or Kent's and the new ones, or all but a few."""
    day = moment(export.taken).date()
    services = [s for s in world.units(export.provider_type) if s.listed_from <= day < s.listed_until]
    if "part" in export.flags:
        return [s for s in services if s.authorities[0] == "Kent" or (day - s.registered).days < 101]
    if "absent" in export.flags:
        return [s for n, s in enumerate(services) if n % 25]
    return sorted(services, key=lambda s: _named(s, day)) if "groups" in export.flags else services


def _named(service: Service, day: dt.date) -> str:
    return service.authorities[service.do_exports_follow and day >= service.changes_on]


def _export_row(world: World, export: Export, service: Service, months: Sequence[dt.date]) -> list[str]:
    taken = moment(export.taken)
    owner = service.providers[service.do_exports_follow and taken.date() >= service.changes_on]
    is_new = service.is_always_called_new or (taken.date() - service.registered).days < 101
    status = "New (< 101 days)" if is_new else "Established (>= 101 days)"
    extra = "Care Home" if export.provider_type == "care_home" else "Home Care"
    last = extra if export.layout == "2025" else str(len(service.name) % 5)
    said = [_word(world, export, service, month) for month in months]
    spelt = [{"Y": export.words[0], "N": export.words[1]}.get(word, word) for word in said]
    if "bare" in export.flags:
        return [service.location_id, service.name, last, *spelt]
    return [service.location_id, service.name, *owner, _named(service, taken.date()), status, last, *spelt]


def _word(world: World, export: Export, service: Service, month: dt.date) -> str:
    taken, cell = moment(export.taken), (service.location_id, export.provider_type, month)
    if taken < window(month)[0] and export.name != EARLY:
        return ""
    for edit in world.edits.get(cell, ()):
        if edit.since <= taken < edit.until and edit.file in ("", export.name):
            return edit.word
    if taken < window(month)[0]:
        return ""
    if not owes(service, month) and service.ended is None and service.location_id[-1] in "02468":
        return ""
    return "Y" if is_inside(world, cell, taken) else "N"


def _soiled(rng: random.Random, export: Export, headings: list[str], rows: list[list[str]]) -> list[list[str]]:
    """Return the rows with the harmless dirt that the export's flags ask for."""
    width, counts = len(headings), ["17"] * (len(headings) - len(LAYOUTS[export.layout]))
    if "duplicate" in export.flags:
        row = next(row for row in rows if export.words[1] in row)
        at = row.index(export.words[1])
        rows = [*rows, [*row[:at], export.words[0], *row[at + 1 :]]]
    if "ids" in export.flags:
        for row, dirt in zip(rng.sample(rows, 6), "\u2013\u2212_\u00a0\u200b ", strict=True):
            row[0] = row[0].replace("-", dirt) if dirt in "\u2013\u2212_" else f"{dirt}{row[0]}{dirt}"
    if "twice" in export.flags:  # services without a date stand in it as New and as Established
        named = {f"Invented House {i}" for i in UNDATED}
        other = {"New (< 101 days)": "Established (>= 101 days)", "Established (>= 101 days)": "New (< 101 days)"}
        rows = [*rows, *([*row[:5], other[row[5]], *row[6:]] for row in rows if row[1] in named)]
    if "repeat" in export.flags:
        rows = [*rows[:30], list(headings), *rows[30:]]
    if "groups" in export.flags:
        rows = list(_grouped(rows, counts))
    if "total" in export.flags:
        rows = [*rows, ["Grand total", *[""] * (width - len(counts) - 1), *counts]]
    return rows


def _grouped(rows: Sequence[list[str]], counts: Sequence[str]) -> Iterator[list[str]]:
    for authority, members in groupby(rows, key=lambda row: row[4]):
        listed = list(members)
        yield [authority, *[""] * (len(listed[0]) - len(counts) - 1), *counts]
        yield from listed


def _write_record(
    folder: Path, world: World, provider_type: str, taken: str, name: str, form: str, filled: str
) -> None:
    headings, when = RECORD_HEADINGS[provider_type], moment(taken)
    kept = [h for h in headings if "lastupdated" not in h or h[-3:] in filled.split()]
    rows = []
    for n, service in enumerate(world.units(provider_type)):
        is_listed = service.listed_from <= when.date() < service.listed_until
        if is_listed and (n + len(name)) % 30:
            cells = _record_cells(world, service, provider_type, when, form)
            if n % 20 == 0 and "bst" in filled and "utc" in filled:
                cells["utc"] = ""
            rows.append([cells.get(h[-3:] if "lastupdated" in h else h, "0") for h in kept])
    _write_rows(folder / name, [kept, *rows], "|" if provider_type == "home_care" else ",")


def _record_cells(world: World, service: Service, provider_type: str, taken: dt.datetime, form: str) -> dict[str, str]:
    authority = LEGAL_NAMES[_named(service, taken.date())]
    before = [update for update in world.updates.get((service.location_id, provider_type), ()) if update <= taken]
    last = max(before, default=None)
    return {
        "Local Authority": authority, "localauthority": authority, "local_authority": authority, "laname": authority,
        "region": "Unspecified", "regionname": "Unspecified", "odscode": "", "location": service.name,
        "parentorganisation": service.providers[0][1], "cqcid": service.location_id,
        "utc": _stamp(last.astimezone(dt.UTC), form) if last else "", "bst": _stamp(last, form) if last else "",
    }  # fmt: skip


def _stamp(when: dt.datetime, form: str) -> str:
    if form == "iso":
        return f"{when:%Y-%m-%dT%H:%M:%SZ}"
    if form == "dmy":
        return f"{when:%d/%m/%Y %H:%M}"
    days = (when.replace(tzinfo=None) - dt.datetime.fromisoformat("1899-12-30")) / dt.timedelta(days=1)
    return f"{days:.10f}"


def _register_rows(world: World, day: dt.date) -> Iterator[list[str]]:
    """Yield what the register of a day holds, and two services that owe nothing."""
    for n, service in enumerate(world.services):
        has_gone = service.ended is not None and service.ended <= day
        has_gone |= service.gap is not None and service.gap[0] <= day < service.gap[1]
        if service.registered <= day and not has_gone and service.is_in_registers:
            started = service.restarted if service.restarted and service.restarted <= day else service.registered
            if service.is_misdated and day >= dt.date(2024, 6, 1):
                started = dt.date(2025, 3, 1)
            has_changed = day >= service.changes_on
            yield [
                f"\u00a0{service.location_id}" if n == 70 else service.location_id, f"{started:%d/%m/%Y}",
                "Y" if n % 40 == 0 else "N", "Y" if "care_home" in service.provider_types else "N", service.name,
                service.authorities[has_changed], "ZZ99 1AA", *service.providers[has_changed],
                "Y" if "home_care" in service.provider_types else "",
            ]  # fmt: skip
    for n in range(2):
        named = f"1-909000000{n}", "01/04/2016", "N", "N", f"Invented Hospice {n}"
        yield [*named, "Kent", "ZZ99 1AA", "1-9098000001", "Invented Hospices", ""]


def _write_deactivated(path: Path, world: World, day: dt.date) -> None:
    """Write who is known on a day to have ended, or to end, and is not registered again."""
    ends = [
        (service, service.gap[0] if service.gap else service.ended)
        for service in world.services
        if (service.ended and service.ended < day) or (service.gap and day < service.gap[1])
    ]
    rows = [
        [service.location_id, f"{service.registered:%d/%m/%Y}", f"{ended:%d/%m/%Y}"]
        for service, ended in ends
        if ended and service.is_in_registers
    ]
    _write_rows(path, [("Location ID", "Location HSCA start date", "Location HSCA End Date"), *rows])
