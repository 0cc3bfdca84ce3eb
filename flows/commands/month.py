"""`check`, `ingest`, `run`, `due`, `demo`: the work of a month."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.options import (
    DEFAULT_HOME,
    AsAt,
    Home,
    Json,
    Preparer,
    one_of,
    preparer,
    say,
    say_json,
    table,
    tell,
)  # fmt: skip

if TYPE_CHECKING:
    from pipeline.intake.files import Reading
    from pipeline.intake.ingest import Taken


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("check")(check)
    app.command("ingest")(ingest)
    app.command("run")(run)
    app.command("due")(due)
    app.command("demo")(demo)


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files or folders to look at.")],
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Say what each file is and what would be found in it; nothing is kept."""
    from flows.settings import parameters
    from pipeline.errors import InputRefused, InputsRefused
    from pipeline.intake.files import read_file
    from pipeline.intake.ingest import files_of

    wanted, skipped = files_of(files)
    answers, refusals = [], []
    for path in wanted:
        try:
            answers.append(_described(path.name, read_file(path, path.name, parameters())))
        except InputRefused as refusal:
            refusals.append(refusal)
    if as_json:
        say_json(answers)
    else:
        for answer in answers:
            _say_described(answer)
    for path in skipped:
        tell(f"{path.name}: not an input; it would be skipped.")
    if refusals:
        raise InputsRefused(refusals)


def _described(name: str, reading: "Reading") -> dict[str, object]:
    from collections import Counter

    from pipeline.intake.findings import catalogue
    from pipeline.intake.sources import Kind
    from pipeline.intake.statements import settled_type, stated_by_name

    stated = stated_by_name(name)
    found = Counter(finding.rule for finding in reading.findings)
    is_status = reading.kind is Kind.MONTHLY_STATUS
    provider_type = settled_type(name, reading.column_type, stated.provider_type, "", True) if is_status else ""
    return {
        "file": name,
        "kind": reading.kind.value,
        "provider_type": provider_type,
        "extracted_at": stated.extracted_at.isoformat() if stated.extracted_at else "",
        "months": [f"{month:%Y-%m}" for month in reading.months],
        "rows": reading.rows,
        "accepted": reading.rows - reading.refused,
        "findings": [
            {
                "rule": rule,
                "times": times,
                "severity": catalogue()[rule]["severity"],
                "action": catalogue()[rule]["action"],
            }
            for rule, times in sorted(found.items())
        ],
    }


def _say_described(answer: dict[str, object]) -> None:
    kind = str(answer["kind"]).replace("_", " ")
    which = f", {str(answer['provider_type']).replace('_', ' ')}" if answer["provider_type"] else ""
    say(f"{answer['file']}: {kind}{which}; {answer['accepted']} of {answer['rows']} rows would be taken in.")
    months = answer["months"]
    assert isinstance(months, list)
    if months:
        say(f"  months: {months[0]} to {months[-1]} ({len(months)})")
    say(f"  extracted: {answer['extracted_at'] or 'nobody said; put the date into the name, or use --extracted-at'}")
    findings = answer["findings"]
    assert isinstance(findings, list)
    for finding in findings:
        say(f"  {finding['severity']}: {finding['rule']}, {finding['times']} times. {finding['action']}")


