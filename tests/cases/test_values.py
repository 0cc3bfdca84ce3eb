"""DATA.md section 8, cases 43 to 53, and control characters: what stands in the cells."""

import io
from html import escape
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

from tests.cases.dirt import (
    AFTER_CLOSE,
    HEAD,
    World,
    book_of,
    csv_of,
    good,
    lines,
    look,
    look_at,
    refusal,
    register_csv,
    register_row,
    row,
    uid,
    world_of,
)  # fmt: skip
from tests.worlds import rows_of

CARE_HOME = f"care-home-{AFTER_CLOSE}.csv"
BOOK = f"care-home-{AFTER_CLOSE}.xlsx"

YES = ["Yes", "YES", " yes ", "Y", "y", "TRUE", "true", "1", "1.0", "\u00a0Yes\u00a0"]
NO = ["No", "NO", " no ", "N", "n", "FALSE", "False", "0", "0.0"]
NEITHER = ["\u2713", "\u2714", "-", "N/A", "n/a", "maybe", "2", "Yes/No", "submitted", "x"]
SAID = {
    **dict.fromkeys(YES, "submitted"),
    **dict.fromkeys(NO, "missed"),
    "": "unknown",
    "  ": "unknown",
    **dict.fromkeys(NEITHER, "unknown"),
}
CELLS = [(True, "submitted"), (False, "missed"), (1, "submitted"), (0, "missed"), (1.0, "submitted"), (None, "unknown")]
NULLS = ["NA", "None", "Null", "NULL", "nan", "N/A", "1", "TRUE", "#N/A"]
COUNTS = {
    "1,234": "1234",
    "12.0": "12",
    " 7 ": "7",
    "0": "0",
    "": "",
    "1": "1",
    "2": "2",
    "-1": "",
    "9999999": "",
    "7 or 8": "",
}
BAD_COUNTS = ["-1", "9999999", "7 or 8"]
COMMAS = ['Rose, Oak & Elm "The Old" House', 'He said ""no""', "Rose's, and others", '"', ","]
FORMULAS = [
    "=1+1",
    "+44 House",
    "-House",
    "@home",
    '=HYPERLINK("http://invalid.example","x")',
    "#1 House",
    "'Quoted' House",
]
MARKUP = '<b>Rose & "Oak"</b> > Elm'
CONTROLS = {"NUL": "\x00", "SOH": "\x01", "BEL": "\x07", "VT": "\x0b", "FF": "\x0c", "ESC": "\x1b", "US": "\x1f"}
NO_PLACE = ["CQC Location ID", "Location", "Oct 24", "Nov 24", "Dec 24"]
GROUPED = [
    ["", "England", "7", "7", "7"],
    ["", "South East", "5", "5", "5"],
    ["", "Kent", "2", "100 %", "50%"],
    [uid(48, 1), "First", "Yes", "Yes", "Yes"],
    [uid(48, 2), "Second", "Yes", "Yes", "No"],
    ["", "Total", "2", "2", "1"],
    ["Medway", "", "3", "3", "3"],
    [uid(48, 3), "Third", "Yes", "Yes", "Yes"],
    ["Grand Total", "", "3", "3", "2"],
]


def merge_groups(sheet: Worksheet) -> None:
    """A pivot's group cell, merged over all columns."""
    sheet.merge_cells("A2:E2")


