"""What each kind comes to, as a table: `python -m tests.mutations [--seed 5] [--earlier] [WORD ...]`."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.mutations.judge import all_kinds, judge
from tests.mutations.world import World


def main() -> int:
    """Print one line a kind whose name holds a word, and the number of those that are wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--earlier", action="store_true", help="with a release of the month before")
    parser.add_argument("words", nargs="*")
    asked = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), asked.seed, asked.earlier)
        for kind in all_kinds():
            if kind.right_with(world.has_earlier) is None or (
                asked.words and not any(word in kind.name for word in asked.words)
            ):
                continue
            judgement = judge(kind, world, Path(folder) / kind.name)
            wrong += bool(judgement.wrong)
            sys.stdout.write(
                f"{'WRONG' if judgement.wrong else 'right'} {kind.theme}.{kind.name}: {judgement.came_to}\n"
            )
            sys.stdout.writelines(f"      {line}\n" for line in judgement.wrong)
            sys.stdout.flush()
    sys.stdout.write(f"{wrong} kinds are answered wrongly\n")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
