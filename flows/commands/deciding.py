"""`decide`, `decide-window`, `decide-owed`: what people decide, recorded for good."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.options import DEFAULT_HOME, Because, By, Home, one_of, say, tell

if TYPE_CHECKING:
    from pipeline.record.home import Home as HomeFolder

LocationId = Annotated[str, typer.Argument(metavar="LOCATION_ID")]
ProviderType = Annotated[str, typer.Argument(metavar="TYPE", help="care_home or home_care")]
TYPES = ["care_home", "home_care"]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("decide")(decide)
    app.command("decide-window")(decide_window)
    app.command("decide-owed")(decide_owed)


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

    one_of(decision, ["public_body", "private", "hold", "release"], "a decision")
    provider_id = _id_of(provider_id, "a CQC provider id. Copy it from held.csv or from `find`")
    refuse_blank(by, because)
    folder = home_at(home).made()
    known = "SELECT 1 FROM core_unit_row WHERE provider_id = $id UNION ALL SELECT 1 FROM core_register_row WHERE provider_id = $id LIMIT 1"
    if not _is_held(folder, known, {"id": provider_id}):
        _refuse_unsure(provider_id, "a CQC provider id. Copy it from held.csv or from `find`")
        tell(f"No file held here names {provider_id} as a provider. The decision is recorded all the same.")
    body = {"provider_id": provider_id, "decision": decision, "by": by.strip(), "because": because.strip()}
    register = register_of(folder)
    with register.writing() as ledger:
        ledger.append("provider decision", provider_id, body, now())
        if decision == "public_body":
            settle(ledger, provider_id, f"a public body: {because.strip()}", now())
    register.close()
    say(f"Recorded: {provider_id} {decision}. Run the month again to draft its notices anew.")


def decide_window(
    location_id: LocationId,
    provider_type: ProviderType,
    month: Annotated[str, typer.Argument(metavar="MONTH", help="As 2024-12.")],
    decision: Annotated[
        str,
        typer.Argument(
            metavar="excused|missed|none",
            help="Excuse the window; or say that it was missed, where the evidence contradicts itself; or take either back.",
        ),
    ],
    by: By,
    because: Because,
    evidence: Annotated[
        Path | None, typer.Option("--evidence", metavar="FILE", help="A file that shows it; it is archived.")
    ] = None,
    home: Home = DEFAULT_HOME,
) -> None:
    """Record (or take back) that a service had a reasonable excuse in one window, or that it missed it."""
    from flows.settings import home_at, parameters
    from pipeline.errors import UsageError
    from pipeline.record.archive import Archive
    from pipeline.rules.windows import parse_month

    one_of(provider_type, TYPES, "a provider type")
    one_of(decision, ["excused", "missed", "none"], "a decision")
    parameters().on(parse_month(month))["window_opens_on_day"]
    refuse_blank(by, because)
    if evidence is not None and not evidence.is_file():
        raise UsageError(f"{evidence}: there is no such file.")
    if decision == "missed" and evidence is None:
        raise UsageError("That a window was missed needs what shows it: --evidence FILE.")
    folder = home_at(home).made()
    location_id = _unit_of(folder, location_id, provider_type)
    if decision == "missed" and not _is_doubtful(folder, location_id, provider_type, month):
        tell("No files held here contradict each other about this window. The decision is recorded all the same.")
    sha256 = Archive(folder.archive).add(evidence) if evidence is not None else ""
    body = {
        "location_id": location_id, "provider_type": provider_type, "month": month, "decision": decision,
        "by": by.strip(), "because": because.strip(), "evidence_sha256": sha256,
    }  # fmt: skip
    append(folder, "window decision", {f"{location_id} {provider_type} {month}": body})
    say(f"Recorded: {location_id} {provider_type} {month} {decision}. Run the months from {month} on again.")


def decide_owed(
    location_id: LocationId,
    provider_type: ProviderType,
    decision: Annotated[
        str, typer.Argument(metavar="owed|not_owed|none", help="It owes this return, or does not; or take that back.")
    ],
    by: By,
    because: Because,
    home: Home = DEFAULT_HOME,
) -> None:
    """Record whether a location owes a return of which the CQC register does not know."""
    from flows.settings import home_at

    one_of(provider_type, TYPES, "a provider type")
    one_of(decision, ["owed", "not_owed", "none"], "a decision")
    refuse_blank(by, because)
    folder = home_at(home).made()
    location_id = _unit_of(folder, location_id, provider_type)
    body = {
        "location_id": location_id, "provider_type": provider_type, "decision": decision, "by": by.strip(),
        "because": because.strip(),
    }  # fmt: skip
    append(folder, "owed decision", {f"{location_id} {provider_type}": body})
    say(f"Recorded: {location_id} {provider_type} {decision}. Run the month again.")


def _unit_of(folder: "HomeFolder", location_id: str, provider_type: str) -> str:
    """Return a location's id, mended as intake mends it; tells where no export held lists it, and refuses what is no id."""
    what = "a CQC location id. Copy it from the list or from `find`"
    location_id = _id_of(location_id, what)
    listed = "SELECT 1 FROM core_unit_row WHERE location_id = $id AND provider_type = $kind LIMIT 1"
    if not _is_held(folder, listed, {"id": location_id, "kind": provider_type}):
        _refuse_unsure(location_id, what)
        tell(f"No export held here lists {location_id} as {provider_type}. The decision is recorded all the same.")
    return location_id


