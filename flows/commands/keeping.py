"""`verify`, `rebuild`, `backup`, `restore`: is everything still as it was written down, and keeping it safe."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import DEFAULT_HOME, Home, Json, say, say_json, tell


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("verify")(verify)
    app.command("rebuild")(rebuild)
    app.command("backup")(backup)
    app.command("restore")(restore)


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
    from flows.settings import home_at
    from flows.verifying import verify_home

    answer = verify_home(home_at(home), release, expect)
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
    from flows.settings import home_at, now

    with writing(home_at(home), now(), anew=True) as (stores, _):
        rows = {table: int(count) for table, (count, _) in stores.facts.digests().items()}
    if as_json:
        say_json({"rows": rows})
    else:
        say(f"Made again from {rows['core_intake']} files: {sum(rows.values()):,} rows.")


def backup(
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="The folder for backups, best on another machine.")],
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Write register, archive, releases, papers and settings into one file, and read it back; the facts can be made again."""
    from flows.backing_up import back_up
    from flows.settings import home_at, now
    from flows.verifying import verify_home

    folder = home_at(home)
    made = back_up(folder, to, now())
    problems = verify_home(folder)["problems"]
    if as_json:
        say_json({"path": str(made.path), "files": made.files, "rows": made.rows, "head": made.head, "is_new": made.is_new,
                  "problems": problems})  # fmt: skip
    else:
        what = "Wrote" if made.is_new else "Nothing has changed since"
        say(f"{what} {made.path}: {made.files} files, {made.rows} rows of the register.")
        say(f"Head of the register: {made.head}")
        for problem in problems:
            say(problem)
    if problems:
        tell("The home is not as it was written down, and so is its backup: keep the one before it.")
        raise typer.Exit(1)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup, as `backup` wrote it.")],
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Put a backup into a home that does not exist yet (and its register into an empty one), and verify everything."""
    from flows.backing_up import put_back
    from flows.settings import home_at, now
    from flows.verifying import verify_home

    folder = home_at(home)
    put_back(folder, file, now())
    answer = verify_home(folder)
    if as_json:
        say_json(answer)
    else:
        say(f"Restored {home} from {file}: {answer['files']} files read.")
        for problem in answer["problems"]:
            say(problem)
        say(f"Head of the register: {answer['head']}")
    if answer["problems"]:
        raise typer.Exit(1)