def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files or folders to take in.")],
    provider_type: Annotated[
        str | None,
        typer.Option("--provider-type", metavar="care_home|home_care", help="Where neither column nor name says."),
    ] = None,
    extracted_at: Annotated[
        str | None, typer.Option("--extracted-at", metavar="MOMENT", help="Where the name does not say.")
    ] = None,
    by: Preparer = None,
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Take files in: archived, read, checked, stored."""
    from flows.opening import writing
    from flows.settings import now
    from pipeline.errors import InputsRefused
    from pipeline.intake.ingest import files_of
    from pipeline.intake.ingest import ingest as take_in
    from pipeline.intake.statements import Statement, parse_moment
    from pipeline.record.home import Home as HomeFolder

    kind = one_of(provider_type, ["care_home", "home_care"], "a provider type") if provider_type else ""
    said = Statement(kind, parse_moment(extracted_at) if extracted_at else None)
    wanted, skipped = files_of(paths)
    moment = now()
    for path in skipped:
        tell(f"{path.name}: skipped, not an input.")
    try:
        with writing(HomeFolder(home), moment) as (stores, _):
            taken = take_in(stores, wanted, said, preparer(by), moment)
    except InputsRefused as refusal:
        _say_taken(refusal.taken, as_json)
        raise
    _say_taken(taken, as_json)


def _say_taken(taken: Sequence[Any], as_json: bool) -> None:
    if as_json:
        say_json([_taken_json(one) for one in taken])
    else:
        for one in taken:
            say(_taken_line(one))


def _taken_json(one: "Taken") -> dict[str, object]:
    intake = one.intake
    return {
        "file": one.file,
        "state": one.state,
        "kind": intake.kind.value,
        "provider_type": intake.provider_type,
        "extracted_at": intake.extracted_at.isoformat() if intake.extracted_at else "",
        "rows": intake.rows,
        "accepted": intake.rows - intake.refused,
        "findings": intake.findings,
        "sha256": intake.sha256,
    }


def _taken_line(one: Any) -> str:
    if one.state == "already held":
        return f"{one.file}: already held"
    intake = one.intake
    which = f" ({intake.provider_type.replace('_', ' ')})" if intake.provider_type else ""
    again = ", in place of the earlier statement" if one.state == "replaced" else ""
    kind = intake.kind.value.replace("_", " ")
    return (
        f"{one.file}: {kind}{which}, {intake.rows} rows, {intake.rows - intake.refused} accepted, "
        f"{intake.findings} findings{again}"
    )


def run(
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
        list[str] | None, typer.Option("--accept", metavar="CHECK", help="Publish although this check fires.")
    ] = None,
    because: Annotated[
        list[str] | None, typer.Option("--because", metavar="TEXT", help="Why, once for each --accept.")
    ] = None,
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Take in, judge, check and publish a month."""
    from flows.progress import watched
    from flows.run_month import Order, run_month
    from flows.settings import london_day, now
    from pipeline.assess.assessment import Status
    from pipeline.assess.checks import messages
    from pipeline.errors import InputsRefused, UsageError
    from pipeline.record.home import Home as HomeFolder
    from pipeline.rules.windows import parse_day, parse_month

    checks, words = accept or [], because or []
    if len(checks) != len(words) or not all(text.strip() for text in words):
        raise UsageError("Each --accept CHECK needs its own --because TEXT.")
    for check_name in checks:
        one_of(check_name, list(messages()), "a check")
    moment = now()
    order = Order(
        HomeFolder(home),
        parse_month(month),
        parse_day(as_at) if as_at else london_day(moment),
        preparer(by),
        inbox or [],
        parse_day(send_on) if send_on else None,
        dict(zip(checks, words, strict=True)),
    )
    try:
        with watched(quiet=as_json) as step:
            published = run_month(order, moment, step)
    except InputsRefused as refusal:
        for one in refusal.taken:
            tell(_taken_line(one))
        raise
    for path in published.skipped:
        tell(f"{path.name}: skipped, not an input.")
    counts = published.manifest["counts"]
    if as_json:
        say_json(
            {
                "month": month,
                "release": published.release,
                "path": str(published.path),
                "counts": counts["statuses"],
                "notices": {"batch": None, "letters": 0, "held": 0},
                "findings": counts["findings"],
                "seconds": published.seconds,
            }
        )
        return
    for one in published.taken:
        say(_taken_line(one))
    say("")
    table(["status", "services"], [[one.value, f"{counts['statuses'][one]:,}"] for one in Status])
    say("")
    what = "published" if published.is_new else "is published already; nothing was written"
    say(f"Release {published.release} of {month} {what}, with {counts['findings']} findings.")
    say(f"In {published.path} open")
    say("  report.html           the month at a glance")
    say("  national/at-risk.csv  every service on a list")
    say("  local-authorities/    what each authority's officers get")


def due(as_at: AsAt = None, as_json: Json = False, home: Home = DEFAULT_HOME) -> None:
    """Say which months can be run and are not published yet, and which inputs are missing."""
    from flows.due import due_months
    from flows.settings import london_day, now
    from pipeline.record.home import Home as HomeFolder
    from pipeline.rules.windows import parse_day

    moment = now()
    day = parse_day(as_at) if as_at else london_day(moment)
    answer = due_months(HomeFolder(home), day, moment)
    if as_json:
        say_json(answer)
    elif not answer:
        say(f"Nothing is due on {day}.")
    for line in [] if as_json else answer:
        say(f"{line['month']}: due since {line['run_on']}")
        for missing in line["missing"]:
            say(f"  missing: {missing}")


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
    run(
        month="2024-12", inbox=[out / "inbox"], as_at="2024-12-17", send_on=None, by="demonstration", accept=None, because=None,
        as_json=as_json, home=out / "home",
    )  # fmt: skip
