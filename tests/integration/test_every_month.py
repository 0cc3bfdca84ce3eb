"""Every month from the first window to March 2029 is published end to end, with the authorities in force that month."""

import csv
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.right.calendar import Place, closes, opens, places, plus, run_on
from tests.worlds import EXPORT_HEADINGS, REGISTER_HEADINGS, release_of, rows_of, write_csv

FIRST, LAST = dt.date(2022, 12, 1), dt.date(2029, 3, 1)
MONTHS = [plus(FIRST, n) for n in range(76)]
NEW = "??Y"
WHOLE_COUNTRY = ("england", "region")  # rows of national/summary.csv that belong to no authority
SIZES = {2022: 152, 2023: 153, 2026: 153, 2027: 154, 2029: 154}


def test_the_months_and_the_authorities_are_those_meant() -> None:
    assert (MONTHS[0], MONTHS[-1]) == (FIRST, LAST)
    assert {month.year: len(places(month)) for month in MONTHS if month.year in SIZES} == SIZES
    assert [len(places(dt.date(*month, 1))) for month in ((2023, 3), (2023, 4), (2027, 3), (2027, 4))] == [
        152, 153, 153, 154,
    ]  # fmt: skip
    for month in MONTHS:
        keys, names = {place.key for place in places(month)}, {place.name for place in places(month)}
        assert len(keys) == len(names) == len(places(month)) and "" not in keys | names
        assert {"Somerset", "North Yorkshire"} <= names
        assert ("Cumbria" in names) is (month < dt.date(2023, 4, 1))
        assert ("Surrey" in names) is (month < dt.date(2027, 4, 1))


def test_the_calendar_is_that_of_the_rules(asc: Command) -> None:
    answer = asc("windows", "--from", f"{FIRST:%Y-%m}", "--to", f"{LAST:%Y-%m}", "--format", "json")
    said = [(row["month"], row["opens_on"], row["closes_on"], row["run_on"]) for row in json.loads(answer.out)]
    assert said == [
        (f"{month:%Y-%m}", opens(month).isoformat(), closes(month).isoformat(), run_on(month).isoformat())
        for month in MONTHS
    ]


@pytest.mark.slow
@pytest.mark.parametrize("month", [pytest.param(month, id=f"{month:%Y-%m}") for month in MONTHS])
def test_a_month_is_published_on_its_run_day(asc: Command, tmp_path: Path, month: dt.date) -> None:
    inbox, home, name = tmp_path / "inbox", tmp_path / "home", f"{month:%Y-%m}"
    write(inbox, month)
    words = ("run", "--month", name, "--inbox", inbox, "--home", home, "--by", "Pat Preparer")
    too_early = asc(*words, "--as-at", closes(month))
    assert too_early.code == 2 and not list(home.glob("releases/*/*")), too_early.err
    answer = asc(*words, "--as-at", run_on(month))
    assert answer.code == 0, answer.err
    release = release_of(home, name)
    folders = {path.name for path in (release / "local-authorities").iterdir()}
    assert folders == {place.key for place in places(month)}
    assert sorted(blank_codes(release)) == []
    check_units(release, month)
    check_lists(release, month)


def units(month: dt.date) -> Iterator[tuple[str, str, Place, str]]:
    """Yield location id, provider type, authority and answers, newest last: two services an authority, four of all New."""
    for number, place in enumerate(places(month)):
        for kind, digit in (("care_home", 1), ("home_care", 2)):
            answers = NEW if number < 2 else "YNN" if (number + digit) % 3 == 0 else "YYY"
            yield f"1-9{digit}{number:07d}", kind, place, answers


def write(inbox: Path, month: dt.date) -> None:
    """Write both exports of the run day and the register of the day before the window closed."""
    months = [earlier for n in (-2, -1, 0) if (earlier := plus(month, n)) >= FIRST]
    registered: list[list[str]] = []
    rows: dict[str, list[list[str]]] = {"care_home": [], "home_care": []}
    for number, (location, kind, place, answers) in enumerate(units(month)):
        is_new = answers == NEW
        owner = [f"1-97{location[-7:]}", f"Invented Care {number} Ltd"]
        status = "New (< 101 days)" if is_new else "Established (≥ 101 days)"
        said = [{"Y": "Yes", "N": "No", "?": ""}[letter] for letter in answers[-len(months) :]]
        rows[kind].append([location, f"Service {number}", *owner, place.name, status, "3", *said])
        started = month.replace(day=2) if is_new else dt.date(2015, 4, 1)
        registered.append([
            location, f"{started:%d/%m/%Y}", "Y" if kind == "care_home" else "N", f"Service {number}", place.name, *owner,
            "ZZ99 1AA", "01632960001", "Y" if kind == "home_care" else "", "1 Invented Road", "Nowhereton", "ZZ99 1AB",
        ])  # fmt: skip
    for kind, lines in rows.items():
        path = inbox / f"status-{kind.replace('_', '-')}-{run_on(month)}.csv"
        write_csv(path, [*EXPORT_HEADINGS, *(f"{earlier:%b %y}" for earlier in months)], lines)
    day = closes(month) - dt.timedelta(days=1)
    write_csv(inbox / f"HSCA_Active_Locations_{day}.csv", REGISTER_HEADINGS, registered)


def blank_codes(release: Path) -> Iterator[str]:
    """Yield every row of a table of the release that should name an authority and does not."""
    for path in release.rglob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), 2):
                if row.get("la_code", "one") == "" and row.get("level") not in WHOLE_COUNTRY:
                    yield f"{path.relative_to(release)}:{number}"


def check_units(release: Path, month: dt.date) -> None:
    """Every service stands under the authority that was named, with what was answered."""
    now = {(row["location_id"], row["provider_type"]): row for row in rows_of(release / "national" / "services.csv")}
    expected = {
        (location, kind): (place.key, place.name, "submitted" if answers[-1] == "Y" else "missed")
        for location, kind, place, answers in units(month)
    }
    assert {key: (row["la_code"], row["local_authority"], row["outcome"]) for key, row in now.items()} == expected
    summary = rows_of(release / "national" / "summary.csv")
    authorities = [row for row in summary if row["level"] == "authority"]
    assert {row["la_code"] for row in authorities} == {place.key for place in places(month)}
    assert {row["services"] for row in authorities if row["provider_type"] == ""} == {"2"}


def check_lists(release: Path, month: dt.date) -> None:
    """Each authority's lists hold its own services at risk, and the days of the next window."""
    upcoming, found = plus(month, 1), set()
    for place in places(month):
        folder = release / "local-authorities" / place.key
        for kind in ("care-home", "home-care"):
            (path,) = folder.glob(f"at-risk-*-{kind}-{month:%Y-%m}.csv")
            for row in rows_of(path):
                assert row["Local Authority"] == place.name
                assert day_in(row["Next window opens"]) == opens(upcoming)
                assert day_in(row["Next window closes"]) == closes(upcoming)
                found.add((row["CQC Location ID"], kind.replace("-", "_")))
    if month > FIRST:  # two windows are needed to be at risk
        listed = {(location, kind) for location, kind, _, answers in units(month) if answers == "YNN"}
        assert found == listed
    else:
        assert found == set()


def day_in(text: str) -> dt.date:
    """Return the day of a date as people write it, or as machines do."""
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%A %d %B %Y", "%d %B %Y", "%a %d %b %Y", "%d %b %Y"):
        try:
            return dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    raise AssertionError(f"no day: {text}")
