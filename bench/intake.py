"""How much work is it to take a national status export in? `python -m bench.intake [--rounds N] [--units N]`.

The product archives, checks and stores a CSV and a workbook; the peers only load the CSV into a DuckDB file with typed columns,
and only read the workbook with openpyxl. Each case in a fresh process, in turn; imports and the making of an empty home are
outside the figure, the work of child processes is inside. Compare the ratios of one run, never seconds of two.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.inputs import make
from bench.measuring import PRODUCT, ROOT, facts

CASES = ("product csv", "product csv again", "product csv ten times", "product xlsx", "duckdb csv", "openpyxl xlsx")


def cpu() -> float:
    """Return the CPU seconds of this process and its ended children."""
    import resource

    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def product(files: list[Path], again: bool = False) -> dict[str, float]:
    """Take files in, into a new home; with `again`, the figure is that of the second time."""
    import datetime as dt
    import gc
    import importlib

    from flows.opening import writing
    from pipeline.intake.ingest import ingest
    from pipeline.intake.statements import Statement
    from pipeline.record.home import Home

    importlib.import_module("pyarrow")  # the product imports it inside the work
    gc.set_threshold(1_000_000)
    moment = dt.datetime.now(dt.UTC)
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        with writing(home, moment):
            pass
        for _ in range(2 if again else 1):
            began = cpu()
            with writing(home, moment) as (stores, _staging):
                taken = ingest(stores, files, Statement(), "bench", moment)
            spent = cpu() - began
        cells = sum(one.intake.rows for one in taken)
        return {"cpu": spent, "rows": cells, "bytes": home.facts.stat().st_size}


def duckdb_csv(files: list[Path]) -> dict[str, float]:
    """Load the CSVs into a DuckDB file, the columns declared and typed."""
    import csv

    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        connection = duckdb.connect(f"{folder}/bare.duckdb", config={"threads": 2})
        began = cpu()
        for number, path in enumerate(files):
            with path.open(encoding="utf-8-sig", newline="") as opened:
                heads = next(csv.reader(opened))
            columns = {head: "INTEGER" if head == "User Count" else "VARCHAR" for head in heads}
            connection.execute(
                f"CREATE TABLE t{number} AS SELECT * FROM read_csv($file, header = true, auto_detect = false, delim = ',',"
                f" quote = '\"', escape = '\"', columns = {columns})",
                {"file": str(path)},
            )
        connection.execute("CHECKPOINT")
        connection.close()
        return {"cpu": cpu() - began}


def openpyxl_xlsx(files: list[Path]) -> dict[str, float]:
    """Read every row of the workbooks."""
    import openpyxl

    began = cpu()
    for path in files:
        for sheet in openpyxl.load_workbook(path, read_only=True):
            for _ in sheet.iter_rows(values_only=True):
                pass
    return {"cpu": cpu() - began}


WORK: dict[str, Callable[[list[Path]], dict[str, float]]] = {
    "product csv": product,
    "product csv again": lambda files: product(files, again=True),
    "product csv ten times": product,
    "product xlsx": product,
    "duckdb csv": duckdb_csv,
    "openpyxl xlsx": openpyxl_xlsx,
}


def in_fresh_process(case: str, files: list[Path]) -> dict[str, float]:
    """Measure one case in a process of its own."""
    order = [sys.executable, "-m", "bench.intake", "--case", case, *map(str, files)]
    ended = subprocess.run(order, cwd=ROOT, check=True, capture_output=True, text=True)
    answer: dict[str, float] = json.loads(ended.stdout)
    return answer


def inputs(folder: Path, units: int, months: int) -> list[Path]:
    """Invent status exports as CSV."""
    inbox = make(PRODUCT, folder, units, months)
    return sorted(path for path in inbox.iterdir() if path.name.startswith("update"))


def as_books(files: list[Path], folder: Path) -> list[Path]:
    """Write the same rows as workbooks."""
    import csv

    import xlsxwriter

    folder.mkdir()
    books = []
    for path in files:
        books.append(folder / f"{path.stem}.xlsx")
        with xlsxwriter.Workbook(books[-1], {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            with path.open(encoding="utf-8-sig", newline="") as opened:
                for number, row in enumerate(csv.reader(opened)):
                    sheet.write_row(number, 0, row)
    return books


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.intake", description="Taking a national export in.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--units", type=int, default=28_000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--case")
    parser.add_argument("files", nargs="*", type=Path)
    asked = parser.parse_args()
    if asked.case:
        print(json.dumps(WORK[asked.case](asked.files)))
        return 0
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        texts = inputs(Path(folder) / "one", asked.units, asked.months)
        given = dict.fromkeys(CASES, texts)
        given["product xlsx"] = given["openpyxl xlsx"] = as_books(texts, Path(folder) / "books")
        given["product csv ten times"] = inputs(Path(folder) / "ten", 10 * asked.units, asked.months)
        print(f"{asked.units:,} units x {asked.months} months\n{facts()}", flush=True)
        rounds = [{case: in_fresh_process(case, files) for case, files in given.items()} for _ in range(asked.rounds)]
    spent = {case: median(figures[case]["cpu"] for figures in rounds) for case in CASES}
    for case, seconds in spent.items():
        print(f"{case:24} {seconds:8.2f} s CPU")
    one = rounds[0]["product csv"]
    print(f"\nproduct csv / duckdb csv: {spent['product csv'] / spent['duckdb csv']:.2f} (aim 2)")
    print(f"product xlsx / openpyxl xlsx: {spent['product xlsx'] / spent['openpyxl xlsx']:.2f} (aim 0.25)")
    print(f"the same file again / first time: {spent['product csv again'] / spent['product csv']:.2f} (aim 0.3)")
    print(f"ten times the units / one: {spent['product csv ten times'] / spent['product csv']:.1f} (aim 10)")
    print(f"facts file: {one['bytes'] / one['rows'] / asked.months:.1f} bytes per unit and window (aim 8)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