def control_book(text: str) -> bytes:
    """An .xlsx with a control character in a name, as XlsxWriter and Excel escape it: `_x0007_`."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False})
    sheet = book.add_worksheet("Export")
    for n, cells in enumerate([HEAD, row(uid(66, 40), text)]):
        sheet.write_row(n, 0, cells)
    book.close()
    return out.getvalue()


def files() -> dict[str, bytes]:
    """All files of this module that are taken in, each with services of its own."""
    made = {
        f"case-43-{CARE_HOME}": csv_of(*good(43), *(row(uid(43, n), said="YY") + [word] for n, word in enumerate(SAID, 1))),
        f"case-43-{BOOK}": book_of({"Export": [HEAD, *(row(uid(43, n), said="YY") + [cell] for n, (cell, _) in enumerate(CELLS, 101))]}),
        f"case-44-{CARE_HOME}": csv_of(*(row(uid(44, n), name) for n, name in enumerate(NULLS, 1))),
        f"case-44-{BOOK}": book_of({"Export": [HEAD, row(uid(44, 101), 1), row(uid(44, 102), "NA")]}),
        f"case-45-{CARE_HOME}": csv_of(*(row(uid(45, n), users=text) for n, text in enumerate(COUNTS, 1))),
        f"case-45-{BOOK}": book_of({"Export": [HEAD, row(uid(45, 101), users=12.0), row(uid(45, 102), users=7)]}),
        f"case-47-{CARE_HOME}": csv_of(*good(47), row(uid(47), said="YY") + ["50 %"]),
        f"case-48-{CARE_HOME}": csv_of(*GROUPED, head=NO_PLACE),
        f"case-48-{BOOK}": book_of(
            {"Export": [NO_PLACE, ["Kent"], [uid(48, 11), "Merged", "Yes", "Yes", "No"]]}, merge_groups
        ),
        f"case-48-with-column-{CARE_HOME}": csv_of(
            ["Kent", "", "", "", "", "", 2, 2, 1], row(uid(48, 21), place="Medway"), ["", "", "", "", "Total", "3", 2, 2, 1]
        ),
        f"case-49-{CARE_HOME}": csv_of(*(row(uid(49, n), name) for n, name in enumerate(COMMAS, 1))),
        f"case-50-{CARE_HOME}": csv_of(*(row(uid(50, n), name, "YNN") for n, name in enumerate(FORMULAS, 1))),
        f"case-50-tab-{CARE_HOME}": csv_of(row(uid(50, 51), "\t=1+1", "YNN"), row(uid(50, 52), "\r=1+1", "YNN")),
        f"case-51-{CARE_HOME}": csv_of(row(uid(51), MARKUP, "YNN")),
        f"case-52-{CARE_HOME}": csv_of(row(uid(52, 1), "   Aaron House "), row(uid(52, 2), "Aardvark House"), row(uid(52, 3), "abacus House")),
        f"case-53-{AFTER_CLOSE}.csv": csv_of(
            [uid(53, 1), "CARE HOME", "NEW (< 101 DAYS)", "Yes"], [uid(53, 2), "care home", "established", "Yes"],
            head=["CQC Location ID", "Provider Type", "Registration Status", "Dec 24"],
        ),
    }  # fmt: skip
    for n, control in enumerate(CONTROLS.values(), 1):
        made[f"case-66-{n}-{CARE_HOME}"] = csv_of(*good(66), row(uid(66, n), f"Rose{control} House", "YNN"))
        id_with = uid(66, 20 + n).replace("-", f"-{control}")
        made[f"case-66-id-{n}-{CARE_HOME}"] = csv_of(*good(66), row(id_with, f"Control House {n}"))
    made[f"case-66-{BOOK}"] = control_book("Rose\x07 House")
    return made


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One home with all files of this module."""
    return world_of(tmp_path_factory.mktemp("values"), files())


# --- 43 to 47 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "outcome"), SAID.items())
def test_case_43_words_under_a_month(world: World, word: str, outcome: str) -> None:
    file, n = f"case-43-{CARE_HOME}", 1 + list(SAID).index(word)
    world.took(file)
    assert world.services[uid(43, n)]["outcome"] == outcome
    found = [one for one in world.found(file, "value_unreadable") if one["row"] == str(n + 5)]
    assert [one["value"].lstrip("'") for one in found] == ([word] if word in NEITHER else [])


@pytest.mark.parametrize("n", range(len(CELLS)), ids=[repr(cell) for cell, _ in CELLS])
def test_case_43_cells_of_a_workbook_under_a_month(world: World, n: int) -> None:
    world.took(f"case-43-{BOOK}")
    assert world.services[uid(43, 101 + n)]["outcome"] == CELLS[n][1]
    assert not world.found(f"case-43-{BOOK}", "value_unreadable")


@pytest.mark.parametrize("name", NULLS)
def test_case_44_a_name_that_is_literally_na_or_null(world: World, name: str) -> None:
    file = f"case-44-{CARE_HOME}"
    assert look(world.inbox / file).rules == {}
    world.took(file)
    assert world.services[uid(44, 1 + NULLS.index(name))]["location_name"] == name


def test_case_44_a_name_that_is_a_number_cell(world: World) -> None:
    world.took(f"case-44-{BOOK}")
    assert [world.services[uid(44, n)]["location_name"] for n in (101, 102)] == ["1", "NA"]


