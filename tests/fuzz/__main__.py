"""Fuzzing for as long as one likes: `python -m tests.fuzz --minutes 60`. Every round begins with another seed."""

import argparse
import sys
import time

from hypothesis import given, seed, settings

from tests.fuzz.test_files import COMMON, PROPERTIES


def main() -> int:
    """Go on until the time is over or something is found, which is shown as Hypothesis shrinks it."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    until, number, examples = time.monotonic() + 60 * asked.minutes, asked.seed, 0
    while time.monotonic() < until:
        for holds, (cases, most) in PROPERTIES.items():
            seed(number)(settings(COMMON, max_examples=most)(given(cases)(holds)))()
            examples += most
        number += 1
        sys.stdout.write(f"round {number - asked.seed}: {examples:,} files so far, nothing found\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
