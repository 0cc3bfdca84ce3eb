"""Ids, headings, names and numbers as they are written, and what they are read as."""

import csv
import datetime as dt
import io
import re
from pathlib import Path

import pytest

from flows.settings import parameters
from pipeline import reference
from pipeline.errors import UsageError
from pipeline.intake import cells, moments
from pipeline.intake.blanks import Unreadable
from pipeline.intake.findings import catalogue
from pipeline.intake.headings import headings, normal_heading
from pipeline.intake.sources import SOURCES, Kind
from pipeline.intake.statements import stated_by_name
from pipeline.rules.authorities import authorities_on, normal_name, short_name
from pipeline.rules.parameters import parse_parameters
from reports.lists.authority import telephone

NOV, DAY = dt.date(2024, 11, 1), dt.date(2024, 12, 1)


@pytest.mark.parametrize(
    "text", ["Nov 24", "Nov-24", "Nov'24", "Nov/24", "Nov 2024", "Nov-2024", "November 24", "November 2024", "NOV 24", "2024-11",
             "2024-11-01", "11/2024", " Nov 24 "],
)  # fmt: skip
def test_a_month_heading_in_every_form(text: str) -> None:
    assert cells.month_heading(text) == (NOV, False)


def test_sept_is_september() -> None:
    assert cells.month_heading("Sept 24") == (dt.date(2024, 9, 1), False)


@pytest.mark.parametrize("text", ["24-Nov", "2026-11-24", "2025-11-24 00:00:00"])
def test_a_month_that_excel_turned_into_a_day_is_recognised(text: str) -> None:
    assert cells.month_heading(text) == (NOV, True)


@pytest.mark.parametrize("text", ["2024-11-15", "21-Nov"])
def test_a_day_that_stands_for_no_month_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        cells.month_heading(text)


@pytest.mark.parametrize("text", ["User Count", "Location", "Nov", "2024", "Nonsense 24", "13/2024", ""])
def test_other_headings_name_no_month(text: str) -> None:
    assert cells.month_heading(text) is None


SURE = ["1-12345", "1-123456789012", "RX3LD", "RX3", "A1B"]
UNSURE = [
    "1-1234",
    "1-1234567890123",
    "KENT",
    "TOTAL",
    "1-١٢٣٤٥٦",
    "1-１２３４５",
    "1-12345\n",
    "1-12345 x",
    "1.23E+09",
    "RХ3LD",
]


@pytest.mark.parametrize("text", SURE)
def test_an_id_of_certain_form(text: str) -> None:
    assert cells.is_sure_id(text)


@pytest.mark.parametrize("text", UNSURE)
def test_what_is_no_certain_id(text: str) -> None:
    assert not cells.is_sure_id(text)


@pytest.mark.parametrize(
    ("written", "repaired"),
    [(" 1-12345", "1-12345"), ("1-12345\u00a0", "1-12345"), ("\ufeff1-12345", "1-12345"), ("1\u201312345", "1-12345"), ("1\u221212345", "1-12345"),
     ("1_12345", "1-12345"), ("rx3ld", "RX3LD"), ("1-１２３４５", "1-１２３４５"), ("ŕx3ld", "ŕX3LD")],
)  # fmt: skip
def test_an_id_is_repaired_only_where_nobody_else_can_be_meant(written: str, repaired: str) -> None:
    assert cells.repaired_id(written) == repaired


@pytest.mark.parametrize("word", ["Yes", "yes", " YES ", "y", "TRUE", "1", "1.0", "\u00a0Yes"])
def test_words_for_submitted(word: str) -> None:
    assert cells.says(word) == "submitted"


@pytest.mark.parametrize("word", ["No", "n", "False", "0", "0.0"])
def test_words_for_missed(word: str) -> None:
    assert cells.says(word) == "missed"


@pytest.mark.parametrize("word", ["", "-", "N/A", "✓", "2", "00", "50 %", "yess"])
def test_words_that_say_neither(word: str) -> None:
    assert cells.says(word) is None


@pytest.mark.parametrize(
    ("text", "value"), [("2024-12-17T00:00:00Z", dt.date(2024, 12, 17)), ("", None), ("-", None), ("*", None)]
)
def test_a_date_may_carry_a_midnight_and_marks_of_nothing_are_blank(text: str, value: dt.date | None) -> None:
    assert moments.date(text, moments.Order()) == value


def test_a_date_with_another_time_is_none() -> None:
    with pytest.raises(Unreadable):
        moments.date("2024-12-17T10:00:00", moments.Order())


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("01632960001", "01632 960001"),
        ("1632960001", "01632 960001"),
        ("01632 960 001", "01632 960001"),
        ("NA", "NA"),
        ("1617777e3", "1617777e3"),
        ("", ""),
    ],
)
def test_a_telephone_number_keeps_its_leading_zero_in_excel(written: str, shown: str) -> None:
    assert telephone(written) == shown


def test_every_kind_has_headings_for_every_column_and_none_means_two_things() -> None:
    for source in SOURCES:
        names = reference.toml("headings.toml")[source.layout]
        assert set(names) == {column.name for column in source.columns}
        assert len(headings(source.layout)) == len(
            {normal_heading(alias) for aliases in names.values() for alias in aliases}
        )
    assert {source.kind for source in SOURCES} == set(Kind)


