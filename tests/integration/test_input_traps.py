"""Traps that a hostile reviewer laid in inputs and that once caught the product; each stays shut."""

import datetime as dt
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.cases.dirt import HEAD, book_of, call, csv_of, look_at, refusal, row, uid
from tests.conftest import Command
from tests.integration.test_hostile import ods
from tests.spec.shipped_inputs import judged
from tests.worlds import Inbox, findings_of, release_of, rows_of, services_of, write_csv

DECEMBER = dt.date(2024, 12, 1)
CARE_HOME = "care-home-2024-12-17.csv"
UNIT = "1-9000000001"
RUN = ("run", "--month", "2024-12", "--as-at", "2024-12-31")


def outcome(folder: Path, *paths: Path) -> tuple[object, ...]:
    """Return outcome, status, authority and provider of the only service of some files."""
    ((answer,), _) = judged(list(paths), folder, DECEMBER)
    return tuple(answer)


# --- outcomes ---------------------------------------------------------------------------------------------------------


def test_the_weekly_directory_does_not_hide_the_exports_registration_date(tmp_path: Path) -> None:
    heads = ["CQC Location ID", "Location", "Local Authority", "Registration Date", "Oct 24", "Nov 24", "Dec 24"]
    export = write_csv(tmp_path / CARE_HOME, heads, [[UNIT, "New House", "Kent", "17/12/2024", "No", "No", "No"]])
    weekly = ["Name", "Service types", "Provider name", "Local authority", "CQC Location ID (for office use only)",
              "CQC Provider ID (for office use only)"]  # fmt: skip
    row = ["New House", "Residential homes", "Invented Ltd", "Kent", UNIT, "1-9900000001"]
    directory = write_csv(tmp_path / "directory-2024-12-18.csv", weekly, [row])
    assert outcome(tmp_path / "a", *[_made(tmp_path / "a"), export, directory][1:])[:2] == (
        "not_required",
        "not_required",
    )


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_an_unreadable_provider_type_refuses_its_row(tmp_path: Path) -> None:
    heads = ["CQC Location ID", "Provider Type", "Dec 24"]
    rows = [[uid(80, n), "Care Home", "Yes"] for n in range(5)] + [[uid(80, 9), "Domiciliary Care", "No"]]
    looked = look_at(tmp_path, "status-2024-12-17.csv", csv_of(*rows, head=heads))
    assert (looked.accepted, looked.rules) == (5, {"row_value_refused": 1})


@pytest.mark.parametrize("name", ["Avonshire County Council", "Wessex"])
def test_a_group_that_nobody_knows_ends_the_group_before_it(tmp_path: Path, name: str) -> None:
    heads = ["CQC Location ID", "Location", "Nov 24", "Dec 24"]
    rows = [["Kent", "", "", ""], [uid(81, 1), "A", "Yes", "Yes"], [name, "", "3", "4"], [UNIT, "B", "No", "No"]]
    folder = _made(tmp_path / "a")
    (answers, rules) = judged([write_csv(tmp_path / CARE_HOME, heads, rows)], folder, DECEMBER)
    assert {place for _, _, place, _ in answers} == {"Kent", None}
    assert "authority_unmatched" in rules and "id_refused" not in rules


def test_a_second_heading_row_with_other_months_refuses_the_file(tmp_path: Path) -> None:
    second = [*HEAD[:-3], "Nov 24", "Dec 24", "Jan 25"]
    data = csv_of(row(uid(82)), second, row(uid(82, 2)))
    assert "a second row of headings" in refusal(tmp_path, CARE_HOME, data)
    shuffled = csv_of(row(uid(82)), list(reversed(HEAD)), row(uid(82, 2)))
    assert "a second row of headings" in refusal(tmp_path, CARE_HOME, shuffled)


