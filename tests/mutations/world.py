"""The world that is mutated: an invented month in which everything is right, with or without a release of the month before.

The command line alone makes and judges it; what is read are the files that it publishes.
"""

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tests.cases.dirt import call
from tests.conftest import Answer
from tests.mutations.tables import File, Table, read_table
from tests.worlds import release_of, rows_of

MONTH, DAY, BEFORE, BEFORE_DAY = "2024-12", "2024-12-17", "2024-11", "2024-11-18"
NEW_UNDER_DAYS = 101
TYPES = ("care_home", "home_care")
SMALL = ("--accept", "missed-jump", "--because", "a region of 30 services jumps by chance")
SAID = ("outcome", "status", "reason", "windows_missed")
Unit = tuple[str, str]  # location id, provider type


@dataclass(frozen=True)
class Release:
    """What a run published, as far as a mutation may show in it."""

    services: bytes
    units: Mapping[Unit, Mapping[str, str]]
    findings: Counter[tuple[str, str, str, str]]  # rule, severity, location id where one is known, value
    letters: frozenset[tuple[str, str, str]]  # provider id, windows relied on, amount

    def said(self, unit: Unit) -> tuple[str, ...]:
        """Return what a council is told of a unit: nothing where it is on no list at all."""
        return tuple(self.units[unit][name] for name in SAID) if unit in self.units else ()


@dataclass(frozen=True)
class Change:
    """What a mutation does to the inbox: files put there (None: taken away), whom they touch, when it is judged."""

    files: Mapping[str, bytes | None]
    touched: frozenset[Unit]
    tables: tuple[File, ...] = ()  # of the files put there, as far as rows can be told apart
    as_at: str = DAY
    providers: frozenset[str] = frozenset()  # touched by something else than a unit


@dataclass
class World:
    """A clean inbox of December 2024, its release, and a home in which it has not been judged yet."""

    folder: Path
    seed: int
    has_earlier: bool
    clean: Release = field(init=False)
    before: list[File] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        """Invent the files, publish the month before where it is wanted, and judge the clean month once."""
        made = call("demo", "--out", self.folder / "clean", "--units", 600, "--seed", self.seed, "--only-inputs")
        assert made.code == 0, made.err
        (self.folder / "clean" / "home").rename(self.folder / "home")
        if self.has_earlier:
            self.before = november(self)
            for file in self.before:
                path = self.folder / "november" / file.name
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(file.data())
            published = run(self.folder / "november", self.folder / "home", BEFORE, BEFORE_DAY, *SMALL)
            assert published.code == 0, published.err
        ran, release = self.judged(self.folder / "judged", Change({}, frozenset()))
        assert release, ran.err
        self.clean = release

    @property
    def inbox(self) -> Path:
        return self.folder / "clean" / "inbox"

    @property
    def home(self) -> Path:
        """The home of the clean release."""
        return self.folder / "judged" / "home"

    def named(self, part: str) -> File:
        """Return the file of the clean inbox whose name holds a part."""
        (path,) = (path for path in self.inbox.iterdir() if part in path.name)
        return File(path.name, read_table(path))

    @cached_property
    def exports(self) -> dict[str, File]:
        """The status exports by provider type."""
        return {kind: self.named(f"collection-{kind.replace('_', '-')}") for kind in TYPES}

    @cached_property
    def register(self) -> File:
        return self.named("HSCA_Active_Locations")

    @cached_property
    def fees(self) -> File:
        return self.named("provider_fees")

    @cached_property
    def registered(self) -> dict[str, dt.date]:
        """When each location was registered, by CQC."""
        table = self.register.table
        day = table.column("Location HSCA start date")
        dates = (dt.datetime.strptime(str(row[day]), "%d/%m/%Y").replace(tzinfo=dt.UTC).date() for row in table.rows)
        return dict(zip(table.locations(), dates, strict=True))

    @cached_property
    def providers(self) -> dict[str, str]:
        """The provider of each location, by CQC or by the clean release."""
        table = self.register.table
        column = table.column("Provider ID")
        by_register = {name: str(row[column]) for name, row in zip(table.locations(), table.rows, strict=True)}
        return {location_id: row["provider_id"] for (location_id, _), row in self.clean.units.items()} | by_register

    def judged(self, folder: Path, change: Change) -> tuple[Answer, Release | None]:
        """Run the month on a copy of the home and of the inbox with a change made to it."""
        shutil.copytree(self.folder / "home", folder / "home")
        shutil.copytree(self.inbox, folder / "inbox")
        for name, data in change.files.items():
            if data is None:
                (folder / "inbox" / name).unlink()
            else:
                (folder / "inbox" / name).write_bytes(data)
        answer = run(folder / "inbox", folder / "home", MONTH, change.as_at)
        if not (folder / "home" / "releases" / MONTH / "CURRENT").exists():
            return answer, None
        return answer, read_release(folder / "home", self.rows_of_files(change))

    def rows_of_files(self, change: Change) -> dict[tuple[str, str], str]:
        """Return which location stands in which row of which file."""
        clean = [*self.exports.values(), self.register]
        found = {}
        for file in [*self.before, *clean, *change.tables]:
            for n, location_id in enumerate(file.table.locations()):
                found[file.name, str(n + 2 + file.table.above)] = location_id
        return found


