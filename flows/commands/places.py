"""`decide-authority`: whose a name or a location is."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.deciding import append, refuse_blank
from flows.commands.options import DEFAULT_HOME, Because, By, Home, say

if TYPE_CHECKING:
    from pipeline.rules.authorities import Authority


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("decide-authority")(decide_authority)


def decide_authority(
    by: By,
    because: Because,
    text: Annotated[
        str | None,
        typer.Argument(metavar="TEXT|LOCATION_ID", help="The name as it stands in the export, or one location."),
    ] = None,
    la_code: Annotated[
        str | None, typer.Argument(metavar="LA_CODE", help="The authority's code, as E10000025 or pending-east-surrey.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help="Many locations at once: a CSV with location_id and code."),
    ] = None,
    home: Home = DEFAULT_HOME,
) -> None:
    """Record which authority a name means that no alias knows, or to which a location belongs."""
    from flows.settings import home_at
    from pipeline.errors import UsageError
    from pipeline.intake.cells import is_sure_id, repaired_id
    from pipeline.rules.authorities import normal_name

    if (file is None) == (text is None) or (text is None) != (la_code is None):
        raise UsageError("Give a name or a location with a code, or --file with many locations.")
    refuse_blank(by, because)
    said = {"by": by.strip(), "because": because.strip()}
    folder = home_at(home)
    if text is None or la_code is None:
        assert file is not None
        places = _places_of(file)
    elif is_sure_id(repaired_id(text)):
        places = {repaired_id(text): _authority_of(la_code)}
    else:
        authority = _authority_of(la_code)
        _refuse_name(text)
        append(
            folder.made(),
            "authority decision",
            {normal_name(text): {"name": text, "la_code": authority.la_code, **said}},
        )
        say(f'Recorded: "{text}" means {authority.name} ({authority.la_code}).')
        return
    bodies = {id: {"location_id": id, "la_code": place.la_code, **said} for id, place in places.items()}
    append(folder.made(), "authority decision", bodies)
    for id, place in list(places.items())[:1] if len(places) == 1 else []:
        say(f"Recorded: {id} belongs to {place.name} ({place.la_code}).")
    if len(places) > 1:
        say(f"Recorded: the authorities of {len(places):,} locations.")


def _refuse_name(text: str) -> None:
    """Refuse a name that means an authority already, on any day, or one that several succeeded."""
    import datetime as dt

    from pipeline.errors import UsageError
    from pipeline.rules.authorities import authorities_on, every_authority, normal_name
    from pipeline.rules.windows import COLLECTION_BEGAN

    if not normal_name(text):
        raise UsageError("A decision needs a name.")
    days = {COLLECTION_BEGAN, dt.date.max, *(a.from_date for a in every_authority().values() if a.from_date)}
    for day in sorted(days):
        heirs = authorities_on(max(day, COLLECTION_BEGAN)).heirs(text)
        if len(heirs) > 1:
            names = " and ".join(f"{heir.name} ({heir.la_code})" for heir in heirs)
            raise UsageError(
                f'"{text}" stands for {names}: say of each location whose it is, asc-compliance decide-authority LOCATION_ID CODE, '
                "or --file with a CSV of location_id and code."
            )
    already = authorities_on(dt.date.max).find(text)
    if already is not None:
        raise UsageError(f'"{text}" is known already: it means {already.name} ({already.la_code}).')


def _places_of(file: Path) -> dict[str, "Authority"]:
    """Read a CSV of location_id and code; raises UsageError for the first row that cannot be used: all of it or nothing."""
    from pipeline.errors import UsageError, speakable
    from pipeline.intake.cells import is_sure_id, repaired_id

    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened)
            if not {"location_id", "code"} <= set(reader.fieldnames or ()):
                raise UsageError(f"{file}: its headings have to be location_id and code.")
            rows = [
                (reader.line_num, repaired_id(row["location_id"] or ""), (row["code"] or "").strip()) for row in reader
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise UsageError(f"{file} cannot be read ({speakable(str(fault), 200)}). Nothing was recorded.") from None
    places: dict[str, Authority] = {}
    for number, location_id, code in rows:
        if not is_sure_id(location_id):
            raise UsageError(
                f'{file}, row {number}: "{speakable(location_id, 50)}" is not a CQC location id. Nothing was recorded.'
            )
        try:
            place = _authority_of(code)
        except UsageError as problem:
            raise UsageError(f"{file}, row {number}: {problem} Nothing was recorded.") from None
        if places.setdefault(location_id, place) is not place:
            raise UsageError(
                f"{file}, row {number}: {location_id} stands there twice, with other codes. Nothing was recorded."
            )
    if not places:
        raise UsageError(f"{file} holds no location. Nothing was recorded.")
    return places


def _authority_of(la_code: str) -> "Authority":
    """Return the authority of a code, whenever it is in force."""
    from pipeline.errors import UsageError, speakable
    from pipeline.rules.authorities import every_authority

    codes = {code.upper(): a for a in every_authority().values() for code in (a.la_code, *a.former_codes)}
    authority = codes.get(la_code.strip().upper())
    if authority is None:
        raise UsageError(f'"{speakable(la_code, 50)}" is not the code of an authority with adult social care duties.')
    return authority
