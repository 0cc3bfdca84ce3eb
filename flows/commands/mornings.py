"""`monthly`, `remind`, `tell-approvers`, `deadlines`, `alarm`: what the scheduled runs do, for a person or another scheduler."""

import sys
from typing import Annotated

import typer

from flows.commands.options import DEFAULT_HOME, AsAt, Home, Json, say, say_json, tell

LATE = 4  # the exit code of a month whose exports should have come by now: the check that would stop it


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("monthly")(monthly)
    app.command("remind")(remind)
    app.command("tell-approvers")(tell_approvers)
    app.command("deadlines")(deadlines)
    app.command("alarm")(alarm)


def monthly(as_at: AsAt = None, as_json: Json = False, home: Home = DEFAULT_HOME) -> None:
    """Publish every month that is due, oldest first, from the inbox; or say what it waits for, or that nothing is due."""
    from flows.closing import close_due
    from flows.made_of import Order
    from flows.progress import watched
    from flows.run_month import Published, run_month
    from flows.settings import home_at, london_day, now
    from pipeline.rules.windows import month_text, parse_day

    moment, folder = now(), home_at(home)
    day = parse_day(as_at) if as_at else london_day(moment)
    with watched(quiet=as_json) as step:

        def publish(order: Order) -> Published:
            published = run_month(order, moment, step)
            if not as_json:
                say(f"{month_text(order.month)}: release {published.release} in {published.path}")
            return published

        closing = close_due(folder, day, moment, publish, step)
    if as_json:
        say_json({
            "state": closing.state, "reason": closing.reason, "late": closing.is_late,
            "published": [{"month": month_text(p.month), "release": p.release} for p in closing.published],
            "waits_for": list(closing.waits.missing) if closing.waits else [],
        })  # fmt: skip
    else:
        say(closing.reason if closing.published and not closing.waits else f"{closing.state}: {closing.reason}")
    if closing.is_late:
        sys.exit(LATE)


def remind(as_at: AsAt = None, as_json: Json = False, home: Home = DEFAULT_HOME) -> None:
    """Make the reminder that belongs to the day: a workbook for each authority, provisional, for no status."""
    from flows import reminding
    from flows.settings import home_at, london_day, now
    from flows.step import plain
    from pipeline.rules.windows import parse_day

    moment, folder = now(), home_at(home)
    day = parse_day(as_at) if as_at else london_day(moment)
    made = reminding.remind(folder, day, moment, plain)
    if as_json:
        say_json(
            made and {"month": made.month, "which": made.which, "path": str(made.folder), "services": made.services}
        )
    elif made is None:
        say(f"No window is open on {day}, or nothing is known yet: there is nobody to remind.")
    else:
        what = "made" if made.is_new else "was made before; nothing was written"
        say(f"The {made.which} reminder of {made.month} {what}: {made.services} services. In {made.folder}")


def tell_approvers(as_at: AsAt = None, as_json: Json = False, home: Home = DEFAULT_HOME) -> None:
    """Tell the approvers of every batch that waits for them, once a day."""
    from flows import telling
    from flows.operations import operations_of
    from flows.settings import home_at, london_day, now
    from flows.step import plain
    from pipeline.rules.windows import parse_day

    moment, folder = now(), home_at(home)
    day = parse_day(as_at) if as_at else london_day(moment)
    waiting = telling.tell_approvers(folder, day, moment, plain)
    if as_json:
        say_json(waiting)
        return
    say("No batch waits for approval." if not waiting else f"Waiting for approval: {', '.join(waiting)}.")
    if waiting and not operations_of(folder).alerts.approvers:
        tell("Nobody was mailed: alerts.approvers of the settings is empty. It stands in alerts.jsonl.")


def deadlines(as_at: AsAt = None, as_json: Json = False, home: Home = DEFAULT_HOME) -> None:
    """Say which cases run out or need a review, which batches are not issued, who is held too long; and tell it once a day."""
    from flows import deadlines as waiting
    from flows.settings import home_at, london_day, now
    from flows.step import plain
    from pipeline.rules.windows import parse_day

    moment, folder = now(), home_at(home)
    day = parse_day(as_at) if as_at else london_day(moment)
    found = waiting.deadlines(folder, day, moment, plain)
    if as_json:
        say_json({"day": day, "counts": found.counts, "cases": [case.ref for case in found.cases],
                  "batches": [batch.name for batch in found.unissued], "held": [entry.key for entry in found.old]})  # fmt: skip
    else:
        say(found.text or f"Nothing has to be done about notices on {day}.")


def alarm(
    what: Annotated[str, typer.Argument(metavar="SERVICE", help="What failed, as a service of systemd.")],
    home: Home = DEFAULT_HOME,
) -> None:
    """Tell the operators of a service that failed: for whatever watches over it."""
    from flows.alerts import tell_of_trouble
    from flows.settings import home_at

    tell_of_trouble(home_at(home), what, f"The service {what} failed; the journal of its host says why.")
