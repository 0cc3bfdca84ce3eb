"""Draws a world in which everything is right: who is registered, who is listed, and what each service answered.

The noise is that of real files (DATA 9): services begin and end, providers who miss tend to miss again and with all their
services, owners and authorities change between the register and the export, some are known to one side only, and some
answers are corrected between two exports. A tended world is one in which a careful person would see nothing wrong: it has
New services, no authority loses its last one, CQC's list names who has gone, and no region misses far more than the
month before. A world as it comes is not tended. All ids and names are invented; nothing of the product is imported here.
"""

import datetime as dt
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.right.calendar import SPLIT, Place, closes, opens, places, plus

TYPES = ("care_home", "home_care")
FIRST_MONTH, LAST_MONTH = dt.date(2024, 11, 1), dt.date(2028, 12, 1)
DAY = dt.timedelta(days=1)
SUBMITTING = {"care_home": (0.96, 0.99), "home_care": (0.92, 0.97)}
AGAIN = 0.35  # how much likelier who missed is to miss again
SPREAD = 0.25  # of misses over providers: small is few providers with many misses
BAD_MONTH = 0.003  # a provider misses with all its services
DIFFERING, UNLISTED = 0.012, 0.015  # at most, in a tended world
UNITS_A_PLACE = 120
NEARLY_NOBODY = {"City of London", "Isles of Scilly"}
STEMS = ("Wobble", "Fizzle", "Quibble", "Snorkel", "Dither", "Gizmo", "Hobnob", "Lollop", "Noodle", "Rumpus", "Waffle")
ENDS = ("wick", "thorpe", "combe", "hurst", "minster", "bourne", "stead", "mere")


@dataclass(slots=True)
class Provider:
    """An invented provider, and how often its services miss."""

    provider_id: str
    name: str
    started: dt.date
    rates: dict[str, float]
    bad: frozenset[dt.date]


@dataclass(slots=True)
class Location:
    """An invented location: what the register says of it, and what the exports say."""

    location_id: str
    name: str
    provider: Provider
    place: Place
    kinds: tuple[str, ...]
    registered: dt.date
    owed: tuple[str, ...] = ()
    ended: dt.date | None = None
    listed_until: dt.date = dt.date.max
    is_registered: bool = True
    is_listed: bool = True
    registered_provider: Provider | None = None
    registered_place: Place | None = None
    users: int | None = 3
    answers: dict[tuple[str, dt.date], str] = field(default_factory=dict)
    is_anchor: bool = False

    def is_listed_on(self, day: dt.date) -> bool:
        """Say whether an export of a day holds the location."""
        return self.is_listed and self.registered <= day < self.listed_until

    def is_registered_on(self, day: dt.date) -> bool:
        """Say whether a register of a day holds the location."""
        return self.is_registered and self.registered <= day and (self.ended is None or self.ended > day)


@dataclass(slots=True)
class World:
    """A month, the days on which its files were taken, and everybody in it."""

    seed: int
    month: dt.date
    months: list[dt.date]
    taken: dict[dt.date, dict[str, dt.date]]  # month -> type -> day of the export
    registers: dict[dt.date, dt.date]  # month -> day of the register
    has_release: bool  # the month before is published first
    has_history: bool  # the exports of the month before are held
    has_deactivated: bool
    is_tended: bool
    locations: list[Location] = field(default_factory=list)
    corrected: dict[tuple[str, str, dt.date], str] = field(default_factory=dict)  # what the exports of M-1 said instead

    @property
    def before(self) -> dt.date:
        """The month before."""
        return plus(self.month, -1)

    @property
    def last_day(self) -> dt.date:
        """The day on which the last file of the month was taken."""
        return max(*self.taken[self.month].values(), self.registers[self.month])

    def units(self, kind: str, day: dt.date) -> Iterator[Location]:
        """Yield the locations that an export of a type and a day lists."""
        return (at for at in self.locations if kind in at.kinds and at.is_listed_on(day))

    def answer(self, at: Location, kind: str, month: dt.date, seen: dt.date) -> str:
        """Return Yes, No or "", as the exports of the month `seen` say it."""
        if seen < self.month:
            return self.corrected.get((at.location_id, kind, month), at.answers.get((kind, month), ""))
        return at.answers.get((kind, month), "")


