"""The command line: `asc-compliance`. Each command imports what it needs when it runs, so that help is quick."""

import gc
import os
import sys
import traceback

import typer

from flows.commands import (
    acting,
    cases,
    dates,
    deciding,
    inputs,
    keeping,
    looking,
    month,
    mornings,
    notices,
    papers,
    places,
    settings,
)
from flows.room import said_of_outside
from pipeline.errors import AscError

app = typer.Typer(
    name="asc-compliance",
    help="The monthly enforcement pipeline for England's mandatory adult social care data collection.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

dates.add_to(app)
inputs.add_to(app)
month.add_to(app)
mornings.add_to(app)
looking.add_to(app)
deciding.add_to(app)
places.add_to(app)
notices.add_to(app)
acting.add_to(app)
cases.add_to(app)
papers.add_to(app)
settings.add_to(app)
keeping.add_to(app)


def main() -> None:
    """Run a command; a refusal ends with its message and exit code, the disk's with one line and 1, ours with a traceback and 1."""
    os.umask(0o077)
    if not all(word.encode("utf-8", "ignore").decode() == word for word in sys.argv):
        sys.stderr.write("A word of the command is not UTF-8 text. Write it again.\n")
        sys.exit(2)
    gc.set_threshold(1_000_000)  # a month is millions of cells and no cycles: looking for some takes a quarter of a run
    try:
        app()
    except AscError as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(refusal.exit_code)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as fault:
        if (line := said_of_outside(fault)) is not None:
            sys.stderr.write(f"{line}\n")
            sys.exit(1)
        traceback.print_exc()
        sys.stderr.write(
            "This is a fault of asc-compliance, not of your files. Please report it with the lines above.\n"
        )
        sys.exit(1)
