"""`verify`, `rebuild`: is everything still as it was written down, and making the facts again."""

from typing import Annotated

import typer

from flows.commands.options import DEFAULT_HOME, Home, Json, say, say_json


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("verify")(verify)
    app.command("rebuild")(rebuild)


def verify(
    release: Annotated[str, typer.Argument(metavar="[RELEASE|all]", help="One release, or everything.")] = "all",
    expect: Annotated[
        str | None,
        typer.Option(
            "--expect", metavar="HEAD", help="A head noted earlier: prove that nothing before it was touched."
        ),
    ] = None,
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Read everything again: archive, register, facts and releases; say what is wrong and where."""
    from flows.verifying import verify_home
    from pipeline.record.home import Home as HomeFolder

    answer = verify_home(HomeFolder(home), release, expect)
    if as_json:
        say_json(answer)
    else:
        for problem in answer["problems"]:
            say(problem)
        say(
            f"{answer['files']} files read. {'Something is wrong.' if answer['problems'] else 'Everything is as it was written down.'}"
        )
        say(f"Head of the register: {answer['head']}")
    if answer["problems"]:
        raise typer.Exit(1)


def rebuild(as_json: Json = False, home: Home = DEFAULT_HOME) -> None:
    """Make facts.duckdb again from the archive and the register."""
    from flows.opening import writing
    from flows.settings import now
    from pipeline.record.home import Home as HomeFolder

    with writing(HomeFolder(home), now(), anew=True) as (stores, _):
        rows = {table: int(count) for table, (count, _) in stores.facts.digests().items()}
    if as_json:
        say_json({"rows": rows})
    else:
        say(f"Made again from {rows['core_intake']} files: {sum(rows.values()):,} rows.")