@pytest.mark.parametrize("stamps", [["10/12/2024 9:30:00 AM", "13/12/2024 9:30:00 AM", "11/12/2024 10:30"]])
def test_am_and_pm_do_not_make_a_uk_column_american(tmp_path: Path, stamps: list[str]) -> None:
    heads = ["cqcid", "location", "Local Authority", "lastupdatedutc"]
    rows = [[uid(83, n), "House", "Kent", stamp] for n, stamp in enumerate(stamps, 1)]
    answers, rules = judged(
        [write_csv(tmp_path / "extract-2024-12-18.csv", heads, rows)], _made(tmp_path / "a"), DECEMBER
    )
    assert {answer[0] for answer in answers} == {"submitted"} and "stamp_unreadable" not in rules


def test_a_shifted_row_is_refused_and_a_column_without_heading_is_not(tmp_path: Path) -> None:
    shifted = csv_of(*([uid(84, n), "House", "No", "Yes", "Yes", ""] for n in range(5)),
                     [uid(84, 9), "Oak", " Kent", "No", "Yes", "Yes"], head=["CQC Location ID", "Location", "Oct 24", "Nov 24", "Dec 24", ""])  # fmt: skip
    looked = look_at(tmp_path, CARE_HOME, shifted)
    assert (looked.accepted, looked.rules) == (5, {"row_shifted": 1})
    numbered = csv_of(*([str(n), uid(84, n), "Yes"] for n in range(5)), head=["", "CQC Location ID", "Dec 24"])
    assert look_at(tmp_path, CARE_HOME, numbered).accepted == 5


@pytest.mark.parametrize("heading", ["01/11/2024", "1/11/2024", "01-Nov-24", "01 Nov 2024", "Nov_24", "Nov_2024"])
def test_a_month_as_programs_write_it(tmp_path: Path, heading: str) -> None:
    data = csv_of([uid(85), "Yes", "No"], head=["CQC Location ID", heading, "Dec 24"])
    assert look_at(tmp_path, CARE_HOME, data).months == ["2024-11", "2024-12"]


def test_a_date_heading_that_is_no_first_of_a_month_refuses_the_file(tmp_path: Path) -> None:
    for heading in ("15/11/2024", "15-Nov-24"):
        refusal(tmp_path, CARE_HOME, csv_of([uid(85), "Yes"], head=["CQC Location ID", heading]))


@pytest.mark.parametrize("number", [45634 - 1e-8, 45634 + 1e-8])
@pytest.mark.parametrize("is_date", [True, False])
def test_a_stamp_is_rounded_to_the_second_however_its_cell_is_shown(
    tmp_path: Path, number: float, is_date: bool
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["cqcid", "location", "Local Authority", "lastupdatedutc"])
    sheet.append([UNIT, "House", "Kent", number])
    if is_date:
        sheet["D2"].number_format = "yyyy-mm-dd hh:mm:ss"
    book.save(tmp_path / "extract-2024-12-18.xlsx")
    assert outcome(_made(tmp_path / "a"), tmp_path / "extract-2024-12-18.xlsx")[0] == "submitted"


def test_a_sheet_named_for_the_other_type_contradicts_the_file(tmp_path: Path) -> None:
    book = book_of({"Home Care": [HEAD, row(uid(86))]})
    assert "home_care" in refusal(tmp_path, "care-home-2024-12-17.xlsx", book)
    both = book_of({"Care Home": [HEAD, row(uid(86))], "Home Care": [HEAD, row(uid(86))]})
    assert look_at(tmp_path, "status-2024-12-17.xlsx", both).document["provider_type"] == "both"


def test_rows_swallowed_by_a_stray_quote_are_told(tmp_path: Path) -> None:
    data = (
        csv_of(row(uid(87, 1)), row(uid(87, 5)))
        + f'{uid(87, 2)},"Foo,,,,,Yes\n{uid(87, 3)},Bar,,,,,No\n{uid(87, 4)},Baz",,,,,Y,Y,Y\n'.encode()
    )
    looked = look_at(tmp_path, CARE_HOME, data)
    assert (looked.accepted, looked.rules) == (2, {"row_swallows": 1})


