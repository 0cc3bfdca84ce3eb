"""`check`, `ingest`: what files are, and taking them in."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.options import (
    DEFAULT_HOME,
    Home,
    Json,
    Preparer,
    one_line,
    one_of,
    preparer,
    say,
    say_json,
    tell,
)  # fmt: skip

if TYPE_CHECKING:
    from pipeline.intake.files import Reading
    from pipeline.intake.findings import Finding
    from pipeline.intake.ingest import Taken
    from pipeline.intake.intakes import Intake
    from pipeline.rules.working_days import WorkingDays


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("check")(check)
    app.command("ingest")(ingest)


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files or folders to look at.")],
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Say what each file is and what would be found in it; nothing is kept."""
    from flows.settings import calendar_of, home_at, parameters
    from pipeline.errors import InputRefused, InputsRefused
    from pipeline.intake.arriving import files_of
    from pipeline.intake.ingest import look_at

    wanted, skipped = files_of(files)
    answers, refusals, days = [], [], calendar_of(home_at(home))
    for path in wanted:
        try:
            with tempfile.TemporaryDirectory() as folder:
                answers.append(_described(*look_at(path, parameters(), Path(folder) / "turned"), days))
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


def _described(
    intake: "Intake", reading: "Reading", findings: Sequence["Finding"], days: "WorkingDays"
) -> dict[str, object]:
    from collections import Counter

    from flows.settings import london_day, now, parameters
    from pipeline.intake.findings import action_of, catalogue
    from pipeline.rules.windows import COLLECTION_BEGAN, window_for

    found, in_force = Counter(finding.rule for finding in findings), parameters().on(london_day(now()))
    taken = intake.extracted_at
    still_open = [
        f"{month:%Y-%m}"
        for month in reading.months
        if taken is not None and month >= COLLECTION_BEGAN and taken < window_for(month, days, parameters()).closed_at
    ]
    return {
        "file": intake.file,
        "kind": reading.kind.value,
        "title": reading.parts[0].table.source.title,
        "provider_type": intake.provider_type,
        "extracted_at": intake.extracted_at.isoformat() if intake.extracted_at else "",
        "months": [f"{month:%Y-%m}" for month in reading.months],
        "rows": reading.rows,
        "accepted": reading.rows - reading.refused,
        "findings": [
            {
                "rule": rule,
                "times": times,
                "severity": catalogue(in_force)[rule]["severity"],
                "action": action_of(
                    rule, next(finding.column for finding in findings if finding.rule == rule), in_force
                ),
                "first": next(_place(finding) for finding in findings if finding.rule == rule),
            }
            for rule, times in sorted(found.items())
        ],
        "still_open": still_open,
    }


def _place(finding: "Finding") -> str:
    """Say where a finding stands, and what stands there."""
    parts = [f'sheet "{finding.sheet}"' if finding.sheet else "", f"row {finding.row}" if finding.row else ""]
    parts += [finding.column, f'"{finding.value[:60]}"' if finding.value else ""]
    return one_line(", ".join(filter(None, parts)))


def _say_described(answer: dict[str, Any]) -> None:
    which = f", {answer['provider_type'].replace('_', ' ')}" if answer["provider_type"] else ""
    say(f"{answer['file']}: {answer['title']}{which}; {answer['accepted']} of {answer['rows']} rows would be taken in.")
    months = answer["months"]
    if months:
        say(f"  months: {months[0]} to {months[-1]} ({len(months)})")
    say(f"  taken: {answer['extracted_at'] or 'nobody said; put the date into the name, or use --extracted-at'}")
    for month in answer["still_open"]:
        say(f"  {month}: its window was still open when this was taken, so a No says nothing there")
    for finding in answer["findings"]:
        first = f" First: {finding['first']}." if finding["first"] else ""
        say(f"  {finding['severity']}: {finding['rule']}, {finding['times']} times. {finding['action']}{first}")


def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files or folders to take in.")],
    provider_type: Annotated[
        str | None,
        typer.Option(
            "--provider-type",
            metavar="care_home|home_care",
            help="Where neither column nor name says; or to correct a file held.",
        ),
    ] = None,
    extracted_at: Annotated[
        str | None,
        typer.Option(
            "--extracted-at", metavar="MOMENT", help="Where the name does not say; or to correct a file held."
        ),
    ] = None,
    by: Preparer = None,
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Take files in: archived, read, checked, stored."""
    from flows.opening import writing
    from flows.settings import home_at, now
    from pipeline.errors import InputsRefused
    from pipeline.intake.arriving import Unreached, files_of
    from pipeline.intake.ingest import ingest as take_in
    from pipeline.intake.statements import Statement, parse_moment

    kind = one_of(provider_type, ["care_home", "home_care"], "a provider type") if provider_type else ""
    said = Statement(kind, parse_moment(extracted_at) if extracted_at else None)
    wanted, skipped = files_of(paths)
    moment = now()
    for path in skipped:
        tell(f"{path.name}: skipped, not an input.")
    try:
        with writing(home_at(home), moment) as (stores, _):
            taken = take_in(stores, wanted, said, preparer(by), moment)
    except (InputsRefused, Unreached) as refusal:
        _say_taken(refusal.taken, as_json)
        raise
    _say_taken(taken, as_json)


def _say_taken(taken: Sequence[Any], as_json: bool) -> None:
    if as_json:
        say_json([_taken_json(one) for one in taken])
    else:
        for one in taken:
            say(taken_line(one))


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
        "note": one.note,
    }


def taken_line(one: Any) -> str:
    """Say in a line what became of one file."""
    if one.state == "already held":
        return f"{one.file}: already held"
    intake = one.intake
    which = f" ({intake.provider_type.replace('_', ' ')})" if intake.provider_type else ""
    again = ", in place of the earlier statement" if one.state == "replaced" else ""
    kind = intake.kind.value.replace("_", " ")
    return (
        f"{one.file}: {kind}{which}, {intake.rows} rows, {intake.rows - intake.refused} accepted, "
        f"{intake.findings} findings{again}{f'; {one.note}' if one.note else ''}"
    )
