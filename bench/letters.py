"""What does a letter cost, beside a bare compile of the same source and beside WeasyPrint? `python -m bench.letters`.

The product's figure holds all of a letter's way: wording, setting, our own check, the file and its evidence. CPU is that of
the letters alone, after a first one; every case runs in a fresh process, in turn.
"""

import argparse
import datetime as dt
import html
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from bench.measuring import facts, measured
from flows.settings import parameters
from pipeline.enforce.grounds import Address, Fee
from pipeline.enforce.notices import DueUnit, Miss, Notice
from pipeline.rules.notice_dates import Method, letter_dates
from pipeline.rules.windows import add_months, window_for
from pipeline.rules.working_days import WorkingDays
from reports.letters.check import Expected
from reports.letters.making import Order, make
from reports.letters.setting import pdf_of
from reports.letters.source import NOTICE_OF_INTENT, source_of
from reports.letters.wording import Dates, Limits, values_of
from reports.sender import Sender

SENT, MONTH, DAYS, VALUES = dt.date(2025, 1, 6), dt.date(2024, 12, 1), WorkingDays(), parameters()
SENDER = Sender("Invented Team", "1 Imaginary Square, Invented Town, ZZ99 1AA", "A. N. Example", "Head of Inventions",
                "01632 960000", "a@invalid.example", "1 Imaginary Square", "b@invalid.example", True)  # fmt: skip
LAST = [window_for(add_months(MONTH, -n), DAYS, VALUES) for n in range(11, -1, -1)]


def notice(number: int) -> Notice:
    """Return an invented provider with one to four services, of which each missed three windows or more."""
    units = tuple(
        DueUnit(
            f"1-9{number:05d}{n:03d}", f"Imaginary House {number}.{n}", "care_home", "Kent", "3 windows in a row", None,
            tuple(Miss(w.month, w.opens_on, w.closes_on, None) for w in LAST[-(3 + number % 3) :]),
        )
        for n in range(1 + number % 4)
    )  # fmt: skip
    fee = Fee((100_000 + number,), dt.date(2024, 12, 2), "2024/25", "invented", "fees.csv", "0" * 64, number)
    address = Address((f"{number} Imaginary Road", "Invented Town", "Nowhereshire", "ZZ99 1AB"), "invented")
    return Notice(
        f"NOI-2024-12-{number:04d}", f"1-8{number:08d}", f"Invented Care {number} Ltd", 9, units, (), fee, address, None
    )


def order(number: int, folder: Path) -> tuple[Order, dict[str, Any]]:
    """Return what the product makes of one notice, and the windows its evidence shows."""
    one = notice(number)
    windows = {
        unit.key: [
            {"month": f"{w.month:%Y-%m}", "outcome": "missed" if w.month in {m.month for m in unit.misses} else "submitted",
             "evidence": [{"file": "export.csv", "sha256": "0" * 64, "row": number, "value": "No"}]}
            for w in LAST
        ]
        for unit in one.units
    }  # fmt: skip
    in_force = VALUES.on(SENT)
    dates = Dates(SENT, letter_dates(SENT, Method.POST, DAYS, in_force), window_for(dt.date(2025, 1, 1), DAYS, VALUES))
    siblings = {unit.location_id: ["care_home"] for unit in one.units}
    values = values_of(one, siblings, windows, Limits(3, 4, 12), SENDER, dates)
    words = (one.ref, str(values["amount"]), *(unit.location_id for unit in one.units))
    expected = Expected(tuple(one.address_lines), words, True, 10, 2 << 20)
    path = folder / f"{one.ref}.pdf"
    evidence = {"letter_ref": one.ref, "units": {f"{key}": lines for key, lines in windows.items()}}
    return Order(one.ref, source_of(NOTICE_OF_INTENT, values), SENT, path, expected), evidence


def product(folder: Path) -> Callable[[int], None]:
    """Return the product's way: wording, setting, check, file and evidence."""

    def work(number: int) -> None:
        asked, evidence = order(number, folder)
        assert not make(asked).problems
        (folder / f"{asked.ref}.json").write_text(json.dumps(evidence, indent=1, default=str), encoding="utf-8")

    return work


def bare(folder: Path) -> Callable[[int], None]:
    """Return a compile of the same source and nothing else; the sources are made beforehand."""
    sources: dict[int, str] = {}

    def work(number: int) -> None:
        if number not in sources:
            sources.update({n: order(n, folder)[0].source for n in range(1, 3002)})
        (folder / f"{number}.pdf").write_bytes(pdf_of(sources[number], SENT))

    return work


def weasyprint(folder: Path) -> Callable[[int], None]:
    """Return the same words through WeasyPrint, fonts reused, PDF/UA-1."""
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()

    def work(number: int) -> None:
        words = [line for line in order(number, folder)[0].source.splitlines() if line and not line.startswith("#")]
        body = "".join(f"<p>{html.escape(line)}</p>" for line in words)
        page = f'<html lang="en-GB"><head><title>Notice</title></head><body><h1>Notice</h1>{body}</body></html>'
        made = HTML(string=page).write_pdf(font_config=fonts, pdf_variant="pdf/ua-1")
        (folder / f"{number}.pdf").write_bytes(made)

    return work


CASES = {"product": product, "bare compile": bare, "WeasyPrint": weasyprint}


def run_case(name: str, letters: int) -> None:
    """Make the letters of one case and print what they cost, after a first one that is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        work = CASES[name](Path(folder))
        work(1)
        began, early = time.process_time(), 0
        for number in range(2, letters + 2):
            work(number)
            if number == letters // 10 + 1:
                early = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        cpu = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"ms": 1000 * cpu / letters, "peak_mb": peak / 1024, "grown_mb": (peak - early) / 1024}))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.letters", description="A letter beside its peers.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--letters", type=int, default=300)
    parser.add_argument("--case", choices=list(CASES))
    asked = parser.parse_args()
    if asked.case:
        run_case(asked.case, asked.letters)
        return
    print(f"{asked.letters:,} letters")
    print(facts(), flush=True)
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in CASES}
    for _ in range(asked.rounds):
        for name in CASES:
            command: list[object] = [sys.executable, "-m", "bench.letters", "--case", name, "--letters", asked.letters]
            rounds[name].append(json.loads(measured(command).said))
    ms = {name: median(figure["ms"] for figure in figures) for name, figures in rounds.items()}
    print(f"{'case':<14}{'CPU ms a letter':>17}{'peak MB':>9}{'grown MB':>10}")
    for name, figures in rounds.items():
        peak, grown = (max(figure[key] for figure in figures) for key in ("peak_mb", "grown_mb"))
        print(f"{name:<14}{ms[name]:17.1f}{peak:9.0f}{grown:10.1f}")
    print(f"\nproduct / bare compile: {ms['product'] / ms['bare compile']:.2f}")
    print(f"product / WeasyPrint: {ms['product'] / ms['WeasyPrint']:.2f}")


if __name__ == "__main__":
    main()