@pytest.mark.parametrize(("text", "read"), COUNTS.items())
def test_case_45_user_counts(world: World, text: str, read: str) -> None:
    file, n = f"case-45-{CARE_HOME}", 1 + list(COUNTS).index(text)
    world.took(file)
    assert world.services[uid(45, n)]["user_count"] == read
    found = [one for one in world.found(file, "count_unreadable") if one["row"] == str(n + 1)]
    assert [one["value"].lstrip("'") for one in found] == ([text] if text in BAD_COUNTS else [])


def test_case_45_user_counts_in_number_cells(world: World) -> None:
    world.took(f"case-45-{BOOK}")
    assert [world.services[uid(45, n)]["user_count"] for n in (101, 102)] == ["12", "7"]


def test_case_46_user_count_blank_and_0_are_different_and_only_0_and_1_bring_the_advice(world: World) -> None:
    file = f"case-45-{CARE_HOME}"
    world.took(file)
    counts = list(COUNTS)
    assert world.services[uid(45, 1 + counts.index("0"))]["user_count"] == "0"
    assert world.services[uid(45, 1 + counts.index(""))]["user_count"] == ""
    assert sorted(one["value"] for one in world.found(file, "user_count_low")) == ["0", "1"]


def test_case_47_a_percentage_in_one_cell(world: World) -> None:
    file = f"case-47-{CARE_HOME}"
    assert look(world.inbox / file).rules == {"value_unreadable": 1}
    world.took(file)
    assert world.services[uid(47)]["outcome"] == "unknown"


@pytest.mark.parametrize("share", ["50%", "50 %", "100%", "97.5 %"])
def test_case_47_percentages_in_most_cells_refuse_the_file(tmp_path: Path, share: str) -> None:
    data = csv_of(*(row(uid(47, n), said="") + [share] * 3 for n in range(5)))
    assert "Data Type = Numbers" in refusal(tmp_path, CARE_HOME, data)


@pytest.mark.parametrize("shares", [(0.5, 0.25, 0.75), (1, 1, 0)], ids=["parts", "all or nothing"])
def test_case_47_percentages_as_excel_keeps_them_refuse_the_file(tmp_path: Path, shares: tuple[float, ...]) -> None:
    """A cell that shows "50%" holds 0.5 and a format; "100%" holds 1."""
    data = book_of({"Export": [HEAD, *(row(uid(47, n), said="") + list(shares) for n in range(5))]}, in_percent)
    assert "15 of its answers are shown as percentages" in refusal(tmp_path, BOOK, data)


def test_case_47_percentages_as_other_programs_write_them_refuse_the_file(tmp_path: Path) -> None:
    """Excel and XlsxWriter do not say that a number is one; openpyxl does."""
    with xlsxwriter.Workbook(tmp_path / BOOK) as book:
        sheet, percent = book.add_worksheet(), book.add_format({"num_format": "0.0%"})
        sheet.write_row(0, 0, HEAD)
        for n in range(5):
            sheet.write_row(n + 1, 0, row(uid(47, n), said=""))
            sheet.write_row(n + 1, 6, [1, 1, 0], percent)
    assert "15 of its answers are shown as percentages" in refusal(tmp_path, BOOK, (tmp_path / BOOK).read_bytes())


def test_case_47_words_in_cells_formatted_as_percentages_are_words(tmp_path: Path) -> None:
    data = book_of({"Export": [HEAD, *(row(uid(47, n), said="YN?") for n in range(5))]}, in_percent)
    looked = look_at(tmp_path, BOOK, data)
    assert (looked.rows, looked.accepted, looked.rules) == (5, 5, {})


def test_case_47_numbers_among_words_are_told_only_where_they_are_most(tmp_path: Path) -> None:
    for numbers, is_refused in ((2, False), (4, True)):
        rows = [row(uid(47, n), said="") + ([1, 0, 1] if n < numbers else ["Yes", "No", "Yes"]) for n in range(5)]
        data = book_of({"Export": [HEAD, *rows]}, in_percent)
        if is_refused:
            assert "12 of its answers are shown as percentages" in refusal(tmp_path, BOOK, data)
        else:
            assert look_at(tmp_path, BOOK, data).accepted == 5


def in_percent(sheet: Worksheet) -> None:
    """Format every answer as a percentage."""
    for cells in sheet.iter_rows(min_row=2, min_col=7):
        for cell in cells:
            cell.number_format = "0%"


# --- 48 ---------------------------------------------------------------------------------------------------------------


