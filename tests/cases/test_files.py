"""DATA.md section 8, cases 1 to 17: bytes, lines, sheets and folders."""

import json
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.cases.dirt import (
    AFTER_CLOSE,
    FILES,
    HEAD,
    World,
    book_of,
    call,
    csv_of,
    extract,
    good,
    lines,
    look,
    look_at,
    refusal,
    register_csv,
    register_row,
    row,
    stamped,
    uid,
    world_of,
)  # fmt: skip
from tests.conftest import Command
from tests.worlds import tree_bytes

CARE_HOME = f"care-home-{AFTER_CLOSE}.csv"
BOOK = f"care-home-{AFTER_CLOSE}.xlsx"

ENCODED = {  # name -> bytes, the name of the service, the rules found
    f"case-01-{CARE_HOME}": (csv_of(row(uid(1), "Café Grün"), encoding="utf-8-sig"), "Café Grün", set()),
    f"case-02-{CARE_HOME}": (
        csv_of(row(uid(2), "Rose – “Cottage” Daisy’s"), encoding="cp1252"), "Rose – “Cottage” Daisy’s",
        {"decoded_as_cp1252"},
    ),
    f"case-03-le-{CARE_HOME}": (
        b"\xff\xfe" + lines([HEAD, row(uid(3), "Café – Grün")], "\t", "\r\n").encode("utf-16-le"), "Café – Grün", set(),
    ),
    f"case-03-be-{CARE_HOME}": (
        b"\xfe\xff" + lines([HEAD, row(uid(3, 2), "Café – Grün")], "\t", "\r\n").encode("utf-16-be"), "Café – Grün",
        set(),
    ),
    f"case-04-{CARE_HOME}": (csv_of(row(uid(4), "Rose â€“ Cottage")), "Rose â€“ Cottage", {"mojibake"}),
    f"case-04-quotes-{CARE_HOME}": (csv_of(row(uid(4, 2), "Daisyâ€™s")), "Daisyâ€™s", {"mojibake"}),
    # half of the file pasted from a UTF-8 list into a Windows one: the whole is no UTF-8, so the half turns out garbled
    f"case-04-mixed-{CARE_HOME}": (
        csv_of(row(uid(4, 3), "Rose – Cottage")) + lines([row(uid(4, 4), "Oak – Lodge")]).encode("cp1252"),
        "Rose â€“ Cottage", {"mojibake", "decoded_as_cp1252"},
    ),
    f"case-04-french-{CARE_HOME}": (csv_of(row(uid(4, 5), "Château Âge d’Or")), "Château Âge d’Or", set()),
    f"case-05-pipe-{CARE_HOME}": (lines([HEAD, row(uid(5, 1), "Rose; Oak, Elm")], "|").encode(), "Rose; Oak, Elm", set()),
    f"case-05-semicolon-{CARE_HOME}": (
        lines([HEAD, row(uid(5, 2), "Rose, Oak, Elm, Ash, Yew, Fir, Bay")], ";").encode(),
        "Rose, Oak, Elm, Ash, Yew, Fir, Bay", set(),
    ),
    f"case-05-tab-{CARE_HOME}": (lines([HEAD, row(uid(5, 3), "Rose; Oak, Elm")], "\t").encode(), "Rose; Oak, Elm", set()),
}  # fmt: skip
UNITS = {name: uid(*place) for name, place in zip(
    ENCODED, [(1,), (2,), (3,), (3, 2), (4,), (4, 2), (4, 3), (4, 5), (5, 1), (5, 2), (5, 3)], strict=True
)}  # fmt: skip

ENDS = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}


def two_line_name(end: str, first: int) -> bytes:
    """Two records, the first with a line break inside a quoted cell, as Excel saves it: always a line feed."""
    return lines(
        [HEAD, row(uid(6, first), "Rose\nCottage", users="1"), row(uid(6, first + 1), "Oak", "YYN", users="1")], end=end
    ).encode()


def with_preamble(count: int, case: int) -> bytes:
    """A title and criteria, of `count` lines altogether, above the headings."""
    return "".join(f"Criterion {n},some value\n" for n in range(count)).encode() + csv_of(
        row(uid(7, case), "Rose", users="1")
    )


