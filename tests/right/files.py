"""Writes a right world as files, each world in forms of its own, as people and systems export them."""

import csv
import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from tests.right.calendar import SPLIT, Place, opens, plus
from tests.right.world import DAY, Location, World

KINDS = {"care_home": "Care Home", "home_care": "Home Care"}
NAMES = {
    "2025": ("CQC Location ID", "Location", "Provider ID", "Provider", "Local Authority", "Registration Status", "User Count"),
    "2024": ("CQC ID", "Location Name", "CQC Provider ID", "Parent Organisation", "LA Name", "Registration Status", "Users"),
}  # fmt: skip
WORDS = (("Yes", "No"), ("Y", "N"), ("1", "0"), ("TRUE", "FALSE"))
MONTH_FORMS = ("%b %y", "%b-%Y", "%b %Y", "%B %Y", "%Y-%m")
FILES = (
    "status {kind} {day}",
    "Update monthly status ASC collection - {kind} - {day}",
    "update-monthly-status-{kind}-{day}",
)
REGISTER = (
    "Location ID", "Location HSCA start date", "Dormant (Y/N)", "Care home?", "Location Name", "Location Telephone Number",
    "Location Region", "Location Local Authority", "Location Postal Code", "Provider ID", "Provider Name",
    "Provider HSCA start date", "Provider Ownership Type", "Provider Street Address", "Provider City", "Provider Postal Code",
    "Service type - Care home service without nursing", "Service type - Domiciliary care service",
    "Service type - Supported living service", "Service type - Hospice services",
)  # fmt: skip
DIRECTORY = (
    "Name", "Also known as", "Address", "Postcode", "Phone number", "Service's website (if available)", "Service types",
    "Date of latest check", "Specialisms/services", "Provider name", "Local authority", "Region", "Location URL",
    "CQC Location ID (for office use only)", "CQC Provider ID (for office use only)",
)  # fmt: skip
SERVICES = (
    "Residential homes",
    "Homecare agencies",
    "Supported living",
    "Hospice services",
)  # as the register's last columns
ODD_SHARE = 0.1  # register rows that owe nothing
NOWHERE = "Nowhereshire"
Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Form:
    """How the exports of a world look."""

    layout: str
    words: tuple[str, str]
    months: str
    name: str
    has_type: bool
    has_provider_id: bool
    has_groups: bool
    is_book: bool
    parts: int
    has_full_names: bool
    is_directory: bool  # the weekly directory is held instead of the active locations


def form_of(world: World) -> Form:
    """Return the form of a world's exports."""
    rng = random.Random(f"form {world.seed}")
    return Form(
        rng.choice(sorted(NAMES)),
        rng.choice(WORDS),
        rng.choice(MONTH_FORMS),
        rng.choice(FILES),
        has_type=rng.random() < 0.5,
        has_provider_id=rng.random() < 0.8,
        has_groups=rng.random() < 0.2,
        is_book=rng.random() < 0.3 and len(world.locations) < 4000,
        parts=rng.choice((1, 1, 1, 2, 3)),
        has_full_names=rng.random() < 0.2,
        is_directory=rng.random() < 0.12,
    )


