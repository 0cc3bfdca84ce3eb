"""Authorities without a code yet; a predecessor's name that stands for several (Part 7 no. 1; CONTRACT: decide-authority)."""

from pathlib import Path

import pytest

from tests.cases.attacked.crowds import save, stopped
from tests.cases.attacked.months import authorities, location, publish, ran, run_days
from tests.cases.dirt import call, register_csv, register_row
from tests.conftest import Answer
from tests.worlds import services_of, tree_bytes

pytestmark = pytest.mark.slow  # whole months are run

APRIL = "2027-04"
EAST, WEST = "pending-east-surrey", "pending-west-surrey"


def decide(folder: Path, *words: object) -> Answer:
    return call("decide-authority", *words, "--by", "Ann", "--because", "by its postcode", "--home", folder / "home")


def code_of(folder: Path, number: int, month: str = APRIL, kind: str = "care_home") -> str:
    return services_of(folder / "home", month)[location(number, kind), kind]["la_code"]


@pytest.mark.parametrize("month", ["2027-03", "2027-04", "2027-05", "2028-04", "2029-03"])
def test_a_month_around_and_after_the_split_is_published(tmp_path: Path, month: str) -> None:
    release = publish(tmp_path, month)
    ours = authorities(release)
    assert ({EAST, WEST} <= set(ours)) is (month >= APRIL) and "" not in ours
    folders = {path.name for path in (release / "local-authorities").iterdir()}
    assert all(path.is_dir() for path in (release / "local-authorities").iterdir()), "no file lies beside the folders"
    assert set(ours) == folders


@pytest.mark.slow
@pytest.mark.parametrize("year", range(2022, 2030))
def test_every_month_to_march_2029_is_published(tmp_path: Path, year: int) -> None:
    months = [month for month in run_days() if month.startswith(str(year))]
    assert months
    for month in months:
        publish(tmp_path / month, month, ["Kent", "Essex"])


@pytest.mark.parametrize("name", ["East Surrey", "East Surrey Council", "EAST SURREY", "east  surrey"])
def test_a_successor_is_known_by_its_own_name(tmp_path: Path, name: str) -> None:
    release = publish(tmp_path, APRIL, ["Kent", name, "West Surrey"])
    assert (code_of(tmp_path, 1), code_of(tmp_path, 2)) == (EAST, WEST)
    for code, slug in ((EAST, "east-surrey"), (WEST, "west-surrey")):
        names = {path.name for path in (release / "local-authorities" / code).iterdir()}
        assert {f"at-risk-{slug}-{APRIL}.xlsx", f"at-risk-{slug}-care-home-{APRIL}.csv"} <= names


@pytest.mark.parametrize(("asked", "code"), [(EAST, 0), ("East Surrey", 0), ("pending-nowhere", 2), ("pending-", 2)])
def test_commands_take_the_key_and_the_name(tmp_path: Path, asked: str, code: int) -> None:
    """Which services are there depends on today, so only that the authority is understood."""
    publish(tmp_path, APRIL, ["Kent", "East Surrey", "West Surrey"])
    answer = call("status", "--month", APRIL, "--la", asked, "--home", tmp_path / "home", "--json")
    assert answer.code == code, answer.err


@pytest.mark.parametrize("name", ["Surrey", "Surrey County Council", "SURREY", "Surrey CC"])
def test_the_old_name_stops_until_each_location_is_decided(tmp_path: Path, name: str) -> None:
    places = ["Kent", name, name]
    answer = ran(tmp_path, APRIL, places, "looks-filtered")
    stopped(answer, "authority-unmatched")
    assert "decide-authority" in answer.err
    for number, code in ((1, EAST), (2, WEST)):
        for kind in ("care_home", "home_care"):
            said = decide(tmp_path, location(number, kind), code)
            assert said.code == 0, said.err
    publish(tmp_path, APRIL, places)
    assert (code_of(tmp_path, 1), code_of(tmp_path, 2)) == (EAST, WEST)
    assert code_of(tmp_path, 1, kind="home_care") == EAST


def test_until_the_split_it_is_one(tmp_path: Path) -> None:
    publish(tmp_path, "2027-03", ["Kent", "Surrey"])
    assert code_of(tmp_path, 1, "2027-03") == "E10000030"


@pytest.mark.parametrize(
    ("text", "code"),
    [("Surrey", EAST), ("Surrey", WEST), ("surrey county council", EAST), (" Surrey ", WEST), ("Cumbria", "E06000063"),
     ("Cumbria County Council", "E06000064")],
)  # fmt: skip
def test_the_old_name_as_text_is_wrong_usage(tmp_path: Path, text: str, code: str) -> None:
    publish(tmp_path, "2024-12")
    answer = decide(tmp_path, text, code)
    assert answer.code == 2 and "location" in answer.err.casefold(), answer.err


