"""`decide`, `decide-window`, `decide-authority`: what people decide, recorded for good."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import DEFAULT_HOME, Because, By, Home, one_of, say, tell

if TYPE_CHECKING:
    from pipeline.record.home import Home as HomeFolder


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("decide")(decide)
    app.command("decide-window")(decide_window)
    app.command("decide-authority")(decide_authority)


def decide(
    provider_id: Annotated[str, typer.Argument(metavar="PROVIDER", help="The provider's CQC id.")],
    decision: Annotated[
        str,
        typer.Argument(
            metavar="public_body|private|hold|release",
            help="It is a public body, or is not; hold its notices, or release them.",
        ),
    ],
    by: By,
    because: Because,
    home: Home = DEFAULT_HOME,
) -> None:
    """Record whether a provider is a public body, or that its notices are held until released."""
    from flows.opening import register_of
    from flows.settings import home_at, now
    from pipeline.enforce.queue import settle
    from pipeline.errors import UsageError
    from pipeline.intake.cells import POSSIBLE_ID, is_sure_id

    one_of(decision, ["public_body", "private", "hold", "release"], "a decision")
    if not POSSIBLE_ID.fullmatch(provider_id):
        raise UsageError(f'"{provider_id}" is not a CQC provider id. Copy it from held.csv or from `find`.')
    if not (by.strip() and because.strip()):
        raise UsageError("A decision needs the name of who decides, and why.")
    folder = home_at(home).made()
    if not _is_provider(folder, provider_id):
        if not is_sure_id(provider_id):
            raise UsageError(f'"{provider_id}" is not a CQC provider id. Copy it from held.csv or from `find`.')
        tell(f"No file held here names {provider_id} as a provider. The decision is recorded all the same.")
    body = {"provider_id": provider_id, "decision": decision, "by": by.strip(), "because": because.strip()}
    register = register_of(folder)
    with register.writing() as ledger:
        ledger.append("provider decision", provider_id, body, now())
        if decision == "public_body":
            settle(ledger, provider_id, f"a public body: {because.strip()}", now())
    register.close()
    say(f"Recorded: {provider_id} {decision}. Run the month again to draft its notices anew.")


def _is_provider(folder: "HomeFolder", provider_id: str) -> bool:
    """Say whether any file held names a provider."""
    return _is_held(
        folder,
        "SELECT 1 FROM core_unit_row WHERE provider_id = $id"
        " UNION ALL SELECT 1 FROM core_register_row WHERE provider_id = $id LIMIT 1",
        {"id": provider_id},
    )


def decide_window(
    location_id: Annotated[str, typer.Argument(metavar="LOCATION_ID")],
    provider_type: Annotated[str, typer.Argument(metavar="TYPE", help="care_home or home_care")],
    month: Annotated[str, typer.Argument(metavar="MONTH", help="As 2024-12.")],
    decision: Annotated[
        str, typer.Argument(metavar="excused|none", help="Excuse the window, or take the excuse back.")
    ],
    by: By,
    because: Because,
    evidence: Annotated[
        Path | None, typer.Option("--evidence", metavar="FILE", help="A file that shows it; it is archived.")
    ] = None,
    home: Home = DEFAULT_HOME,
) -> None:
    """Record (or take back) that a service had a reasonable excuse in one window, or that the record was wrong."""
    from flows.opening import register_of
    from flows.settings import home_at, now, parameters
    from pipeline.errors import UsageError
    from pipeline.intake.cells import POSSIBLE_ID, is_sure_id
    from pipeline.record.archive import Archive
    from pipeline.rules.windows import parse_month

    if not POSSIBLE_ID.fullmatch(location_id):
        raise UsageError(f'"{location_id}" is not a CQC location id. Copy it from the list or from `find`.')
    one_of(provider_type, ["care_home", "home_care"], "a provider type")
    one_of(decision, ["excused", "none"], "a decision")
    parameters().on(parse_month(month))["window_opens_on_day"]
    if not (by.strip() and because.strip()):
        raise UsageError("A decision needs the name of who decides, and why.")
    if evidence is not None and not evidence.is_file():
        raise UsageError(f"{evidence}: there is no such file.")
    folder = home_at(home).made()
    if not _is_listed(folder, location_id, provider_type):
        if not is_sure_id(location_id):
            raise UsageError(f'"{location_id}" is not a CQC location id. Copy it from the list or from `find`.')
        tell(f"No export held here lists {location_id} as {provider_type}. The decision is recorded all the same.")
    sha256 = Archive(folder.archive).add(evidence) if evidence is not None else ""
    body = {
        "location_id": location_id, "provider_type": provider_type, "month": month, "decision": decision,
        "by": by.strip(), "because": because.strip(), "evidence_sha256": sha256,
    }  # fmt: skip
    register_of(folder).append("window decision", f"{location_id} {provider_type} {month}", body, now())
    say(f"Recorded: {location_id} {provider_type} {month} {decision}. Run the months from {month} on again.")


def _is_listed(folder: "HomeFolder", location_id: str, provider_type: str) -> bool:
    """Say whether any export held lists a unit."""
    return _is_held(
        folder,
        "SELECT 1 FROM core_unit_row WHERE location_id = $id AND provider_type = $kind LIMIT 1",
        {"id": location_id, "kind": provider_type},
    )


def _is_held(folder: "HomeFolder", query: str, values: dict[str, object]) -> bool:
    """Say whether what was taken in has an answer to a query."""
    from flows.opening import has_register, reading
    from flows.settings import now

    if not has_register(folder):
        return False
    with reading(folder, now()) as (stores, _):
        return bool(stores.facts.query(query, values))


def decide_authority(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The name as it stands in the export.")],
    la_code: Annotated[str, typer.Argument(metavar="LA_CODE", help="The authority's GSS code, as E10000025.")],
    by: By,
    because: Because,
    home: Home = DEFAULT_HOME,
) -> None:
    """Record which authority a name means that no alias knows."""
    from flows.opening import register_of
    from flows.settings import home_at, london_day, now
    from pipeline.errors import UsageError
    from pipeline.rules.authorities import CODE, authorities_on, normal_name

    known = authorities_on(london_day(now()))
    authority = known.find(la_code) if CODE.fullmatch(la_code.strip().upper()) else None
    if authority is None:
        raise UsageError(f'"{la_code}" is not the code of an authority with adult social care duties.')
    already = known.find(text)
    if already is not None:
        raise UsageError(f'"{text}" is known already: it means {already.name} ({already.la_code}).')
    if not normal_name(text) or not (by.strip() and because.strip()):
        raise UsageError("A decision needs a name, who decides, and why.")
    folder = home_at(home).made()
    body = {"name": text, "la_code": authority.la_code, "by": by.strip(), "because": because.strip()}
    register_of(folder).append("authority decision", normal_name(text), body, now())
    say(f'Recorded: "{text}" means {authority.name} ({authority.la_code}).')
