"""The day in a file's name as people write it; two days, zones, and what a run says of a file without one (case 12)."""

import datetime as dt
import json
from pathlib import Path

import pytest

from tests.cases.attacked.crowds import run, stopped, world
from tests.cases.dirt import (
    Looked,
    call,
    csv_of,
    extract,
    look,
    look_at,
    register_csv,
    register_row,
    row,
    stamped,
    uid,
    world_of,
)


def taken_at(looked: Looked) -> str:
    """Return the moment of a file's taking as its name says it; nothing, where it says none."""
    return str(looked.document["extracted_at"] or "")


ROWS = csv_of(*(row(uid(93, n)) for n in range(4)))

DAYS = [
    "Care Home 17-12-2024.csv", "Care Home 17th December 2024.csv", "Care Home 17 Dec 2024.csv", "care_home_17_12_2024.csv",
    "Care Home 17-12-24.csv", "Care Home 17_December_24.csv", "Care Home 17.12.2024.csv", "Care Home Tuesday 17 December 2024.csv",
    "17-12-2024 care home.csv", "care home (17-12-2024).csv", "Care Home 17-Dec-2024.csv", "Care Home 17Dec2024.csv",
    "care-home-20241217.csv", "care home 2024-12-17.csv", "Care Home 17th Dec 24.csv",
]  # fmt: skip


@pytest.mark.parametrize("name", DAYS)
def test_the_day_is_read(tmp_path: Path, name: str) -> None:
    looked = look_at(tmp_path, name, ROWS)
    assert taken_at(looked).startswith("2024-12-17T00:00"), taken_at(looked)


@pytest.mark.parametrize(
    ("name", "day"),
    [("01_March_21_HSCA_active_locations.csv", "2021-03-01"), ("01-12-2020 HSCA Active Locations.csv", "2020-12-01"),
     ("HSCA Active Locations 1st March 2021.csv", "2021-03-01"), ("3 March 2021 HSCA_Active_Locations.csv", "2021-03-03")],
)  # fmt: skip
def test_the_day_of_a_register_is_read(tmp_path: Path, name: str, day: str) -> None:
    data = register_csv(*(register_row(uid(94, n), **{"Location HSCA start date": "25/04/2015"}) for n in range(3)))
    assert taken_at(look_at(tmp_path, name, data)).startswith(day)


@pytest.mark.parametrize("name", ["01. CQC 050124.csv", "CQC 05012024.csv"])
def test_six_or_eight_digits_are_a_day_of_ours_or_none(tmp_path: Path, name: str) -> None:
    """5 January 2024, in the British order, or not stated; never another day."""
    looked = look_at(tmp_path, name, register_csv(*(register_row(uid(94, n)) for n in range(3))))
    assert taken_at(looked)[:10] in ("", "2024-01-05")


TWO = [
    "Care Homes 1.12.24 - 17.12.24.csv", "Care Home 2024-12-01 to 2024-12-17.csv", "Care Home 17-12-2024 (18-12-2024).csv",
    "care home 20241217 20241218.csv", "Care Home 1 December 2024 to 17 December 2024.csv", "care home 17.12.2024 v 2024-12-19.csv",
]  # fmt: skip


@pytest.mark.parametrize("name", TWO)
def test_two_days_say_neither(tmp_path: Path, name: str) -> None:
    looked = look_at(tmp_path, name, ROWS)
    assert taken_at(looked) == ""


NO_DAY = ["Care Home 31-02-2024.csv", "Care Home 2024-13-01.csv", "Care Home December 2024.csv", "Care Home v1.2.3.csv",
          "Care Home 2024.csv", "care home 99-99-9999.csv"]  # fmt: skip


@pytest.mark.parametrize("name", NO_DAY)
def test_what_is_no_day_says_none(tmp_path: Path, name: str) -> None:
    assert taken_at(look_at(tmp_path, name, ROWS)) == ""


# --- zones ------------------------------------------------------------------------------------------------------------