FOOTERS = {
    "grand-total": ["Grand Total", "", "", "", "", "12", "4", "4", "4"],
    "total-in-the-name-column": ["", "Total", "", "", "", "12", "4", "4", "4"],
    "total-with-shares": ["TOTAL", "", "", "", "", "", "100%", "97.5 %", "98%"],
    "footer-padded": ["Exported from Capacity Tracker on 17/12/2024 09:00", *[""] * 8],
    "footer-alone": ["Exported from Capacity Tracker on 17/12/2024 09:00"],
    "footer-number-of-rows": ["Number of records: 4", *[""] * 8],
}

SAME_BYTES = (f"case-12-{CARE_HOME}", f"case-12-home-care-{AFTER_CLOSE}.csv", "case-12-care-home-2024-12-10.csv")
NEWER_OLDER = (f"case-13-{CARE_HOME}", "old-case-13-care-home-2024-11-20.csv")  # taken in in the order of their names


def hide_and_merge(sheet: Worksheet) -> None:
    """Hide a row, merge a title, switch a filter on."""
    sheet.merge_cells("A1:E1")
    sheet.row_dimensions[4].hidden = True
    sheet.auto_filter.ref = "A2:I5"


def files() -> dict[str, bytes]:
    """All files of this module that are taken in, each with services of its own."""
    made = {name: data for name, (data, _, _) in ENCODED.items()}
    made |= {f"case-06-{name}-{CARE_HOME}": two_line_name(end, 10 * n) for n, (name, end) in enumerate(ENDS.items(), 1)}
    made |= {f"case-07-{count}-{CARE_HOME}": with_preamble(count, count) for count in (4, 29)}
    readme = [["How to read this workbook"], ["Location", "A place"]]
    made[f"case-09-{BOOK}"] = book_of({"README": readme, "data": [HEAD, row(uid(9, 11), "Readme House", users="1")]})
    made[f"case-09-two-{BOOK}"] = book_of(
        {"North": [HEAD, row(uid(9, 12), "North House")], "South": [HEAD, row(uid(9, 13), "South House")]}
    )
    made[f"case-10-book-{CARE_HOME}"] = book_of({"Export": [HEAD, row(uid(10, 1), "Book House")]})
    made[f"case-10-text-{CARE_HOME[:-4]}.xls"] = csv_of(row(uid(10, 2), "Text House"))
    made[f"case-16-{BOOK}"] = book_of(
        {"Export": [["Monthly status"], HEAD, *(row(uid(16, n), f"Hidden {n}", "YYN") for n in (11, 12, 13))]},
        hide_and_merge,
    )
    made |= dict.fromkeys(SAME_BYTES, csv_of(*good(12)))
    older = csv_of([*row(uid(13))[:6], "No", "No"], head=HEAD[:-1])
    made |= dict(zip(NEWER_OLDER, (csv_of(row(uid(13), said="?YY")), older), strict=True))
    for suffix in ("ods", "xls"):
        made[f"case-16-stored-care-home-{AFTER_CLOSE}.{suffix}"] = (
            FILES / f"export-with-hidden-row.{suffix}"
        ).read_bytes()
    return made


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One home with all files of this module."""
    return world_of(tmp_path_factory.mktemp("files"), files())


# --- 1 to 5 -----------------------------------------------------------------------------------------------------------


def encoded(case: str) -> list[str]:
    return [name for name in ENCODED if name.startswith(f"case-{case}")]


def is_read_as_meant(world: World, name: str) -> None:
    """The findings are those meant and no other, and the name of the service is what its writer saw."""
    _, service, rules = ENCODED[name]
    looked = look(world.inbox / name)
    assert (set(looked.rules), looked.accepted) == (rules, looked.rows)
    world.took(name)
    assert world.services[UNITS[name]]["location_name"] == service


@pytest.mark.parametrize("name", encoded("01"))
def test_case_01_utf8_bom(world: World, name: str) -> None:
    is_read_as_meant(world, name)


@pytest.mark.parametrize("name", encoded("02"))
def test_case_02_cp1252(world: World, name: str) -> None:
    is_read_as_meant(world, name)
    looked = look(world.inbox / name)
    assert looked.rules == {"decoded_as_cp1252": 1} and looked.severities == {"decoded_as_cp1252": "info"}


@pytest.mark.parametrize("byte", [0x81, 0x8D, 0x8F, 0x90, 0x9D])
def test_case_02_bytes_undefined_in_cp1252_refuse_the_file_and_name_the_line(tmp_path: Path, byte: int) -> None:
    data = csv_of(row(uid(2, 2)), row(uid(2, 3), "Caf#")).replace(b"Caf#", b"Caf" + bytes([byte]))
    assert "row 3" in refusal(tmp_path, CARE_HOME, data).replace("line 3", "row 3")


def test_case_02_saved_by_libreoffice_as_windows_text(tmp_path: Path) -> None:
    looked = look_at(tmp_path, CARE_HOME, (FILES / "resaved-cp1252.csv").read_bytes())
    assert (looked.rules, looked.accepted) == ({"decoded_as_cp1252": 1}, 3)


@pytest.mark.parametrize("name", encoded("03"))
def test_case_03_utf16_unicode_text_from_excel(world: World, name: str) -> None:
    is_read_as_meant(world, name)


def test_case_03_saved_by_libreoffice_as_unicode_text(tmp_path: Path) -> None:
    looked = look_at(tmp_path, CARE_HOME, (FILES / "resaved-unicode-text.csv").read_bytes())
    assert (looked.rules, looked.accepted) == ({}, 3)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_case_03_utf16_without_bom_is_refused(tmp_path: Path, encoding: str) -> None:
    refusal(tmp_path, CARE_HOME, lines([HEAD, *good(3)], "\t", "\r\n").encode(encoding))


@pytest.mark.parametrize("name", encoded("04"))
def test_case_04_mojibake_is_found_and_kept_as_it_stood(world: World, name: str) -> None:
    is_read_as_meant(world, name)


def test_case_04_mojibake_finding_names_its_cell(world: World) -> None:
    name = f"case-04-{CARE_HOME}"
    world.took(name)
    (found,) = world.found(name, "mojibake")
    assert (found["row"], found["column"], found["value"]) == ("2", "Location", "Rose â€“ Cottage")


@pytest.mark.parametrize("name", encoded("05"))
def test_case_05_delimiters(world: World, name: str) -> None:
    is_read_as_meant(world, name)


def test_case_05_delimiter_is_decided_on_the_heading_row_not_on_lines_above_or_below(tmp_path: Path) -> None:
    above = b"Geography, England, all regions, all authorities, all types, all months\n"
    body = lines([HEAD, *(row(uid(5, n), "A, B, C, D, E, F, G, H, I, J") for n in (21, 22))], ";").encode()
    looked = look_at(tmp_path, CARE_HOME, above + body)
    assert (looked.rules, looked.accepted) == ({}, 2)


def test_case_05_saved_by_libreoffice_with_semicolons(tmp_path: Path) -> None:
    looked = look_at(tmp_path, CARE_HOME, (FILES / "resaved-semicolon.csv").read_bytes())
    assert (looked.rules, looked.accepted) == ({}, 3)


# --- 6 to 8 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ENDS)
def test_case_06_line_ends_and_a_newline_in_a_quoted_cell(world: World, end: str) -> None:
    name = f"case-06-{end}-{CARE_HOME}"
    first = uid(6, 10 * (1 + list(ENDS).index(end)))
    second = f"1-{int(first[2:]) + 1}"
    looked = look(world.inbox / name)
    assert (looked.rules, looked.accepted) == ({}, 2)
    world.took(name)
    assert [one["row"] for one in world.found(name, "user_count_low")] == ["2", "4"]
    assert world.services[first]["location_name"] == "Rose\nCottage"
    assert world.services[second]["outcome"] == "missed"


@pytest.mark.parametrize(("count", "source_row"), [(4, "6"), (29, "31")])
def test_case_07_preamble_lines_before_the_headings(world: World, count: int, source_row: str) -> None:
    name = f"case-07-{count}-{CARE_HOME}"
    looked = look(world.inbox / name)
    assert (looked.rules, looked.accepted) == ({}, 1)
    world.took(name)
    assert [one["row"] for one in world.found(name, "user_count_low")] == [source_row]


def test_case_07_headings_below_the_30th_row_are_refused(tmp_path: Path) -> None:
    refusal(tmp_path, CARE_HOME, with_preamble(30, 30))


@pytest.mark.parametrize("footer", FOOTERS)
def test_case_08_footer_or_grand_total(tmp_path: Path, footer: str) -> None:
    looked = look_at(tmp_path, CARE_HOME, csv_of(*good(8), FOOTERS[footer]))
    assert (looked.rules, looked.rows, looked.accepted) == ({"rows_left_out": 1}, 4, 4)
    assert looked.severities == {"rows_left_out": "info"}


# --- 9 to 11 ----------------------------------------------------------------------------------------------------------


def test_case_09_readme_sheet_first(world: World) -> None:
    name = f"case-09-{BOOK}"
    looked = look(world.inbox / name)
    assert (looked.rules, looked.rows) == ({}, 1)
    world.took(name)
    assert [(one["sheet"], one["row"]) for one in world.found(name, "user_count_low")] == [("data", "2")]


def test_case_09_two_sheets_of_one_kind_are_both_read(world: World) -> None:
    name = f"case-09-two-{BOOK}"
    assert look(world.inbox / name).accepted == 2
    world.took(name)
    assert {world.services[uid(9, n)]["location_name"] for n in (12, 13)} == {"North House", "South House"}


def test_case_09_two_sheets_of_different_kinds_are_refused(tmp_path: Path) -> None:
    fees = [["provider_id", "annual_fee_gbp"], ["1-9800000001", "500"]]
    refusal(tmp_path, BOOK, book_of({"Export": [HEAD, *good(9)], "Fees": fees}))


def test_case_09_the_register_of_three_sheets_as_cqc_publishes_it(tmp_path: Path) -> None:
    """Section 4: its sheet Dual_Registration_Locations has a Location ID column too, and is no second register."""
    data = (FILES / "register-with-three-sheets.ods").read_bytes()
    looked = look_at(tmp_path, "HSCA_Active_Locations_2024-12-16.ods", data)
    assert (looked.document["kind"], looked.rows, looked.accepted) == ("service_register", 2, 2)


@pytest.mark.parametrize(
    ("name", "unit", "service"),
    [
        (f"case-10-book-{CARE_HOME}", uid(10, 1), "Book House"),
        (f"case-10-text-{CARE_HOME[:-4]}.xls", uid(10, 2), "Text House"),
    ],
)
def test_case_10_type_by_content(world: World, name: str, unit: str, service: str) -> None:
    looked = look(world.inbox / name)
    assert looked.rules == {"type_by_content": 1}
    world.took(name)
    assert world.services[unit]["location_name"] == service


HTML = (FILES / "web-page.html").read_bytes()


@pytest.mark.parametrize("data", [HTML, b"\xef\xbb\xbf" + HTML, b"\r\n  " + HTML], ids=["plain", "bom", "blanks first"])
def test_case_10_html_named_xls_is_refused(tmp_path: Path, data: bytes) -> None:
    refusal(tmp_path, f"care-home-{AFTER_CLOSE}.xls", data)


def test_case_11_headings_only(tmp_path: Path) -> None:
    looked = look_at(tmp_path, CARE_HOME, csv_of())
    assert (looked.rows, looked.accepted, looked.severities) == (0, 0, {"no_rows": "warning"})


def test_case_11_headings_only_comes_to_the_population_check(asc: Command, tmp_path: Path) -> None:
    """The population of December may not silently be empty: nothing is published (exit 4)."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / CARE_HOME).write_bytes(csv_of())
    (inbox / f"home-care-{AFTER_CLOSE}.csv").write_bytes(csv_of(*good(11)))
    (inbox / "HSCA_Active_Locations_2024-12-16.csv").write_bytes(register_csv(register_row(uid(11))))
    home = tmp_path / "home"
    words = ("--inbox", inbox, "--home", home, "--as-at", "2024-12-31", "--json")
    assert asc("run", "--month", "2024-12", *words).code == 4
    assert not list(home.glob("releases/*/CURRENT"))


