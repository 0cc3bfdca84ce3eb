"""What a cell is, beside its text: formulas, errors, truth values (issue: a formula or error says nothing and is told)."""

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.cases.attacked.books import FORMATS, Fault, Formula, Sheet, repacked, xlsx
from tests.cases.attacked.crowds import accept, accepted, findings, run, world
from tests.cases.dirt import HEAD, Looked, call, look, row, uid, world_of
from tests.worlds import Inbox, services_of

STORED: dict[str, object] = {
    "0": Formula(0), "1": Formula(1), "Yes": Formula("Yes"), "No": Formula("No"), "TRUE": Formula(True), "nothing": Formula(None),
    "text": Formula(""),
}  # fmt: skip
ERRORS = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?")
SAYS_NOTHING = {
    **{f"formula with {name}": cell for name, cell in STORED.items()},
    **{code: Fault(code) for code in ERRORS},
}


def rows_with(cell: object, count: int = 6) -> list[list[object]]:
    """Ordinary rows, the third of which has a cell under December that is no plain answer."""
    rows = [row(uid(70, n), f"Invented House {n}") for n in range(count)]
    rows[2][-1] = cell
    return [list(HEAD), *rows]


def told(looked: Looked, place: str = "Dec 24") -> list[dict[str, str]]:
    """Return the findings, other than infos, whose first cell is row 4 under December."""
    return [
        one for one in looked.document["findings"] if one["severity"] != "info" and f"row 4, {place}" in one["first"]
    ]


@pytest.mark.parametrize("cell", SAYS_NOTHING.values(), ids=SAYS_NOTHING)
@pytest.mark.parametrize("kind", FORMATS)
def test_a_formula_or_error_under_a_month_is_told(tmp_path: Path, kind: str, cell: object) -> None:
    path = tmp_path / f"care-home-2024-12-17.{kind}"
    path.write_bytes(FORMATS[kind](Sheet(rows_with(cell))))
    looked = look(path)
    assert told(looked), looked.document["findings"]
    assert looked.accepted == 6, "only the answer is in doubt, not the service"


@pytest.mark.parametrize("kind", FORMATS)
def test_all_of_them_say_nothing(tmp_path: Path, kind: str) -> None:
    """One export of a service for each; none has an outcome for December, whatever its writer stored."""
    cells = {uid(71, n): cell for n, cell in enumerate(SAYS_NOTHING.values())}
    odd = [[*row(location)[:-1], cell] for location, cell in cells.items()]
    plain = [row(uid(72, n)) for n in range(40)]
    made = world_of(tmp_path, {f"odd care-home-2024-12-17.{kind}": FORMATS[kind](Sheet([list(HEAD), *odd, *plain]))})
    said = {location: made.services[location]["outcome"] for location in cells}
    assert said == dict.fromkeys(cells, "unknown")
    rows = {int(one["row"]) for one in made.found(f"odd care-home-2024-12-17.{kind}") if one["column"] == "Dec 24"}
    assert rows >= set(range(2, 2 + len(cells)))


def test_the_case_of_the_stored_zeros(tmp_path: Path) -> None:
    """A writer stored 0 for three formulas that a spreadsheet shows as Yes: nobody is due a notice for that."""
    inbox, home = world(tmp_path, 12), tmp_path / "home"
    rows: list[list[object]] = [list(HEAD), *(row(one.location_id, said="YYY") for one in inbox.units[:12])]
    rows[5][-3:] = [Formula(0), Formula(0), Formula(0)]
    path = inbox.export_path("care_home")
    path.unlink()
    path.with_suffix(".xlsx").write_bytes(xlsx(Sheet(rows), recalculate=True))
    accepted(inbox, home, "missed-jump", "unknown-jump")
    service = services_of(home)[inbox.units[4].location_id, "care_home"]
    assert (service["status"], service["windows_in_a_row"]) == ("unknown", "0")
    assert {one["column"] for one in findings(home, file=path.with_suffix(".xlsx").name) if one["row"] == "6"} >= {
        "Oct 24", "Nov 24", "Dec 24",
    }  # fmt: skip


@pytest.mark.parametrize("recalculate", [False, True])
def test_the_mark_to_recalculate_is_the_same_with_plain_answers(tmp_path: Path, recalculate: bool) -> None:
    """A workbook marked to be worked out anew, without a formula, is as good as any."""
    path = tmp_path / "care-home-2024-12-17.xlsx"
    path.write_bytes(xlsx(Sheet(rows_with("No")), recalculate=recalculate))
    looked = look(path)
    assert (looked.rules, looked.accepted) == ({}, 6)


