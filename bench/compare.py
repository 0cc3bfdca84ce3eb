"""Do two sides say the same? `python -m bench.compare RELEASE LISTS` compares, cell by cell, what both of them hold."""

import csv
import sys
from pathlib import Path

KEY = ("location_id", "provider_type")
CELLS = (
    "la_code", "outcome", "status", "reason", "windows_in_a_row", "missed_of_last_12", "windows_missed", "last_submitted_window",
)  # fmt: skip
PLACE = ("level", "la_code", "region", "provider_type")
SHOWN = 10

Cells = dict[tuple[str, ...], str]


def differences(product: Path, peer: Path) -> list[str]:
    """Return in words where the lists of `peer` differ from the release of `product`."""
    found = []
    for what, read in (("services.csv", _services), ("summary.csv", _summary), ("an authority's list", _authorities)):
        ours, theirs = read(product), read(peer)
        if not ours:
            found.append(f"{what}: the product has no row")
        found += [
            f"{what}, {' '.join(key)}: product {ours.get(key, 'nothing')!r}, peer {theirs.get(key, 'nothing')!r}"
            for key in sorted({*ours, *theirs})
            if ours.get(key) != theirs.get(key)
        ]
    return found


def _services(folder: Path) -> Cells:
    """Return the cells of the national list by unit and column."""
    rows = _rows(folder / "national" / "services.csv")
    return {(*(row[name] for name in KEY), cell): row[cell] for row in rows for cell in CELLS}


def _summary(folder: Path) -> Cells:
    """Return the counts by place, provider type and column."""
    rows = _rows(folder / "national" / "summary.csv")
    return {(*(row[name] for name in PLACE), cell): row[cell] for row in rows for cell in row if cell not in PLACE}


def _authorities(folder: Path) -> Cells:
    """Return the units listed in every authority's file."""
    return {
        (path.parent.name, path.name): " ".join(sorted(row["CQC Location ID"] for row in _rows(path)))
        for path in folder.glob("local-authorities/*/at-risk-*.csv")
    }


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    """Say what differs; exit 1 if anything does."""
    found = differences(Path(sys.argv[1]), Path(sys.argv[2]))
    for line in found[:SHOWN]:
        print(line)
    print(f"{len(found)} differences." if found else "Equal.")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