def write(world: World, folder: Path, seen: dt.date, is_stopped: bool = False) -> Path:
    """Write what is held for the run of a month, and return the folder.

    With `is_stopped` one service more stands under an authority that nobody knows: the run stops after all checks were made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    form = form_of(world)
    exported = [world.before, world.month] if world.has_history and not world.has_release else [seen]
    for month in exported:
        for kind, day in world.taken[month].items():
            stray = is_stopped and month == seen and kind == "care_home"
            _write_exports(world, folder, form, month, kind, day, stray)
    day = world.registers[seen]
    if form.is_directory:
        lines = [["CQC directory of places that provide care"], [f"Generated {day}"], [""], [""], list(DIRECTORY)]
        _write_csv(
            folder / f"CQC_directory_{day}.csv", [*lines, *(_in_directory(row) for row in _register(world, day))]
        )
    else:
        _write_csv(folder / f"HSCA_Active_Locations_{day}.csv", [list(REGISTER), *_register(world, day)])
    if world.has_deactivated:
        taken = max(world.taken[seen].values()) if world.is_tended else day
        rows = [["Location ID", "Location HSCA start date", "Location HSCA End Date"], *_deactivated(world, taken)]
        _write_csv(folder / f"Deactivated_Locations_{taken}.csv", rows)
    return folder


def _write_exports(
    world: World, folder: Path, form: Form, month: dt.date, kind: str, day: dt.date, has_stray: bool
) -> None:
    """Write the exports of one type and day, in one file or by groups of authorities."""
    months = [when for when in world.months if when <= month]
    if day >= opens(plus(month, 1)):
        months.append(plus(month, 1))
    called = lambda at: _name(at.place, month, form.has_full_names)  # noqa: E731
    listed = sorted(world.units(kind, day), key=lambda at: (called(at), at.location_id))
    names = sorted(set(map(called, listed)))
    parts = min(form.parts, len(names))
    headings = list(NAMES[form.layout])
    drops = () if form.has_provider_id else (2,)
    kept: Callable[[Sequence[str]], list[str]] = lambda row: [cell for n, cell in enumerate(row) if n not in drops]  # noqa: E731
    extra = ["Provider Type"] if form.has_type else []
    heads = [*kept(headings), *extra, *(f"{when:{form.months}}" for when in months)]
    for part in range(parts):
        mine = set(names[part::parts])
        rows = [
            [
                *kept(_cells(at, called(at), day)),
                *([KINDS[kind]] if extra else []),
                *_said(world, form, at, kind, months, month),
            ]
            for at in listed
            if called(at) in mine
        ]
        if has_stray and part == 0:
            rows.append([*kept(_stray(world)), *([KINDS[kind]] if extra else []), *[form.words[0]] * len(months)])
        if form.has_groups:
            rows = list(_grouped(rows, heads.index(headings[4]), len(months)))
        path = folder / form.name.format(kind=KINDS[kind], day=f"{day}{f' part {part + 1}' if parts > 1 else ''}")
        (_write_book if form.is_book else _write_csv)(path, [heads, *rows])


def _name(place: Place, month: dt.date, is_full: bool = False) -> str:
    if month < SPLIT and place.name in ("East Surrey", "West Surrey"):
        return "Surrey County Council" if is_full else "Surrey"
    return place.full_name if is_full else place.name


def _cells(at: Location, authority: str, day: dt.date) -> list[str]:
    status = "New (< 101 days)" if (day - at.registered).days < 101 else "Established (>= 101 days)"
    owner = [at.provider.provider_id, at.provider.name]
    users = "" if at.users is None else str(at.users)
    return [at.location_id, at.name, *owner, authority, status, users]


def _stray(world: World) -> list[str]:
    return ["1-9987654321", "Nowhere House", "1-9987654320", "Nowhere Ltd", NOWHERE, "Established (>= 101 days)", "3"]


def _said(world: World, form: Form, at: Location, kind: str, months: Sequence[dt.date], seen: dt.date) -> Iterator[str]:
    words = {"Yes": form.words[0], "No": form.words[1], "": ""}
    return (words[world.answer(at, kind, month, seen)] for month in months)


def _grouped(rows: Rows, column: int, months: int) -> Iterator[list[str]]:
    """Yield the rows with a row of counts before each authority."""
    for name, group in groupby(rows, key=lambda row: row[column]):
        listed = list(group)
        width = len(listed[0])
        counts = [
            str(sum(row[n] not in ("No", "N", "0", "FALSE", "") for row in listed))
            for n in range(width - months, width)
        ]
        yield ["", name, *[""] * (width - months - 2), *counts]
        yield from listed


def _register(world: World, day: dt.date) -> Iterator[list[str]]:
    """Yield what CQC's list of a day holds, with places that owe nothing among it."""
    rng = random.Random(f"register {world.seed}")
    for number, at in enumerate(world.locations):
        odd = rng.random() < ODD_SHARE
        if at.is_registered_on(day):
            yield _registered(at, number, day.replace(day=1), at.owed)
        if odd:
            yield _registered(at, number, day.replace(day=1), (), f"1-9{900_000_000 + number}")


def _registered(at: Location, number: int, month: dt.date, owed: Sequence[str], other: str = "") -> list[str]:
    provider, place = at.registered_provider or at.provider, at.registered_place or at.place
    cares, is_supported = "home_care" in owed, number % 3 == 0
    return [
        other or at.location_id,
        f"{at.registered:%d/%m/%Y}",
        "Y" if number % 67 == 0 else "N",
        "Y" if "care_home" in owed else "N",
        "Invented Hospice" if other else at.name,
        f"01632960{number % 1000:03d}",
        place.region,
        _name(place, month),
        "ZZ99 1AA",
        provider.provider_id,
        provider.name,
        f"{provider.started:%d/%m/%Y}",
        "Organisation",
        f"{number % 200 + 1} Imaginary Road",
        "Invented Town",
        "ZZ99 1AB",
        "Y" if "care_home" in owed else "",
        "Y" if cares and not is_supported else "",
        "Y" if cares and is_supported else "",
        "Y" if other else "",
    ]


def _in_directory(row: Sequence[str]) -> list[str]:
    """Return a row of the register as the weekly directory has it: without a date and without flags."""
    known = dict(zip(REGISTER, row, strict=True))
    offered = "|".join(name for name, flag in zip(SERVICES, row[-len(SERVICES) :], strict=True) if flag)
    address = f"{known['Provider Street Address']}, {known['Provider City']}"
    return [
        known["Location Name"], "", address, known["Location Postal Code"], known["Location Telephone Number"], "", offered,
        "", "", known["Provider Name"], known["Location Local Authority"], known["Location Region"], "",
        known["Location ID"], known["Provider ID"],
    ]  # fmt: skip


def _deactivated(world: World, day: dt.date) -> Iterator[list[str]]:
    for at in world.locations:
        if at.ended is not None and at.ended <= day and at.is_registered:
            yield [at.location_id, f"{at.registered:%d/%m/%Y}", f"{at.ended:%d/%m/%Y}"]


def _write_csv(path: Path, rows: Rows) -> None:
    path = path if path.suffix == ".csv" else path.with_name(f"{path.name}.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows(rows)


def _write_book(path: Path, rows: Rows) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(f"{path}.xlsx", {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Export")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)


def as_at(world: World, month: dt.date) -> dt.date:
    """Return the day on which a month is run."""
    return max(*world.taken[month].values(), world.registers[month]) + DAY
