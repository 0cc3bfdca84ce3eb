"""Lists that we published come back: known by content, refused, edited or not, whatever they are called (case 04)."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.cases.attacked.crowds import run, world
from tests.cases.dirt import HEAD, book_of, call, csv_of, look_at, row, uid
from tests.worlds import Inbox, release_of, services_of, tree_bytes

KENT = "local-authorities/E10000016/at-risk-kent"
PEOPLE = [f"{KENT}-2024-12.xlsx", f"{KENT}-care-home-2024-12.csv", f"{KENT}-home-care-2024-12.csv", "national/services.csv",
          "national/at-risk.csv", "national/at-risk.xlsx"]  # fmt: skip
WITHOUT_SERVICES = ["national/by-provider.csv", "national/summary.csv", "findings.csv"]
NOTHING = "local-authorities/E06000060/at-risk-buckinghamshire"  # an authority with nothing to report


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with services of both types on Kent's lists."""
    folder = tmp_path_factory.mktemp("published")
    inbox = world(folder, 12)
    for one in (*inbox.units[3:10:3], *inbox.units[15:22:3]):
        assert one.authority == "Kent"
        one.history = "Y" * 10 + "NN"
    inbox.write()
    answer = run(inbox, folder / "home", "--accept", "missed-jump", "--because", "on purpose")
    assert answer.code == 0, answer.err
    return release_of(folder / "home")


def is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    """By `ingest`, by `run` and by `check`: exit 3, in words that say whose list it is."""
    folder = tmp_path / "inbox"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    for answer in (
        call("ingest", folder / name, "--home", tmp_path / "home"),
        call("check", folder / name),
        call("run", "--month", "2024-12", "--as-at", "2024-12-31", "--inbox", folder, "--home", tmp_path / "home"),
    ):
        assert answer.code == 3, f"exit {answer.code}: {answer.out}{answer.err}"
        assert name in answer.err and "publish" in answer.err and "Traceback" not in answer.err, answer.err
    assert not tree_bytes(tmp_path / "home" / "releases")


def renamed(path: str) -> str:
    return f"update-monthly-status-care-home-2024-12-20{Path(path).suffix}"


@pytest.mark.parametrize("path", PEOPLE)
def test_as_published(tmp_path: Path, published: Path, path: str) -> None:
    is_refused(tmp_path, Path(path).name, (published / path).read_bytes())


@pytest.mark.parametrize("path", [*PEOPLE, *WITHOUT_SERVICES])
def test_under_the_name_of_an_export(tmp_path: Path, published: Path, path: str) -> None:
    if path in WITHOUT_SERVICES:  # no list of services; refused for whatever reason, and never taken in
        (tmp_path / renamed(path)).write_bytes((published / path).read_bytes())
        assert call("ingest", tmp_path / renamed(path), "--home", tmp_path / "home").code == 3
        return
    is_refused(tmp_path, renamed(path), (published / path).read_bytes())


@pytest.mark.parametrize("suffix", ["-2024-12.xlsx", "-care-home-2024-12.csv", "-home-care-2024-12.csv"])
def test_one_with_nothing_to_report(tmp_path: Path, published: Path, suffix: str) -> None:
    is_refused(tmp_path, f"care-home-2024-12-20{Path(suffix).suffix}", (published / f"{NOTHING}{suffix}").read_bytes())


# --- edited -----------------------------------------------------------------------------------------------------------


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def list_sheet(book: openpyxl.Workbook) -> openpyxl.worksheet.worksheet.Worksheet:
    return next(book[name] for name in book.sheetnames if name == "Care Home")


def answers_changed(book: openpyxl.Workbook) -> None:
    for cells in list_sheet(book).iter_rows():
        for cell in cells:
            cell.value = "Yes" if cell.value == "No" else cell.value


def title_deleted(book: openpyxl.Workbook) -> None:
    list_sheet(book).delete_rows(1, 2)


def cover_deleted(book: openpyxl.Workbook) -> None:
    del book["Cover"]


def only_the_list(book: openpyxl.Workbook) -> None:
    for name in [name for name in book.sheetnames if name != "Care Home"]:
        del book[name]
    title_deleted(book)


