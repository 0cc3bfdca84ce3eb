"""The invented world as files: the two export styles, the CQC lists, fees and public bodies, with a little dirt."""

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from flows.demo.world import MONTH, Location, Unit, World
from pipeline import reference
from pipeline.intake.headings import shown_headings
from pipeline.intake.sources import Kind

EXTRACTED = "2024-12-17"
DIRT_FROM_UNITS = 200  # a small world stays clean, so that no check stops it


def write_inbox(inbox: Path, world: World) -> None:
    """Write every input of the month."""
    export = "update-monthly-status-asc-collection"
    homes = sorted((u for u in world.units if u.provider_type == "care_home"), key=_place)
    care = sorted((u for u in world.units if u.provider_type == "home_care"), key=_place)
    _write_care_homes(inbox / f"{export}-care-home-{EXTRACTED}.csv", homes, world)
    _write_home_care(inbox / f"{export}-home-care-{EXTRACTED}.xlsx", care, world)
    _write_register(inbox / f"HSCA_Active_Locations_{EXTRACTED}.csv", world)
    _write_deactivated(inbox / f"Deactivated_Locations_{EXTRACTED}.csv", world)
    _write_fees(inbox / "provider_fees_2024-12-02.csv", world)
    public = [(p.provider_id, p.name, p.public_basis) for p in world.providers if p.public_basis and p.number % 3]
    _write_csv(inbox / "public_bodies_2024-12-02.csv", ["provider_id", "name", "basis"], public)


def _place(unit: Unit) -> tuple[str, str, str]:
    return unit.location.authority.name, unit.location.name, unit.location.location_id


def _headings(names: Sequence[str]) -> list[str]:
    return [shown_headings(Kind.MONTHLY_STATUS, name)[0] for name in names]


def _attributes(unit: Unit, number: int, world: World) -> list[object]:
    """Return id, name, provider and authority as an export shows them; every now and then they are not quite right."""
    location = unit.location
    location_id, name, is_dirty = location.location_id, location.name, len(world.units) >= DIRT_FROM_UNITS
    if is_dirty and number % 401 == 7:
        location_id = f" {location_id}\u00a0"
    if is_dirty and number % 401 == 11:
        location_id = location_id.replace("-", "\u2013")
    if is_dirty and number % 701 == 13:
        name = f'=HYPERLINK("http://invalid.example","{name}")'
    if is_dirty and number % 301 == 17:
        name = f"{name}, “The Old School” & Ŷ Tŷ Gwyn"
    authority = location.authority.name
    status = "New (< 101 days)" if world.is_new(unit) else "Established (≥ 101 days)"
    return [
        location_id,
        name,
        location.provider.provider_id,
        location.provider.name,
        authority,
        status,
        unit.user_count,
    ]


def _write_care_homes(path: Path, units: Sequence[Unit], world: World) -> None:
    """Write the style of 2025: Yes and No, the provider type in the file's name only."""
    is_dirty = len(world.units) >= DIRT_FROM_UNITS
    names = ("location_id", "location_name", "provider_id", "provider_name", "local_authority_raw", "registration_status",
             "user_count")  # fmt: skip
    rows = []
    for number, unit in enumerate(units):
        answers: list[object] = [unit.answers[month] for month in world.months]
        if is_dirty and number % 501 == 19:
            answers[0] = "N/A"
        rows.append([*_attributes(unit, number, world), *answers])
    headings = [*_headings(names), *(f"{month:%b %y}" for month in world.months)]
    _write_csv(path, headings, rows, "utf-8-sig", "\r\n")


def _write_home_care(path: Path, units: Sequence[Unit], world: World) -> None:
    """Write the style of 2024: 0 and 1, a Provider Type column, a group row before each authority."""
    import xlsxwriter

    names = ("location_id", "location_name", "provider_id", "provider_name", "local_authority_raw", "registration_status",
             "user_count", "provider_type")  # fmt: skip
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"created": dt.datetime(2024, 12, 17, tzinfo=dt.UTC)})
    sheet = book.add_worksheet("Export")
    sheet.write_row(0, 0, [*_headings(names), *(f"{month:%b-%Y}" for month in world.months)])
    line, number = 1, 0
    for authority, group in groupby(units, key=lambda unit: unit.location.authority.name):
        listed = list(group)
        sheet.write_row(
            line, 0, ["", authority, *[""] * 6, *(sum(u.answers[m] == "Yes" for u in listed) for m in world.months)]
        )
        line += 1
        for unit in listed:
            answers = [{"Yes": 1, "No": 0, "": ""}[unit.answers[month]] for month in world.months]
            cells = [*_attributes(unit, number, world), "Home Care", *answers]
            sheet.write_row(line, 0, ["" if cell is None else cell for cell in cells])
            line, number = line + 1, number + 1
    book.close()