def test_hidden_sheets_are_told(tmp_path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.sheet_state = "veryHidden"

    book = book_of({"Export": [HEAD, row(uid(88, 1))], "Old": [HEAD, row(uid(88, 2))]}, hide)
    assert look_at(tmp_path, "care-home-2024-12-17.xlsx", book).rules == {"hidden_sheets": 1}


# --- what is left out, stated and compared ----------------------------------------------------------------------------


def test_a_skipped_file_stays_out_of_the_month_though_another_month_takes_it(
    asc: Command, inbox: Inbox, home: Path
) -> None:
    inbox.write()
    bad = inbox.folder / "wrong-care-home-2024-12-18.csv"
    unit = next(unit for unit in inbox.units if unit.provider_type == "care_home")
    write_csv(bad, ["CQC Location ID", "Nov 24", "Dec 24"], [[unit.location_id, "No", "No"]])
    skip = ("--skip", bad.name, "--because", "wrong file")
    assert asc(*RUN, "--inbox", inbox.folder, "--home", home, *skip).code == 0
    before = release_of(home)
    assert asc("ingest", bad, "--home", home).code == 0
    assert asc(*RUN, "--inbox", inbox.folder, "--home", home).code == 0
    assert release_of(home) == before
    manifest = json.loads((before / "manifest.json").read_text())
    assert bad.name not in {line["name"] for line in manifest["inputs"]}
    explained = json.loads(asc("explain", unit.location_id, "--type", "care_home", "--home", home, "--json").out)
    assert explained["windows"][-1]["outcome"] == "submitted"


def test_the_same_file_with_and_without_a_day_in_its_name_in_either_order(
    asc: Command, inbox: Inbox, home: Path, tmp_path: Path
) -> None:
    inbox.write()
    dated = inbox.export_path("care_home")
    undated = dated.with_name("care-home.csv")
    undated.write_bytes(dated.read_bytes())
    others = [path for path in inbox.folder.iterdir() if path not in (dated, undated)]
    answers = []
    for n, order in enumerate(((undated, dated), (dated, undated))):
        folder = tmp_path / f"home {n}"
        for path in (*order, *others):
            assert asc("ingest", path, "--home", folder).code == 0
        assert asc(*RUN, "--home", folder).code == 0
        answers.append((services_of(folder), [one["rule"] for one in rows_of(release_of(folder) / "findings.csv")]))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--provider-type", "home_care"), "care_home"),
        (("--extracted-at", "2024-12-10"), "2024-12-17T00:00:00+00:00"),
        (("--provider-type", "home_care", "--extracted-at", "2024-12-10"), "care_home and 2024-12-17T00:00:00+00:00"),
    ],
)
def test_what_a_person_says_of_a_new_file_yields_to_its_name_until_the_file_is_held(
    asc: Command, inbox: Inbox, home: Path, words: tuple[str, ...], named: str
) -> None:
    inbox.write()
    file, silent = inbox.export_path("care_home"), ("care_home", "2024-12-17T00:00:00+00:00")
    note = f"its name says {named}; give the file again with the option to replace that"
    answer = asc("ingest", file, *words, "--home", home)
    assert answer.code == 0 and answer.out.endswith(f" findings; {note}\n")
    (first,) = json.loads(asc("ingest", file, *words, "--home", home.with_name("other home"), "--json").out)
    assert (first["state"], first["note"]) == ("taken in", note)
    assert (first["provider_type"], first["extracted_at"]) == silent
    (again,) = json.loads(asc("ingest", file, *words, "--home", home, "--json").out)
    assert (again["state"], again["note"]) == ("replaced", "")
    said = dict(zip(words[::2], words[1::2], strict=True))
    assert again["provider_type"] == said.get("--provider-type", silent[0])
    assert again["extracted_at"][:10] == said.get("--extracted-at", silent[1])[:10]


