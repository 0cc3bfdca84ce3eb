"""Options that several commands share, and how answers are printed."""

import difflib
import getpass
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.errors import UsageError

Home = Annotated[Path, typer.Option("--home", envvar="ASC_HOME", help="The folder in which everything is kept.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
AsAt = Annotated[str | None, typer.Option("--as-at", metavar="DATE", help="Answer as on this day (default: today).")]
Month = Annotated[str | None, typer.Option("--month", metavar="MONTH", help="The month, as 2024-12.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides.")]
Because = Annotated[str, typer.Option("--because", metavar="TEXT", help="Why.")]
Preparer = Annotated[str | None, typer.Option("--by", envvar="ASC_USER", metavar="NAME", help="Who prepares the run.")]

DEFAULT_HOME = Path("var")


def preparer(name: str | None) -> str:
    """Return the name given, or the login name."""
    return name or getpass.getuser()


def say(text: str) -> None:
    """Print a line of the answer on standard output."""
    sys.stdout.write(f"{text}\n")


def tell(text: str) -> None:
    """Print a message on standard error."""
    sys.stderr.write(f"{text}\n")


def say_json(answer: Any) -> None:
    """Print one JSON document on standard output."""
    say(json.dumps(answer, indent=2, ensure_ascii=False, default=str))


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows in columns wide enough for their longest cell; nothing is cut off."""
    cells = [[str(cell) if cell is not None else "" for cell in row] for row in rows]
    widths = [max(len(line[n]) for line in [list(headings), *cells]) for n in range(len(headings))]
    for line in [list(headings), *cells]:
        say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def one_of(word: str, allowed: Sequence[str], what: str) -> str:
    """Return a word of a fixed vocabulary, or refuse it with the nearest one."""
    if word in allowed:
        return word
    near = difflib.get_close_matches(word, allowed, 1)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    raise UsageError(f'"{word}" is not {what}.{hint} Allowed: {", ".join(allowed)}.')
