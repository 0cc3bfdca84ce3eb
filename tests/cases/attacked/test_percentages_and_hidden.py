"""Percentages and hidden things in each format, whatever the names inside the zip (cases 16, 22; DATA 47)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cases.attacked.books import FORMATS, Share, Sheet, ods, repacked, xls, xlsx
from tests.cases.dirt import HEAD, call, look, refusal, row, uid

RENAMED: dict[str, Callable[[bytes], bytes]] = {
    "backslashes": lambda data: repacked(data, lambda name: name.replace("/", "\\")),
    "Worksheets": lambda data: repacked(
        data, lambda name: name.replace("worksheets/sheet", "Worksheets/Sheet"), {b"worksheets/sheet": b"Worksheets/Sheet"}
    ),
    "name in capitals": lambda data: repacked(
        data, lambda name: name.replace("worksheets/sheet1.xml", "worksheets/SHEET1.XML"),
        {b"worksheets/sheet1.xml": b"worksheets/SHEET1.XML"},
    ),
    "another name": lambda data: repacked(
        data, lambda name: name.replace("sheet1.xml", "data.xml"), {b"sheet1.xml": b"data.xml"}
    ),
    "styles elsewhere": lambda data: repacked(
        data, lambda name: name.replace("xl/styles.xml", "xl/Styles.xml"), {b"styles.xml": b"Styles.xml"}
    ),
    "from the root": lambda data: repacked(data, changes={b'Target="worksheets/': b'Target="/xl/worksheets/'}),
}  # fmt: skip


def shares(*said: float, shown: int = 100) -> list[list[object]]:
    """Rows whose months are percentages, in the first `shown` rows."""
    rows: list[list[object]] = [list(HEAD)]
    for n in range(6):
        answers: list[object] = [Share(1), Share(0), Share(1)] if n < shown else ["Yes", "No", "Yes"]
        rows.append([*row(uid(75, n))[:-3], *answers])
    return rows


@pytest.mark.parametrize("kind", FORMATS)
def test_most_answers_as_percentages_refuse_the_file(tmp_path: Path, kind: str) -> None:
    said = refusal(tmp_path, f"care-home-2024-12-17.{kind}", FORMATS[kind](Sheet(shares())))
    assert "percent" in said and "Numbers" in said


@pytest.mark.parametrize("names", RENAMED)
def test_also_behind_other_names_inside_the_zip(tmp_path: Path, names: str) -> None:
    said = refusal(tmp_path, "care-home-2024-12-17.xlsx", RENAMED[names](xlsx(Sheet(shares()))))
    assert "percent" in said and "Numbers" in said


@pytest.mark.parametrize("kind", FORMATS)
def test_one_percentage_is_told(tmp_path: Path, kind: str) -> None:
    (tmp_path / f"care-home-2024-12-17.{kind}").write_bytes(FORMATS[kind](Sheet(shares(shown=1))))
    looked = look(tmp_path / f"care-home-2024-12-17.{kind}")
    assert any("row 2" in one["first"] and one["severity"] != "info" for one in looked.document["findings"])


@pytest.mark.parametrize("kind", FORMATS)
def test_percentages_on_another_sheet_than_the_list_are_nobodys_answers(tmp_path: Path, kind: str) -> None:
    summary = Sheet([["Share submitted"], [Share(0.97)]], "Summary")
    (tmp_path / f"care-home-2024-12-17.{kind}").write_bytes(FORMATS[kind](Sheet([list(HEAD), row(uid(76))]), summary))
    assert look(tmp_path / f"care-home-2024-12-17.{kind}").accepted == 1


# --- hidden -----------------------------------------------------------------------------------------------------------


def hidden_row() -> Sheet:
    return Sheet([list(HEAD), *(row(uid(77, n)) for n in range(4))], hidden_rows=(3,))


@pytest.mark.parametrize("kind", FORMATS)
def test_a_hidden_row_is_read_and_told(tmp_path: Path, kind: str) -> None:
    (tmp_path / f"care-home-2024-12-17.{kind}").write_bytes(FORMATS[kind](hidden_row()))
    looked = look(tmp_path / f"care-home-2024-12-17.{kind}")
    assert looked.accepted == 4 and looked.rules == {"hidden_rows": 1}


@pytest.mark.parametrize("names", [name for name in RENAMED if name != "styles elsewhere"])
def test_a_hidden_row_is_told_behind_other_names(tmp_path: Path, names: str) -> None:
    (tmp_path / "care-home-2024-12-17.xlsx").write_bytes(RENAMED[names](xlsx(hidden_row())))
    looked = look(tmp_path / "care-home-2024-12-17.xlsx")
    assert looked.accepted == 4 and looked.rules == {"hidden_rows": 1}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_hidden_sheet_is_told(tmp_path: Path, kind: str) -> None:
    seen = Sheet([list(HEAD), *(row(uid(78, n)) for n in range(4))])
    unseen = Sheet([list(HEAD), row(uid(79))], "Old", hidden=True)
    (tmp_path / f"care-home-2024-12-17.{kind}").write_bytes(FORMATS[kind](seen, unseen))
    answer = call("check", tmp_path / f"care-home-2024-12-17.{kind}")
    assert answer.code == 3 or "hidden_sheets" in answer.out


def test_a_very_hidden_sheet_is_told_too(tmp_path: Path) -> None:
    """A state that no menu shows."""
    seen = Sheet([list(HEAD), *(row(uid(80, n)) for n in range(4))])
    unseen = Sheet([list(HEAD), row(uid(81))], "Old", hidden=True)
    data = repacked(xlsx(seen, unseen), changes={b'state="hidden"': b'state="veryHidden"'})
    (tmp_path / "care-home-2024-12-17.xlsx").write_bytes(data)
    answer = call("check", tmp_path / "care-home-2024-12-17.xlsx")
    assert answer.code == 3 or "hidden_sheets" in answer.out


# --- by content, through one door (case 09) ---------------------------------------------------------------------------

PLAIN = Sheet([list(HEAD), *(row(uid(82, n)) for n in range(4))])
BOOKS = {"xlsx": xlsx(PLAIN), "ods": ods(PLAIN), "xls": xls(PLAIN)}


@pytest.mark.parametrize("named", [*BOOKS, "csv"])
@pytest.mark.parametrize("kind", BOOKS)
def test_a_workbook_under_another_name_is_read_by_content_by_check_and_ingest(
    tmp_path: Path, kind: str, named: str
) -> None:
    path = tmp_path / f"care-home-2024-12-17.{named}"
    path.write_bytes(BOOKS[kind])
    checked, taken = call("check", path, "--json"), call("ingest", path, "--home", tmp_path / "home", "--json")
    assert (checked.code, taken.code) == (0, 0), checked.err + taken.err
    rules = {"type_by_content"} if named != kind else set()
    assert set(look(path).rules) == rules
    assert '"accepted": 4' in checked.out and '"accepted": 4' in taken.out
    assert f'"findings": {len(rules)}' in taken.out


@pytest.mark.parametrize("kind", BOOKS)
def test_the_finding_does_not_say_text_of_a_workbook(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "care-home-2024-12-17.csv"
    path.write_bytes(BOOKS[kind])
    (found,) = look(path).document["findings"]
    assert '"text"' not in found["first"], "a workbook is no text"


@pytest.mark.parametrize("named", BOOKS)
def test_a_text_under_a_workbooks_name_is_read_by_both(tmp_path: Path, named: str) -> None:
    path = tmp_path / f"care-home-2024-12-17.{named}"
    path.write_text("CQC Location ID,Dec 24\n1-9820000001,Yes\n", encoding="utf-8")
    checked, taken = call("check", path), call("ingest", path, "--home", tmp_path / "home")
    assert (checked.code, taken.code) == (0, 0), checked.err + taken.err
    assert "type_by_content" in checked.out
