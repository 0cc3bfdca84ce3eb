"""Refusals show a row, a value, what was allowed and what to do (cases 16, 19; Part 1 no. 17; CONTRACT 3)."""

import io
import re
from pathlib import Path

import openpyxl
import pytest

from tests.cases.attacked.books import FORMATS, Sheet, record, xls
from tests.cases.attacked.cfb import compound
from tests.cases.attacked.crowds import PLACES, accept, change, run, save, stopped, table_of, world
from tests.cases.dirt import HEAD, call, csv_of, look, refusal, row, uid
from tests.conftest import Answer
from tests.worlds import Inbox

CARE_HOME = "care-home-2024-12-17.csv"


def o_for_0(rows: list[list[str]], count: int) -> None:
    """A letter O where a nought belongs, as somebody typed it."""
    for cells in rows[:count]:
        cells[0] = cells[0].replace("0", "O", 1)


def shows(said: str, *words: str) -> None:
    """Assert that a message names all of this."""
    missing = [word for word in words if word.casefold() not in said.casefold()]
    assert not missing, f"{missing} not in: {said}"
    assert "Traceback" not in said


# --- ids of no known form ---------------------------------------------------------------------------------------------


def few_wrong_ids(tmp_path: Path, count: int) -> tuple[Inbox, Answer]:
    inbox = world(tmp_path, 30)
    change(inbox, "care_home", lambda rows: o_for_0(rows, count))
    return inbox, run(inbox, tmp_path / "home", *accept("looks-filtered"))


def test_a_stop_for_refused_rows_shows_one_of_them(tmp_path: Path) -> None:
    inbox, answer = few_wrong_ids(tmp_path, 4)
    stopped(answer, "rows-refused")
    shows(answer.err, inbox.export_path("care_home").name, "row 2", "1-91O")


def test_check_finds_what_the_stop_sends_people_to(tmp_path: Path) -> None:
    inbox, _ = few_wrong_ids(tmp_path, 4)
    answer = call("check", inbox.export_path("care_home"))
    shows(answer.out + answer.err, "1-91O", "row 2")


def test_check_of_ids_that_the_register_alone_can_know_says_so_or_refuses(tmp_path: Path) -> None:
    """The file of the case: 4 wrong ids of 30, nothing else at hand."""
    rows = [row(uid(50, n)) for n in range(30)]
    for cells in rows[:4]:
        cells[0] = str(cells[0]).replace("0", "O", 1)
    answer = call("check", save(tmp_path / CARE_HOME, [HEAD, *rows]))
    shows(answer.out + answer.err, "O", "row 2", "CQC Location ID")


def test_a_file_mostly_of_wrong_ids_is_refused_with_an_example(tmp_path: Path) -> None:
    _, answer = few_wrong_ids(tmp_path, 20)
    assert answer.code == 3, answer.err
    shows(answer.err, "row 2", "1-91O", "CQC Location ID")


@pytest.mark.parametrize("bad", ["1.23E+09", "Rose House", "１-900000001", "1-9", "910000001", "1-9000000017777777"])
def test_a_file_refused_for_its_ids_shows_one_and_what_is_allowed(tmp_path: Path, bad: str) -> None:
    rows = [[bad, *row(uid(51, n))[1:]] for n in range(6)]
    said = refusal(tmp_path, CARE_HOME, csv_of(*rows))
    shows(said, "row 2", bad, "CQC Location ID", "1-")


# --- workbooks that cannot be read ------------------------------------------------------------------------------------

ENCRYPTED = compound({"EncryptionInfo": b"\x04\x00\x04\x00" + bytes(64), "EncryptedPackage": bytes(4096)})
LOCKED = compound({"Workbook": xls(Sheet([["x"]]))[512 * 3 :][:20] + record(0x2F, bytes(6)) + bytes(4096)})


@pytest.mark.parametrize("named", ["xls", "xlsx", "ods", "csv"])
@pytest.mark.parametrize("how", ["encrypted", "locked"])
def test_a_workbook_with_a_password_says_so(tmp_path: Path, named: str, how: str) -> None:
    said = refusal(tmp_path, f"care-home-2024-12-17.{named}", ENCRYPTED if how == "encrypted" else LOCKED)
    if how == "encrypted":
        shows(said, "password")
    assert "Cfb error" not in said and "stream" not in said


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04 cut off", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)], ids=["zip", "compound"]
)
@pytest.mark.parametrize("named", ["xls", "xlsx", "ods"])
def test_a_damaged_workbook_is_told_in_words_of_people(tmp_path: Path, named: str, data: bytes) -> None:
    said = refusal(tmp_path, f"care-home-2024-12-17.{named}", data)
    assert not any(word in said for word in ("Cfb", "EOCD", "_rels", "OLE", "panicked", "Error(")), said


# --- rows of another length -------------------------------------------------------------------------------------------


