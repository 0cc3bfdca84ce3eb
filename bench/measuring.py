"""How something is measured: a fresh process, its whole tree, and what may be said of it."""

import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
PRODUCT = Path(sys.executable).parent / "asc-compliance"
LIBRARIES = ("asc-compliance", "duckdb", "openpyxl", "pandas", "pyarrow", "typst", "weasyprint", "xlsxwriter")
SPREAD = 0.15


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


def facts() -> str:
    """Say where and on what this was measured."""
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
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