def columns_deleted(book: openpyxl.Workbook) -> None:
    """All of our own columns but two."""
    sheet = list_sheet(book)
    head = next(cells for cells in sheet.iter_rows() if cells[0].value == "CQC Location ID")
    own = {
        "Status",
        "Reason",
        "Postcode",
        "Telephone",
        "Next window opens",
        "Next window closes",
        "Last window submitted",
    }
    for index in sorted((cell.column for cell in head if cell.value in own), reverse=True):
        sheet.delete_cols(index)
    cover_deleted(book)


def sheets_renamed(book: openpyxl.Workbook) -> None:
    for number, sheet in enumerate(book.worksheets):
        sheet.title = f"Sheet{number}"


EDITS = {edit.__name__: edit for edit in (answers_changed, title_deleted, cover_deleted, only_the_list, columns_deleted, sheets_renamed)}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edited_workbook(tmp_path: Path, published: Path, edit: Callable[[openpyxl.Workbook], None]) -> None:
    book = openpyxl.load_workbook(published / PEOPLE[0])
    for sheet in book.worksheets:
        sheet.tables.clear()
    edit(book)
    is_refused(tmp_path, "care home returned 20.12.2024.xlsx", saved(book))


def of_csv(published: Path, change: Callable[[list[list[str]]], list[list[str]]], path: str = PEOPLE[1]) -> bytes:
    rows = list(csv.reader(io.StringIO((published / path).read_text(encoding="utf-8-sig"), newline="")))
    out = io.StringIO(newline="")
    csv.writer(out).writerows(change(rows))
    return out.getvalue().encode()


def test_an_edited_csv(tmp_path: Path, published: Path) -> None:
    data = of_csv(
        published, lambda rows: [rows[0], *([{"No": "Yes"}.get(cell, cell) for cell in cells] for cells in rows[1:])]
    )
    is_refused(tmp_path, "care-home-2024-12-20.csv", data)


def test_a_csv_with_month_headings_as_an_export_has_them(tmp_path: Path, published: Path) -> None:
    """`Window Dec 24` put back to `Dec 24`, so that it reads as an export."""
    data = of_csv(published, lambda rows: [[cell.replace("Window ", "") for cell in rows[0]], *rows[1:]])
    is_refused(tmp_path, "care-home-2024-12-20.csv", data)


def test_a_sheet_of_the_workbook_saved_as_text(tmp_path: Path, published: Path) -> None:
    sheet = list_sheet(openpyxl.load_workbook(published / PEOPLE[0]))
    rows = [["" if cell is None else str(cell) for cell in cells] for cells in sheet.iter_rows(values_only=True)]
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    is_refused(tmp_path, "care-home-2024-12-20.csv", out.getvalue().encode())


def test_several_lists_put_into_one(tmp_path: Path, published: Path) -> None:
    data = of_csv(published, lambda rows: [*rows, *rows[1:]]) + of_csv(published, lambda rows: rows[1:], PEOPLE[2])
    is_refused(tmp_path, "care-home-2024-12-20.csv", data)


def test_it_overrides_no_later_correction(tmp_path: Path, published: Path) -> None:
    """A stale list beside exports: the run stops at it, and without it the exports speak."""
    inbox, home = world(tmp_path / "later", 12), tmp_path / "home"
    stale = inbox.folder / "at-risk-kent returned 20.12.2024.xlsx"
    stale.write_bytes((published / PEOPLE[0]).read_bytes())
    answer = run(inbox, home)
    assert answer.code == 3 and stale.name in answer.err
    stale.unlink()
    assert run(inbox, home).code == 0 and len(services_of(home)) == 24
    assert isinstance(inbox, Inbox)


# --- what is no list of ours ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [["Postcode", "Telephone"], ["Region", "Notes"], ["Status"], ["Reason"]], ids=" ".join)
def test_an_export_with_a_column_that_ours_has_too_is_an_export(tmp_path: Path, more: list[str]) -> None:
    data = csv_of(*([*row(uid(47, n)), *["x"] * len(more)] for n in range(4)), head=[*HEAD, *more])
    assert look_at(tmp_path, "care-home-2024-12-17.csv", data).accepted == 4


def test_an_export_with_a_title_above_it_is_an_export(tmp_path: Path) -> None:
    data = book_of({"Export": [["Care homes, Kent, December 2024"], HEAD, *(row(uid(48, n)) for n in range(4))]})
    assert look_at(tmp_path, "care-home-2024-12-17.xlsx", data).accepted == 4