def test_case_11_zero_bytes_are_refused(tmp_path: Path) -> None:
    assert "zero bytes" in refusal(tmp_path, CARE_HOME, b"")


# --- 12 to 14 ---------------------------------------------------------------------------------------------------------


def states(home: Path, *paths: Path) -> list[str]:
    answer = call("ingest", *paths, "--home", home, "--json")
    assert answer.code == 0, answer.err
    return [one["state"] for one in json.loads(answer.out)]


def test_case_12_the_same_file_twice_or_renamed_is_already_held(tmp_path: Path) -> None:
    path, home = tmp_path / CARE_HOME, tmp_path / "home"
    path.write_bytes(csv_of(*good(12)))
    assert states(home, path) == ["taken in"]
    held = tree_bytes(home / "archive")
    copy = path.rename(tmp_path / "copy of export.csv")
    same_words = tmp_path / "Care Home 17.12.24 (final).csv"
    same_words.write_bytes(copy.read_bytes())
    assert states(home, copy) + states(home, same_words) == ["already held", "already held"]
    assert tree_bytes(home / "archive") == held


@pytest.mark.parametrize("other", SAME_BYTES[1:], ids=["type", "time"])
def test_case_12_the_same_bytes_under_another_type_or_time_are_a_second_intake(world: World, other: str) -> None:
    world.took(*SAME_BYTES)
    assert world.taken[other]["state"] == "taken in"
    assert world.found(SAME_BYTES[0], "same_bytes") and world.found(other, "same_bytes")