def by_openpyxl(cell: str) -> bytes:
    book = openpyxl.Workbook()
    for cells in rows_with(cell):
        book.active.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("cell", ['="No"', "=IF(1,1,0)", "=VLOOKUP(A4,A:I,9,FALSE)", "#N/A", "#REF!"])
def test_also_as_openpyxl_writes_it(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "care-home-2024-12-17.xlsx"
    path.write_bytes(by_openpyxl(cell))
    assert told(look(path))


RENAMED: dict[str, Callable[[str], str]] = {
    "backslashes": lambda name: name.replace("/", "\\"),
    "Worksheets": lambda name: name.replace("worksheets/sheet", "Worksheets/Sheet"),
    "capitals": lambda name: name.upper() if name.startswith("xl/worksheets") else name,
}
PARTS = {
    "Worksheets": {b"worksheets/sheet": b"Worksheets/Sheet"},
    "capitals": {b"worksheets/sheet1.xml": b"WORKSHEETS/SHEET1.XML"},
}


@pytest.mark.parametrize("cell", [Formula("No"), Fault("#N/A")], ids=["formula", "error"])
@pytest.mark.parametrize("names", RENAMED)
def test_whatever_the_names_inside_the_zip(tmp_path: Path, names: str, cell: object) -> None:
    path = tmp_path / "care-home-2024-12-17.xlsx"
    path.write_bytes(repacked(xlsx(Sheet(rows_with(cell))), RENAMED[names], PARTS.get(names)))
    answer = call("check", path)
    assert answer.code == 3 or ("Dec 24" in answer.out and "row 4" in answer.out), answer.out


@pytest.mark.parametrize("kind", FORMATS)
def test_a_formula_in_another_column_costs_nobody_an_answer(tmp_path: Path, kind: str) -> None:
    """A count or a name that is worked out says nothing wrong about a window."""
    rows = rows_with("No")
    rows[3][5] = Formula(3)
    path = tmp_path / f"care-home-2024-12-17.{kind}"
    path.write_bytes(FORMATS[kind](Sheet(rows)))
    assert look(path).accepted == 6


@pytest.mark.parametrize("kind", FORMATS)
def test_an_id_that_is_worked_out_is_told(tmp_path: Path, kind: str) -> None:
    """=A3 in the column of ids: the stored id is whatever it was when somebody last looked."""
    rows = rows_with("No")
    rows[3][0] = Formula(uid(70, 2), "A3")
    path = tmp_path / f"care-home-2024-12-17.{kind}"
    path.write_bytes(FORMATS[kind](Sheet(rows)))
    answer = call("check", path)
    assert answer.code == 3 or ("warning" in answer.out and "CQC Location ID" in answer.out), answer.out


@pytest.mark.parametrize("kind", FORMATS)
def test_truth_values_are_answers(tmp_path: Path, kind: str) -> None:
    said = [[*row(uid(73, n))[:-3], True, True, n != 1] for n in range(6)]
    inbox, home = world(tmp_path, 12), tmp_path / "home"
    (inbox.folder / f"more care-home-2024-12-17.{kind}").write_bytes(FORMATS[kind](Sheet([list(HEAD), *said])))
    answer = run(inbox, home, *accept("missed-jump"))
    assert answer.code == 0, answer.err
    services = services_of(home)
    assert [services[uid(73, n), "care_home"]["outcome"] for n in range(3)] == ["submitted", "missed", "submitted"]
    assert isinstance(inbox, Inbox)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_whole_column_of_formulas_is_refused_or_told_for_each(tmp_path: Path, kind: str) -> None:
    rows: list[list[object]] = [
        list(HEAD),
        *([*row(uid(74, n))[:-3], Formula(0), Formula(0), Formula(0)] for n in range(8)),
    ]
    path = tmp_path / f"care-home-2024-12-17.{kind}"
    path.write_bytes(FORMATS[kind](Sheet(rows)))
    answer = call("check", path)
    if answer.code == 3:
        assert "formula" in answer.err.casefold() or 'value "=' in answer.err, answer.err
    else:
        told = [one for one in look(path).document["findings"] if one["severity"] != "info"]
        assert sum(one["times"] for one in told) >= 24