def _write_register(path: Path, world: World) -> None:
    headings = [row["column"] for row in reference.rows("cqc_hsca_active_locations_headers_2026.csv")]
    rows = []
    for number, location in enumerate(location for provider in world.providers for location in provider.locations):
        is_missing = len(world.units) >= DIRT_FROM_UNITS and number % 997 == 23
        if location.deregistered_on is None and not is_missing:
            known = _register_row(location)
            rows.append([known.get(heading, "") for heading in headings])
    _write_csv(path, headings, rows)


def _register_row(location: Location) -> dict[str, str]:
    types = {unit.provider_type for unit in location.units}
    provider = location.provider
    return {
        "Location ID": location.location_id,
        "Location HSCA start date": f"{location.registered_on:%d/%m/%Y}",
        "Dormant (Y/N)": "Y" if location.number % 67 == 0 else "N",
        "Care home?": "Y" if "care_home" in types else "N",
        "Location Name": location.name,
        "Location Telephone Number": f"01632960{location.number % 1000:03d}",
        "Location Region": location.authority.region,
        "Location Local Authority": location.authority.name,
        "Location Street Address": f"{location.number} Made-up Street",
        "Location City": "Invented Town",
        "Location Postal Code": _postcode(location.number),
        "Provider ID": provider.provider_id,
        "Provider Name": provider.name,
        "Provider Ownership Type": provider.ownership,
        "Provider Street Address": f"{provider.number} Imaginary Road",
        "Provider City": "Invented Town",
        "Provider County": "Nowhereshire",
        "Provider Postal Code": _postcode(provider.number),
        "Service type - Care home service without nursing": "Y" if "care_home" in types else "",
        "Service type - Domiciliary care service": "Y" if "home_care" in types else "",
    }


def _postcode(number: int) -> str:
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return f"ZZ99 {number % 9 + 1}{letters[number // 9 % 20]}{letters[number // 180 % 20]}"


def _write_deactivated(path: Path, world: World) -> None:
    headings = ["Location ID", "Location Name", "Location Status", "Location HSCA start date", "Location HSCA End Date"]
    rows = [
        [
            gone.location_id,
            gone.name,
            "Inactive-Dereg",
            f"{gone.registered_on:%d/%m/%Y}",
            f"{gone.deregistered_on:%d/%m/%Y}",
        ]
        for provider in world.providers
        for gone in provider.locations
        if gone.deregistered_on is not None
    ]
    _write_csv(path, headings, rows)


def _write_fees(path: Path, world: World) -> None:
    """Write the fee of most providers; some are not known yet."""
    rows = [
        [p.provider_id, f"{min(15710, 313 + 742 * len(p.locations))}.00", "2024/25", "2024-12-02", "invented"]
        for p in world.providers
        if p.number % 9
    ]
    _write_csv(path, ["provider_id", "annual_fee_gbp", "scheme", "as_at", "source"], rows)


def _write_csv(
    path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]], encoding: str = "utf-8", end: str = "\n"
) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator=end)
        writer.writerow(headings)
        writer.writerows(rows)


def write_settings(path: Path) -> None:
    """Write plainly invented settings, which mark every letter as a specimen."""
    path.write_text(
        "# A demonstration. Nothing here is real, and every letter says SPECIMEN.\n"
        "specimen = true\n\n"
        f"# Invented for {MONTH:%B %Y}.\n"
        '[sender]\nname = "Invented Enforcement Team"\naddress = "1 Imaginary Square, Invented Town, ZZ99 1AA"\n\n'
        '[signatory]\nname = "A. N. Example"\ntitle = "Head of Inventions"\n\n'
        '[contact]\nphone = "01632 960000"\nemail = "enforcement@invalid.example"\n\n'
        '[representations]\naddress = "1 Imaginary Square, Invented Town, ZZ99 1AA"\nemail = "replies@invalid.example"\n\n'
        '[payment]\ndetails = "Invented Bank, account 00000000, sort code 00-00-00"\ndays = 28\n\n'
        '[appeal]\nchamber = "an invented chamber"\naddress = "1 Imaginary Court, Invented Town, ZZ99 1AA"\n',
        encoding="utf-8",
    )
