"""Invents providers, services and what they submitted. Nobody in it is real.

The shares of services that submit (96 to 99 % of care homes, 92 to 97 % of home care) are an assumption:
no national series is published.
"""

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field

from flows.settings import parameters
from pipeline.rules.authorities import Authority, authorities_on
from pipeline.rules.windows import add_months, months_between, window_for
from pipeline.rules.working_days import ONE_DAY, WorkingDays

MONTH = dt.date(2024, 12, 1)
STEMS = (
    "Wobble", "Fizzle", "Grumble", "Quibble", "Snorkel", "Bumble", "Dither", "Flumph", "Gizmo", "Hobnob", "Jumble", "Kerfuffle",
    "Lollop", "Mumble", "Noodle", "Oddbod", "Pickle", "Quaver", "Rumpus", "Squiggle", "Tiddle", "Umber", "Waffle", "Yonder", "Zigzag",
)  # fmt: skip
ENDS = ("wick", "thorpe", "combe", "sby", "hurst", "minster", "ford", "bourne", "dale", "stead", "mere", "ling")
HOMES = ("Lodge", "House", "Court", "Manor", "Grange", "Villa", "Rest", "Gardens")
AT_HOME = ("Home Care", "Care at Home", "Support", "Domiciliary Care", "Extra Care", "Supported Living")
POOR_SHARE = 0.035  # providers who often miss
CHAIN = {  # chance of a miss after a submission, and after a miss, for ordinary and for poor providers
    ("care_home", False): (0.010, 0.30), ("care_home", True): (0.10, 0.70),
    ("home_care", False): (0.022, 0.40), ("home_care", True): (0.15, 0.72),
}  # fmt: skip


@dataclass(slots=True)
class Provider:
    """A fictional registered provider."""

    provider_id: str
    name: str
    ownership: str
    public_basis: str
    is_poor: bool
    number: int
    locations: list["Location"] = field(default_factory=list)


@dataclass(slots=True)
class Location:
    """A fictional location, with one return to make or two."""

    location_id: str
    name: str
    provider: Provider
    authority: Authority
    registered_on: dt.date
    deregistered_on: dt.date | None
    number: int
    units: list["Unit"] = field(default_factory=list)


@dataclass(slots=True)
class Unit:
    """A return to make: what was answered each month, "" where nothing was."""

    location: Location
    provider_type: str
    user_count: int | None
    answers: dict[dt.date, str]