@pytest.mark.parametrize(
    "text", ["CQC Location ID", "cqc_location_id", " CQC\u00a0Location  ID ", "CQC Location (ID)", "Cqc location id?"]
)
def test_headings_are_compared_after_normalising(text: str) -> None:
    assert headings(Kind.MONTHLY_STATUS)[normal_heading(text)] == "location_id"


def test_every_alias_means_the_authority_it_is_listed_under() -> None:
    known = authorities_on(DAY)
    rows = reference.rows("la_name_aliases.csv")
    assert len(rows) == 781
    for row in rows:
        found = known.find(row["alias"])
        assert found is not None and found.key == row["local_authority_code"], row["alias"]


@pytest.mark.parametrize(
    ("text", "name"),
    [("Kent County Council", "Kent"), ("kent", "Kent"), ("E10000016", "Kent"), ("E08000016", "Barnsley"), ("E08000038", "Barnsley"),
     ("London Borough of Richmond upon Thames", "Richmond upon Thames"), ("Bath & North East Somerset", "Bath and North East Somerset"),
     ("City of York", "York"), ("BOURNEMOUTH,  CHRISTCHURCH & POOLE", "Bournemouth, Christchurch and Poole")],
)  # fmt: skip
def test_an_authority_is_found_by_code_name_or_alias(text: str, name: str) -> None:
    found = authorities_on(DAY).find(text)
    assert found is not None and found.name == name


@pytest.mark.parametrize(
    "text",
    [
        "Cumbria",
        "Cornwall and Isles of Scilly",
        "Newcastle-under-Lyme",
        "Richmondshire",
        "Northamptonshire",
        "Kentshire",
        "",
        "E99999999",
    ],
)
def test_no_authority_is_guessed(text: str) -> None:
    assert authorities_on(DAY).find(text) is None


def test_the_authorities_are_dated_and_have_codes_and_slugs_of_their_own() -> None:
    known = authorities_on(DAY).all
    assert len(known) == 153 and all(re.fullmatch(r"E0[689][0-9]{6}|E10[0-9]{6}", a.la_code) for a in known)
    assert len({a.slug for a in known}) == 153
    assert {a.slug for a in known} >= {
        "city-of-london",
        "stoke-on-trent",
        "st-helens",
        "bournemouth-christchurch-and-poole",
    }
    surrey = authorities_on(dt.date(2027, 3, 31)).find("Surrey")
    assert surrey is not None and surrey.successors == ("ESR", "WSR")
    after = authorities_on(dt.date(2027, 4, 1))
    assert after.find("Surrey") is None and after.find("East Surrey") is not None
    assert {"East Surrey", "West Surrey"} <= {a.name for a in after.all} and len(after.all) == 154


def test_names_are_normalised_without_losing_what_tells_them_apart() -> None:
    assert normal_name("St. Helens  & Co") == "st helens and co"
    assert short_name("leicestershire county council") != short_name("leicester city council")


def test_real_names_of_greater_manchester_are_read_and_written_unchanged() -> None:
    """559 real care homes: they test the readers and writers only."""
    from reports.lists.cells import csv_for_machines, csv_for_officers

    path = Path(__file__).parents[1] / "real" / "gm_care_homes_2019.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 559
    names = [[row["name"]] for row in rows]
    for written, encoding in (
        (csv_for_machines(["name"], names), "utf-8"),
        (csv_for_officers(["name"], names), "utf-8-sig"),
    ):
        back = list(csv.reader(io.StringIO(written.decode(encoding), newline="")))
        assert back == [["name"], *names]
    known = authorities_on(DAY)
    areas = {row["area_name"] for row in rows}
    assert len(areas) == 10 and all(known.find(area) for area in areas)


def test_parameters_are_those_of_their_day() -> None:
    text = '[[x]]\nfrom = {}\nvalue = {}\nkind = "policy"\nauthority = "a"\n'
    values = parse_parameters({"a.toml": text.format("2022-12-01", 3) + text.format("2025-04-01", 2)})
    assert [
        values.on(dt.date(*day)).number("x") for day in ((2022, 12, 1), (2025, 3, 31), (2025, 4, 1), (2030, 1, 1))
    ] == [3, 3, 2, 2]
    with pytest.raises(UsageError, match="December 2022"):
        values.on(dt.date(2022, 11, 30))["x"]
    with pytest.raises(UsageError, match="same day"):
        parse_parameters({"a.toml": text.format("2022-12-01", 3) * 2})
    with pytest.raises(UsageError, match="another"):
        parse_parameters({"a.toml": text.format("2022-12-01", 3), "b.toml": text.format("2022-12-01", 3)})


def test_every_parameter_has_a_kind_and_an_authority() -> None:
    for values in parameters().history.values():
        for value in values:
            assert value.kind in ("law", "policy", "default") and value.authority
            assert value.kind != "default" or value.authority.startswith("ours:")


def test_every_finding_says_how_serious_it_is_who_can_mend_it_and_how() -> None:
    from pipeline.assess.findings_of_month import rules

    words = catalogue()
    assert set(rules()) <= set(words)
    for entry in words.values():
        assert entry["severity"] in ("info", "warning", "error")
        assert entry["owner"] in ("the provider", "council", "NECS", "CQC", "us") and entry["action"].endswith(".")


def test_a_name_that_says_both_types_says_neither() -> None:
    assert stated_by_name("care home and home care 2024-12-17.csv").provider_type == ""
    assert stated_by_name("CareHomes.csv").provider_type == "care_home"
    assert stated_by_name("HOME_CARE.csv").provider_type == "home_care"
    assert stated_by_name("scare homeland.csv").provider_type == ""
