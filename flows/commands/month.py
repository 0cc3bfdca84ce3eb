"""`run`, `due`, `demo`: the work of a month."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.inputs import taken_line
from flows.commands.options import (
    DEFAULT_HOME,
    AsAt,
    Home,
    InOrder,
    Json,
    Preparer,
    one_of,
    preparer,
    reasons,
    say,
    say_json,
    table,
    tell,
)  # fmt: skip

if TYPE_CHECKING:
    from flows.run_month import Published


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("run", cls=InOrder)(run)
    app.command("due")(due)
    app.command("demo")(demo)


def run(
    ctx: typer.Context,
    month: Annotated[str, typer.Option("--month", metavar="MONTH", help="The month to publish, as 2024-12.")],
    inbox: Annotated[
        list[Path] | None, typer.Option("--inbox", metavar="DIR", help="A folder (or file) to take in first.")
    ] = None,
    as_at: AsAt = None,
    send_on: Annotated[
        str | None, typer.Option("--send-on", metavar="DATE", help="When notices are planned to be sent.")
    ] = None,
    by: Preparer = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            "--accept", metavar="CHECK[:TYPE]", help="Publish although this check fires (for one provider type)."
        ),
    ] = None,
    skip: Annotated[
        list[str] | None,
        typer.Option("--skip", metavar="FILE", help="Leave this file, given or held, out of the month."),
    ] = None,
    because: Annotated[
        list[str] | None, typer.Option("--because", metavar="TEXT", help="Why, once for each --accept and --skip.")
    ] = None,
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Take in, judge, check and publish a month."""
    from pipeline.assess.checks import acceptable

    asked = reasons(ctx.meta["order"], {"accept": accept or [], "skip": skip or []}, because or [])
    for check_name in asked["accept"]:
        one_of(check_name, acceptable(), "a check")
    publish(month, inbox, as_at, send_on, by, asked["accept"], asked["skip"], as_json, home)


def publish(
    month: str,
    inbox: list[Path] | None,
    as_at: str | None,
    send_on: str | None,
    by: str | None,
    accepted: dict[str, str],
    skipped: dict[str, str],
    as_json: bool,
    home: Path,
) -> None:
    """Run a month and say what it came to."""
    from flows.made_of import Order
    from flows.progress import watched
    from flows.run_month import run_month
    from flows.settings import home_at, london_day, now
    from pipeline.errors import CheckFailed, InputsRefused
    from pipeline.intake.arriving import Unreached
    from pipeline.rules.windows import parse_day, parse_month

    moment = now()
    order = Order(
        home_at(home),
        parse_month(month),
        parse_day(as_at) if as_at else london_day(moment),
        preparer(by),
        inbox or [],
        parse_day(send_on) if send_on else None,
        accepted,
        skipped,
    )
    try:
        with watched(quiet=as_json) as step:
            published = run_month(order, moment, step)
    except (InputsRefused, Unreached, CheckFailed) as refusal:
        for path in getattr(refusal, "skipped", ()):
            tell(f"{path.name}: skipped, not an input.")
        for one in refusal.taken:
            tell(taken_line(one))
        raise
    for path in published.skipped:
        tell(f"{path.name}: skipped, not an input.")
    say_published(month, published, as_json)


def say_published(month: str, published: "Published", as_json: bool) -> None:
    """Print what a run came to."""
    from pipeline.assess.assessment import Status

    counts = published.manifest["counts"]
    for case in published.reviews:
        draft = f" A draft of its withdrawal: {case.draft}" if case.draft else ""
        tell(f"{case.ref} needs a review: {case.because}.{draft}")
    if as_json:
        say_json(
            {
                "month": month,
                "release": published.release,
                "path": str(published.path),
                "counts": counts["statuses"],
                "notices": counts["notices"],
                "findings": counts["findings"],
                "seconds": published.seconds,
            }
        )
        return
    for one in published.taken:
        say(taken_line(one))
    for one in published.manifest["skipped"]:
        say(f"{one['name']}: left out of this month ({one['because']})")
    say("")
    table(["status", "services"], [[one.value, f"{counts['statuses'][one]:,}"] for one in Status])
    say("")
    what = "published" if published.is_new else "is published already; nothing was written"
    say(f"Release {published.release} of {month} {what}, with {counts['findings']} findings.")
    notices = counts["notices"]
    say(
        f"Draft notices {notices['batch']}: {notices['letters']} letters, {notices['held']} held. None is sent by this."
    )
    say(f"In {published.path} open")
    say("  report.html             the month at a glance")
    say("  national/at-risk.xlsx   every service on a list")
    say("  local-authorities/      what each authority's officers get: a workbook, and the same as CSV")
    say(f"  notices/{notices['batch']}/  draft letters, held.csv: who gets none and why, and the evidence")


def due(as_at: AsAt = None, as_json: Json = False, home: Home = DEFAULT_HOME) -> None:
    """Say which months can be run and are not published yet, and which inputs are missing."""
    from flows.due import due_months
    from flows.settings import home_at, london_day, now
    from pipeline.rules.windows import parse_day

    moment = now()
    day = parse_day(as_at) if as_at else london_day(moment)
    found = due_months(home_at(home), day, moment)
    if as_json:
        say_json([
            {"month": one.month, "run_on": one.window.run_on, "missing": list(one.missing), "how": one.missing}
            for one in found
        ])  # fmt: skip
    elif not found:
        say(f"Nothing is due on {day}.")
    for one in [] if as_json else found:
        say(f"{one.month}: due since {one.window.run_on}")
        for missing, how in one.missing.items():
            say(f"  missing: {missing}")
            for step in how:
                say(f"    {step}")


def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where to put the invented world.")] = Path("demo"),
    units: Annotated[int, typer.Option("--units", min=20, help="How many reporting units.")] = 1500,
    months: Annotated[int, typer.Option("--months", min=2, max=25, help="How many months of history.")] = 14,
    seed: Annotated[int, typer.Option("--seed", help="Another seed, another world.")] = 1,
    only_inputs: Annotated[
        bool, typer.Option("--only-inputs", help="Invent the inputs, and print the command to run.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Invent a world of fictional services and run December 2024 on it."""
    from flows.demo import command_for, invent

    invent(out, units, months, seed)
    command = command_for(out)
    if only_inputs:
        say(f"asc-compliance {' '.join(command)}")
        return
    tell(f"Invented {units:,} units over {months} months in {out}/inbox. All of them are fictional.")
    publish("2024-12", [out / "inbox"], "2024-12-17", None, "demonstration", {}, {}, as_json, out / "home")
