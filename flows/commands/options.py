"""Options that several commands share, and how answers are printed."""

import difflib
import getpass
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from pipeline.errors import UsageError, printable

Home = Annotated[Path, typer.Option("--home", envvar="ASC_HOME", help="The folder in which everything is kept.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
AsAt = Annotated[str | None, typer.Option("--as-at", metavar="DATE", help="Answer as on this day (default: today).")]
Month = Annotated[str | None, typer.Option("--month", metavar="MONTH", help="The month, as 2024-12.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides.")]
Because = Annotated[str, typer.Option("--because", metavar="TEXT", help="Why.")]
Preparer = Annotated[str | None, typer.Option("--by", envvar="ASC_USER", metavar="NAME", help="Who prepares the run.")]

DEFAULT_HOME = Path("var")


class InOrder(TyperCommand):
    """A command that remembers in which order its options were given."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse as ever, and note the names in `ctx.meta["order"]`."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        ctx.meta["order"] = [option.name for option in order]
        return super().parse_args(ctx, args)


def reasons(order: Sequence[str], asked: dict[str, Sequence[str]], because: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return, for each option that needs a reason, value -> reason: the first --because is of the first of them, and so on.

    `order` names the options as they were given, `asked` the values of each that needs a reason. Raises UsageError where
    one has none.
    """
    left = {name: iter(values) for name, values in asked.items()}
    needing = [(name, next(left[name])) for name in order if name in asked]
    if len(needing) != len(because) or not all(text.strip() for text in because):
        flags = " and ".join(f"--{name}" for name in asked)
        raise UsageError(f"Each {flags} needs its own --because TEXT.")
    answer: dict[str, dict[str, str]] = {name: {} for name in asked}
    for (name, value), text in zip(needing, because, strict=True):
        answer[name][value] = text
    return answer


def preparer(name: str | None) -> str:
    """Return the name given, or the login name."""
    from pipeline.enforce.batches import is_name

    found = (name if name is not None else getpass.getuser()).strip()
    if not is_name(found):
        raise UsageError("--by needs the name of a person.")
    return found


WIDEST = 60  # letters to which the columns of a table are filled up; a longer cell stands out of its column, alone


def say(text: str) -> None:
    """Print a line of the answer on standard output; nothing in it that a terminal would obey."""
    sys.stdout.write(f"{printable(text)}\n")


def tell(text: str) -> None:
    """Print a message on standard error; nothing in it that a terminal would obey."""
    sys.stderr.write(f"{printable(text)}\n")


def say_json(answer: Any) -> None:
    """Print one JSON document on standard output; what a terminal would obey is written as JSON's own escapes."""
    text = json.dumps(answer, indent=2, ensure_ascii=False, default=str)
    safe = "".join(c if c == "\n" or c.isprintable() else "".join(f"\\u{n:04x}" for n in _utf16(c)) for c in text)
    sys.stdout.write(f"{safe}\n")


def _utf16(character: str) -> list[int]:
    data = character.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(data[n : n + 2], "big") for n in range(0, len(data), 2)]


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows in columns wide enough for their longest cell, within reason; nothing is cut off."""
    cells = [[one_line("" if cell is None else str(cell)) for cell in row] for row in rows]
    widths = [min(WIDEST, max(len(line[n]) for line in [list(headings), *cells])) for n in range(len(headings))]
    for line in [list(headings), *cells]:
        say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def one_line(text: str) -> str:
    """Return what stood in a file as it may stand in a line of an answer: it begins no line of its own."""
    return printable(text).replace("\n", "\ufffd")


def one_of(word: str, allowed: Sequence[str], what: str) -> str:
    """Return a word of a fixed vocabulary, or refuse it with the nearest one."""
    if word in allowed:
        return word
    near = difflib.get_close_matches(word, allowed, 1)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    raise UsageError(f'"{word}" is not {what}.{hint} Allowed: {", ".join(allowed)}.')
