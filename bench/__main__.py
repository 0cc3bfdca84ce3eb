"""How much work is a month, beside an analyst's script? `python -m bench [--rounds N] [--units N]`.

The product, the analyst's pandas script (with the workbooks it makes with openpyxl, and with its lists only) and the same
lists vectorised: all judge the same files, in turn, each in a fresh process. CPU is user + system of the whole process tree. Compare the ratios of one run, never seconds of two. The product
does more than the scripts: it archives, checks, reports findings and reads back what it made; that is in its figure too.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from bench.compare import differences
from bench.inputs import make
from bench.measuring import PRODUCT, Measured, facts, measured, table

HONEST = 3.3  # how much dearer than vectorised the analyst's script may be, or it would flatter the product

RATIOS = (("product", "analyst"), ("product", "lists only"), ("product", "vectorised"), ("lists only", "vectorised"))


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
        sizes = sum(path.stat().st_size for path in inbox.iterdir()) / 1e6
        print(f"{asked.units:,} units x {asked.months} months, {len(list(inbox.iterdir()))} files, {sizes:.1f} MB")
        print(facts(), flush=True)
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