def draw(seed: int, units: int, is_tended: bool = True, month: dt.date | None = None) -> World:
    """Draw a world of about so many units."""
    rng = random.Random(f"right {seed} {units}")
    world = _frame(rng, seed, is_tended, month)
    chosen = _places(rng, world, units)
    providers = _providers(rng, world, units)
    numbers = iter(rng.sample(range(100_000_000, 500_000_000), 2 * units + 100))
    _settle(rng, world, chosen, providers, numbers, units)
    _end_some(rng, world)
    _unsettle(rng, world, providers)
    _answer(rng, world)
    if is_tended:
        _keep_level(world, world.before, world.before)
        _keep_level(world, world.month, world.month)
    _correct(rng, world)
    return world


def _frame(rng: random.Random, seed: int, is_tended: bool, month: dt.date | None) -> World:
    last = (LAST_MONTH.year - FIRST_MONTH.year) * 12 + LAST_MONTH.month - FIRST_MONTH.month
    drawn = plus(FIRST_MONTH, rng.randint(0, last))
    month = month or drawn
    kind = rng.random()
    count = rng.randint(12, 24)
    taken: dict[dt.date, dict[str, dt.date]] = {}
    for when in (plus(month, -1), month):
        is_late = when == month and rng.random() < 0.1  # taken in the next window, with its column
        first = plus(when, 1).replace(day=rng.randint(9, 13)) if is_late else closes(when) + rng.randint(1, 9) * DAY
        taken[when] = {
            "care_home": first,
            "home_care": first + (DAY if rng.random() < 0.2 and not is_late else 0 * DAY),
        }
    registers = {when: when + rng.randint(0, (min(taken[when].values()) - when).days) * DAY for when in taken}
    return World(
        seed,
        month,
        [plus(month, n - count + 1) for n in range(count)],
        taken,
        registers,
        has_release=kind < 0.5,
        has_history=kind < 0.7,
        has_deactivated=kind < 0.5 or rng.random() < 0.5,
        is_tended=is_tended,
    )


def _places(rng: random.Random, world: World, units: int) -> list[tuple[Place, float]]:
    """Return the authorities of the world, with weights: neighbours in a small one, all of England in a large one."""
    everywhere = list(places(world.month))
    count = max(1, min(len(everywhere), round(units / UNITS_A_PLACE)))
    by_region = sorted(everywhere, key=lambda place: (place.region, place.name))
    start = rng.randrange(len(by_region))
    chosen = [by_region[(start + n) % len(by_region)] for n in range(count)]
    if world.month == SPLIT and not any(place.name.endswith(" Surrey") for place in chosen):
        chosen[:2] = [place for place in everywhere if place.name in ("East Surrey", "West Surrey")][: max(1, count)]
    if count < 4:
        chosen = [place for place in chosen if place.name not in NEARLY_NOBODY] or [everywhere[0]]
    return [(p, 0.01 if p.name in NEARLY_NOBODY else rng.lognormvariate(0, 0.7)) for p in chosen]


def _providers(rng: random.Random, world: World, units: int) -> list[Provider]:
    """Return enough providers: 85 % with one location, some with very many."""
    submitting = {kind: rng.uniform(*SUBMITTING[kind]) for kind in TYPES}
    numbers = rng.sample(range(500_000_000, 999_999_999), units + 10)
    found = []
    for number in numbers:
        rates = {}
        for kind, share in submitting.items():
            rates[kind] = rng.betavariate(SPREAD, SPREAD * share / (1 - share))
        bad = frozenset(month for month in world.months if rng.random() < BAD_MONTH)
        started = world.month - rng.randint(5500, 6500) * DAY  # before any of its services
        name = f"{rng.choice(STEMS)}{rng.choice(ENDS)} Invented Care {number % 100_000} Ltd"
        found.append(Provider(f"1-9{number}", name, started, rates, bad))
    return found