def test_case_13_an_older_extract_loaded_later_never_overrides_the_newer(world: World) -> None:
    """November: the newer says Yes, the older, loaded after it, says No."""
    world.took(*NEWER_OLDER)
    windows = world.explained(uid(13))
    assert (windows["2024-11"]["outcome"], windows["2024-10"]["outcome"]) == ("submitted", "missed")


def test_case_13_an_older_extract_is_an_info_finding(world: World) -> None:
    world.took(*NEWER_OLDER)
    assert {one["severity"] for one in world.found(NEWER_OLDER[1], "older_than_newest")} == {"info"}


CUT = ",".join(map(str, row(uid(14), "Cut House")))
CUTS = {  # how the last line ends, and which rule refuses its row
    "after the name, no newline": (CUT[:30], "row_truncated"),
    "inside the id, no newline": (CUT[:6], "row_truncated"),
    "after the name, with a newline": (CUT[:30] + "\n", "row_short"),
    "inside a quoted name, no newline": (f'{uid(14)},"Cut, Ho', "row_truncated"),
}


@pytest.mark.parametrize("cut", CUTS)
def test_case_14_last_line_cut_off(tmp_path: Path, cut: str) -> None:
    text, rule = CUTS[cut]
    looked = look_at(tmp_path, CARE_HOME, csv_of(*good(14)) + text.encode())
    assert (looked.rules, looked.rows, looked.accepted) == ({rule: 1}, 5, 4)
    (finding,) = looked.document["findings"]
    assert finding["severity"] == "error"
    assert rule != "row_truncated" or "truncated?" in finding["action"]


