"""What a kind of mutation is: how it changes an inbox, and which answers to it are right.

An answer is right because RULES or CONTRACT name it, never because the product gives it. With a first release a file can be
judged beside the register only; with an earlier one also beside its own past, so a kind may ask for more there.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Flag, auto

from tests.mutations.tables import WRITERS, File, Table, differing
from tests.mutations.world import TYPES, Change, World, units


class Answer(Flag):
    """What a run may come to."""

    REFUSED = auto()  # exit 3
    STOPPED = auto()  # exit 4
    TOLD = auto()  # exit 0, with a finding that names what happened, and nobody else's answer changed
    ALIKE = auto()  # exit 0, with the same bytes of national/services.csv


REFUSED, STOPPED, TOLD, ALIKE = Answer.REFUSED, Answer.STOPPED, Answer.TOLD, Answer.ALIKE
LOUD = REFUSED | STOPPED
GONE = ("not_in_capacity_tracker", "unit_gone")  # the rules that name a unit of which no row is left


@dataclass(frozen=True)
class Kind:
    """A way in which a file can say the wrong thing (or the right one otherwise), with the answers that are right."""

    make: Callable[[World, random.Random], Change]
    first: Answer | None  # None: it cannot be known, or does not arise, without an earlier release
    later: Answer | None
    rules: str = ""  # of the findings that tell it, as patterns of whole names
    never: str = ""  # rules of findings that would accuse somebody wrongly
    least: str = "info"  # the least severity that tells it; a rule that no text names must be a warning
    each: bool = False  # every touched unit whose status changed is named, not only the file
    everyone: bool = False  # where it is told, no unit answers otherwise, touched or not
    nothing: bool = False  # where it is told, the touched units' window is unknown: their cells say nothing

    @property
    def name(self) -> str:
        return self.make.__name__

    @property
    def theme(self) -> str:
        return self.make.__module__.rsplit(".", 1)[1]

    def right_with(self, has_earlier: bool) -> Answer | None:
        return self.later if has_earlier else self.first

    def change(self, world: World) -> Change:
        """Return what the kind does to a world, the same each time."""
        return self.make(world, random.Random(f"{self.name} {world.seed}"))


KINDS: list[Kind] = []
SAME = object()  # the same answers with and without an earlier release
Made = Callable[[World, random.Random], Change]
OfTable = Callable[[Table, random.Random], Table]


def kind(first: Answer | None, later: Answer | None | object = SAME, **more: object) -> Callable[[Made], Made]:
    """Register a change to an inbox."""

    def register(make: Made) -> Made:
        KINDS.append(Kind(make, first, first if later is SAME else later, **more))  # type: ignore[arg-type]
        return make

    return register


def of_export(
    first: Answer | None,
    later: Answer | None | object = SAME,
    *,
    forms: Sequence[str] = tuple(WRITERS),
    types: Sequence[str] = TYPES,
    **more: object,
) -> Callable[[OfTable], OfTable]:
    """Register a change to the table of one status export, written in one of the forms in which people keep it."""

    def register(change: OfTable) -> OfTable:
        def make(world: World, rng: random.Random) -> Change:
            provider_type, form = rng.choice(list(types)), rng.choice(list(forms))
            file = world.exports[provider_type]
            after = change(file.table.copy(), rng)
            return exchanged(file, File(file.stem + form, after), provider_type)

        _named_as(make, change)
        kind(first, later, **more)(make)
        return change

    return register


def of_name(first: Answer | None, later: Answer | None | object = SAME, **more: object) -> Callable[..., object]:
    """Register a change to the name of one status export."""

    def register(change: Callable[[str, random.Random], str]) -> object:
        def make(world: World, rng: random.Random) -> Change:
            provider_type = rng.choice(TYPES)
            file = world.exports[provider_type]
            table = without_type_column(file.table)
            after = File(change(file.stem, rng) + ".csv", table)
            assert after.stem != file.stem
            return exchanged(file, after, provider_type, is_all=True)

        _named_as(make, change)
        kind(first, later, **more)(make)
        return change

    return register


def of_register(
    first: Answer | None, later: Answer | None | object = SAME, **more: object
) -> Callable[[OfTable], OfTable]:
    """Register a change to CQC's list."""

    def register(change: OfTable) -> OfTable:
        def make(world: World, rng: random.Random) -> Change:
            return exchanged(world.register, File(world.register.name, change(world.register.table.copy(), rng)))

        _named_as(make, change)
        kind(first, later, **more)(make)
        return change

    return register


def of_bytes(first: Answer | None, later: Answer | None | object = SAME, **more: object) -> Callable[..., object]:
    """Register a way to write one status export; the change leaves its rows in the table it is given, and returns the ending,
    the bytes, and the locations that it touches."""

    def register(change: Callable[[Table, random.Random], tuple[str, bytes, Iterable[str]]]) -> object:
        def make(world: World, rng: random.Random) -> Change:
            provider_type = rng.choice(TYPES)
            file = world.exports[provider_type]
            table = file.table.copy()
            ending, data, touched = change(table, rng)
            after = File(file.stem + ending, table)
            return Change(replaced(file.name, after.name, data), units(touched, provider_type), (after,))

        _named_as(make, change)
        kind(first, later, **more)(make)
        return change

    return register


def _named_as(make: Made, change: Callable[..., object]) -> None:
    make.__name__, make.__module__ = change.__name__, change.__module__


def exchanged(file: File, after: File, provider_type: str = "", is_all: bool = False) -> Change:
    """Return a file put in the place of another; every location of which they say different things is touched."""
    touched = set(file.table.locations()) if is_all else differing(file.table, after.table)
    kinds = [provider_type] if provider_type else []
    return Change(replaced(file.name, after.name, after.data()), units(touched, *kinds), (after,))


def replaced(name: str, other: str, data: bytes) -> dict[str, bytes | None]:
    """Return bytes put in the place of a file, under its name or another."""
    return {name: None, other: data} if other != name else {name: data}


def without_type_column(table: Table) -> Table:
    """Return a table whose provider type stands in the file's name alone."""
    return table.without(n for n, heading in enumerate(table.head) if heading == "Provider Type")


def dated(stem: str, day: str) -> str:
    """Return a name with another day, or none, in the place of its own."""
    head = stem[: -len("-2024-12-17")]
    assert stem == f"{head}-2024-12-17"
    return f"{head} {day}".strip()


def some(rng: random.Random, things: Sequence[int], share: float) -> list[int]:
    """Return a share of things, chosen by chance, in their order."""
    return sorted(rng.sample(list(things), max(1, round(len(things) * share))))
