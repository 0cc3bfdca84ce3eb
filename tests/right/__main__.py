"""How often does each check stop a month whose files are right? `python -m tests.right --units 300 --worlds 200`."""

import argparse
import functools
import multiprocessing
import sys

from tests.right.rates import report, tried


def main() -> int:
    """Run the worlds and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.right", description="How often a check stops right files.")
    parser.add_argument("--units", type=int, default=300)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--tended", action="store_true")
    parser.add_argument("--say", action="store_true", help="print what each check said")
    asked = parser.parse_args()
    fired = []
    seeds = range(asked.seed, asked.seed + asked.worlds)
    one = functools.partial(tried, units=asked.units, is_tended=asked.tended)
    with multiprocessing.get_context("spawn").Pool(asked.jobs, maxtasksperchild=20) as pool:
        for found in pool.imap(one, seeds):
            fired.append(found)
            if asked.say and (found.now or found.before):
                sys.stdout.write(f"world {found.seed}: {sorted(found.before)} {sorted(found.now)}\n")
                sys.stdout.write("".join(f"    {line[:400]}\n" for line in found.said))
                sys.stdout.flush()
    sys.stdout.write(report(fired, asked.units) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