def test_case_14_a_short_row_in_the_middle_is_not_called_truncated(tmp_path: Path) -> None:
    data = csv_of(*good(14, 2), [uid(14), "Short House"], *good(14, 2, 950)).rstrip(b"\n")
    looked = look_at(tmp_path, CARE_HOME, data)
    assert (looked.rules, looked.accepted) == ({"row_short": 1}, 4)


# --- 15 to 17 ---------------------------------------------------------------------------------------------------------


def typed(word: str) -> bytes:
    return csv_of([uid(15), word, "Yes"], head=["CQC Location ID", "Provider Type", "Dec 24"])


@pytest.mark.parametrize(
    ("name", "data", "provider_type"),
    [
        ("status-2024-12-17.csv", typed("Home Care"), "home_care"),
        ("home-care-2024-12-17.csv", typed("home care"), "home_care"),
        ("Update Monthly Status - CARE HOME 17.12.24.csv", csv_of(*good(15)), "care_home"),
        ("HOME_CARE_20241217.csv", csv_of(*good(15)), "home_care"),
        ("homecare 2024-12-17.csv", csv_of(*good(15)), "home_care"),
    ],
    ids=["column only", "both agree", "name", "underscore", "one word"],
)
def test_case_15_provider_type_from_column_or_name(tmp_path: Path, name: str, data: bytes, provider_type: str) -> None:
    assert look_at(tmp_path, name, data).document["provider_type"] == provider_type


def test_case_15_column_and_name_in_conflict_are_refused(tmp_path: Path) -> None:
    refusal(tmp_path, "care-home-2024-12-17.csv", typed("Home Care"))


