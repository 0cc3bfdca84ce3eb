"""`windows`, `windows extend`, `notice-dates`: dates, without anything being taken in."""

import csv
import sys
from typing import Annotated

import typer

from flows.commands.options import DEFAULT_HOME, Home, Json, one_of, say, say_json, table, tell

FORMATS = ("table", "csv", "json")
Format = Annotated[str, typer.Option("--format", metavar="|".join(FORMATS), help="How to print the answer.")]

windows_app = typer.Typer(invoke_without_command=True, help="Say when windows open and close, and when a month is run.")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.add_typer(windows_app, name="windows")
    app.command("notice-dates")(notice_dates_command)


@windows_app.callback()
def windows(
    context: typer.Context,
    first: Annotated[str | None, typer.Option("--from", metavar="MONTH", help="First month, as 2022-12.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="MONTH", help="Last month, as 2028-12.")] = None,
    form: Format = "table",
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Say when windows open and close, and when a month is run."""
    if context.invoked_subcommand is not None:
        return
    from flows.settings import calendar_of, home_at, parameters
    from pipeline.errors import UsageError
    from pipeline.rules.windows import month_text, months_between, parse_month, window_for
    from pipeline.rules.working_days import confirmed_until

    if first is None or last is None:
        raise UsageError("Say which months: asc-compliance windows --from 2022-12 --to 2028-12.")
    if parse_month(last) < parse_month(first):
        raise UsageError(f"{last} comes before {first}.")
    one_of(form, FORMATS, "a format")
    days, values = calendar_of(home_at(home)), parameters()
    headings = ["month", "opens_on", "closes_on", "run_on", "rolled_because"]
    rows = [
        [
            month_text(w.month),
            w.opens_on.isoformat(),
            w.closes_on.isoformat(),
            w.run_on.isoformat(),
            w.rolled_because,
        ]
        for w in (window_for(month, days, values) for month in months_between(parse_month(first), parse_month(last)))
    ]
    until = confirmed_until()
    if parse_month(last).year > until.year:
        tell(f"Bank holidays after {until.year} are not published yet: those windows are computed, not confirmed.")
    _print(headings, rows, "json" if as_json else form)


def _print(headings: list[str], rows: list[list[str]], form: str) -> None:
    if form == "json":
        say_json([dict(zip(headings, row, strict=True)) for row in rows])
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([headings, *rows])
    else:
        table(headings, rows)


@windows_app.command("extend")
def extend(
    month: Annotated[str, typer.Argument(metavar="MONTH", help="The month whose window closes later, as 2025-02.")],
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="The last day of the window.")],
    authority: Annotated[
        str, typer.Option("--authority", metavar="TEXT", help="Who extended it, and where that is said.")
    ],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who records it.")],
    home: Home = DEFAULT_HOME,
) -> None:
    """Record in the home's calendar that DHSC let a window close later."""
    from flows.opening import register_of
    from flows.settings import calendar_of, home_at, parameters
    from pipeline.enforce.cases import cases_of
    from pipeline.errors import UsageError
    from pipeline.record.home import write_whole
    from pipeline.rules.windows import add_months, parse_day, parse_month, window_for
    from pipeline.rules.working_days import Extension, render_calendar
    from reports.lists.authority import day_words
    from reports.release import current

    folder = home_at(home).made()
    if not (authority.strip() and by.strip()):
        raise UsageError("An extension needs its authority and the name of who records it.")
    values, first, last = parameters(), parse_month(month), parse_day(until)
    with folder.held(f"windows extend {month}"):
        days = calendar_of(folder)
        before = window_for(first, days, values)
        ordinary = window_for(first, days.without_extension(first), values)
        following = window_for(add_months(first, 1), days, values)
        if not ordinary.closes_on < last < following.opens_on:
            raise UsageError(
                f"The window of {month} closes on {ordinary.closes_on}, and the next one opens on {following.opens_on}: "
                "name a day between them."
            )
        extended = days.with_extension(Extension(first, last, authority.strip(), by.strip()))
        write_whole(folder.calendar, render_calendar(extended).encode())
    after = window_for(first, extended, values)
    say(
        f"{month}: closes on {day_words(after.closes_on)} instead of {day_words(before.closes_on)}, run on {after.run_on}."
    )
    later = sorted(path.parent.name for path in folder.releases.glob("????-??/CURRENT") if path.parent.name >= month)
    if later:
        say(f"Published months that use this window: {', '.join(later)}. Run each again, oldest first.")
    else:
        say("No published month uses this window.")
    if current(folder.releases, month) is None:
        say("The month itself is not published.")
    register = register_of(folder)
    affected = [
        case.ref
        for case in cases_of(register).values()
        if case.is_open and any(window[2] == first for window in case.windows)
    ]
    register.close()
    if affected:
        say(f"Open cases that rely on this window: {', '.join(affected)}. Each is looked at again by the next run.")


def notice_dates_command(
    sent: Annotated[str, typer.Option("--sent", metavar="DATE", help="The day the notice is sent, as 2025-01-20.")],
    method: Annotated[str, typer.Option("--method", metavar="post|email|hand", help="How it is served (reg 7).")],
    representation_days: Annotated[
        int | None,
        typer.Option("--representation-days", help="Days for representations, at least 14 (reg 5)."),
    ] = None,
    form: Format = "table",
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Say when a notice counts as given, and the periods that follow."""
    from dataclasses import asdict

    from flows.settings import calendar_of, home_at, parameters
    from pipeline.rules.notice_dates import Method, notice_dates
    from pipeline.rules.windows import parse_day

    sent_on = parse_day(sent)
    one_of(form, FORMATS, "a format")
    served = Method(one_of(method, [m.value for m in Method], "a method"))
    answer = notice_dates(sent_on, served, calendar_of(home_at(home)), parameters().on(sent_on), representation_days)
    values = {name: day.isoformat() for name, day in asdict(answer).items()}
    if as_json or form == "json":
        say_json(values)
    else:
        _print(list(values), [list(values.values())], form)
