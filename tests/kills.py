"""Kills the command line at seeded moments and points, runs it again, and compares with a home that nobody disturbed.

`python -m tests.kills --kills 500` goes on until so many have landed, and says in one line where they did.
"""

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.kills_world import TARGETS, Prepared, Target, environment, prepared, script
from tests.worlds import release_of

ROOT = Path(__file__).parents[1]
AT_ONCE = len(os.sched_getaffinity(0)) + 1  # one more than cores: half of the kills begin with waiting
MEMORY, ENOUGH = Path("/dev/shm"), 500_000_000  # homes in memory are quicker: nothing waits for a disk
SHARES = {"run": 0.12, "approve": 0.36, "issue": 0.52}  # of all kills: a run takes longest to make again


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: of which command, and after what share of its time, or at which point, alone or with its workers."""

    target: Target
    share: float = 0.0
    point: str = ""
    number: int = 0
    who: str = "group"

    def __str__(self) -> str:
        where = f"{self.point} {self.number} ({self.who})" if self.point else f"{self.share:.3f} of its time"
        return f"{self.target.name} killed at {where}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a kill: where it landed, what does not hold, and how the second run ended."""

    kill: Kill
    landed: str
    problems: list[str]


def kills(known: Prepared, count: int, seed: int) -> Iterator[Kill]:
    """Yield so many kills, half at a moment and half at a point; each kind of point has the same chance, its calls too."""
    rng = random.Random(seed)
    by_name = {target.name: target for target in TARGETS}
    names = [name for name, share in SHARES.items() for _ in range(max(1, round(share * count)))]
    names = (names + ["issue"] * count)[:count]
    for place, name in enumerate(names):
        points = known.points[name]
        if place % 2:
            yield Kill(by_name[name], share=rng.random())
        else:
            point = rng.choice(sorted(points))
            yield Kill(
                by_name[name],
                point=point,
                number=rng.randint(1, points[point]),
                who=rng.choice(("alone", "group")),
            )


