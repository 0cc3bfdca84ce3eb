"""What do the checks of a whole export cost, and the looks at what a cell is? `python -m bench.checks [--rounds N] [--units N]`.

A national month with a release of the month before, and the taking in of workbooks: each as the code is now and as it was at
another commit, in turn, each in a fresh process on a copy of the same home. The work of child processes is inside the figures,
imports are outside. Compare the shares and ratios of one run, never seconds of two.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from bench.inputs import make
from bench.intake import as_books, cpu, inputs
from bench.measuring import PRODUCT, ROOT, SPREAD, facts

BASE = "6166109aca7f"  # the last commit before exports were judged as a whole
MONTH, EARLIER = "2024-12", "2024-11"
TAKEN = {MONTH: "2024-12-17", EARLIER: "2024-11-18"}
LAST_COLUMN = "Dec"
JUDGING = ("judge", "find", "check")
MOST_OF_MONTH, MOST_OF_INTAKE = 0.03, 0.10


def month(home: Path, inbox: Path) -> dict[str, float]:
    """Run the month, and return the CPU of every stage and of the whole."""
    import datetime as dt
    import importlib

    from flows.made_of import Order
    from flows.run_month import run_month
    from pipeline.record.home import Home

    for name in ("bench.product", "pyarrow", "xlsxwriter", "duckdb"):
        importlib.import_module(name)
    spent: dict[str, float] = {}

    def step(stage: str, work: Callable[[], Any]) -> Any:
        began = cpu()
        try:
            return work()
        finally:
            spent[stage] = spent.get(stage, 0) + cpu() - began

    day, began = dt.date.fromisoformat(TAKEN[MONTH]), cpu()
    run_month(Order(Home(home), dt.date(2024, 12, 1), day, "bench", [inbox]), dt.datetime.now(dt.UTC), step)
    return {**spent, "whole": cpu() - began}


def inboxes(folder: Path, units: int, months: int) -> dict[str, Path]:
    """Invent the month, and the same files without their last column as those of the month before."""
    now, before = make(PRODUCT, folder, units, months), folder / "before"
    before.mkdir()
    for path in sorted(now.iterdir()):
        earlier = before / path.name.replace(TAKEN[MONTH], TAKEN[EARLIER])
        if not path.name.startswith("update"):
            shutil.copy(path, earlier)
            continue
        with (
            path.open(encoding="utf-8-sig", newline="") as opened,
            earlier.open("w", encoding="utf-8", newline="") as file,
        ):
            rows = csv.reader(opened)
            heads = next(rows)
            kept = [n for n, head in enumerate(heads) if not head.startswith(LAST_COLUMN)]
            csv.writer(file).writerows([row[n] for n in kept] for row in [heads, *rows])
    return {MONTH: now, EARLIER: before}


def tree_of(commit: str, folder: Path) -> Path | None:
    """Unpack the code of a commit, with these measurements in it; None where there is no such commit."""
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True)
    if packed.returncode:
        return None
    folder.mkdir()
    archive = folder / "tree.tar"
    archive.write_bytes(packed.stdout)
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    archive.unlink()
    shutil.copy(__file__, folder / "bench" / Path(__file__).name)
    return folder


def said(tree: Path, *words: object) -> str:
    """Return what a module of a tree prints, in a fresh process."""
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    order = [sys.executable, "-m", *map(str, words)]
    ended = subprocess.run(order, cwd=tree, env=environment, capture_output=True, text=True)
    if ended.returncode:
        raise SystemExit(
            f"bench: {' '.join(order[2:5])} in {tree} ended with {ended.returncode}.\n{ended.stderr[-2000:]}"
        )
    return ended.stdout


def home_before(tree: Path, world: Path, inbox: Path, home: Path) -> Path:
    """Publish the month before with the code of a tree; where a check stops the invented month, it is accepted."""
    home.mkdir(mode=0o700)
    shutil.copy(world / "home" / "settings.toml", home)
    words = ("bench.product", "run", "--month", EARLIER, "--inbox", inbox, "--home", home, "--as-at", TAKEN[EARLIER])
    said(tree, *words, "--accept", "missed-jump", "--because", "an invented month")
    return home


def share(part: float, whole: float, aim: float | None = None) -> str:
    """Return a share in words, with its aim."""
    return f"{part / whole:+.1%}" + (f" (aim {aim:.0%})" if aim else "")


def told(rounds: list[dict[str, dict[str, float]]]) -> str:
    """Return the figures of every tree, and what they come to."""
    middle = {
        case: {stage: median(one[case].get(stage, 0.0) for one in rounds) for stage in rounds[0][case]}
        for case in rounds[0]
    }
    lines = []
    for case, stages in middle.items():
        whole = "whole" if "whole" in stages else "cpu"
        figures = [one[case][whole] for one in rounds]
        mark = (
            f"  * rounds differ by {max(figures) / min(figures) - 1:.0%}"
            if max(figures) / min(figures) - 1 > SPREAD
            else ""
        )
        shown = ", ".join(
            f"{stage} {seconds:.2f}" for stage, seconds in stages.items() if stage not in ("rows", "bytes")
        )
        lines.append(f"{case:<16} CPU s: {shown}{mark}")
    now = middle["month now"]
    lines += ["", f"the checks, of the month: {share(now['check'], now['whole'])}"]
    if "month base" in middle:
        base = middle["month base"]
        for stage in (*JUDGING, "take in", "make"):
            lines.append(
                f"{stage}, more than at the base, of the month: {share(now[stage] - base[stage], now['whole'])}"
            )
        more = now["check"] - base["check"]
        lines.append(f"the new checks, of the month: {share(more, now['whole'], MOST_OF_MONTH)}")
        for what in ("workbooks", "texts"):
            new, old = middle[f"{what} now"]["cpu"], middle[f"{what} base"]["cpu"]
            lines.append(f"taking {what} in, more than at the base: {share(new - old, old, MOST_OF_INTAKE)}")
    return "\n".join(lines)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.checks", description="What the checks of whole exports cost."
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--units", type=int, default=30_000)
    parser.add_argument("--intake-units", type=int, default=28_000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--base", default=BASE, help="the commit to compare with")
    parser.add_argument("--case", nargs=2, type=Path, metavar=("HOME", "INBOX"))
    asked = parser.parse_args()
    if asked.case:
        print(json.dumps(month(*asked.case)))
        return 0
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        trees = {"now": ROOT, "base": tree_of(asked.base, folder / "base")}
        world = folder / "world"
        given = inboxes(world, asked.units, asked.months)
        texts = inputs(folder / "texts", asked.intake_units, asked.months)
        taken = {"workbooks": as_books(texts, folder / "books"), "texts": texts}
        known = {side: tree for side, tree in trees.items() if tree is not None}
        homes = {
            side: home_before(tree, world, given[EARLIER], folder / f"home {side}") for side, tree in known.items()
        }
        print(
            f"{asked.units:,} units x {asked.months} months; workbooks of {asked.intake_units:,}\n{facts()}", flush=True
        )
        rounds: list[dict[str, dict[str, float]]] = []
        for _ in range(asked.rounds):
            figures = {}
            for side, tree in known.items():
                copied = folder / "home"
                shutil.rmtree(copied, ignore_errors=True)
                shutil.copytree(homes[side], copied)
                figures[f"month {side}"] = json.loads(said(tree, "bench.checks", "--case", copied, given[MONTH]))
                for what, files in taken.items():
                    case = "product xlsx" if what == "workbooks" else "product csv"
                    figures[f"{what} {side}"] = json.loads(said(tree, "bench.intake", "--case", case, *files))
            rounds.append(figures)
    print(told(rounds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
