"""Twelve years of weekday mornings: every month is published exactly once, on its run day."""

import datetime as dt
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from flows.closing import close_due
from flows.made_of import Order
from flows.opening import register_of
from flows.settings import parameters
from flows.step import plain
from pipeline.record.home import Home
from pipeline.rules.windows import Window, add_months, month_text, months_between, start_of, window_for
from pipeline.rules.working_days import ONE_DAY, WorkingDays
from tests.worlds import EXPORT_HEADINGS, REGISTER_HEADINGS, write_csv

OUTAGE = (dt.date(2027, 3, 10), dt.date(2027, 6, 10))  # the server was down on these mornings


@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param(dt.date(2026, 7, 1), dt.date(2027, 12, 31), marks=pytest.mark.slow),
        pytest.param(dt.date(2023, 1, 2), dt.date(2034, 12, 29), marks=pytest.mark.night, id="twelve years"),
    ],
)
def test_every_month_is_published_once_on_its_run_day(tmp_path: Path, first: dt.date, last: dt.date) -> None:
    home, inbox = Home(tmp_path / "home").made(), tmp_path / "inbox"
    home.settings.write_text(f'[inbox]\nfolder = "{inbox}"\n')
    register = [
        "1-900000001",
        "01/04/2015",
        "Y",
        "A",
        "Kent",
        "1-970000001",
        "P",
        "ZZ99 1AA",
        "",
        "Y",
        "1 Road",
        "Town",
        "ZZ99 1AB",
    ]
    write_csv(inbox / "HSCA_Active_Locations_2022-12-16.csv", REGISTER_HEADINGS, [register])
    months = months_between(first.replace(day=1), last.replace(day=1))
    windows = [window_for(month, WorkingDays(), parameters()) for month in months]
    expected = {month_text(window.month): window.run_on for window in windows}
    done: list[tuple[str, dt.date]] = []

    def publish(order: Order) -> Any:
        """Write the row that a release leaves in the register, and point to it."""
        done.append((month_text(order.month), order.as_at))
        books = register_of(home)
        books.append(
            "run",
            month_text(order.month),
            {"ended": "published", "release": "0" * 16, "by": order.by},
            start_of(order.as_at),
        )
        books.close()
        pointer = home.releases / month_text(order.month) / "CURRENT"
        pointer.parent.mkdir()
        pointer.write_text("0" * 16)
        return SimpleNamespace(month=order.month)

    day = first
    while day <= last:
        for window in windows:
            if window.run_on == day:
                write_exports(inbox, window)
        if day.weekday() < 5 and not OUTAGE[0] <= day <= OUTAGE[1]:
            close_due(home, day, start_of(day) + dt.timedelta(hours=7), publish, plain)
        day += ONE_DAY
    late = dict.fromkeys(("2027-03", "2027-04", "2027-05"), OUTAGE[1] + ONE_DAY)
    assert done == list({**expected, **late}.items())


def write_exports(inbox: Path, window: Window) -> None:
    """Put the exports of a month in the place of the last ones."""
    for kind in ("care-home", "home-care"):
        for old in inbox.glob(f"status-{kind}-*"):
            old.unlink()
        months = [f"{add_months(window.month, n):%b %y}" for n in (-2, -1, 0)]
        row = ["1-900000001", "A", "1-970000001", "P", "Kent", "Established", "3", "Yes", "Yes", "Yes"]
        write_csv(inbox / f"status-{kind}-{window.run_on}.csv", [*EXPORT_HEADINGS, *months], [row])
    for path in inbox.iterdir():
        os.utime(path, (0, 0))  # long there
