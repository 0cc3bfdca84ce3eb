"""Runs the command line and kills it at one of its writes: `python -m tests.kill_point POINT NUMBER WHO WORDS...`.

WHO is `alone` (as the kernel does when memory is short: worker processes live on) or `group`. With POINT `count` nothing is
killed, and a line of JSON at the end says how often each point was passed.
"""

import json
import os
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Points:
    """The points passed so far, and the one at which to die."""

    def __init__(self, point: str, number: int, who: str) -> None:
        self._point, self._number, self._who = point, number, who
        self.passed: Counter[str] = Counter()

    def come_to(self, point: str, last_act: Callable[[], object] = lambda: None) -> None:
        """Note that a point is passed, or die there after a last act."""
        self.passed[point] += 1
        if (point, self.passed[point]) == (self._point, self._number):
            last_act()
            if self._who == "group":
                os.killpg(0, signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, owner: Any, name: str, called: str) -> None:
        """Come to a point before and after each call of a function."""
        true = getattr(owner, name)

        def watched(*args: Any, **words: Any) -> Any:
            self.come_to(f"before-{called}")
            answer = true(*args, **words)
            self.come_to(f"after-{called}")
            return answer

        setattr(owner, name, watched)

    def watch_writing(self) -> None:
        """Come to a point at each file written at once, where half of it is written."""
        true = Path.write_bytes

        def watched(path: Path, content: bytes) -> int:
            self.come_to("torn-write", lambda: true(path, content[: len(content) // 2]))
            return true(path, content)

        Path.write_bytes = watched  # type: ignore[method-assign, assignment]


def main(point: str, number: str, who: str, *words: str) -> None:
    """Watch every way in which something is made to last, then run the command."""
    from sqlalchemy.engine.default import DefaultDialect

    from flows.cli import main as command_line

    points = Points(point, int(number), who)
    for name in ("fsync", "sync", "rename", "replace", "unlink"):
        points.watch(os, name, name)
    points.watch(shutil, "copyfile", "copy")
    points.watch(DefaultDialect, "do_commit", "commit")
    points.watch(DefaultDialect, "do_execute", "statement")
    points.watch_writing()
    sys.argv = ["asc-compliance", *words]
    try:
        command_line()
    finally:
        if point == "count":
            sys.stdout.write(f"{json.dumps(points.passed)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
