"""Progress on standard error: a live line on a terminal, plain lines otherwise, nothing when asked to be quiet."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flows.step import Answer, Step, plain


@contextmanager
def watched(quiet: bool) -> Iterator[Step]:
    """Yield a step that says which stage is being worked on."""
    if quiet:
        yield plain
    elif sys.stderr.isatty():
        from rich.console import Console

        console = Console(stderr=True)
        with console.status("") as status:

            def live(stage: str, work: Callable[[], Answer]) -> Answer:
                status.update(f"{stage} ...")
                return work()

            yield live
    else:

        def lines(stage: str, work: Callable[[], Answer]) -> Answer:
            sys.stderr.write(f"{stage} ...\n")
            return work()

        yield lines