def run(inbox: Path, home: Path, month: str, as_at: str, *more: object) -> Answer:
    return call("run", "--month", month, "--inbox", inbox, "--home", home, "--as-at", as_at, *more)


def read_release(home: Path, locations: Mapping[tuple[str, str], str]) -> Release:
    """Read the current release of the month."""
    folder = release_of(home, MONTH)
    units = {(row["location_id"], row["provider_type"]): row for row in rows_of(folder / "national" / "services.csv")}
    findings = Counter(
        (row["rule"], row["severity"], locations.get((row["file"], row["row"]), ""), row["value"])
        for row in rows_of(folder / "findings.csv")
    )
    letters = frozenset(
        (row["provider_id"], row["windows_relied_on"], row["amount_gbp"])
        for path in folder.glob("notices/*/manifest.csv")
        for row in rows_of(path)
    )
    return Release((folder / "national" / "services.csv").read_bytes(), units, findings, letters)


def november(world: World) -> list[File]:
    """Return the files of the month before: the same history, cut at November, of those registered by then."""
    day = dt.date.fromisoformat(BEFORE_DAY)
    until = dt.date.fromisoformat(f"{BEFORE}-01")

    def renamed(file: File) -> str:
        return file.name.replace(DAY, BEFORE_DAY)

    def is_there(location_id: str) -> bool:
        return world.registered.get(location_id, day) <= day

    files = []
    for file in world.exports.values():
        table = file.table.copy()
        status = table.column("Registration Status")
        for location_id, row in zip(table.locations(), table.rows, strict=True):
            if location_id in world.registered:
                is_new = (day - world.registered[location_id]).days < NEW_UNDER_DAYS
                row[status] = "New (< 101 days)" if is_new else "Established (≥ 101 days)"
        table.rows = [
            row for row, name in zip(table.rows, table.locations(), strict=True) if not name or is_there(name)
        ]
        files.append(File(renamed(file), table.without(n for month, n in table.months.items() if month > until)))
    register = world.register.table.copy()
    register.rows = [row for row, name in zip(register.rows, register.locations(), strict=True) if is_there(name)]
    return [*files, File(renamed(world.register), register)]


def units(locations: Iterable[str], *kinds: str) -> frozenset[Unit]:
    """Return the units of some locations, of some or of both types."""
    return frozenset((location_id, kind) for location_id in locations if location_id for kind in kinds or TYPES)


def november_export(world: World, kind: str) -> Table:
    """Return what the export of the month before says, whether or not it was ever published."""
    return next(file.table for file in november(world) if kind.replace("_", "-") in file.name)