class World:
    """`units` reporting units over `months` months ending with December 2024."""

    def __init__(self, units: int, months: int, seed: int) -> None:
        self.random = random.Random(seed)
        self.months = months_between(add_months(MONTH, 1 - months), MONTH)
        days, values = WorkingDays(), parameters()
        self.windows = {month: window_for(month, days, values) for month in self.months}
        self.new_since = self.windows[MONTH].closes_on - (values.on(MONTH).number("new_under_days") - 1) * ONE_DAY
        self.authorities = authorities_on(MONTH).all
        self.providers: list[Provider] = []
        self.units: list[Unit] = []
        places = self._places(units)
        while len(self.units) < units:
            self._add_provider(places, units)
        self._be_sure_of_new_services()
        self._answer()
        self._keep_misses_level()

    def _places(self, units: int) -> list[Authority]:
        """Return one authority a unit: each at least once if there are enough units, large ones more often."""
        small = {"City of London", "Isles of Scilly"}
        weights = [0.05 if a.name in small else self.random.lognormvariate(0, 0.7) for a in self.authorities]
        places = [*self.authorities, *self.random.choices(self.authorities, weights, k=units)]
        self.random.shuffle(places)
        return places

    def _add_provider(self, places: list[Authority], units: int) -> None:
        rng, number = self.random, len(self.providers) + 1
        kind = rng.random()
        ownership, basis = "Organisation", ""
        name = f"{rng.choice(STEMS)}{rng.choice(ENDS)} Invented Care {number} Ltd"
        if kind < 0.015:
            name, basis = f"{rng.choice(STEMS)}{rng.choice(ENDS)} Invented Borough Council {number}", "local authority"
        elif kind < 0.03:
            name, ownership, basis = (
                f"{rng.choice(STEMS)}{rng.choice(ENDS)} Invented NHS Trust {number}",
                "NHS Body",
                "NHS trust",
            )
        elif kind < 0.07:
            name, ownership = f"{rng.choice(STEMS)}{rng.choice(ENDS)} and Daughters (invented, {number})", "Partnership"
        provider = Provider(f"1-99{number:07d}", name, ownership, basis, rng.random() < POOR_SHARE, number)
        self.providers.append(provider)
        size = 1 if rng.random() < 0.85 else min(40, 1 + int(rng.expovariate(0.25)))
        for _ in range(size):
            if len(self.units) < units:
                self._add_location(provider, places.pop() if places else rng.choice(self.authorities), units)

    def _add_location(self, provider: Provider, place: Authority, units: int) -> None:
        rng, number = self.random, len(self.units) + 1
        last = self.windows[MONTH].closes_on
        age = rng.random()
        days = rng.randint(2, 100) if age < 0.02 else rng.randint(101, 500) if age < 0.1 else rng.randint(501, 5000)
        is_home = rng.random() < 0.5
        stem = f"{rng.choice(STEMS)}{rng.choice(ENDS)}"
        name = f"{stem} {rng.choice(HOMES if is_home else AT_HOME)}"
        gone = last - rng.randint(1, 60) * ONE_DAY if rng.random() < 0.006 and days > 500 else None
        location = Location(f"1-91{number:07d}", name, provider, place, last - days * ONE_DAY, gone, number)
        provider.locations.append(location)
        types = ["care_home" if is_home else "home_care"]
        if rng.random() < 0.01 and len(self.units) + 1 < units:
            types = ["care_home", "home_care"]
        for provider_type in types:
            users = rng.choices([None, 0, 1, rng.randint(2, 12)], [1, 2, 4, 93])[0]
            unit = Unit(location, provider_type, users, {})
            location.units.append(unit)
            self.units.append(unit)

    def is_new(self, unit: Unit) -> bool:
        """Say whether Capacity Tracker calls a unit New in the last month."""
        return unit.location.registered_on >= self.new_since

    def _be_sure_of_new_services(self) -> None:
        for provider_type in ("care_home", "home_care"):
            group = [unit for unit in self.units if unit.provider_type == provider_type]
            if group and not any(map(self.is_new, group)):
                group[0].location.registered_on = self.windows[MONTH].closes_on - 30 * ONE_DAY
                group[0].location.deregistered_on = None

    def _answer(self) -> None:
        """Walk each unit through the months: a two-state chain, with bad months that hit a whole provider."""
        rng = self.random
        for provider in self.providers:
            bad = {month for month in self.months if rng.random() < 0.004}
            for location in provider.locations:
                for unit in location.units:
                    after_yes, after_no = CHAIN[unit.provider_type, provider.is_poor]
                    missed = False
                    for month, window in self.windows.items():
                        if location.registered_on > window.closes_on or (
                            location.deregistered_on is not None and location.deregistered_on < window.opens_on
                        ):
                            unit.answers[month] = ""
                            continue
                        missed = month in bad or rng.random() < (after_no if missed else after_yes)
                        unit.answers[month] = (
                            "" if rng.random() < 0.002 and month != MONTH else "No" if missed else "Yes"
                        )
        for unit in self.units[40 : 40 + len(self.units) // 500]:
            unit.answers[MONTH] = unit.answers[self.months[-2]] = ""

    def _keep_misses_level(self) -> None:
        """Let no region have far more misses in the last month than in the one before (no outage is invented)."""
        groups: dict[tuple[str, str], list[Unit]] = defaultdict(list)
        for unit in self.units:
            groups[unit.provider_type, unit.location.authority.region].append(unit)
        for group in groups.values():
            before = sum(unit.answers[self.months[-2]] == "No" for unit in group)
            missing = [unit for unit in group if unit.answers[MONTH] == "No"]
            missing.sort(key=lambda unit: unit.answers[self.months[-2]] == "No")
            for unit in missing[: max(0, len(missing) - int(1.3 * before))]:
                unit.answers[MONTH] = "Yes"