def test_case_48_group_and_subtotal_rows_are_left_out(world: World) -> None:
    looked = look(world.inbox / f"case-48-{CARE_HOME}")
    assert (looked.rules, looked.rows, looked.accepted) == ({"rows_left_out": 1}, 3, 3)
    assert looked.severities == {"rows_left_out": "info"}


def test_case_48_the_authority_of_a_group_fills_down_where_rows_have_no_column_for_it(world: World) -> None:
    world.took(f"case-48-{CARE_HOME}")
    assert [world.services[uid(48, n)]["la_code"] for n in (1, 2, 3)] == ["E10000016", "E10000016", "E06000035"]


def test_case_48_merged_group_cells(world: World) -> None:
    file = f"case-48-{BOOK}"
    assert look(world.inbox / file).rules == {"rows_left_out": 1}
    world.took(file)
    assert world.services[uid(48, 11)]["la_code"] == "E10000016"


def test_case_48_a_group_never_overrides_a_rows_own_authority(world: World) -> None:
    file = f"case-48-with-column-{CARE_HOME}"
    assert (look(world.inbox / file).rules, look(world.inbox / file).rows) == ({"rows_left_out": 1}, 1)
    world.took(file)
    assert world.services[uid(48, 21)]["la_code"] == "E06000035"


@pytest.mark.parametrize("first", ["Yorkshire & Humberside", "Yorkshire and the Humber", "East", "Eastern", "Unspecified",
                                   "Leeds City Council", "York", "KENT", "Total", "Subtotal", "GRAND TOTAL"])  # fmt: skip
def test_case_48_every_name_of_an_authority_or_region(tmp_path: Path, first: str) -> None:
    """Section 6.3: 28 authorities, and TOTAL, look like NHS ids when in capitals."""
    looked = look_at(tmp_path, CARE_HOME, csv_of([first, *[""] * 4, "12", "4", "4", "4"], *good(48)))
    assert (looked.rules, looked.rows) == ({"rows_left_out": 1}, 4)


# --- 49 to 53 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMAS)
def test_case_49_commas_and_quotes_in_names(world: World, name: str) -> None:
    file = f"case-49-{CARE_HOME}"
    assert look(world.inbox / file).rules == {}
    world.took(file)
    assert world.services[uid(49, 1 + COMMAS.index(name))]["location_name"] == name


@pytest.mark.parametrize("name", FORMULAS)
def test_case_50_names_that_begin_as_formulas_are_accepted_unchanged_and_defused_on_writing(
    world: World, name: str
) -> None:
    file, unit = f"case-50-{CARE_HOME}", uid(50, 1 + FORMULAS.index(name))
    assert look(world.inbox / file).rules == {}
    world.took(file)
    written = f"'{name}" if name[0] in "=+-@" else name
    assert world.services[unit]["location_name"] == written
    (lists,) = world.release.glob("local-authorities/E10000016/at-risk-kent-care-home-*.csv")
    assert {one["Location"] for one in rows_of(lists) if one["CQC Location ID"] == unit} == {written}


def test_case_50_names_stay_unchanged_within(world: World) -> None:
    world.took(f"case-50-{CARE_HOME}")
    assert [one["location_name"] for one in world.found_by_name("HYPERLINK")] == [FORMULAS[4]]


def test_case_50_names_are_text_in_the_workbook(world: World) -> None:
    world.took(f"case-50-{CARE_HOME}")
    book = openpyxl.load_workbook(world.release / "national" / "at-risk.xlsx")
    cells = [cell for sheet in book for cells in sheet.iter_rows() for cell in cells if cell.value in FORMULAS]
    assert {cell.value for cell in cells} == set(FORMULAS)
    assert {cell.data_type for cell in cells} == {"s"}


@pytest.mark.parametrize("number", [51, 52], ids=["tab", "return"])
def test_case_50_names_that_begin_with_tab_or_return(world: World, number: int) -> None:
    """Accepted; what is written begins with neither of them (defused, or trimmed as case 52 has it)."""
    file = f"case-50-tab-{CARE_HOME}"
    assert look(world.inbox / file).rules == {}
    world.took(file)
    written = world.services[uid(50, number)]["location_name"]
    assert written.startswith("'") and written.endswith("=1+1")


