"""Windows, working days and the reference calendars they must agree with."""

import csv
import datetime as dt
import io
import json

import pytest

from flows.settings import parameters
from pipeline import reference
from pipeline.errors import InputRefused, UsageError
from pipeline.rules.notice_dates import Method, notice_dates, planned_sending_day
from pipeline.rules.windows import Window, add_months, months_between, parse_day, parse_month, window_for
from pipeline.rules.working_days import Extension, WorkingDays, confirmed_until, parse_calendar, render_calendar
from tests.conftest import Command

NOT_THE_14TH = [
    "2023-01-16",
    "2023-05-15",
    "2023-10-16",
    "2024-01-15",
    "2024-04-15",
    "2024-07-15",
    "2024-09-16",
    "2024-12-16",
    "2025-06-16",
    "2025-09-15",
    "2025-12-15",
    "2026-02-16",
    "2026-03-16",
    "2026-06-15",
    "2026-11-16",
    "2027-02-15",
    "2027-03-15",
    "2027-08-16",
    "2027-11-15",
    "2028-04-18",
    "2028-05-15",
    "2028-10-16",
]


def window(month: str, days: WorkingDays | None = None) -> Window:
    return window_for(parse_month(month), days or WorkingDays(), parameters())


def test_the_closes_that_are_not_the_14th_are_those_of_the_rules() -> None:
    months = months_between(dt.date(2022, 12, 1), dt.date(2028, 12, 1))
    closes = [window_for(month, WorkingDays(), parameters()).closes_on for month in months]
    assert [close.isoformat() for close in closes if close.day != 14] == NOT_THE_14TH


@pytest.mark.parametrize("row", reference.rows("published_reporting_windows.csv"), ids=lambda row: row["month"])
def test_every_published_window_is_computed(row: dict[str, str]) -> None:
    found = window(row["month"])
    assert (found.opens_on.isoformat(), found.closes_on.isoformat()) == (row["opens"], row["closes_inclusive"])


def test_working_days_agree_with_the_list_of_gov_uk() -> None:
    published = json.loads(reference.text("reference/govuk_bank_holidays_2012_2028.json"))["england-and-wales"][
        "events"
    ]
    holidays = {dt.date.fromisoformat(event["date"]) for event in published}
    days, day = WorkingDays(), dt.date(2022, 1, 1)
    while day <= confirmed_until():
        assert bool(days.why_not(day)) == (day.weekday() > 4 or day in holidays), day
        day += dt.timedelta(days=1)


def test_the_list_of_gov_uk_covers_the_year_of_the_newest_known_window() -> None:
    """Fails when the list runs out: download gov.uk/bank-holidays.json into data/reference/ again."""
    newest = max(parse_month(row["month"]) for row in reference.rows("published_reporting_windows.csv"))
    assert confirmed_until().year > newest.year


CALENDAR = """
[[holiday]]
date = 2025-02-14
name = "A day of celebration"
authority = "Royal Proclamation of 1 February 2025"

[[extension]]
month = "2025-03"
until = 2025-03-20
authority = "DHSC, outage of 13 March 2025"
by = "Pat"
"""


def test_the_homes_calendar_moves_closes_and_run_days() -> None:
    days = parse_calendar(CALENDAR)
    february, march = window("2025-02", days), window("2025-03", days)
    assert (february.closes_on, february.rolled_because) == (dt.date(2025, 2, 17), "A day of celebration")
    assert (march.closes_on, march.run_on) == (dt.date(2025, 3, 20), dt.date(2025, 3, 21))
    assert march.rolled_because == "extended: DHSC, outage of 13 March 2025"
    assert parse_calendar(render_calendar(days)) == days


def test_a_calendar_cannot_shorten_a_window() -> None:
    days = WorkingDays().with_extension(Extension(parse_month("2024-12"), dt.date(2024, 12, 13), "x", "y"))
    with pytest.raises(UsageError, match="would shorten"):
        window("2024-12", days)