def every_point(known: Prepared, target: Target, most: int) -> Iterator[Kill]:
    """Yield a kill at every point of a command; of a point passed more than `most` times, as many, evenly spread."""
    for point, passed in sorted(known.points[target.name].items()):
        for number in sorted({1 + step * (passed - 1) // max(1, most - 1) for step in range(min(most, passed))}):
            yield Kill(target, point=point, number=number, who="alone" if number % 2 else "group")


def struck(known: Prepared, kill: Kill, home: Path) -> Outcome:
    """Kill a command at work on a copy of its prepared home, run it again, and say where it landed and what is wrong."""
    start = known.before[kill.target.name]
    shutil.copytree(start, home)
    words = kill.target.words(known.inbox, home)
    group = _killed(kill, words, known.seconds[kill.target.name])
    landed = where(start, home, kill.target)
    problems = kill.target.halves(home)
    again = subprocess.run([*script(), *words], capture_output=True, text=True, env=environment(), check=False)
    may_be = (0, 5) if kill.target.name == "approve" and landed == "after" else (0,)
    if again.returncode not in may_be or "Traceback" in again.stderr:
        problems.append(f"run again, it ended with {again.returncode}: {again.stderr.strip()[-400:]}")
    if _lives(group):
        problems.append("processes of the killed command live on")
    return Outcome(kill, landed, problems)


def _killed(kill: Kill, words: list[str], seconds: float) -> int:
    """Start a command in a group of its own and kill it, unless it ends before that; return the number of the group."""
    order = [*script(), *words]
    if kill.point:
        order = [sys.executable, "-m", "tests.kill_point", kill.point, str(kill.number), kill.who, *words]
    command = subprocess.Popen(
        order, cwd=ROOT, env=environment(), start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    if kill.point:
        command.wait()
        if command.returncode != -signal.SIGKILL:
            raise RuntimeError(f"{kill}: it ended with {command.returncode} and was not killed")
    else:
        time.sleep(kill.share * seconds)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(command.pid, signal.SIGKILL)
        command.wait()
    return command.pid


def _lives(group: int) -> bool:
    """Say whether a process of a group is left, a moment after the second run has ended."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return any(
        fields[0] not in "ZX" and int(fields[2]) == group
        for path in Path("/proc").glob("[0-9]*/stat")
        if (fields := _stat(path))
    )


def _stat(path: Path) -> list[str]:
    try:
        return path.read_text().rpartition(")")[2].split()
    except OSError:
        return []


def where(start: Path, home: Path, target: Target) -> str:
    """Say whether a kill landed before the command changed anything, during its work, or after all of it."""
    if target.is_done(home):
        return "after"
    return "before" if _files(start) == _files(home) else "during"


def _files(home: Path) -> set[tuple[str, int]]:
    return {
        (str(path.relative_to(home)), path.stat().st_size if path.is_file() else 0)
        for path in home.rglob("*")
        if path.name != "lock"
    }


def differences(known: Prepared, outcome: Outcome, home: Path) -> list[str]:
    """Return all that does not hold of a home after the second run, beside a home that nobody disturbed."""
    try:
        return [*outcome.problems, *_unlike(known, outcome.kill.target.name, home)]
    except (OSError, LookupError, ValueError) as error:
        return [*outcome.problems, f"what is left cannot be read: {error}"]


def _unlike(known: Prepared, name: str, home: Path) -> Iterator[str]:
    wanted, found = known.states[name], known.state_of(home)
    for part in wanted:
        if found[part] != wanted[part]:
            yield f"{part} differ from those of an undisturbed home"
    for path in home.iterdir():
        if path.name == "staging" or path.name.startswith("."):
            yield f"{path.name} is left"
    if release_of(home).name != release_of(known.after["run"]).name:
        yield "the release has another id"
    yield from known.miscounts(home, name)


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """Yield an empty folder, in memory where there is enough of it."""
    is_quick = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH
    with tempfile.TemporaryDirectory(prefix="kills-", dir=MEMORY if is_quick else None) as place:
        yield Path(place)


def carried_out(known: Prepared, wanted: list[Kill], folder: Path) -> Iterator[Outcome]:
    """Carry kills out, as many at once as there are cores, and yield each with all its problems."""

    def one(numbered: tuple[int, Kill]) -> tuple[Outcome, Path]:
        number, kill = numbered
        home = folder / f"home-{number}"
        return struck(known, kill, home), home

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for outcome, home in pool.map(one, enumerate(wanted)):
            problems = differences(known, outcome, home)
            if problems:
                shutil.copytree(home, Path(tempfile.mkdtemp(prefix="killed-")) / "home")
            shutil.rmtree(home)
            yield Outcome(outcome.kill, outcome.landed, problems)


def counted(outcomes: list[Outcome]) -> str:
    """Say in one line how many kills landed where, and how many did harm."""
    landed = Counter(outcome.landed for outcome in outcomes)
    each = Counter((outcome.kill.target.name, outcome.landed) for outcome in outcomes)
    parts = "; ".join(
        f"{target.name} {', '.join(f'{each[target.name, place]} {place}' for place in ('before', 'during', 'after'))}"
        for target in TARGETS
    )
    total = ", ".join(f"{landed[place]} {place}" for place in ("before", "during", "after"))
    return f"{len(outcomes)} kills: {total} ({parts}); {sum(bool(o.problems) for o in outcomes)} did harm"


def main() -> int:
    """Kill as often as asked; 1 if any kill did harm."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills")
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--points", type=int, default=0, help="instead: at every point, each at most so many times")
    asked = parser.parse_args()
    with workplace() as place:
        known = prepared(place / "prepared")
        wanted = list(kills(known, asked.kills, asked.seed))
        if asked.points:
            wanted = [kill for target in TARGETS for kill in every_point(known, target, asked.points)]
        outcomes = []
        for outcome in carried_out(known, wanted, place):
            outcomes.append(outcome)
            for problem in outcome.problems:
                sys.stderr.write(f"{outcome.kill}, landed {outcome.landed}: {problem}\n")
    sys.stdout.write(f"{counted(outcomes)}\n")
    return int(any(outcome.problems for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
