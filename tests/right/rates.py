"""How often does each check stop a month whose files are right?

The worlds are as they come; `--tended` takes those in which a careful person would see nothing wrong, as the tests do. Half
of them have a release of the month before, which is published first. The run that is counted stops in any case, for one
service more stands under an authority that nobody knows: so all checks are made, and nothing is published for nothing.
"""

import contextlib
import io
import os
import re
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.right.files import NOWHERE, as_at, write
from tests.right.world import draw

ACCEPT = re.compile(r"--accept ([a-z-]+)(?::([a-z_]+))?")
CHECKS = (
    "provider-type-missing", "authority-unmatched", "authority-empty", "population-fall", "at-risk-gone", "unknown-jump",
    "missed-jump", "looks-filtered", "rows-refused", "contradicts-register", "population-short", "history-rewritten",
    "missed-share", "nobody-missed", "register-fall",
)  # fmt: skip
EXPECTED = "authority-unmatched"


@dataclass(slots=True)
class Fired:
    """What stopped the months of one world."""

    seed: int
    has_release: bool
    before: set[str] = field(default_factory=set)  # checks that stopped the month before
    now: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)


def command(*words: object) -> tuple[int, str]:
    """Return how a command ended in this process, and its messages."""
    from flows.cli import main as command_line

    messages, arguments = io.StringIO(), sys.argv
    sys.argv = ["asc-compliance", *map(str, words)]
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(messages):
            command_line()
        return 0, messages.getvalue()
    except SystemExit as end:
        return int(end.code or 0), messages.getvalue()
    finally:
        sys.argv = arguments


def accepted(said: str) -> list[str]:
    """Return the words that accept what stopped a run, as it printed them."""
    lines = [line for line in said.splitlines() if line.startswith("To publish all the same")]
    names = [f"{check}:{kind}" if kind else check for line in lines for check, kind in ACCEPT.findall(line)]
    return [word for name in dict.fromkeys(names) for word in ("--accept", name, "--because", "the files are right")]


def checks_in(code: int, said: str) -> set[str]:
    """Return the checks that stopped a run; whatever else went wrong stands as itself."""
    if code in (0, 4):
        return {word.partition(":")[0] for word in accepted(said)[1::4]}
    return {f"exit {code}"}


def tried(seed: int, units: int, is_tended: bool) -> Fired:
    """Run one world."""
    for name in ("ASC_HOME", "ASC_REGISTER_URL", "ASC_SETTINGS"):
        os.environ.pop(name, None)
    world = draw(seed, units, is_tended)
    fired = Fired(seed, world.has_release)
    with tempfile.TemporaryDirectory(prefix="right-") as folder:
        home = Path(folder) / "home"
        for month in [world.before, world.month] if world.has_release else [world.month]:
            is_last = month == world.month
            inbox = write(world, Path(folder) / f"{month:%Y-%m}", month, is_stopped=is_last)
            words = [
                "run",
                "--month",
                f"{month:%Y-%m}",
                "--inbox",
                inbox,
                "--home",
                home,
                "--as-at",
                as_at(world, month),
            ]
            code, said = command(*words)
            found = checks_in(code, said)
            if is_last:
                fired.now |= (found | {"nothing stopped it"}) if EXPECTED not in found else found - {EXPECTED}
                if f'"{NOWHERE}"' not in said or said.count("have no authority") > 1:
                    fired.now |= {EXPECTED} & found
            else:
                fired.before |= found
                if code == 4:
                    code, again = command(*words, *accepted(said))
                    if code:
                        fired.before |= {f"exit {code} where accepted"}
                        said += again
            fired.said += [
                f"{month:%Y-%m} {line}" for line in said.splitlines() if re.match(r"[a-z-]+(:[a-z_]+)?: ", line)
            ]
            if any(name.startswith("exit") for name in found):
                fired.said.append(said[-1500:])
    return fired


def report(all_fired: list[Fired], units: int) -> str:
    """Return a table: check, and in how many first runs, later runs and months before it fired."""
    first = [fired.now for fired in all_fired if not fired.has_release]
    later = [fired.now for fired in all_fired if fired.has_release]
    before = [fired.before for fired in all_fired if fired.has_release]
    groups = {"first run": first + before, "with a release": later}
    counts = {name: Counter(check for found in group for check in found) for name, group in groups.items()}
    others = sorted({check for counted in counts.values() for check in counted} - set(CHECKS))
    lines = [
        f"worlds of {units:,} units{'':<8}" + "".join(f"{f'{name} (of {len(g)})':>26}" for name, g in groups.items())
    ]
    for check in (*CHECKS, *others):
        lines.append(f"{check:<30}" + "".join(f"{counted[check]:>26}" for counted in counts.values()))
    stopped = [sum(map(bool, group)) for group in groups.values()]
    lines.append(f"{'any':<30}" + "".join(f"{count:>26}" for count in stopped))
    return "\n".join(lines)
