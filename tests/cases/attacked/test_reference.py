"""Reference data against a second list; predecessors before April 2023; spellings of authorities (1.18, 7.4, 7.13, 21)."""

import csv
from pathlib import Path

import pytest

from tests.cases.attacked.crowds import findings
from tests.cases.attacked.months import authorities, publish
from tests.cases.dirt import call, register_csv, register_row
from tests.worlds import services_of

pytestmark = pytest.mark.slow  # whole months are run

SECOND_LIST = Path(__file__).parents[2] / "data" / "authority_regions_second_list.csv"
MONTHS = ("2022-12", "2023-01", "2023-03", "2023-04", "2024-12", "2027-03", "2027-04")


@pytest.fixture(scope="module")
def second() -> dict[str, str]:
    with SECOND_LIST.open(encoding="utf-8", newline="") as file:
        return {row["gss_code"]: row["region"] for row in csv.DictReader(file)}


def plain(region: str) -> str:
    """The two lists may write a region otherwise."""
    return (
        region.casefold()
        .replace("&", "and")
        .replace("humberside", "the humber")
        .replace("east of england", "east")
        .strip()
    )


# --- region, code and dates -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("month", MONTHS)
def test_every_authority_has_the_region_of_the_second_list(tmp_path: Path, second: dict[str, str], month: str) -> None:
    ours = authorities(publish(tmp_path, month))
    coded = {code: row for code, row in ours.items() if code in second}
    assert {code: plain(row["region"]) for code, row in coded.items()} == {code: plain(second[code]) for code in coded}
    unknown = set(ours) - set(second)
    assert unknown <= {"pending-east-surrey", "pending-west-surrey"}, "a code that the second list does not hold"
    assert all(row["region"] == "South East" for code, row in ours.items() if code in unknown)


PREDECESSORS = {"E10000006", "E10000023", "E10000027"}  # Cumbria, North Yorkshire, Somerset
FORMER = {"E08000016", "E08000019"}  # Barnsley and Sheffield until 2025


def test_the_codes_of_a_month_are_those_in_force(tmp_path: Path, second: dict[str, str]) -> None:
    """153 in December 2024: all of the second list but the abolished and the codes replaced since."""
    ours = set(authorities(publish(tmp_path, "2024-12")))
    assert ours == set(second) - PREDECESSORS - FORMER and len(ours) == 153


def test_surrey_ends_in_march_2027(tmp_path: Path) -> None:
    before, after = (set(authorities(publish(tmp_path / month, month))) for month in ("2027-03", "2027-04"))
    assert before - after == {"E10000030"} and after - before == {"pending-east-surrey", "pending-west-surrey"}


def test_cumberland_begins_in_april_2023(tmp_path: Path) -> None:
    before, after = (set(authorities(publish(tmp_path / month, month))) for month in ("2023-03", "2023-04"))
    assert {"E06000063", "E06000064"} <= after and not {"E06000063", "E06000064"} & before
    assert "E10000006" in before and "E10000006" not in after
    assert len(before) == 152 and len(after) == 153


@pytest.mark.parametrize("name", ["Derbyshire", "Lincolnshire"])
def test_two_counties_are_in_the_east_midlands(tmp_path: Path, name: str) -> None:
    publish(tmp_path, "2024-12", ["Kent", name])
    services = services_of(tmp_path / "home")
    assert services["1-9100000001", "care_home"]["region"] == "East Midlands"


# --- region_differs ---------------------------------------------------------------------------------------------------


def with_region(region: str) -> bytes:
    rows = [register_row("1-9100000000", **{"Location Region": region}),
            register_row("1-9200000000", **{"Care home?": "N", "Service type - Domiciliary care service": "Y"})]  # fmt: skip
    return register_csv(*rows)


@pytest.mark.parametrize("region", ["East Midlands", "London", "Yorkshire & Humberside"])
def test_a_region_that_cqc_has_otherwise_is_told(tmp_path: Path, region: str) -> None:
    publish(tmp_path, "2024-12", register=with_region(region))
    found = findings(tmp_path / "home", "region_differs")
    assert found and found[0]["value"] and region in found[0]["value"] + found[0]["action"]
    assert services_of(tmp_path / "home")["1-9100000000", "care_home"]["region"] == "South East", (
        "its authority's, as ever"
    )


