"""Ids wrapped against Excel, other blanks, direction marks, doubled BOMs, two columns for one thing (13, 18, 14)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cases.attacked.books import FORMATS, Sheet
from tests.cases.dirt import (
    HEAD,
    call,
    csv_of,
    lines,
    look,
    look_at,
    refusal,
    register_csv,
    register_row,
    row,
    uid,
    world_of,
)

CARE_HOME = "care-home-2024-12-17.csv"
FEW = [row(uid(60, n)) for n in range(1, 4)]

WRAPPINGS: dict[str, Callable[[str], str]] = {
    "a formula": lambda said: f'="{said}"',
    "an apostrophe": lambda said: f"'{said}",
    "quotes": lambda said: f'"{said}"',
    "a formula with blanks": lambda said: f' ="{said}" ',
    "a curly apostrophe": lambda said: f"\u2019{said}",
}


@pytest.mark.parametrize("wrapping", ["a formula", "an apostrophe", "a formula with blanks"])
def test_ids_wrapped_against_excel_are_read(tmp_path: Path, wrapping: str) -> None:
    wrap = WRAPPINGS[wrapping]
    rows = [[wrap(str(cells[0])), *cells[1:]] for cells in FEW]
    looked = look_at(tmp_path, CARE_HOME, csv_of(*rows))
    assert looked.accepted == 3 and looked.rules.get("id_repaired") == 3 and "id_refused" not in looked.rules


@pytest.mark.parametrize("wrapping", ["a formula", "an apostrophe"])
def test_the_service_is_the_one_without_its_wrapping(tmp_path: Path, wrapping: str) -> None:
    wrap = WRAPPINGS[wrapping]
    rows = [[wrap(str(one[0])), one[1], wrap(str(one[2])), *one[3:]] for one in FEW]
    made = world_of(tmp_path, {CARE_HOME: csv_of(*rows)}, [register_row(str(one[0])) for one in FEW])
    made.took(CARE_HOME)
    assert {str(one[0]) for one in FEW} <= set(made.services)
    assert made.services[uid(60, 1)]["provider_id"] == FEW[0][2]
    assert not made.found(CARE_HOME, "not_in_register")


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_other_wrappings_are_read_or_say_what_stands_around_the_id(tmp_path: Path, wrapping: str) -> None:
    wrap = WRAPPINGS[wrapping]
    (tmp_path / CARE_HOME).write_bytes(csv_of(*([wrap(str(one[0])), *one[1:]] for one in FEW)))
    answer = call("check", tmp_path / CARE_HOME)
    if answer.code != 0:
        assert wrap(uid(60, 1)).strip() in answer.err and "without removing columns" not in answer.err, answer.err


@pytest.mark.parametrize("kind", FORMATS)
def test_an_apostrophe_in_a_workbook(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"care-home-2024-12-17.{kind}"
    path.write_bytes(FORMATS[kind](Sheet([list(HEAD), *([f"'{one[0]}", *one[1:]] for one in FEW)])))
    looked = look(path)
    assert looked.accepted == 3 and looked.rules.get("id_repaired") == 3


def test_wrapped_ids_in_the_register(tmp_path: Path) -> None:
    rows = [register_row(uid(61, n), **{"Location ID": f'="{uid(61, n)}"'}) for n in range(3)]
    looked = look_at(tmp_path, "HSCA_Active_Locations_2024-12-16.csv", register_csv(*rows))
    assert looked.accepted == 3 and looked.rules.get("id_repaired") == 3


def test_wrapped_ids_of_fees(tmp_path: Path) -> None:
    data = "provider_id,annual_fee_gbp,as_at\n'1-9900000001,1055,2024-12-02\n'1-9900000002,1055,2024-12-02\n"
    looked = look_at(tmp_path, "provider_fees_2024-12-02.csv", data.encode())
    assert looked.accepted == 2 and looked.rules.get("id_repaired") == 2


# --- blanks and marks -------------------------------------------------------------------------------------------------

MARKS = ["\u200e", "\u200f", "\u3000", "\u2004", "\u2005", "\u2006", "\u2008", "\u200a", "\u205f", "\u00a0", "\u202a", "\u202c",
         "\u2066", "\u2069", "\u061c", "\u00ad", "\u2060", "\u180e", "\u1680", "\u2028", "\u0085"]  # fmt: skip


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: f"U+{ord(mark):04X}")
@pytest.mark.parametrize("form", ["{0}{1}", "{1}{0}", "{1}{0}{1}"], ids=["after", "before", "around"])
def test_a_mark_at_an_id_and_an_answer(tmp_path: Path, mark: str, form: str) -> None:
    rows = [[*one[:8], "No"] for one in FEW]
    rows[0][0] = form.format(rows[0][0], mark)
    rows[1][8] = form.format("No", mark)
    looked = look_at(tmp_path, CARE_HOME, csv_of(*rows))
    assert looked.accepted == 3 and looked.rules.get("id_repaired") == 1
    assert "value_unreadable" not in looked.rules and "id_refused" not in looked.rules


@pytest.mark.parametrize(
    "heading", ["CQC\u2009Location\u2009ID", "\u200eCQC Location ID", "CQC Location ID\u200f", "CQC\u3000Location ID"]
)
def test_a_mark_in_the_heading_of_ids(tmp_path: Path, heading: str) -> None:
    assert look_at(tmp_path, CARE_HOME, csv_of(*FEW, head=[heading, *HEAD[1:]])).accepted == 3


def test_a_mark_in_an_authority(tmp_path: Path) -> None:
    rows = [
        [*one[:4], place, *one[5:]] for one, place in zip(FEW, ["Kent\u200e", "\u3000Kent", "Kent\u200a"], strict=True)
    ]
    made = world_of(tmp_path, {CARE_HOME: csv_of(*rows)})
    assert {made.services[str(one[0])]["local_authority"] for one in FEW} == {"Kent"}


BOM = b"\xef\xbb\xbf"
QUOTED = "\n".join(",".join(f'"{cell}"' for cell in cells) for cells in [HEAD, *FEW]).encode()


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("body", [QUOTED, csv_of(*FEW)], ids=["quoted", "plain"])
def test_a_doubled_bom(tmp_path: Path, count: int, body: bytes) -> None:
    assert look_at(tmp_path, CARE_HOME, BOM * count + body).accepted == 3


def test_a_doubled_bom_of_utf16(tmp_path: Path) -> None:
    body = "\ufeff\ufeff" + lines([HEAD, *FEW], "\t")
    assert look_at(tmp_path, CARE_HOME, body.encode("utf-16-le")).accepted == 3


# --- two columns for one thing ----------------------------------------------------------------------------------------

PAIRS = {
    "last submission": (("Last Submission", "Last Update"), ("10/12/2024", "11/12/2024")),
    "name": (("Location", "Service Name"), ("Rose House", "Rose House (CQC)")),
    "provider": (("Provider", "Parent Organisation"), ("Invented Ltd", "Invented Group")),
    "users": (("User Count", "CT registered users"), ("3", "4")),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_the_first_of_two_informational_columns_is_used_and_told(tmp_path: Path, pair: str) -> None:
    headings, values = PAIRS[pair]
    head = ["CQC Location ID", *headings, "Oct 24", "Nov 24", "Dec 24"]
    looked = look_at(
        tmp_path, CARE_HOME, csv_of(*([uid(62, n), *values, "Yes", "Yes", "Yes"] for n in range(3)), head=head)
    )
    assert looked.accepted == 3
    assert any(headings[1] in one["first"] for one in looked.document["findings"]), looked.document["findings"]


def test_the_name_is_that_of_the_first(tmp_path: Path) -> None:
    head = ["CQC Location ID", "Location", "Service Name", "Local Authority", "Oct 24", "Nov 24", "Dec 24"]
    rows = [[uid(63, n), "First House", "Second House", "Kent", "Yes", "Yes", "Yes"] for n in range(3)]
    made = world_of(tmp_path, {CARE_HOME: csv_of(*rows, head=head)})
    assert made.services[uid(63, 1)]["location_name"] == "First House"


@pytest.mark.parametrize("pair", [("CQC Location ID", "cqcid"), ("Provider ID", "CQC Provider ID")])
def test_two_columns_of_ids_that_differ_are_refused(tmp_path: Path, pair: tuple[str, str]) -> None:
    head = [*dict.fromkeys(["CQC Location ID", *pair]), "Dec 24"]
    rows = [[uid(64, n), *[uid(65, n + other) for other in range(len(head) - 2)], "Yes"] for n in range(3)]
    said = refusal(tmp_path, CARE_HOME, csv_of(*rows, head=head))
    assert pair[1] in said


@pytest.mark.parametrize("word", ["Residential home", "Nursing home", "Care home service without nursing", "Hospice"])
def test_a_service_type_that_names_no_return_is_another_column(tmp_path: Path, word: str) -> None:
    head = ["CQC Location ID", "Location", "Service Type", "Dec 24"]
    looked = look_at(tmp_path, CARE_HOME, csv_of(*([uid(66, n), "Rose", word, "Yes"] for n in range(3)), head=head))
    assert looked.accepted == 3 and looked.document["provider_type"] == "care_home"


def test_a_service_type_beside_the_provider_type(tmp_path: Path) -> None:
    head = ["CQC Location ID", "Service Type", "Provider Type", "Dec 24"]
    rows = [[uid(67, n), "Residential home", "Care Home", "Yes"] for n in range(3)]
    looked = look_at(tmp_path, "export 2024-12-17.csv", csv_of(*rows, head=head))
    assert looked.accepted == 3 and looked.document["provider_type"] == "care_home"
