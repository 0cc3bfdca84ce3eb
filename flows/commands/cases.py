"""`cases list`, `cases show`, `cases record`, `held list`: what became of each notice, and who still waits for one."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.options import DEFAULT_HOME, AsAt, By, Home, Json, one_of, say, say_json, table

if TYPE_CHECKING:
    from pipeline.enforce.cases import Case

Ref = Annotated[str, typer.Argument(metavar="REF", help="The letter's reference, as NOI-2024-12-0001.")]
group = typer.Typer(no_args_is_help=True, help="What became of each notice of intent.")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    group.command("list")(list_cases)
    group.command("show")(show)
    group.command("record")(record)
    app.add_typer(group, name="cases")
    held = typer.Typer(no_args_is_help=True, help="Providers due a notice who have had none.")
    held.command("list")(list_held)
    app.add_typer(held, name="held")


def case_answer(case: "Case", day: dt.date) -> dict[str, Any]:
    """Return what is said of a case on a day (CONTRACT 7)."""
    known = case.as_at(day)
    step, by = case.next_step(day)
    opened = case.opening
    events = [{"event": "approved", "on": opened["on"], "by": opened["by"], "because": "", "at": opened["at"]}]
    events += [
        {"event": e.event, "on": e.on, "by": e.by, "because": e.because, "at": e.at, **e.details} for e in known.events
    ]
    return {
        "letter_ref": case.ref, "batch": opened["batch"], "provider_id": case.provider_id, "provider_name": opened["provider_name"],
        "amount_gbp": case.amount, "state": str(case.state(day)),
        **{name: known.day(name) for name in ("given_on", "representations_until", "decide_by", "pay_by", "appeal_until")},
        "next": {"step": step, "by": by}, "windows_relied_on": opened["windows"], "events": events,
    }  # fmt: skip


def say_case(answer: dict[str, Any]) -> None:
    """Print a case for a person."""
    for name in ("letter_ref", "batch", "provider_id", "provider_name", "amount_gbp", "state", "given_on", "representations_until",
                 "decide_by", "pay_by", "appeal_until"):  # fmt: skip
        if answer[name]:
            say(f"{name.replace('_', ' '):<22} {answer[name]}")
    step, by = answer["next"]["step"], answer["next"]["by"]
    say(f"{'next':<22} {step or 'nothing: it has ended'}{f', by {by}' if by else ''}")
    say(f"{'relies on':<22} {', '.join(answer['windows_relied_on'])}")
    say("")
    rows = [[e["on"], e["event"], e["by"], e["because"]] for e in answer["events"]]
    table(["on", "event", "by", "because"], rows)


def list_cases(
    as_at: AsAt = None,
    due_within: Annotated[
        int | None,
        typer.Option(
            "--due-within", metavar="DAYS", min=0, max=3650, help="Only what has to be done within so many days."
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Those that have ended too.")] = False,
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """List the open cases: those to be looked at first, then by the day by which something has to be done."""
    from flows.opening import register_of
    from flows.settings import home_at, london_day, now
    from pipeline.enforce.cases import FIRST, cases_of
    from pipeline.rules.windows import parse_day

    day = parse_day(as_at) if as_at else london_day(now())
    register = register_of(home_at(home).made())
    known = cases_of(register).values()
    register.close()
    chosen = [case for case in known if everything or case.as_at(day).is_open]
    if due_within is not None:
        chosen = [case for case in chosen if case.is_urgent(day, day + dt.timedelta(days=due_within))]
    answers = [case_answer(case, day) for case in chosen]
    urgent = [str(state) for state in FIRST]
    answers.sort(key=lambda a: (
        urgent.index(a["state"]) if a["state"] in urgent else len(urgent), a["next"]["by"] or dt.date.max, a["letter_ref"]
    ))  # fmt: skip
    if as_json:
        say_json(answers)
    elif not answers:
        say(f"Nothing has to be done by then ({day})." if due_within is not None else f"No case is open on {day}.")
    else:
        columns = ("letter_ref", "provider_id", "state", "given_on", "representations_until", "decide_by")
        rows = [[*(a[name] for name in columns), a["next"]["step"], a["next"]["by"]] for a in answers]
        table([*columns, "next", "by"], rows)


def show(ref: Ref, as_at: AsAt = None, as_json: Json = False, home: Home = DEFAULT_HOME) -> None:
    """Show a case: its dates, its events, and what its services did in each window since the notice."""
    from flows.following import since_notice
    from flows.settings import home_at, london_day, now
    from pipeline.rules.windows import parse_day

    moment = now()
    day = parse_day(as_at) if as_at else london_day(moment)
    case, since = since_notice(home_at(home), ref, day, moment)
    answer = {**case_answer(case, day), "since": since}
    if as_json:
        say_json(answer)
        return
    say_case(answer)
    say("")
    for unit in since:
        rows = [
            [w["month"], w["outcome"], w["late_on"] or "", "relied on" if w["relied_on"] else ""]
            for w in unit["windows"]
        ]
        say(f"{unit['location_id']} {unit['provider_type']}")
        table(["month", "outcome", "supplied late on", ""], rows)


def record(
    ref: Ref,
    event: Annotated[str, typer.Argument(metavar="EVENT", help="What happened, as representations_received.")],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="The day it happened.")],
    by: By,
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why, or what was said.")] = "",
    reason: Annotated[
        str | None,
        typer.Option(
            "--reason",
            metavar="data_supplied|excuse_accepted|record_wrong",
            help="For no_penalty: its windows are excused.",
        ),
    ] = None,
    result: Annotated[
        str | None, typer.Option("--result", metavar="quashed|upheld", help="For appeal_decided.")
    ] = None,
    method: Annotated[
        str | None, typer.Option("--method", metavar="post|email|hand", help="For final_notice (default: post).")
    ] = None,
    evidence: Annotated[
        Path | None, typer.Option("--evidence", metavar="FILE", help="What shows it; it is archived.")
    ] = None,
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Record what happened to a case; a step that the law does not allow is refused."""
    from flows.casework import Record
    from flows.following import record_step
    from flows.settings import home_at, now
    from pipeline.enforce.steps import RECORDED
    from pipeline.errors import UsageError
    from pipeline.rules.windows import parse_day

    one_of(event, RECORDED, "an event")
    details = _details(event, reason, result, method)
    if not by.strip():
        raise UsageError("An event needs the name of who records it.")
    if evidence is not None and not evidence.is_file():
        raise UsageError(f"{evidence}: there is no such file.")
    day = parse_day(on)
    asked = Record(ref, event, day, by.strip(), because.strip(), details)
    case = record_step(home_at(home).made(), asked, evidence, now())
    answer = case_answer(case, day)
    if as_json:
        say_json(answer)
    else:
        say_case(answer)


