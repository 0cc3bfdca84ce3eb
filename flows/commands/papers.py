"""`cases letter`, `cases bundle`, `notices pack`, `notices outcomes`, `letters check`: papers made of cases, and read back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from flows.commands import cases, notices
from flows.commands.acting import METHODS, Batch, MethodName
from flows.commands.cases import Ref
from flows.commands.options import DEFAULT_HOME, By, Home, Json, Preparer, one_of, preparer, say, say_json

KINDS = ("notice", "withdrawal", "no_penalty", "final_notice")


def add_to(app: typer.Typer) -> None:
    """Add the commands to their groups."""
    cases.group.command("letter")(letter)
    cases.group.command("bundle")(bundle)
    notices.group.command("pack")(pack)
    notices.group.command("outcomes")(outcomes)
    letters = typer.Typer(no_args_is_help=True, help="The wording of letters.")
    letters.command("check")(check)
    app.add_typer(letters, name="letters")


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    """Refuse a place that cannot be written, as a slip of whoever named it."""
    from pipeline.errors import UsageError

    try:
        yield
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, FileExistsError, PermissionError) as error:
        raise UsageError(f"{path}: it cannot be written there ({error.strerror}).") from None


def letter(
    ref: Ref,
    kind: Annotated[str, typer.Argument(metavar="notice|withdrawal|no_penalty|final_notice", help="Which letter.")],
    send_on: Annotated[
        str | None, typer.Option("--send-on", metavar="DATE", help="The day it is sent (default: today).")
    ] = None,
    method: MethodName = "post",
    large_print: Annotated[bool, typer.Option("--large-print", help="In letters of 18 pt.")] = False,
    by: Preparer = None,
    home: Home = DEFAULT_HOME,
) -> None:
    """Make a letter of a case: what it says follows from the case, and it is archived."""
    from flows.case_letters import Wanted, make_letter
    from flows.settings import home_at, london_day, now
    from pipeline.rules.notice_dates import Method
    from pipeline.rules.windows import parse_day

    one_of(kind, KINDS, "a letter")
    one_of(method, METHODS, "a method")
    moment = now()
    day = parse_day(send_on) if send_on else london_day(moment)
    wanted = Wanted(ref, kind, day, Method(method), preparer(by), large_print)
    path = make_letter(home_at(home).made(), wanted, moment)
    say(f"Made {path}")


def bundle(
    ref: Ref,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to (default: the case's folder).")
    ] = None,
    home: Home = DEFAULT_HOME,
) -> None:
    """Make one indexed, numbered PDF of a case for a tribunal: chronology, notice, evidence, proof of sending, papers."""
    from flows.bundling import bundle_of
    from flows.settings import home_at, now
    from pipeline.record.home import write_whole

    folder = home_at(home).made()
    content = bundle_of(folder, ref, now())
    path = out or folder.root / "cases" / ref / "bundle.pdf"
    with _writable(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, content)
    say(f"Made {path}")


def pack(
    batch: Batch,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write into.")] = Path(),
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Pack an approved batch as it is and, once it is issued, its dispatch: one ZIP each, the same bytes every time."""
    from flows.packing import packs_of
    from flows.settings import home_at

    with _writable(out):
        made = packs_of(home_at(home).made(), batch, out)
    if as_json:
        say_json([{"path": str(path), "sha256": sha256} for path, sha256 in made])
        return
    for path, sha256 in made:
        say(f"{sha256}  {path}")


def outcomes(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.xlsx", help="The workbook that was filled in, or that is to be written.")
    ],
    by: By = "",
    template: Annotated[
        bool, typer.Option("--template", help="Write the workbook to be filled in: one row for each open case.")
    ] = False,
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Record what happened to many cases from a workbook: every row of it, or none."""
    from flows.outcomes import record_all, write_template
    from flows.settings import home_at, now
    from pipeline.errors import UsageError

    folder = home_at(home).made()
    if template:
        with _writable(file):
            rows = write_template(folder, file, now())
        say(f"Wrote {file}: {rows} open cases. Fill it in, then: asc-compliance notices outcomes {file} --by NAME")
        return
    if not by.strip():
        raise UsageError("Say who records these outcomes: --by NAME.")
    answer = record_all(folder, file, by.strip(), now())
    if as_json:
        say_json(answer)
    else:
        say(
            f"Recorded {answer['recorded']} events; {answer['known']} were recorded before, {answer['blank']} rows were left blank."
        )


def check(as_json: Json = False) -> None:
    """Set every letter with awkward names and addresses, check it as a batch's letters are, and say what came of it."""
    from flows.settings import london_day, now, parameters
    from reports.letters.trying import try_letters

    in_force = parameters().on(london_day(now()))
    answers = try_letters(in_force.number("letter_pages_most"), in_force.number("letter_bytes_most"))
    if as_json:
        say_json(answers)
    else:
        for answer in answers:
            say(f"{answer['template']:<26} {answer['specimen']:<28} {'; '.join(answer['problems']) or 'good'}")
    if any(answer["problems"] for answer in answers):
        raise typer.Exit(3)
