"""How much work is a month, beside an analyst's script? `python -m bench [--rounds N] [--units N]`.

The product, the analyst's pandas script (with the workbooks it makes with openpyxl, and with its lists only) and the same
lists vectorised: all judge the same files, in turn, each in a fresh process. The product makes no workbooks yet. CPU is user + system of the whole process tree. Compare the ratios of one run, never seconds of two. The product
does more than the scripts: it archives, checks, reports findings and reads back what it made; that is in its figure too.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

from bench.compare import differences
from bench.inputs import make

ROOT = Path(__file__).parent.parent
PRODUCT = Path(sys.executable).parent / "asc-compliance"
LIBRARIES = ("asc-compliance", "duckdb", "pandas", "numpy", "pyarrow")
SPREAD = 0.15
HONEST = 3.3  # how much dearer than vectorised the analyst's script may be, or it would flatter the product

RATIOS = (("product", "analyst"), ("product", "lists only"), ("product", "vectorised"), ("lists only", "vectorised"))


@dataclass(frozen=True, slots=True)
class Measured:
    """What one process tree cost, and what it said."""

    cpu: float
    wall: float
    peak_mb: float
    said: str


def measured(order: list[object]) -> Measured:
    """Run a command in a fresh process; stop where it fails."""
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen([str(part) for part in order], cwd=ROOT, stdout=said)
        _, state, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(state)
        if process.returncode:
            raise SystemExit(f"bench: {order[0]} ended with {process.returncode}.")
        said.seek(0)
        return Measured(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, said.read().decode())


def cases(inbox: Path, out: Path) -> dict[str, list[object]]:
    """Return the commands to compare. A fresh home has no settings, so no letters are made."""
    run = ["run", "--month", "2024-12", "--as-at", "2024-12-17", "--json", "--inbox", inbox, "--home", out / "product"]
    peer = [sys.executable, "-m", "bench.peer_pandas", inbox]
    return {
        "product": [sys.executable, "-m", "bench.product", *run],
        "analyst": [*peer, out / "analyst", "--workbooks"],
        "lists only": [*peer, out / "lists only"],
        "vectorised": [*peer, out / "vectorised", "--better"],
    }


def facts(inbox: Path, units: int, months: int) -> str:
    """Say where and on what this was measured."""
    sizes = sum(path.stat().st_size for path in inbox.iterdir()) / 1e6
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{units:,} units x {months} months, {len(list(inbox.iterdir()))} files, {sizes:.1f} MB\n"
        f"{len(os.sched_getaffinity(0))} cores, {platform.machine()} {platform.system()}, load average {load}\n"
        f"Python {platform.python_version()}, {versions}\ncommit {commit()}\n"
    )


def commit() -> str:
    """Return the commit checked out."""
    head = ROOT / ".git" / "HEAD"
    text = head.read_text(encoding="utf-8").strip() if head.is_file() else "unknown"
    branch = ROOT / ".git" / text.removeprefix("ref: ")
    return branch.read_text(encoding="utf-8").strip()[:12] if branch.is_file() else text[:60]


def table(rounds: dict[str, list[Measured]]) -> str:
    """Return the figures of every case; `*` marks one that cannot be relied on."""
    lines = [f"{'case':<12}{'CPU s':>9}{'spread':>9}{'wall s':>9}{'peak MB':>9}"]
    for name, figures in rounds.items():
        cpu = [figure.cpu for figure in figures]
        spread = max(cpu) / min(cpu) - 1
        mark = " *" if spread > SPREAD else ""
        wall, peak = min(figure.wall for figure in figures), max(figure.peak_mb for figure in figures)
        lines.append(f"{name:<12}{median(cpu):9.2f}{spread:9.0%}{wall:9.2f}{peak:9.0f}{mark}")
    lines.append("CPU: median of user + system of the process tree; wall: least; peak: resident memory, greatest.")
    if any(line.endswith("*") for line in lines):
        lines.append(f"* rounds differ by more than {SPREAD:.0%}: measure again on a quieter machine.")
    return "\n".join(lines)


def ratios(rounds: dict[str, list[Measured]], faults: dict[str, list[str]]) -> str:
    """Return the ratios of CPU; none where the lists are not the same."""
    lines = []
    for upper, lower in RATIOS:
        wrong = [name for name in (upper, lower) if faults.get(name)]
        if wrong:
            lines.append(f"{upper} / {lower}: no ratio, the lists of {wrong[0]} differ from the product's")
            continue
        ratio = median(r.cpu for r in rounds[upper]) / median(r.cpu for r in rounds[lower])
        unfair = upper == "lists only" and ratio > HONEST
        lines.append(f"{upper} / {lower}: {ratio:.2f}" + (f" (over {HONEST}: not an honest peer)" if unfair else ""))
    return "\n".join(lines)


def stages(figures: list[Measured]) -> str:
    """Return the wall seconds of the product's stages."""
    seconds = [json.loads(figure.said)["seconds"] for figure in figures]
    return ", ".join(f"{stage} {median(line[stage] for line in seconds):.2f}" for stage in seconds[0])


def main() -> int:
    """Measure and print; return 1 where the lists differ."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="The product beside an analyst's script.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--units", type=int, default=28_000)
    parser.add_argument("--months", type=int, default=24)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        out = Path(folder)
        inbox = make(PRODUCT, out / "world", asked.units, asked.months)
        print(facts(inbox, asked.units, asked.months), flush=True)
        orders = cases(inbox, out)
        rounds: dict[str, list[Measured]] = {name: [] for name in orders}
        faults: dict[str, list[str]] = {name: [] for name in orders if name != "product"}
        for _ in range(asked.rounds):
            for name, order in orders.items():
                shutil.rmtree(out / name, ignore_errors=True)
                rounds[name].append(measured(order))
            release = out / "product" / "releases" / "2024-12" / json.loads(rounds["product"][-1].said)["release"]
            for name, found in faults.items():
                found += differences(release, out / name)
    print(table(rounds), f"stages of the product, wall s: {stages(rounds['product'])}", sep="\n", end="\n\n")
    print(ratios(rounds, faults))
    for name, found in faults.items():
        for line in found[:5]:
            print(f"  {name}: {line}")
    return 1 if any(faults.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