def _settle(
    rng: random.Random,
    world: World,
    chosen: Sequence[tuple[Place, float]],
    providers: Sequence[Provider],
    numbers: Iterator[int],
    units: int,
) -> None:
    """Fill the world with locations."""
    names, weights = [place for place, _ in chosen], [weight for _, weight in chosen]
    begun, last, made = rng.uniform(0.004, 0.006), world.last_day, 0
    most = 1 + int(min(200, units / 40))
    for provider in providers:
        home, size = rng.choices(names, weights)[0], 1
        if rng.random() >= 0.85:
            size = min(most, 2 + int(rng.expovariate(0.25)) + (rng.randint(0, 150) if rng.random() < 0.02 else 0))
        for _ in range(size):
            place = home if rng.random() < 0.6 else rng.choices(names, weights)[0]
            kinds = TYPES if rng.random() < 0.01 else (rng.choices(TYPES, (0.49, 0.51))[0],)
            is_young = rng.random() < 24 * begun
            age = rng.randint(0, 730) if is_young else rng.randint(731, 5000)
            at = _location(rng, next(numbers), provider, place, kinds, last - age * DAY)
            world.locations.append(at)
            made += len(kinds)
        if made >= units:
            break
    if world.is_tended:
        _anchor(world, names)


def _location(
    rng: random.Random, number: int, provider: Provider, place: Place, kinds: tuple[str, ...], registered: dt.date
) -> Location:
    name = f"{rng.choice(STEMS)}{rng.choice(ENDS)} {'House' if 'care_home' in kinds else 'Home Care'}"
    users = rng.choices([None, 0, 1, rng.randint(2, 12)], [1, 2, 4, 93])[0]
    return Location(
        f"1-9{number}", name, provider, place, kinds, registered, kinds, users=users,
        registered_provider=provider, registered_place=place,
    )  # fmt: skip


def _anchor(world: World, names: Sequence[Place]) -> None:
    """Let every authority keep a service for ever, and every type have some that are New in both months."""
    standing: dict[str, Location] = {}
    for at in world.locations:
        standing.setdefault(at.place.key, at)
    for at in standing.values():
        at.is_anchor, at.registered = True, min(at.registered, world.month - 800 * DAY)
    for kind in TYPES:
        young = [at for at in world.locations if at.kinds == (kind,) and not at.is_anchor][:3]
        for n, at in enumerate(young):
            at.is_anchor, at.registered = True, closes(world.before) - (10 + 9 * n) * DAY


def _end_some(rng: random.Random, world: World) -> None:
    """Let services end in the last three months: Capacity Tracker follows some time after."""
    ending = 3 * rng.uniform(0.004, 0.006)
    for at in world.locations:
        if at.is_anchor or rng.random() >= ending:
            continue
        ended = world.last_day - rng.randint(0, 92) * DAY
        if ended > at.registered + 30 * DAY:
            at.ended, at.listed_until = ended, ended + rng.randint(0, 30) * DAY


def _unsettle(rng: random.Random, world: World, providers: Sequence[Provider]) -> None:
    """Let the register and the exports differ a little, as they do."""
    moved, sold = rng.uniform(0, 0.003), rng.uniform(0.001, 0.005)
    unlisted, unregistered, owed = rng.uniform(0.002, 0.012), rng.uniform(0.002, 0.012), rng.uniform(0, 0.004)
    buyers = rng.sample(providers, min(len(providers), 50))
    sales = _sales(rng, world, sold)
    here = sorted({at.place.key: at.place for at in world.locations}.values(), key=lambda place: place.key)
    for at in world.locations:
        if at.is_anchor:
            continue
        if at.location_id in sales:
            buyer = rng.choice(buyers)
            if rng.random() < 0.5:
                at.provider = buyer
            else:
                at.registered_provider = buyer
        if rng.random() < moved:
            at.registered_place = rng.choice(here)
        if rng.random() < owed:
            at.owed = ("home_care",) if at.kinds == ("care_home",) else ("care_home",)
        kind = rng.random()
        at.is_listed, at.is_registered = kind >= unlisted, not unlisted <= kind < unlisted + unregistered
        if world.is_tended and at.ended is not None:
            at.is_registered = True  # so that CQC's list names it
    if world.is_tended:
        _keep_small(world)


def _keep_small(world: World) -> None:
    """Keep differences few in every type and in every authority: a careful person would ask about more."""
    sizes = Counter((kind, key) for at in world.locations for kind in at.kinds for key in ("", at.place.key))
    differing, unlisted = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for at in world.locations:
        groups = [(kind, key) for kind in at.kinds for key in ("", at.place.key)]
        if at.owed != at.kinds or at.registered_place != at.place or at.registered_provider != at.provider:
            if any(differing[group] >= max(1, DIFFERING * sizes[group]) for group in groups):
                at.owed, at.registered_place, at.registered_provider = at.kinds, at.place, at.provider
            else:
                differing.update(groups)
        if not at.is_listed:
            at.is_listed = any(unlisted[group] >= max(1, UNLISTED * sizes[group]) for group in groups)
            unlisted.update(groups if not at.is_listed else ())