def _id_of(text: str, what: str) -> str:
    from pipeline.errors import UsageError, speakable
    from pipeline.intake.cells import POSSIBLE_ID, repaired_id

    found = repaired_id(text)
    if not POSSIBLE_ID.fullmatch(found):
        raise UsageError(f'"{speakable(text, 50)}" is not {what}.')
    return found


def _refuse_unsure(text: str, what: str) -> None:
    from pipeline.errors import UsageError
    from pipeline.intake.cells import is_sure_id

    if not is_sure_id(text):
        raise UsageError(f'"{text}" is not {what}.')


def refuse_blank(by: str, because: str) -> None:
    from pipeline.errors import UsageError

    if not (by.strip() and because.strip()):
        raise UsageError("A decision needs the name of who decides, and why.")


def _is_doubtful(folder: "HomeFolder", location_id: str, provider_type: str, month: str) -> bool:
    """Say whether the files held contradict each other about a window: Yes and No, or a No and an update inside it."""
    from flows.opening import has_register, reading
    from flows.settings import calendar_of, london_day, now
    from pipeline.assess.assessment import Judgement, assess_units
    from pipeline.record.decisions import Decisions
    from pipeline.rules.windows import parse_month

    if not has_register(folder):
        return False
    moment = now()
    with reading(folder, moment) as (stores, _):
        judgement = Judgement(
            parse_month(month), london_day(moment), calendar_of(folder), stores.parameters, Decisions()
        )
        assess_units(stores.facts, judgement, [(location_id, provider_type)])
        return bool(
            stores.facts.query(
                "SELECT 1 FROM said INNER JOIN window_calendar AS w USING (seq) LEFT JOIN stamped USING (unit_no, seq)"
                " WHERE w.window_month = $month AND ((said.was_ever_yes AND said.was_ever_no) OR (said.was_ever_no AND stamped.is_inside))",
                {"month": judgement.month},
            )
        )


def _is_held(folder: "HomeFolder", query: str, values: dict[str, object]) -> bool:
    """Say whether what was taken in has an answer to a query."""
    from flows.opening import has_register, reading
    from flows.settings import now

    if not has_register(folder):
        return False
    with reading(folder, now()) as (stores, _):
        return bool(stores.facts.query(query, values))


def append(folder: "HomeFolder", kind: str, bodies: Mapping[str, Mapping[str, Any]]) -> None:
    """Write decisions down: all of them, or none."""
    from flows.opening import register_of
    from flows.settings import now

    register = register_of(folder)
    try:
        with register.writing() as ledger:
            for subject, body in bodies.items():
                ledger.append(kind, subject, body, now())
    finally:
        register.close()
