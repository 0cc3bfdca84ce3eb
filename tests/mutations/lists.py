"""Lists that we published ourselves and that come back as if they were inputs, edited or not."""

import csv
import io
import random
from pathlib import Path

import openpyxl

from tests.mutations.kinds import REFUSED, kind, replaced
from tests.mutations.world import TYPES, Change, World, units
from tests.worlds import release_of


def councils(world: World) -> list[Path]:
    """Return the folders of authorities that have somebody listed."""
    codes = {row["la_code"] for row in world.clean.units.values() if row["status"] in ("notice_due", "at_risk")}
    return sorted(release_of(world.home) / "local-authorities" / code for code in codes)


def workbook(world: World, rng: random.Random) -> Path:
    (path,) = rng.choice(councils(world)).glob("at-risk-*.xlsx")
    return path


def csv_list(world: World, rng: random.Random) -> tuple[Path, str]:
    """Return a CSV for a council that has rows, and its type."""
    paths = [
        (path, kind)
        for folder in councils(world)
        for kind in TYPES
        for path in folder.glob(f"at-risk-*-{kind.replace('_', '-')}-*.csv")
        if path.read_bytes().count(b"\n") > 1
    ]
    return rng.choice(paths)


def back(name: str, data: bytes) -> Change:
    """Return a list laid beside the inputs, which are all there and right."""
    return Change({name: data}, frozenset())


@kind(REFUSED)
def our_workbook_comes_back(world: World, rng: random.Random) -> Change:
    path = workbook(world, rng)
    return back(f"{path.stem} returned 17.12.2024.xlsx", path.read_bytes())


@kind(REFUSED)
def our_workbook_comes_back_under_an_exports_name(world: World, rng: random.Random) -> Change:
    return back("Update monthly status care home 2024-12-17.xlsx", workbook(world, rng).read_bytes())


@kind(REFUSED)
def our_workbook_comes_back_edited(world: World, rng: random.Random) -> Change:
    """The officer turned the last answers to Yes and saved it."""
    path = workbook(world, rng)
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "No":
                    cell.value = "Yes"
    out = io.BytesIO()
    book.save(out)
    return back(f"{path.stem} corrected 17.12.2024.xlsx", out.getvalue())


@kind(REFUSED)
def one_sheet_of_our_workbook_comes_back(world: World, rng: random.Random) -> Change:
    """Only the list was kept, copied as values into a new workbook, without the title row."""
    book = openpyxl.load_workbook(workbook(world, rng))
    new = openpyxl.Workbook()
    target = new.active
    assert target is not None
    for sheet in book.worksheets:
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        starts = [n for n, row in enumerate(rows) if "CQC Location ID" in row]
        if starts and len(rows) > starts[0] + 1:
            kept = rows[starts[0] :]
            break
    for row in kept:
        target.append(row)
    provider_type = kept[1][kept[0].index("Provider Type")]
    out = io.BytesIO()
    new.save(out)
    return back(f"{provider_type} 2024-12-17 from the council.xlsx", out.getvalue())


@kind(REFUSED)
def our_csv_comes_back(world: World, rng: random.Random) -> Change:
    path, provider_type = csv_list(world, rng)
    return back(f"{provider_type.replace('_', ' ')} 2024-12-17 {path.name}", path.read_bytes())


@kind(REFUSED)
def our_csv_comes_back_edited(world: World, rng: random.Random) -> Change:
    """Answers turned to Yes, headings made months again, saved with semicolons."""
    path, provider_type = csv_list(world, rng)
    text = path.read_text(encoding="utf-8-sig").replace("Window ", "").replace(",No", ",Yes").replace('"', "")
    return back(f"{provider_type.replace('_', '-')}-2024-12-17.csv", text.encode("cp1252", "replace"))


@kind(REFUSED)
def our_csv_comes_back_with_two_of_our_headings(world: World, rng: random.Random) -> Change:
    """Every column that could tell is deleted but two."""
    path, provider_type = csv_list(world, rng)
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    ours = set(rng.sample(["Windows missed in a row", "Last window submitted", "Next window closes", "What to do"], 2))
    other = {
        "Status",
        "Reason",
        "Windows missed in a row",
        "Last window submitted",
        "Next window opens",
        "Next window closes",
        "What to do",
    }
    kept = [n for n, heading in enumerate(head) if heading not in other - ours]
    text = "\n".join(",".join(row[n].replace(",", " ") for n in kept) for row in [head, *rows]).replace(
        "Window Dec", "Dec"
    )
    return back(f"status {provider_type.replace('_', '-')} 2024-12-17.csv", text.replace("Window ", "").encode())


@kind(REFUSED)
def our_national_list_comes_back(world: World, rng: random.Random) -> Change:
    path = release_of(world.home) / "national" / rng.choice(("at-risk.csv", "at-risk.xlsx", "services.csv"))
    return back(f"care-home-2024-12-17 national{path.suffix}", path.read_bytes())


@kind(REFUSED)
def our_list_in_the_place_of_an_export(world: World, rng: random.Random) -> Change:
    path, provider_type = csv_list(world, rng)
    file = world.exports[provider_type]
    data = path.read_bytes()
    return Change(replaced(file.name, file.stem + ".csv", data), units(file.table.locations(), provider_type))