MOMENTS = {
    "2024-12-17T003000+0100": "2024-12-16T23:30", "2024-12-17T003000 +01:00": "2024-12-16T23:30", "2024-12-17T003000Z": "2024-12-17T00:30",
    "2024-12-17T003000 UTC": "2024-12-17T00:30", "2024-12-16T223000-0200": "2024-12-17T00:30", "2024-12-17T0030": "2024-12-17T00:30",
}  # fmt: skip


@pytest.mark.parametrize("stamp", MOMENTS)
def test_a_zone_is_honoured_or_nothing_was_stated(tmp_path: Path, stamp: str) -> None:
    looked = look_at(tmp_path, f"status care home {stamp.replace(':', '')}.csv", ROWS)
    meant = dt.datetime.fromisoformat(f"{MOMENTS[stamp]}:00+00:00")
    assert not taken_at(looked) or dt.datetime.fromisoformat(taken_at(looked)) == meant


def test_a_no_that_was_taken_before_the_close_abroad_is_no_evidence(tmp_path: Path) -> None:
    """00:30 in Paris on the 17th is 23:30 in London on the 16th: the window is open."""
    name = "status care home 2024-12-17T003000+0100.csv"
    others = [row(uid(95, n)) for n in range(2, 8)]
    later = csv_of(row(uid(95), said="YY?"), *others)
    files = {name: csv_of(row(uid(95), said="YYN"), *others), "status care home 2024-12-17T0900.csv": later}
    made = world_of(tmp_path, files)
    assert made.services[uid(95)]["outcome"] == "unknown"
    assert made.found(name, "no_before_close") or made.found(name, "no_extraction_time")


def test_a_stamp_before_an_extract_that_was_named_in_utc_counts(tmp_path: Path) -> None:
    """An extract of 22:00 UTC is of 23:00 in London in June; a stamp of 21:30 UTC is before it."""
    name = "record level care_home 2024-06-14T220000Z.csv"
    looked = look_at(tmp_path, name, extract(stamped(uid(96), "2024-06-14T21:30:00Z")))
    assert taken_at(looked).startswith("2024-06-14T22:00")


@pytest.mark.parametrize(
    "name", ["care home 20241217093015.csv", "care home 20241217_093015.csv", "care home 2024-12-17 09.30.15.csv"]
)
def test_a_time_is_read_whole_or_not_at_all(tmp_path: Path, name: str) -> None:
    looked = look_at(tmp_path, name, ROWS)
    assert not taken_at(looked) or taken_at(looked).startswith("2024-12-17T09:30"), taken_at(looked)


# --- what a run says --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Care Home export.csv", "Care Homes 1.12.24 - 17.12.24.csv"])
def test_the_stop_names_the_file_that_says_no_time(tmp_path: Path, name: str) -> None:
    inbox = world(tmp_path, 12)
    inbox.export_path("care_home").rename(inbox.folder / name)
    answer = run(inbox, tmp_path / "home")
    stopped(answer, "provider-type-missing", "care_home")
    assert name in answer.err, answer.err


def test_the_stop_names_the_file_that_is_too_early(tmp_path: Path) -> None:
    inbox = world(tmp_path, 12)
    early = inbox.export_path("care_home", "2024-12-12")
    inbox.export_path("care_home").rename(early)
    answer = run(inbox, tmp_path / "home")
    stopped(answer, "provider-type-missing", "care_home")
    assert early.name in answer.err, answer.err


def test_a_file_named_the_british_way_is_published(tmp_path: Path) -> None:
    inbox = world(tmp_path, 12)
    inbox.export_path("care_home").rename(inbox.folder / "Care Home 17-12-2024.csv")
    answer = run(inbox, tmp_path / "home", "--json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["month"] == "2024-12"


def test_check_and_ingest_read_the_same_day(tmp_path: Path) -> None:
    path = tmp_path / "Care Home 17th December 2024.csv"
    path.write_bytes(ROWS)
    taken = call("ingest", path, "--home", tmp_path / "home", "--json")
    assert taken.code == 0 and json.loads(taken.out)[0].get("extracted_at") == look(path).document["extracted_at"]