@pytest.mark.parametrize(
    "text", ["holiday = 1", "[[holliday]]\ndate = 2025-01-01", "[[holiday]]\ndate = 2025-01-01", "[[extension]]\nmonth = 3", "[[",
             "[[holiday]]\ndate = 2025-01-01T00:00:00\nname = 'x'\nauthority = 'y'",
             "[[holiday]]\ndate = 2025-01-01\nname = 'x'\nauthority = 'y'\nother = 1"],
)  # fmt: skip
def test_a_calendar_that_says_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputRefused):
        parse_calendar(text)


def test_a_naive_moment_is_refused_at_the_door() -> None:
    with pytest.raises(ValueError, match="time zone"):
        window("2024-12").contains(dt.datetime.fromisoformat("2024-12-10"))


@pytest.mark.parametrize("text", ["2024-13", "24-12", "2024-1", "December", "2024-12-01"])
def test_a_month_is_written_in_one_way(text: str) -> None:
    with pytest.raises(UsageError, match="2024-12"):
        parse_month(text)


@pytest.mark.parametrize("text", ["2024-02-30", "17/12/2024", "2024-12"])
def test_a_day_is_written_in_one_way(text: str) -> None:
    with pytest.raises(UsageError):
        parse_day(text)


def test_months_are_counted_over_the_year() -> None:
    assert [add_months(dt.date(2024, 12, 1), n).isoformat() for n in (-12, -1, 1, 13)] == [
        "2023-12-01", "2024-11-01", "2025-01-01", "2026-01-01",
    ]  # fmt: skip


def test_windows_command_prints_csv_json_and_a_table(asc: Command) -> None:
    words = ("windows", "--from", "2028-04", "--to", "2028-04")
    expected = {
        "month": "2028-04",
        "opens_on": "2028-04-08",
        "closes_on": "2028-04-18",
        "run_on": "2028-04-19",
        "rolled_because": "Good Friday",
    }
    assert json.loads(asc(*words, "--json").out) == [expected] == json.loads(asc(*words, "--format", "json").out)
    assert list(csv.DictReader(io.StringIO(asc(*words, "--format", "csv").out))) == [expected]
    assert asc(*words).out.splitlines()[1].split("  ") == list(expected.values())
    assert asc("windows", "--from", "2024-12", "--to", "2024-11").code == 2
    assert asc("windows", "--from", "2022-11", "--to", "2022-12").code == 2
    assert asc(*words, "--format", "yaml").code == 2


def test_past_the_published_holidays_windows_are_said_to_be_unconfirmed(asc: Command) -> None:
    assert asc("windows", "--from", "2028-12", "--to", "2028-12").err == ""
    assert "not confirmed" in asc("windows", "--from", "2028-12", "--to", "2029-01").err


def test_notice_dates_command(asc: Command) -> None:
    words = ("notice-dates", "--sent", "2025-01-20", "--method", "post")
    expected = {
        "given_on": "2025-01-23",
        "representations_from": "2025-01-24",
        "representations_until": "2025-02-06",
        "decide_by": "2025-03-06",
    }
    assert json.loads(asc(*words, "--format", "json").out) == expected == json.loads(asc(*words, "--json").out)
    longer = json.loads(asc(*words, "--representation-days", "21", "--json").out)
    assert (longer["representations_until"], longer["decide_by"]) == ("2025-02-13", "2025-03-13")
    assert asc(*words, "--representation-days", "13").code == 2
    assert asc("notice-dates", "--sent", "2025-01-20", "--method", "fax").code == 2


@pytest.mark.parametrize(
    ("month", "planned"),
    [("2024-11", "2024-11-22"), ("2024-12", "2025-01-06"), ("2025-01", "2025-01-22"), ("2025-12", "2026-01-05")],
)
def test_the_planned_sending_day_is_the_fifth_working_day_after_the_run_never_over_christmas(
    month: str, planned: str
) -> None:
    values = parameters().on(parse_month(month))
    assert planned_sending_day(window(month), WorkingDays(), values).isoformat() == planned


def test_a_holiday_in_the_homes_calendar_moves_the_day_a_notice_is_given() -> None:
    days = parse_calendar('[[holiday]]\ndate = 2025-01-21\nname = "One-off"\nauthority = "x"\n')
    given = notice_dates(dt.date(2025, 1, 20), Method.EMAIL, days, parameters().on(dt.date(2025, 1, 20))).given_on
    assert given == dt.date(2025, 1, 22)