@pytest.mark.parametrize("code", ["pending-nowhere", "pending-", "", "E10000099", "East Surrey!"])
def test_a_code_of_no_authority_is_wrong_usage(tmp_path: Path, code: str) -> None:
    publish(tmp_path, "2024-12")
    assert decide(tmp_path, location(0), code).code == 2


def test_a_file_of_decisions(tmp_path: Path) -> None:
    places = ["Kent", "Surrey", "Surrey"]
    stopped(ran(tmp_path, APRIL, places, "looks-filtered"), "authority-unmatched")
    rows = [[location(n, kind), code] for n, code in ((1, EAST), (2, WEST)) for kind in ("care_home", "home_care")]
    answer = decide(tmp_path, "--file", save(tmp_path / "surrey.csv", [["location_id", "code"], *rows]))
    assert answer.code == 0, answer.err
    publish(tmp_path, APRIL, places)
    assert (code_of(tmp_path, 1), code_of(tmp_path, 2, kind="home_care")) == (EAST, WEST)


BAD_FILES = {
    "no such code": [["location_id", "code"], [location(1), EAST], [location(2), "pending-nowhere"]],
    "no id": [["location_id", "code"], [location(1), EAST], ["Rose House", WEST]],
    "no code": [["location_id", "code"], [location(1), EAST], [location(2), ""]],
    "other headings": [["id", "authority"], [location(1), EAST]],
    "twice, and differing": [["location_id", "code"], [location(1), EAST], [location(1), WEST]],
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_file_that_is_wrong_in_one_row_records_nothing(tmp_path: Path, case: str) -> None:
    places = ["Kent", "Surrey"]
    stopped(ran(tmp_path, APRIL, places, "looks-filtered"), "authority-unmatched")
    path = save(tmp_path / "surrey.csv", BAD_FILES[case])
    answer = decide(tmp_path, "--file", path)
    assert answer.code in (2, 3) and path.name in answer.err and "Traceback" not in answer.err
    assert case == "other headings" or "row 3" in answer.err, answer.err
    stopped(ran(tmp_path, APRIL, places, "looks-filtered"), "authority-unmatched")


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    publish(tmp_path, "2024-12")
    answer = decide(tmp_path, "--file", tmp_path / "nowhere.csv")
    assert answer.code == 2 and "nowhere.csv" in answer.err


def registered(place: str) -> bytes:
    rows = [register_row(location(n, kind), **{
        "Location Local Authority": "Kent" if n == 0 else place, "Care home?": "Y" if kind == "care_home" else "N",
        "Service type - Domiciliary care service": "" if kind == "care_home" else "Y", "Location Region": "South East"})
        for n in (0, 1) for kind in ("care_home", "home_care")]  # fmt: skip
    return register_csv(*rows)


@pytest.mark.parametrize(("place", "code"), [("East Surrey", EAST), ("West Surrey", WEST)])
def test_the_registers_successor_wins(tmp_path: Path, place: str, code: str) -> None:
    publish(tmp_path, APRIL, ["Kent", "Surrey"], register=registered(place))
    assert code_of(tmp_path, 1) == code


def test_where_the_register_still_says_surrey_it_stops(tmp_path: Path) -> None:
    answer = ran(tmp_path, APRIL, ["Kent", "Surrey"], "looks-filtered", register=registered("Surrey"))
    stopped(answer, "authority-unmatched")


@pytest.mark.parametrize("name", ["", " ", "\u00a0", "-", "."])
@pytest.mark.parametrize("month", ["2024-12", APRIL])
def test_a_name_of_nothing_is_no_authority(tmp_path: Path, month: str, name: str) -> None:
    answer = ran(tmp_path, month, ["Kent", name], "looks-filtered", "authority-unmatched")
    assert answer.code in (0, 4), answer.err
    if answer.code == 0:
        assert code_of(tmp_path, 1, month) == ""


def test_a_reminder_lies_where_those_of_others_lie(tmp_path: Path) -> None:
    places = ["Kent", "East Surrey"]
    assert ran(tmp_path, APRIL, places, "looks-filtered", "missed-jump", said="No").code == 0
    answer = call("remind", "--as-at", "2027-05-08", "--home", tmp_path / "home")
    assert answer.code == 0, answer.err
    made = [Path(name) for name in tree_bytes(tmp_path / "home") if "2027-05" in Path(name).name]
    (kent,) = [path for path in made if "kent" in path.name]
    (surrey,) = [path for path in made if "east-surrey" in path.name]
    assert surrey.parent == kent.parent or (kent.parent.name, surrey.parent.name) == ("E10000016", EAST)