def test_what_a_person_says_as_the_name_does_or_where_it_is_silent_needs_no_note(
    asc: Command, inbox: Inbox, home: Path, tmp_path: Path
) -> None:
    inbox.write()
    file, fees = inbox.export_path("care_home"), inbox.write_fees().rename(tmp_path / "care home fees.csv")
    for path, *words in (
        (file, "--provider-type", "care_home", "--extracted-at", "2024-12-17"),
        (fees, "--provider-type", "home_care", "--extracted-at", "2024-12-10"),
    ):
        (taken,) = json.loads(asc("ingest", path, *words, "--home", home, "--json").out)
        assert (taken["state"], taken["note"]) == ("taken in", "")


def test_who_is_no_longer_new_enters_the_lists_for_that_reason(asc: Command, inbox: Inbox, home: Path) -> None:
    unit = inbox.units[4]
    unit.history, unit.status, unit.in_register = "Y" * 9 + "NNN", "New (< 101 days)", False
    inbox.write()
    assert asc(*RUN, "--inbox", inbox.folder, "--home", home).code == 0
    unit.in_register = True
    later = inbox.write_register("2024-12-20")
    assert asc(*RUN, "--inbox", later, "--home", home).code == 0
    (changes,) = (home / "releases" / "2024-12" / "changes").iterdir()
    (found,) = rows_of(changes)
    assert (found["change"], found["why"]) == ("entered", "no longer counted as new")
    assert found["windows"] == "2024-12"  # of October and November no export says that it was New
    assert not findings_of(home, "not_in_register")


# --- refusals and limits ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stamp", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "9999-12-31"])
def test_a_programs_never_is_no_fault_of_ours(asc: Command, tmp_path: Path, stamp: str) -> None:
    heads = ["cqcid", "location", "lastupdatedutc"]
    path = write_csv(tmp_path / "extract-2024-12-18.csv", heads, [[UNIT, "House", stamp]])
    answer = asc("ingest", path, "--home", tmp_path / "home", "--json")
    assert answer.code == 0 and json.loads(answer.out)[0]["findings"] == 1


def test_days_beyond_reason_are_refused(asc: Command, tmp_path: Path) -> None:
    fees = write_csv(
        tmp_path / "fees.csv", ["provider_id", "annual_fee_gbp", "as_at"], [["1-9900000001", "500", "9999-12-31"]]
    )
    assert asc("ingest", fees, "--home", tmp_path / "home").code == 3
    for moment in ("9999-12-31", "9999-12-31T23:59-12:00", "0001-01-01T00:00+12:00"):
        assert asc("ingest", fees, "--extracted-at", moment, "--home", tmp_path / "home").code == 2


def test_percentages_in_other_columns_refuse_nothing(tmp_path: Path) -> None:
    def in_percent(sheet: Worksheet) -> None:
        for cells in sheet.iter_rows(min_row=2, min_col=10, max_col=11):
            for cell in cells:
                cell.number_format = "0%"

    rows = [[*row(uid(89, n)), 0.5, 1] for n in range(8)]
    book = book_of({"Export": [[*HEAD, "Completion", "Occupancy"], *rows]}, in_percent)
    assert look_at(tmp_path, "care-home-2024-12-17.xlsx", book).accepted == 8


def test_a_note_or_a_criterion_that_names_the_id_is_no_heading_row(tmp_path: Path) -> None:
    data = b"Report,Monthly status\nCQC ID:,All\n" + csv_of(row(uid(90)))
    assert look_at(tmp_path, CARE_HOME, data).accepted == 1
    book = book_of({"Notes": [["CQC Location ID", "The number CQC gave"]], "Export": [HEAD, row(uid(90))]})
    assert look_at(tmp_path, "care-home-2024-12-17.xlsx", book).accepted == 1


