"""What a run publishes: the exact set of files, their bytes, and that they never change (CONTRACT 5)."""

import csv
import hashlib
import io
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.rules.authorities import authorities_on
from pipeline.rules.windows import parse_month
from tests.conftest import Answer, Command
from tests.worlds import MONTHS, Inbox, Unit, release_of, services_of, tree_bytes

HOSTILE = (
    "=1+1",
    "+44",
    "-x",
    "@SUM(A1)",
    '=HYPERLINK("http://invalid.example","x")',
    "\tTab",
    'A "B", C',
    "Ŷ Tŷ Gwyn",
    "<b>& co</b>",
)


SMALL = ("--accept", "missed-jump", "--because", "six services make a region here")


def run(
    asc: Command, inbox: Inbox, home: Path, *more: object, month: str = "2024-12", as_at: str = "2024-12-31"
) -> Answer:
    return asc("run", "--month", month, "--inbox", inbox.folder, "--home", home, "--as-at", as_at, *more)


@pytest.fixture
def listed(inbox: Inbox) -> Inbox:
    """An inbox with a service of each listed status, and one of odd name."""
    inbox.units[4].history, inbox.units[4].users = "Y" * 9 + "NNN", "0"
    inbox.units[6].history, inbox.units[6].users = "N" + "Y" * 9 + "NN", "1"
    inbox.units[8].history = "YNYNYNYYYYYY"
    inbox.units[10].history = "NYNYNYYYYYYN"
    for unit in inbox.units[4:12]:
        unit.name = HOSTILE[0]
    return inbox


def test_exactly_these_files_are_published(asc: Command, listed: Inbox, home: Path) -> None:
    listed.write()
    assert run(asc, listed, home).code == 0
    names = {"manifest.json", "SHA256SUMS", "report.html", "findings.csv", "national/services.csv", "national/at-risk.csv",
             "national/at-risk.parquet", "national/at-risk.xlsx", "national/by-provider.csv", "national/fees-needed.csv",
             "national/summary.csv", "national/unmatched.csv"}  # fmt: skip
    names |= {f"notices/NOI-2024-12-01/{name}" for name in ("manifest.csv", "held.csv", "batch.json", "SHA256SUMS")}
    for place in authorities_on(parse_month("2024-12")).all:
        names |= {
            f"local-authorities/{place.la_code}/at-risk-{place.slug}-{kind}-2024-12.csv"
            for kind in ("care-home", "home-care")
        }
        names.add(f"local-authorities/{place.la_code}/at-risk-{place.slug}-2024-12.xlsx")
    assert set(tree_bytes(release_of(home))) == names
    assert len(names) == 12 + 4 + 3 * 153
    slugs = {path.name for path in (release_of(home) / "local-authorities").rglob("*.csv")}
    assert "at-risk-bournemouth-christchurch-and-poole-care-home-2024-12.csv" in slugs
    assert (release_of(home) / "local-authorities" / "E08000038" / "at-risk-barnsley-home-care-2024-12.csv").exists()


