"""Records swallowed by a stray quote, in every kind of file, in columns read and not read (RULES; `row_swallows`)."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cases.attacked.books import FORMATS, Sheet
from tests.cases.dirt import CARE_HOME_HEAD, Looked, call, csv_of, extract, look, look_at, row, stamped, uid
from tests.worlds import write_csv

CARE_HOME = "care-home-2024-12-17.csv"


def swallowing(lines: Sequence[str], column: int, last: int, first: int = 5) -> bytes:
    """Open a quote in a column of the row numbered `first`, and close it in the same column of row `last`."""
    rows = [line.split(",") for line in lines]
    rows[first][column] = f'"{rows[first][column]}'
    rows[last][column] = f'{rows[last][column]}"'
    return "\r\n".join(",".join(cells) for cells in rows).encode() + b"\r\n"


def is_told(looked: Looked, lost: int, of: int = 20) -> None:
    """One record holds others: it is refused, and the rest are taken in."""
    assert looked.rules.get("row_swallows") == 1 and looked.severities["row_swallows"] == "error", looked.rules
    assert looked.accepted == of - lost - 1
    (found,) = [one for one in looked.document["findings"] if one["rule"] == "row_swallows"]
    assert "row 6" in found["first"]


STATUS = [
    "CQC Location ID,Location,Comments,Provider ID,Provider,Local Authority,Registration Status,User Count,Oct 24,Nov 24,Dec 24"
]
STATUS += [f"1-9{n:09d},House {n},none,1-8{n:08d},Prov {n},Kent,Established,2,No,No,No" for n in range(1, 21)]
ODS_IDS = [line.replace("1-9000000", "RX3") for line in STATUS]
NUMBERED = [f"{n or 'No'},{line}" for n, line in enumerate(STATUS)]
NAME_FIRST = ["Location,CQC Location ID,Oct 24,Nov 24,Dec 24"] + [
    f"House {n},1-9{n:09d},No,No,No" for n in range(1, 21)
]

EXPORTS = {  # lines, the column of the quote
    "a column that is not read": (STATUS, 2),
    "the name": (STATUS, 1),
    "the provider": (STATUS, 4),
    "the place": (STATUS, 5),
    "the last column": ([f"{line},{'more' if n else 'Notes'}" for n, line in enumerate(STATUS)], 11),
    "a column before the id": (NAME_FIRST, 0),
    "the row number first": (NUMBERED, 0),
    "an unread column behind a row number": (NUMBERED, 3),
}


@pytest.mark.parametrize("last", [6, 7, 9])
@pytest.mark.parametrize("case", EXPORTS)
def test_a_quote_in_an_export(tmp_path: Path, case: str, last: int) -> None:
    lines, column = EXPORTS[case]
    is_told(look_at(tmp_path, CARE_HOME, swallowing(lines, column, last)), last - 5)


@pytest.mark.parametrize("delimiter", ["|", ";", "\t"])
def test_a_quote_with_another_delimiter(tmp_path: Path, delimiter: str) -> None:
    data = swallowing(STATUS, 2, 7).replace(b",", delimiter.encode())
    is_told(look_at(tmp_path, CARE_HOME, data), 2)


def test_a_quote_among_nhs_ids(tmp_path: Path) -> None:
    is_told(look_at(tmp_path, CARE_HOME, swallowing(ODS_IDS, 2, 7)), 2)


def test_a_quote_among_ids_in_small_letters_and_other_dashes(tmp_path: Path) -> None:
    lines = [line.replace("1-9000", "1–9000") for line in STATUS]
    is_told(look_at(tmp_path, CARE_HOME, swallowing(lines, 2, 7)), 2)


def test_two_of_them_in_one_file(tmp_path: Path) -> None:
    rows = swallowing(STATUS, 2, 7).decode().split("\r\n")
    rows[12], rows[13] = rows[12].replace("none", '"none'), rows[13].replace("none", 'none"')
    looked = look_at(tmp_path, CARE_HOME, "\r\n".join(rows).encode())
    assert looked.rules["row_swallows"] == 2 and looked.accepted == 20 - 3 - 2


def test_a_quote_within_a_quoted_file_is_told_by_row(tmp_path: Path) -> None:
    """`"House 5,"1-800000005"`: the record does not span lines, but a service is not silently lost."""
    head = '"CQC Location ID","Location","Provider ID","Oct 24","Nov 24","Dec 24"'
    rows = [f'"1-9{n:09d}","House {n}","1-8{n:08d}","No","No","No"' for n in range(1, 21)]
    rows[4] = rows[4].replace('"House 5"', '"House 5')
    path = write_bytes(tmp_path, CARE_HOME, "\r\n".join([head, *rows, ""]).encode())
    answer = call("check", path)
    if answer.code == 3:
        assert "row 6" in answer.err or "row 5" in answer.err
    else:
        looked = look(path)
        assert looked.accepted == 19 and "error" in looked.severities.values()
        assert any("row 6" in one["first"] for one in looked.document["findings"])


@pytest.mark.parametrize("kind", FORMATS)
def test_a_workbook_saved_from_such_a_file(tmp_path: Path, kind: str) -> None:
    """The lines stand in one cell of a sheet: as lost as in the CSV it was opened from."""
    head = ["CQC Location ID", "Location", "Comments", "Oct 24", "Nov 24", "Dec 24"]
    rows = [[f"1-9{n:09d}", f"House {n}", "none", "No", "No", "No"] for n in range(1, 21)]
    rows[4][2] = "called\n1-9000000006,House 6,none,No,No,No\n1-9000000007,House 7,called"
    path = tmp_path / f"care-home-2024-12-17.{kind}"
    path.write_bytes(FORMATS[kind](Sheet([head, *(one for n, one in enumerate(rows, 1) if n not in (6, 7))])))
    is_told(look(path), 2)


# --- other kinds of file ----------------------------------------------------------------------------------------------


def lines_of(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    return [",".join(map(str, cells)) for cells in (head, *rows)]


FEES = lines_of(["source", "provider_id", "annual_fee_gbp", "as_at"], [["x", f"1-8{n:08d}", 1000, "2024-12-02"] for n in range(1, 21)])  # fmt: skip
BODIES = lines_of(["name", "provider_id", "basis"], [[f"Body {n}", f"1-8{n:08d}", "a council"] for n in range(1, 21)])
ADDRESSES = lines_of(["provider_id", "method", "address", "source", "as_at"],
                     [[f"1-8{n:08d}", "post", f"{n} Road", "letter", "2024-12-02"] for n in range(1, 21)])  # fmt: skip
ACTIVE = lines_of(["Location ID", "Location HSCA start date", "Care home?", "Location Name", "Location Street Address",
                   "Location Local Authority", "Provider ID"],
                  [[f"1-9{n:09d}", "25/04/2015", "Y", f"House {n}", f"{n} Road", "Kent", f"1-8{n:08d}"]
                   for n in range(1, 21)])  # fmt: skip
ENDED = lines_of(["Location ID", "Location HSCA start date", "Location HSCA End Date", "Location Name"],
                 [[f"1-9{n:09d}", "25/04/2015", "30/11/2024", f"House {n}"] for n in range(1, 21)])  # fmt: skip
STAMPS = lines_of(CARE_HOME_HEAD, [stamped(f"1-9{n:09d}", "45635.5") for n in range(1, 21)])

KINDS = {
    "provider_fees_2024-12-02.csv": (FEES, 0),
    "public_bodies_2024-12-02.csv": (BODIES, 0),
    "service_addresses_2024-12-02.csv": (ADDRESSES, 2),
    "HSCA_Active_Locations_2024-12-16.csv": (ACTIVE, 4),
    "Deactivated_Locations_2024-12-16.csv": (ENDED, 3),
    "record level 2024-12-17.csv": (STAMPS, 3),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_quote_in_every_kind_of_file(tmp_path: Path, name: str) -> None:
    lines, column = KINDS[name]
    is_told(look_at(tmp_path, name, swallowing(lines, column, 7)), 2)


def test_a_fee_that_is_swallowed_is_not_lost_in_silence(tmp_path: Path) -> None:
    answer = call("ingest", write_bytes(tmp_path, "provider_fees_2024-12-02.csv", swallowing(FEES, 0, 6)), "--home",
                  tmp_path / "home")  # fmt: skip
    assert "18 accepted, 1 findings" in answer.out or "row_swallows" in answer.out + answer.err


def write_bytes(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


# --- what may span lines ----------------------------------------------------------------------------------------------

HARMLESS = {
    "an address of several lines": "The Annexe\n1 Invented Road\nNowhereton",
    "a telephone number": "ring 01632 960001\nor 01632 960002",
    "its own id": f"known as\n{uid(83)}",
    "a postcode": "Rose House\nRX3 1AA",
    "a date and a sum": "visited 2024-12-01\npaid 1-2 weeks later",
}


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_a_record_of_several_lines_is_no_harm(tmp_path: Path, text: str) -> None:
    head = ["CQC Location ID", "Location", "Provider ID", "Comments", "Oct 24", "Nov 24", "Dec 24"]
    one = [uid(83), "Rose House", "1-9800000001", text, "Yes", "Yes", "Yes"]
    looked = look_at(tmp_path, CARE_HOME, csv_of(one, head=head))
    assert "row_swallows" not in looked.rules and looked.accepted == 1


def test_an_address_of_several_lines_in_the_register(tmp_path: Path) -> None:
    head = ACTIVE[0].split(",")
    rows = [line.split(",") for line in ACTIVE[1:]]
    for cells in rows:
        cells[4] = "The Annexe\n1 Invented Road\nNowhereton"
    looked = look(write_csv(tmp_path / "HSCA_Active_Locations_2024-12-16.csv", head, rows))
    assert "row_swallows" not in looked.rules and looked.accepted == 20


def test_another_id_on_one_line_is_no_harm(tmp_path: Path) -> None:
    head = ["CQC Location ID", "Location", "Comments", "Dec 24"]
    looked = look_at(tmp_path, CARE_HOME, csv_of([uid(84), "Rose House", f"was {uid(84, 2)}", "Yes"], head=head))
    assert "row_swallows" not in looked.rules and looked.accepted == 1


def test_an_extract_as_it_comes_is_no_harm(tmp_path: Path) -> None:
    looked = look_at(tmp_path, "record level 2024-12-17.csv", extract(stamped(uid(85), "45635.5")))
    assert looked.rules == {} and row(uid(85))