def joined(last: int = 4) -> str:
    one = csv_of(*(row(uid(52, n)) for n in range(20))).decode()
    return one.rstrip("\n") + csv_of(*(row(uid(53, n)) for n in range(last))).decode()


def test_two_files_joined_without_a_line_end_are_told_by_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / CARE_HOME).write_text(joined(), encoding="utf-8")
    answer = call("check", tmp_path / CARE_HOME)
    said = answer.out + answer.err
    shows(said, "row 21", "more")
    assert "fewer cells" not in said, "the row has more"


@pytest.mark.parametrize("cells", [17, 10, 12])
def test_a_row_of_more_cells_is_not_called_short(tmp_path: Path, cells: int) -> None:
    long = [*row(uid(54)), *["Yes"] * (cells - 9)]
    (tmp_path / CARE_HOME).write_bytes(csv_of(long, *(row(uid(54, n)) for n in range(2, 8))))
    answer = call("check", tmp_path / CARE_HOME)
    assert "fewer cells" not in answer.out + answer.err
    shows(answer.out + answer.err, "row 2")


def test_a_row_of_fewer_cells_is(tmp_path: Path) -> None:
    (tmp_path / CARE_HOME).write_bytes(csv_of(row(uid(55))[:7], *(row(uid(55, n)) for n in range(2, 8))))
    assert "fewer" in call("check", tmp_path / CARE_HOME).out


# --- stray cells and other sheets -------------------------------------------------------------------------------------


def with_stray(cell: str, text: object = " ") -> bytes:
    book = openpyxl.Workbook()
    for cells in [HEAD, *(row(uid(56, n)) for n in range(4))]:
        book.active.append(list(cells))
    book.active[cell] = text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("text", [" ", "x"])
@pytest.mark.parametrize("cell", ["XFD6", "A1048576", "ZZ3", "J900000"])
def test_a_stray_cell_is_passed_over_or_named(tmp_path: Path, cell: str, text: str) -> None:
    path = tmp_path / "care-home-2024-12-17.xlsx"
    path.write_bytes(with_stray(cell, text))
    answer = call("check", path)
    assert answer.code in (0, 3) and "Traceback" not in answer.err
    if answer.code == 3:
        row_of_it = f"{int(re.sub('[A-Z]', '', cell)):,}"
        assert cell in answer.err or f"row {row_of_it}" in answer.err, answer.err
        assert "save it as .xlsx" not in answer.err, "saving it again changes nothing"
    else:
        looked = look(path)
        assert looked.accepted == 4 or (looked.accepted == 3 and "row 3" in answer.out)


OTHERS = {
    "Contacts": [["CQC Location ID", "Contact", "Telephone"], [uid(57), "Invented Person", "01632 960001"]],
    "Pivot": [["CQC Location ID", "Count of Dec"], [uid(57), 1]],
    "CH visiting": [["CqcId", "VisitorsTotal"], [uid(57), 3]],
}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("first", [False, True], ids=["after", "before"])
def test_another_sheet_with_ids_is_named_and_what_to_do_with_it(
    tmp_path: Path, kind: str, name: str, first: bool
) -> None:
    sheets = [Sheet([HEAD, *(row(uid(57, n)) for n in range(4))]), Sheet(OTHERS[name], name)]
    path = tmp_path / f"care-home-2024-12-17.{kind}"
    path.write_bytes(FORMATS[kind](*(reversed(sheets) if first else sheets)))
    answer = call("check", path)
    shows(answer.out + answer.err, name)
    assert "without removing columns" not in answer.err
    if answer.code == 0:
        assert look(path).accepted == 4 and "warning" in answer.out, "passed over, with a warning"
    else:
        assert answer.code == 3 and "sheet" in answer.err


# --- checks and findings name things ----------------------------------------------------------------------------------


def test_month_values_mostly_unreadable_show_one_and_what_is_allowed(tmp_path: Path) -> None:
    said = refusal(
        tmp_path, CARE_HOME, csv_of(*([*row(uid(58, n))[:6], "ticked", "ticked", "ticked"] for n in range(6)))
    )
    shows(said, "row 2", "ticked", "Oct 24", "Yes")


def test_a_file_without_ids_lists_the_headings_found(tmp_path: Path) -> None:
    said = refusal(tmp_path, CARE_HOME, csv_of(["Rose", "Yes"], head=["Name of home", "Dec 24"]))
    shows(said, "Name of home", "CQC Location ID")


def test_a_stop_shows_figures_of_both_sides(tmp_path: Path) -> None:
    """`population-short`: how many the register holds, and how many the export."""
    inbox = world(tmp_path, 30)
    save(inbox.export_path("care_home"), table_of(inbox, "care_home")[:21])
    answer = run(inbox, tmp_path / "home")
    stopped(answer, "population-short", "care_home")
    shows(answer.err, "30", "10")
    assert PLACES