def test_sums_and_manifest_describe_every_file(asc: Command, listed: Inbox, home: Path) -> None:
    listed.write()
    run(asc, listed, home)
    release = release_of(home)
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=release, check=True)
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    files = {line["path"]: line for line in manifest["files"]}
    assert set(files) == set(tree_bytes(release)) - {"manifest.json", "SHA256SUMS"}
    for path, line in files.items():
        data = (release / path).read_bytes()
        assert (line["sha256"], line["bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))
    assert files["national/services.csv"]["rows"] == 24
    assert {(line["name"], line["kind"], line["rows"]) for line in manifest["inputs"]} == {
        ("status-care-home-2024-12-17.csv", "monthly_status", 12),
        ("status-home-care-2024-12-17.csv", "monthly_status", 12),
        ("HSCA_Active_Locations_2024-12-16.csv", "service_register", 24),
    }
    assert manifest["month"] == "2024-12" and manifest["release"] == release.name
    assert {check["check"] for check in manifest["checks"]} >= {"missed-jump", "rows-refused"}


def officer(home: Path, code: str, kind: str) -> tuple[bytes, list[dict[str, str]]]:
    (path,) = (release_of(home) / "local-authorities" / code).glob(f"*{kind}*.csv")
    data = path.read_bytes()
    return data, list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_an_officer_opens_a_csv_in_the_words_of_capacity_tracker(asc: Command, listed: Inbox, home: Path) -> None:
    listed.write()
    run(asc, listed, home)
    data, rows = officer(home, "E10000025", "care-home")
    assert data.startswith(b"\xef\xbb\xbf") and data.count(b"\r\n") == len(rows) + 1
    assert list(rows[0])[:7] == [
        "CQC Location ID",
        "Location",
        "Provider",
        "Provider Type",
        "Local Authority",
        "Registration Status",
        "User Count",
    ]
    assert list(rows[0])[7:19] == [f"Window {month}" for month in MONTHS]
    assert list(rows[0])[19:] == ["Status", "Reason", "Windows missed in a row", "Last window submitted", "Postcode", "Telephone",
                                  "Next window opens", "Next window closes", "What to do"]  # fmt: skip
    said = {row["CQC Location ID"]: row for row in rows}
    assert {key: row["Status"] for key, row in said.items()} == {
        "1-9000000102": "Missed 3 in a row",
        "1-9000000104": "Watch",
    }
    first = said["1-9000000102"]
    assert [first[f"Window {month}"] for month in MONTHS[-4:]] == ["Yes", "No", "No", "No"]
    assert (first["Last window submitted"], first["Windows missed in a row"]) == ("Window Sep 24", "3")
    assert (first["Next window opens"], first["Next window closes"]) == ("2025-01-08", "2025-01-14")
    assert (first["Postcode"], first["Telephone"]) == ("ZZ99 1AA", "01632 960001")
    assert "from Wednesday 8 January 2025 to Tuesday 14 January 2025" in first["What to do"]
    assert "no registered user" in first["What to do"]
    _, kent = officer(home, "E10000016", "care-home")
    assert [(row["Status"], row["Reason"]) for row in kent] == [
        ("Missed 4 of 12", "4 of the last 12 windows"),
        ("At risk", "2 windows in a row"),
    ]
    assert "one registered user" in kent[1]["What to do"]


def test_an_authority_with_nothing_to_report_gets_the_headings_alone(asc: Command, listed: Inbox, home: Path) -> None:
    listed.write()
    run(asc, listed, home)
    data, rows = officer(home, "E06000001", "home-care")
    assert rows == [] and data.count(b"\r\n") == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_looks_like_a_formula_is_written_as_text(asc: Command, inbox: Inbox, home: Path, name: str) -> None:
    inbox.units[4].name, inbox.units[4].history = name, "Y" * 9 + "NNN"
    inbox.units[4].provider = name
    inbox.write()
    assert run(asc, inbox, home).code == 0
    written = services_of(home)["1-9000000102", "care_home"]
    expected = name.strip() if not name.strip().startswith(("=", "+", "-", "@")) else f"'{name}"
    assert (written["location_name"], written["provider_name"]) == (expected, expected)
    assert written["location_id"] == "1-9000000102"
    _, rows = officer(home, "E10000025", "care-home")
    assert rows[0]["Location"] == expected
    assert "<b>&" not in (release_of(home) / "report.html").read_text(encoding="utf-8")
    assert pq.read_table(release_of(home) / "national" / "at-risk.parquet").column("location_name").to_pylist() == [
        name.strip()
    ]


def test_lists_stand_in_the_order_of_the_contract(asc: Command, listed: Inbox, home: Path) -> None:
    listed.units[4].name = "zebra"
    listed.units[5].history, listed.units[5].name = "Y" * 9 + "NNN", "Ärmel"
    listed.units[7].history, listed.units[7].name = "Y" * 9 + "NNN", "apple"
    listed.write()
    run(asc, listed, home)
    rows = list(services_of(home).values())
    order = ["notice_due", "at_risk", "watch", "missed", "unknown", "new", "compliant", "not_required"]
    keys = [
        (
            order.index(row["status"]),
            row["location_name"].strip("'").casefold(),
            row["location_id"],
            row["provider_type"],
        )
        for row in rows
    ]
    assert keys == sorted(keys) and len({row["status"] for row in rows}) == 5
    table = pq.read_table(release_of(home) / "national" / "at-risk.parquet")
    assert [str(value) for value in table.column("location_id").to_pylist()] == [
        row["location_id"] for row in rows if row["status"] in order[:3]
    ]


@pytest.mark.slow
def test_the_same_inputs_give_the_same_bytes_in_any_order_place_and_time(
    asc: Command, listed: Inbox, home: Path, tmp_path: Path
) -> None:
    """Another home, one file at a time from the last to the first, another zone, locale, hash seed and moment."""
    folder = listed.write()
    assert run(asc, listed, home).code == 0
    other = tmp_path / "other"
    environment = {
        **os.environ,
        "TZ": "Pacific/Auckland",
        "LC_ALL": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "7",
        "ASC_USER": "Somebody Else",
    }
    command = [sys.executable, "-c", "from flows.cli import main; main()"]
    for path in sorted(folder.iterdir(), reverse=True):
        subprocess.run(
            [*command, "ingest", str(path), "--home", str(other)], check=True, env=environment, capture_output=True
        )
    words = ["run", "--month", "2024-12", "--home", str(other), "--as-at", "2025-02-01"]
    subprocess.run([*command, *words], check=True, env=environment, capture_output=True)
    assert tree_bytes(home / "releases") == tree_bytes(other / "releases")


def test_rows_in_another_order_change_hashes_and_row_numbers_only(
    asc: Command, listed: Inbox, home: Path, tmp_path: Path
) -> None:
    listed.units[9] = Unit(**vars(listed.units[4]))  # a duplicate row, identical
    listed.write()
    run(asc, listed, home)
    turned = Inbox(tmp_path / "turned", units=list(reversed(listed.units)))
    turned.write()
    other = tmp_path / "other"
    run(asc, turned, other)
    mine, theirs = tree_bytes(release_of(home)), tree_bytes(release_of(other))
    same = [name for name in mine if name.startswith(("national/", "local-authorities/"))]
    assert {name: mine[name] for name in same} == {name: theirs[name] for name in same}
    assert release_of(home).name != release_of(other).name
    assert not any(release_of(home).name.encode() in mine[name] for name in same)


def test_a_second_run_writes_nothing(asc: Command, listed: Inbox, home: Path) -> None:
    listed.write()
    run(asc, listed, home)
    before, times = (
        tree_bytes(home / "releases"),
        {path: path.stat().st_mtime_ns for path in (home / "releases").rglob("*")},
    )
    again = run(asc, listed, home)
    assert again.code == 0 and "is published already" in again.out
    assert tree_bytes(home / "releases") == before
    assert {path: path.stat().st_mtime_ns for path in (home / "releases").rglob("*")} == times


def test_a_correction_makes_a_new_release_and_leaves_the_old_one(asc: Command, listed: Inbox, home: Path) -> None:
    listed.write()
    run(asc, listed, home)
    old, before = release_of(home), tree_bytes(release_of(home))
    listed.units[4].history = "Y" * 12
    listed.write_export("care_home", extracted="2024-12-19")
    assert run(asc, listed, home, *SMALL).code == 0
    assert release_of(home) != old and tree_bytes(old) == before
    assert services_of(home)["1-9000000102", "care_home"]["status"] == "compliant"
    assert run(asc, listed, home, as_at="2024-12-18").code == 0, "a look back finds the old release"
    assert release_of(home) != old, "and does not make it current"


def test_everything_is_private_to_its_owner(asc: Command, listed: Inbox, home: Path) -> None:
    listed.write()
    run(asc, listed, home)
    for path in [home, *home.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), f"{path.relative_to(home)}: {mode:o}"


def test_a_lost_current_release_is_made_again_with_the_same_bytes(asc: Command, listed: Inbox, home: Path) -> None:
    listed.write()
    run(asc, listed, home)
    before = tree_bytes(home / "releases")
    shutil.rmtree(release_of(home))
    assert run(asc, listed, home).code == 0
    assert tree_bytes(home / "releases") == before


def test_the_open_month_cannot_be_run(asc: Command, listed: Inbox, home: Path) -> None:
    listed.write()
    answer = run(asc, listed, home, as_at="2024-12-16")
    assert answer.code == 2 and "Tuesday 17 December 2024" in answer.err
    assert run(asc, listed, home, as_at="2024-12-17").code == 0
    assert run(asc, listed, home, month="2022-11").code == 2


def test_later_months_play_no_part_and_raise_no_finding(asc: Command, listed: Inbox, home: Path) -> None:
    listed.write()
    assert run(asc, listed, home, *SMALL, month="2024-11").code == 0
    november = services_of(home, "2024-11")
    assert november["1-9000000102", "care_home"]["windows_in_a_row"] == "2"
    assert all(
        "2024-12" not in row["windows_missed"] and row["last_submitted_window"] <= "2024-11"
        for row in november.values()
    )


def test_run_answers_in_json(asc: Command, listed: Inbox, home: Path) -> None:
    listed.write()
    answer = run(asc, listed, home, "--json")
    document = json.loads(answer.out)
    assert set(document) == {"month", "release", "path", "counts", "notices", "findings", "seconds"}
    assert document["counts"] == {
        "notice_due": 2,
        "at_risk": 1,
        "watch": 1,
        "missed": 0,
        "unknown": 0,
        "new": 2,
        "compliant": 18,
        "not_required": 0,
    }
    with (release_of(home) / "findings.csv").open(encoding="utf-8", newline="") as file:
        assert document["findings"] == len(list(csv.DictReader(file)))


def test_the_summary_adds_up(asc: Command, listed: Inbox, home: Path) -> None:
    listed.write()
    run(asc, listed, home)
    with (release_of(home) / "national" / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3 * (1 + 9 + 153)
    for column in (
        "services",
        "submitted",
        "missed",
        "excused",
        "not_required",
        "unknown",
        "notice_due",
        "at_risk",
        "watch",
        "new",
    ):
        for kind in ("care_home", "home_care", ""):
            levels = {
                level: sum(int(row[column]) for row in rows if row["level"] == level and row["provider_type"] == kind)
                for level in ("england", "region", "authority")
            }
            assert len(set(levels.values())) == 1, (column, kind, levels)
    for row in rows:
        done, missed = int(row["submitted"]), int(row["missed"])
        assert row["compliance_rate"] == (f"{done / (done + missed):.4f}" if done + missed else "")