def test_empty_cells_left_off_the_end_of_a_row_cost_it_nothing(tmp_path: Path) -> None:
    heads = ["CQC Location ID", "Location", "Dec 24", "User Count"]
    data = csv_of(*([uid(91, n), "House", "No"] for n in range(6)), [uid(91, 9), "House", "No", "3"], head=heads)
    assert (look_at(tmp_path, CARE_HOME, data).accepted, look_at(tmp_path, CARE_HOME, data).rules) == (7, {})
    lacking = csv_of(*(row(uid(91, n)) for n in range(6)), row(uid(91, 9))[:-1])
    assert look_at(tmp_path, CARE_HOME, lacking).rules == {"row_short": 1}


def test_an_old_document_type_is_no_entity(tmp_path: Path) -> None:
    cells = b"".join(b'<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>' % cell
                     for cell in (b"CQC Location ID", b"Dec 24"))  # fmt: skip
    data = ods(b"<table:table-row>" + cells + b"</table:table-row>")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            inside = old.read(name)
            kind = b'<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd">'
            new.writestr(name, kind + inside if name.startswith("META-INF") else inside)
    assert look_at(tmp_path, "care-home-2024-12-17.ods", out.getvalue()).rules == {"no_rows": 1}


@pytest.mark.parametrize("name", ["Kent Total", "Kent (12 services)", "KENT subtotal"])
def test_subtotals_named_for_their_group_are_left_out(tmp_path: Path, name: str) -> None:
    looked = look_at(tmp_path, CARE_HOME, csv_of(row(uid(92)), [name, *[""] * 5, 4, 4, 4]))
    assert (looked.rows, looked.rules) == (1, {"rows_left_out": 1})


def test_a_message_obeys_no_terminal_floods_none_and_names_nobody(tmp_path: Path) -> None:
    data = f"CQC Loc\x1b[31mation,Mail,Dec 24\n{'9' * 90_000},jane.doe@invented.example,Yes\n".encode()
    said = refusal(tmp_path, CARE_HOME, data)
    assert "\x1b" not in said and len(said) < 5_000
    bare = f"{uid(93)},Oak House,jane.doe@invented.example\n".encode()
    assert "jane.doe" not in refusal(tmp_path, CARE_HOME, bare)
    (tmp_path / CARE_HOME).write_bytes(csv_of(row(uid(93)), ["Exported by jane.doe@invented.example on request"]))
    answer = call("check", tmp_path / CARE_HOME)
    assert answer.code == 0 and "jane.doe" not in answer.out


@pytest.mark.parametrize(
    ("name", "moment"),
    [("care home v1.2.24.csv", ""), ("care home 2024-12-17 2024-25.csv", "2024-12-17T00:00:00+00:00"),
     ("care home 12 months 2024-12-17.csv", "2024-12-17T00:00:00+00:00"), ("care home 2024-12-17_1405.csv", "2024-12-17T14:05:00+00:00"),
     ("care home 2024-12-17 20.24.csv", "2024-12-17T20:24:00+00:00"), ("care home 17.06.24.csv", "2024-06-17T00:00:00+01:00")],
)  # fmt: skip
def test_what_a_name_says_of_the_moment(tmp_path: Path, name: str, moment: str) -> None:
    heads = ["CQC Location ID", "Local Authority", "May 24"]  # no answers can be held of months to come
    data = csv_of([uid(94), "Kent", "Yes"], head=heads)
    assert look_at(tmp_path, name, data).document["extracted_at"] == moment


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_last_line_is_told_as_cut_off_only_where_its_end_is_missing(tmp_path: Path, encoding: str) -> None:
    whole = csv_of(row(uid(95)), row(uid(95, 2))).decode()
    cut = whole[: whole.rindex("Invented Care")]
    assert look_at(tmp_path, CARE_HOME, cut.encode(encoding)).rules == {"row_truncated": 1}
    assert look_at(tmp_path, CARE_HOME, f"{cut}\n".encode(encoding)).rules == {"row_short": 1}