def _details(event: str, reason: str | None, result: str | None, method: str | None) -> dict[str, str]:
    """Return what else is said of an event; each option belongs to one kind of event."""
    from flows.commands.acting import METHODS
    from pipeline.enforce.steps import EXCUSES, RESULTS
    from pipeline.errors import UsageError

    said = {}
    for name, value, belongs_to, allowed in (
        ("reason", reason, "no_penalty", EXCUSES), ("result", result, "appeal_decided", RESULTS),
        ("method", method, "final_notice", METHODS),
    ):  # fmt: skip
        if value is not None:
            if event != belongs_to:
                raise UsageError(f"--{name} belongs to {belongs_to}.")
            said[name] = one_of(value, allowed, f"a {name}")
    return said


def list_held(as_json: Json = False, home: Home = DEFAULT_HOME) -> None:
    """List everyone ever held and not yet ended by a letter, a decision or a recorded lapse; the oldest first."""
    from flows.opening import register_of
    from flows.settings import home_at
    from pipeline.enforce.queue import queue_of

    register = register_of(home_at(home).made())
    queue = queue_of(register)
    register.close()
    entries = sorted(queue.standing.values(), key=lambda entry: (entry.since, entry.key))
    if as_json:
        say_json([entry.shown for entry in entries])
        return
    if entries:
        columns = ("provider_id", "since", "month", "reason", "detail")
        table(columns, [[entry.shown[name] for name in columns] for entry in entries])
        say("")
    say(f"{len(queue.standing)} stand; {queue.opened} were opened, and {queue.closed} closed.")