@pytest.mark.parametrize(
    ("place", "region"),
    [("Kent", "South East"), ("Kent", "south east"), ("Kent", ""), ("Kent", "Unspecified"), ("Kent", "*"), ("Leeds", "Yorkshire & Humberside"),
     ("Leeds", "Yorkshire and the Humber"), ("Norfolk", "East"), ("Norfolk", "Eastern"), ("Norfolk", "East of England")],
)  # fmt: skip
def test_a_region_that_is_the_same_in_other_words_is_not(tmp_path: Path, place: str, region: str) -> None:
    rows = [register_row(f"1-9{digit}00000000", **{
        "Location Region": region, "Location Local Authority": place, "Care home?": "Y" if digit == 1 else "N",
        "Service type - Domiciliary care service": "" if digit == 1 else "Y"}) for digit in (1, 2)]  # fmt: skip
    publish(tmp_path, "2024-12", [place], register=register_csv(*rows))
    assert not findings(tmp_path / "home", "region_differs")


# --- predecessors -----------------------------------------------------------------------------------------------------

ONE_FOR_ONE = {"Somerset": {"E10000027", "E06000066"}, "North Yorkshire": {"E10000023", "E06000065"}}


@pytest.mark.parametrize("month", ["2022-12", "2023-01", "2023-02", "2023-03"])
def test_months_before_april_2023_know_the_predecessors(tmp_path: Path, month: str) -> None:
    places = ["Kent", "Cumbria", "Somerset", "North Yorkshire", "Cumbria County Council", "Somerset County Council"]
    release = publish(tmp_path, month, places)
    services = services_of(tmp_path / "home", month)
    codes = [services[f"1-91{n:08d}", "care_home"]["la_code"] for n in range(len(places))]
    assert codes[1] == codes[4] == "E10000006"
    for place, n in (("Somerset", 2), ("North Yorkshire", 3), ("Somerset", 5)):
        assert codes[n] in ONE_FOR_ONE[place]
    for code in set(codes):
        assert list((release / "local-authorities" / code).glob("at-risk-*.xlsx")), code


def test_cumbria_after_march_2023_is_divided_by_location(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="authority-unmatched"):
        publish(tmp_path, "2023-04", ["Kent", "Cumbria"])
    for digit, code in ((1, "E06000063"), (2, "E06000064")):
        words = ("decide-authority", f"1-9{digit}00000001", code, "--by", "Ann", "--because", "by postcode")
        assert call(*words, "--home", tmp_path / "home").code == 0
    publish(tmp_path, "2023-04", ["Kent", "Cumbria"])
    services = services_of(tmp_path / "home", "2023-04")
    assert services["1-9100000001", "care_home"]["local_authority"] == "Cumberland"
    assert services["1-9200000001", "home_care"]["local_authority"] == "Westmorland and Furness"


# --- spellings (case 21) ----------------------------------------------------------------------------------------------

SPELLINGS = {
    "Bournemouth, Christchurch &amp; Poole": "E06000058", "BCP Council": "E06000058", "BCP": "E06000058", "Barnsley MBC": "E08000038",
    "Kirklees MDC": "E08000034", "Leeds CC": "E08000035", "LB Hammersmith & Fulham": "E09000013", "RB Greenwich": "E09000011",
    "B&NES": "E06000022", "B&amp;NES": "E06000022", "Co Durham": "E06000047", "Co. Durham": "E06000047", "Rochdale BC": "E08000005",
    "Kent CC": "E10000016", "LB Camden": "E09000007", "St Helens MBC": "E08000013",
    "City of Bradford MDC": "E08000032", "Bradford MDC": "E08000032", "Telford &amp; Wrekin": "E06000020", "leeds cc": "E08000035",
    "RB Kensington & Chelsea": "E09000020", "Hull CC": "E06000010", "LB Barking &amp; Dagenham": "E09000002",
    "Sheffield CC": "E08000039", "Kingston upon Hull, City of": "E06000010", "Herefordshire, County of": "E06000019",
    "Durham UA": "E06000047", "St. Helens": "E08000013", "Tyne &amp; Wear": "", "Powys": "", "Northamptonshire": "", "MBC": "", "LB": "",
    "Unspecified": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def spelled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The code that each spelling came to."""
    folder = tmp_path_factory.mktemp("spelled")
    publish(folder, "2024-12", list(SPELLINGS), "looks-filtered", "authority-unmatched")
    services = services_of(folder / "home")
    return {name: services[f"1-91{n:08d}", "care_home"]["la_code"] for n, name in enumerate(SPELLINGS)}


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_spelling_of_an_authority(spelled: dict[str, str], name: str) -> None:
    assert spelled[name] == SPELLINGS[name]