def _sales(rng: random.Random, world: World, share: float) -> set[str]:
    """Return locations that change hands: one by one in a tended world, else a whole provider at a time."""
    wanted = share * len(world.locations)
    sold: set[str] = set()
    if world.is_tended:
        return {at.location_id for at in world.locations if rng.random() < share}
    owned: dict[str, list[str]] = defaultdict(list)
    for at in world.locations:
        owned[at.provider.provider_id].append(at.location_id)
    for owner in rng.sample(sorted(owned), len(owned)):
        if len(sold) + rng.random() >= wanted:
            break
        sold |= set(owned[owner])
    return sold


def _answer(rng: random.Random, world: World) -> None:
    """Walk every service through the windows, and through the next one where it is open already."""
    season = {month: math.exp(rng.gauss(0, 0.12)) for month in world.months}
    late = {kind: day for kind, day in world.taken[world.month].items() if day >= opens(plus(world.month, 1))}
    for at in world.locations:
        for kind in at.kinds:
            rate, missed = at.provider.rates[kind], None
            for month in world.months:
                if at.registered > closes(month):
                    continue
                now = min(0.97, rate * season[month])
                likely = now if missed is None else now + AGAIN * (1 - now) if missed else now * (1 - AGAIN)
                missed = month in at.provider.bad or rng.random() < likely
                if at.ended is not None and at.ended < opens(month):
                    missed = True
                at.answers[kind, month] = "No" if missed else "Yes"
            if kind in late:
                at.answers[kind, plus(world.month, 1)] = "Yes" if rng.random() < 0.4 else "No"


def _groups(world: World, seen: dt.date) -> dict[tuple[str, str], list[Location]]:
    """Return the locations that the exports of a month list, by type and region."""
    groups: dict[tuple[str, str], list[Location]] = defaultdict(list)
    for kind, day in world.taken[seen].items():
        for at in world.units(kind, day):
            place = at.registered_place if at.is_registered else at.place
            groups[kind, (place or at.place).region].append(at)
    return groups


def _most(before: int, count: int) -> int:
    """Return how many may miss after so many of a group missed: well below 3 points more, or below half as many again."""
    return int(max(before + 0.022 * count, 1.35 * before))


def _missed(world: World, group: Iterable[Location], kind: str, month: dt.date, seen: dt.date) -> list[Location]:
    return [at for at in group if world.answer(at, kind, month, seen) == "No"]


def _keep_level(world: World, month: dt.date, seen: dt.date) -> None:
    """Let no region miss far more than the month before: nothing was down."""
    for (kind, _), group in _groups(world, seen).items():
        before = {at.location_id for at in _missed(world, group, kind, plus(month, -1), seen)}
        missed = _missed(world, group, kind, month, seen)
        missed.sort(key=lambda at: at.location_id in before)
        for at in missed[: max(0, len(missed) - _most(len(before), len(group)))]:
            at.answers[kind, month] = "Yes"


def _correct(rng: random.Random, world: World) -> None:
    """Let the exports of the month before have said otherwise in a few cells, in both directions."""
    share = rng.uniform(0, 0.006)
    for kind, day in world.taken[world.before].items():
        cells = [
            (at, month) for at in world.units(kind, day) for month in world.months[:-1] if (kind, month) in at.answers
        ]
        wanted = round(share * len(cells) / 2)
        for said, other in (("Yes", "No"), ("No", "Yes")):
            able = [(at, month) for at, month in cells if at.answers[kind, month] == said]
            for at, month in rng.sample(able, min(wanted, len(able))):
                world.corrected[at.location_id, kind, month] = other
    if world.is_tended:
        _undo_jumps(world)


def _undo_jumps(world: World) -> None:
    """Take corrections back where they would make the month before look like an outage."""
    seen = world.before
    for (kind, _), group in _groups(world, seen).items():
        counts = [len(_missed(world, group, kind, plus(seen, -n), seen)) for n in (1, 0)]
        if counts[1] > _most(counts[0], len(group)):
            for at in group:
                for n in (0, 1):
                    world.corrected.pop((at.location_id, kind, plus(seen, -n)), None)