def test_case_51_markup_in_names_is_escaped_on_writing(world: World) -> None:
    file = f"case-51-{CARE_HOME}"
    assert look(world.inbox / file).rules == {}
    world.took(file)
    assert world.services[uid(51)]["location_name"] == MARKUP
    pages = {path: path.read_text(encoding="utf-8") for path in world.release.rglob("*.html")}
    assert pages
    assert not [path.name for path, text in pages.items() if MARKUP in text or "<b>Rose" in text]
    assert all(
        escape("<b>Rose", quote=False) in text for text in pages.values() if "Rose & " in text or "Rose &amp; " in text
    )


def test_case_51_markup_in_names_in_the_workbook(world: World) -> None:
    world.took(f"case-51-{CARE_HOME}")
    book = openpyxl.load_workbook(world.release / "national" / "at-risk.xlsx")
    assert MARKUP in {cell.value for sheet in book for cells in sheet.iter_rows() for cell in cells}


def test_case_52_leading_blank_in_a_name_is_trimmed_for_sorting_and_display(world: World) -> None:
    file = f"case-52-{CARE_HOME}"
    assert look(world.inbox / file).rules == {}
    world.took(file)
    ours = [
        service["location_name"] for unit, service in world.services.items() if unit in {uid(52, n) for n in (1, 2, 3)}
    ]
    assert ours == ["Aardvark House", "Aaron House", "abacus House"]


def test_case_52_the_raw_name_is_kept_in_the_archive(world: World) -> None:
    file = f"case-52-{CARE_HOME}"
    world.took(file)
    sha256 = world.taken[file]["sha256"]
    assert b"   Aaron House " in (world.home / "archive" / sha256[:2] / sha256).read_bytes()


def test_case_53_enumerations_are_compared_without_case(world: World) -> None:
    file = f"case-53-{AFTER_CLOSE}.csv"
    looked = look(world.inbox / file)
    assert (looked.rules, looked.document["provider_type"]) == ({}, "care_home")
    world.took(file)
    assert [world.services[uid(53, n)]["registration_status"] for n in (1, 2)] == ["New", "Established"]


def test_case_53_the_registers_ratings_in_either_case(tmp_path: Path) -> None:
    rating = "Location Latest Overall Rating"
    rows = [
        register_row(uid(53, 1), **{rating: "Requires improvement"}),
        register_row(uid(53, 2), **{rating: "Requires Improvement", "Care home?": "y", "Dormant (Y/N)": "n"}),
    ]
    looked = look_at(tmp_path, "HSCA_Active_Locations_2024-12-16.csv", register_csv(*rows))
    assert (looked.rules, looked.accepted) == ({}, 2)


# --- control characters -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("control", CONTROLS)
def test_case_control_characters_are_removed_from_text_with_a_finding(world: World, control: str) -> None:
    n = 1 + list(CONTROLS).index(control)
    file = f"case-66-{n}-{CARE_HOME}"
    assert look(world.inbox / file).rules == {"cells_cleaned": 1}
    world.took(file)
    assert world.services[uid(66, n)]["location_name"] == "Rose House"
    assert [(one["row"], one["column"]) for one in world.found(file, "cells_cleaned")] == [("6", "Location")]


@pytest.mark.parametrize("control", CONTROLS)
def test_case_control_characters_in_an_id_refuse_the_row(world: World, control: str) -> None:
    n = 1 + list(CONTROLS).index(control)
    file = f"case-66-id-{n}-{CARE_HOME}"
    looked = look(world.inbox / file)
    assert (looked.rules, looked.accepted) == ({"id_refused": 1}, 4)
    world.took(file)
    assert f"Control House {n}" not in {service["location_name"] for service in world.services.values()}


def test_case_control_characters_in_a_workbook(world: World) -> None:
    file = f"case-66-{BOOK}"
    assert look(world.inbox / file).rules == {"cells_cleaned": 1}
    world.took(file)
    assert world.services[uid(66, 40)]["location_name"] == "Rose House"


def test_case_control_characters_break_no_workbook(world: World) -> None:
    for path in (
        world.release / "national" / "at-risk.xlsx",
        *world.release.glob("local-authorities/E10000016/*.xlsx"),
    ):
        book = openpyxl.load_workbook(path)
        assert any("Rose House" in str(cell.value) for sheet in book for cells in sheet.iter_rows() for cell in cells)


def test_case_control_characters_tab_and_line_breaks_are_none(tmp_path: Path) -> None:
    data = lines([HEAD, *good(66), row(uid(66, 50), "Rose\tand\r\nOak")]).encode()
    looked = look_at(tmp_path, CARE_HOME, data)
    assert (looked.rules, looked.accepted) == ({}, 5)