def test_case_15_neither_is_refused_until_a_person_says_it(tmp_path: Path) -> None:
    message = refusal(tmp_path, "status-2024-12-17.csv", csv_of(*good(15)))
    assert "--provider-type" in message
    path, home = tmp_path / "status-2024-12-17.csv", tmp_path / "home"
    assert call("ingest", path, "--home", home).code == 3
    answer = call("ingest", path, "--home", home, "--provider-type", "care_home", "--json")
    assert answer.code == 0 and json.loads(answer.out)[0]["provider_type"] == "care_home"


def test_case_16_hidden_row_merged_title_and_filter(world: World) -> None:
    name = f"case-16-{BOOK}"
    looked = look(world.inbox / name)
    assert (looked.rules, looked.accepted, looked.severities) == ({"hidden_rows": 1}, 3, {"hidden_rows": "info"})
    world.took(name)
    assert world.services[uid(16, 12)]["outcome"] == "missed"


@pytest.mark.parametrize("suffix", ["ods", "xls"])
def test_case_16_hidden_rows_as_libreoffice_saves_them_are_read(world: World, suffix: str) -> None:
    name = f"case-16-stored-care-home-{AFTER_CLOSE}.{suffix}"
    looked = look(world.inbox / name)
    assert (looked.accepted, looked.months) == (3, ["2024-10", "2024-11", "2024-12"])
    world.took(name)
    assert world.services[uid(16, 2)]["outcome"] == "missed"


@pytest.mark.parametrize("suffix", ["ods", "xls"])
def test_case_16_hidden_rows_as_libreoffice_saves_them_are_told(world: World, suffix: str) -> None:
    looked = look(world.inbox / f"case-16-stored-care-home-{AFTER_CLOSE}.{suffix}")
    assert (looked.rules, looked.severities) == ({"hidden_rows": 1}, {"hidden_rows": "info"})


def test_case_16_a_filter_that_hides_nothing_is_no_finding(tmp_path: Path) -> None:
    def filtered(sheet: Worksheet) -> None:
        sheet.auto_filter.ref = "A1:I5"

    looked = look_at(tmp_path, BOOK, book_of({"Export": [HEAD, *good(16)]}, filtered))
    assert (looked.rules, looked.accepted) == ({}, 4)


@pytest.mark.parametrize("name", [BOOK, CARE_HOME])
def test_case_16_blank_first_column(tmp_path: Path, name: str) -> None:
    rows = [["", *cells] for cells in (HEAD, *good(16))]
    looked = look_at(tmp_path, name, book_of({"Export": rows}) if name == BOOK else lines(rows).encode())
    assert (looked.rules, looked.accepted) == ({}, 4)


STRAY = ("~$care-home-2024-12-17.xlsx", ".DS_Store", "Thumbs.db", ".~lock.care-home-2024-12-17.ods#")


def test_case_17_lock_and_system_files_are_skipped_and_named(asc: Command, tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / CARE_HOME).write_bytes(csv_of(*good(17)))
    for name in STRAY:
        (folder / name).write_bytes(b"\x00\x05Pat Preparer")
    checked, taken = asc("check", folder, "--json"), asc("ingest", folder, "--home", tmp_path / "home", "--json")
    for answer in (checked, taken):
        assert answer.code == 0, answer.err
        assert [one["file"] for one in json.loads(answer.out)] == [CARE_HOME]
        assert all(name in answer.err for name in STRAY)


def test_cases_05_and_07_hold_for_a_record_level_extract_too(tmp_path: Path) -> None:
    """Section 3: delimiter `,` or `|`."""
    text = extract(stamped(uid(5, 31), "45634.5")).decode().replace(",", "|")
    looked = look_at(tmp_path, "extract-2024-12-18.csv", b"Record level export\n" + text.encode())
    assert (looked.document["kind"], looked.accepted) == ("record_level", 1)


NAMES = ["20241217", "2024-12-17", "17_December_2024", "17.12.24", "17.12.2024", "2024-12-17T0930", "12 months 2024-12-17",
         "Table-54-extract-2024-12-17"]  # fmt: skip


@pytest.mark.parametrize("words", NAMES)
def test_section_5_the_extraction_time_in_a_files_name(tmp_path: Path, words: str) -> None:
    """The last two have a number and a word before the year, which is no other date."""
    looked = look_at(tmp_path, f"care homes {words}.csv", csv_of(*good(13)))
    assert looked.document["extracted_at"].startswith("2024-12-17")
