"""Cases that once went wrong: each is small, and each would have cost somebody a wrong letter or a lost month."""

import fcntl
import json
import shutil
from pathlib import Path

import pytest

from pipeline.record.home import Home
from tests.conftest import Answer, Command
from tests.worlds import REGISTER_HEADINGS, Inbox, Unit, findings_of, release_of, services_of, tree_bytes, write_csv

HEAD = ["CQC Location ID", "Location", "User Count", "Local Authority"]

pytestmark = pytest.mark.slow


def run(asc: Command, inbox: Inbox, home: Path, *more: object, as_at: str = "2024-12-31") -> Answer:
    return asc("run", "--month", "2024-12", "--inbox", inbox.folder, "--home", home, "--as-at", as_at, *more)


@pytest.mark.parametrize("name", ["\\N", "a\rb", "line\nbreak", 'q"uote', "NULL", "\x1f", "\ufeff", "'", "\\"])
@pytest.mark.parametrize("users", ["9,999,999,999", "1", "9999999"])
def test_no_cell_of_one_row_can_spoil_the_home(asc: Command, inbox: Inbox, home: Path, name: str, users: str) -> None:
    inbox.units[4].name, inbox.units[4].users = f"x{name}y" if name.isspace() else name, users
    inbox.write()
    assert run(asc, inbox, home).code == 0
    row = services_of(home)["1-9000000102", "care_home"]
    assert row["user_count"] == ("1" if users == "1" else "")
    assert asc("rebuild", "--home", home).code == 0 and asc("status", "--home", home).code == 0


def test_a_restated_file_makes_its_release_current_and_stays_restated(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.write()
    assert run(asc, inbox, home).code == 0
    first = release_of(home)
    path = inbox.export_path("care_home")
    assert asc("ingest", path, "--extracted-at", "2024-12-17T09:00", "--home", home).code == 0
    again = run(asc, inbox, home)
    assert again.code == 0 and f"{path.name}: already held" in again.out
    assert release_of(home) != first
    second = release_of(home)
    assert run(asc, inbox, home).code == 0 and release_of(home) == second
    assert findings_of(home, "same_bytes") == []
    assert (
        asc("ingest", path, "--extracted-at", "2024-12-17T10:00+01:00", "--home", home).out
        == f"{path.name}: already held\n"
    )


def test_a_file_whose_type_was_stated_can_lie_in_the_inbox(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.write()
    silent = inbox.export_path("care_home").rename(inbox.folder / "export-2024-12-17.csv")
    refused = run(asc, inbox, home)
    assert refused.code == 3 and "--provider-type" in refused.err and "status-home-care-2024-12-17.csv" in refused.err
    assert asc("ingest", silent, "--provider-type", "care_home", "--home", home).code == 0
    assert run(asc, inbox, home).code == 0


def test_the_same_bytes_under_another_type_without_a_date_are_a_second_intake(
    asc: Command, inbox: Inbox, home: Path
) -> None:
    path = inbox.write_export("care_home")
    asc("ingest", path, "--home", home)
    other = inbox.folder / "home-care.csv"
    other.write_bytes(path.read_bytes())
    (answer,) = json.loads(asc("ingest", other, "--home", home, "--json").out)
    assert (answer["state"], answer["provider_type"]) == ("taken in", "home_care")


def test_two_partial_exports_in_a_row_are_both_partial(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.write()
    few = [unit for unit in inbox.units if unit.authority == "Kent"][:4]
    inbox.write_export("care_home", units=few, extracted="2024-12-18")
    inbox.write_export("care_home", units=few, extracted="2024-12-19")
    assert run(asc, inbox, home).code == 0
    assert len(services_of(home)) == 24 and len(findings_of(home, "partial_export")) == 2
    accepted = run(asc, inbox, home, "--accept", "population-fall", "--because", "closed")
    assert accepted.code == 0 and len(services_of(home)) == 12 + 2
    assert sum(json.loads(asc("status", "--home", home, "--json").out)["counts"].values()) == 14


def test_a_service_of_an_earlier_export_that_is_gone_is_found(asc: Command, inbox: Inbox, home: Path) -> None:
    november = Inbox(inbox.folder, units=[*inbox.units, Unit("1-9000000777", "Y" * 11 + "N")], months=inbox.months[:-1])
    november.write_export("care_home", extracted="2024-11-18")
    inbox.write()
    assert run(asc, inbox, home).code == 0
    assert [finding["value"] for finding in findings_of(home, "unit_gone")] == ["1-9000000777 care_home"]


def test_altered_archive_bytes_are_never_built_upon(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.write()
    run(asc, inbox, home)
    (archived,) = [
        path for path in home.glob("archive/*/*") if path.read_bytes() == inbox.export_path("care_home").read_bytes()
    ]
    archived.write_bytes(archived.read_bytes().replace(b"Yes,Yes\n", b"No,No\n"))
    answer = asc("rebuild", "--home", home)
    assert answer.code == 1 and archived.name in answer.err and "Traceback" not in answer.err
    archived.unlink()
    (home / "facts.duckdb").unlink()
    missing = asc("status", "--home", home)
    assert missing.code == 1 and f"{archived.name} is missing" in missing.err


def test_a_damaged_release_is_not_taken_for_a_published_one(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.write()
    run(asc, inbox, home)
    (release_of(home) / "report.html").write_text("x")
    answer = run(asc, inbox, home)
    assert answer.code == 1 and "not what was published" in answer.err and "Traceback" not in answer.err


def test_another_file_name_is_another_release_id_for_it_is_shown(
    asc: Command, inbox: Inbox, home: Path, tmp_path: Path
) -> None:
    inbox.write()
    run(asc, inbox, home)
    renamed = tmp_path / "renamed"
    shutil.copytree(inbox.folder, renamed)
    (renamed / "status-care-home-2024-12-17.csv").rename(renamed / "aa-care-home-2024-12-17.csv")
    other = tmp_path / "other"
    asc("run", "--month", "2024-12", "--inbox", renamed, "--home", other, "--as-at", "2024-12-31")
    assert release_of(other).name != release_of(home).name
    before = tree_bytes(home / "releases")
    again = asc("run", "--month", "2024-12", "--inbox", renamed, "--home", home, "--as-at", "2024-12-31")
    assert again.code == 0 and tree_bytes(home / "releases") == before, "in one home it is already held"


def test_readers_answer_while_a_run_holds_the_home_and_its_facts_are_gone(
    asc: Command, inbox: Inbox, home: Path
) -> None:
    inbox.write()
    run(asc, inbox, home)
    (home / "facts.duckdb").unlink()
    with Home(home).held("somebody"):
        answer = asc("status", "--home", home, "--json")
    assert answer.code == 0 and sum(json.loads(answer.out)["counts"].values()) == 24
    assert not (home / "facts.duckdb").exists()


def test_a_reader_that_asks_whether_a_run_goes_on_turns_no_run_away(home: Path) -> None:
    Home(home).made()
    with (home / "lock").open("a") as reader:
        fcntl.flock(reader, fcntl.LOCK_SH)
        assert not Home(home).is_busy()
    with Home(home).held("a run"):
        assert Home(home).is_busy()


def test_the_first_month_of_all_can_be_run(asc: Command, tmp_path: Path, home: Path) -> None:
    inbox = Inbox(tmp_path / "first", extracted="2023-01-20")
    rows = [
        [f"1-90000001{n:02d}", f"House {n}", "3", "Kent", "New" if n == 0 else "Established", "Yes"] for n in range(5)
    ]
    for kind in ("care_home", "home_care"):
        write_csv(inbox.export_path(kind), [*HEAD, "Registration Status", "Dec 22"], rows)
    answer = asc("run", "--month", "2022-12", "--inbox", inbox.folder, "--home", home, "--as-at", "2023-01-20")
    assert answer.code == 0, answer.err
    assert asc("explain", "1-9000000100", "--type", "care_home", "--month", "2022-12", "--home", home).code == 0


def test_months_before_the_collection_began_are_no_reason_to_stop(asc: Command, tmp_path: Path, home: Path) -> None:
    path = write_csv(
        tmp_path / "care-home-2022-12-01.csv",
        [*HEAD, "Sep 22", "Oct 22"],
        [["1-9000000100", "H", "3", "Kent", "Yes", "Yes"]],
    )
    assert asc("ingest", path, "--home", home).code == 0
    strange = write_csv(
        tmp_path / "care-home-2022-12-02.csv", [*HEAD, "Nov 0000"], [["1-9000000100", "H", "3", "Kent", "Yes"]]
    )
    assert asc("ingest", strange, "--home", home).code == 3
    assert asc("verify", "--home", home).code == 0


def test_register_rows_that_name_a_location_twice_give_the_same_lists_in_any_order(
    asc: Command, inbox: Inbox, tmp_path: Path
) -> None:
    inbox.units[4].history = "Y" * 9 + "NNN"
    lists = []
    for turn in (1, -1):
        folder = Inbox(tmp_path / f"turn{turn}", units=inbox.units)
        folder.write()
        path = folder.write_register()
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        extra = next(row for row in rows if row.startswith("1-9000000102,")).replace(
            "Invented Care Ltd", "Another Care Ltd"
        )
        assert head == ",".join(REGISTER_HEADINGS)
        path.write_text("\n".join([head, *[*rows, extra][::turn]]) + "\n", encoding="utf-8")
        assert run(asc, folder, tmp_path / f"home{turn}").code == 0
        assert len(findings_of(tmp_path / f"home{turn}", "register_row_again")) == 1
        tree = tree_bytes(release_of(tmp_path / f"home{turn}"))
        lists.append(
            {name: data for name, data in tree.items() if name.startswith(("national/", "local-authorities/"))}
        )
    assert lists[0] == lists[1]


def test_explain_shows_the_cell_that_decides(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.write_export("home_care")
    inbox.write_register()
    for extracted, letter in (("2024-12-10", "Y"), ("2024-12-12", "N"), ("2024-12-17", "?")):
        inbox.units[4].history = "Y" * 11 + letter
        inbox.write_export("care_home", extracted=extracted)
    run(asc, inbox, home, "--accept", "unknown-jump", "--because", "x")
    shown = asc("explain", "1-9000000102", "--home", home).out
    (line,) = [line for line in shown.splitlines() if line.startswith("2024-12 ")]
    assert "submitted" in line and "status-care-home-2024-12-10.csv" in line and '"Yes"' in line
    windows = json.loads(asc("explain", "1-9000000102", "--home", home, "--json").out)["windows"]
    assert [one["decides"] for one in windows[-1]["evidence"]] == [False, True]


def test_check_and_ingest_count_the_same_findings(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.units[4].history = "Y" * 9 + "%YY"
    path = inbox.write_export("care_home")
    (looked,) = json.loads(asc("check", path, "--json").out)
    (taken,) = json.loads(asc("ingest", path, "--home", home, "--json").out)
    assert sum(finding["times"] for finding in looked["findings"]) == taken["findings"] == 1
    empty = write_csv(inbox.folder / "care-home-2024-12-18.csv", [*HEAD, "Dec 24"], [])
    (looked,) = json.loads(asc("check", empty, "--json").out)
    assert [finding["rule"] for finding in looked["findings"]] == ["no_rows"]


def test_a_word_under_a_later_month_is_no_finding_of_an_earlier_one(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.units[4].history = "Y" * 10 + "Y%"
    inbox.write()
    words = ("run", "--month", "2024-11", "--inbox", inbox.folder, "--home", home, "--as-at", "2024-12-31")
    assert asc(*words).code == 0
    assert findings_of(home, "value_unreadable", "2024-11") == []
    assert run(asc, inbox, home, "--accept", "unknown-jump", "--because", "x").code == 0
    assert len(findings_of(home, "value_unreadable")) == 1


@pytest.mark.parametrize("position", [0, 10, 30])
def test_verify_names_a_register_that_cannot_be_opened(asc: Command, inbox: Inbox, home: Path, position: int) -> None:
    inbox.write()
    run(asc, inbox, home)
    path = home / "register.sqlite"
    data = bytearray(path.read_bytes())
    data[position] ^= 0xFF
    path.write_bytes(data)
    answer = asc("verify", "--home", home)
    assert answer.code == 1 and "register" in answer.out and "Traceback" not in answer.err


def test_verify_names_a_missing_pointer_and_a_run_refuses_an_empty_one(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.write()
    run(asc, inbox, home)
    pointer = home / "releases" / "2024-12" / "CURRENT"
    pointer.write_text("")
    assert run(asc, inbox, home).code == 1
    pointer.unlink()
    assert "CURRENT: missing" in asc("verify", "--home", home).out
    assert run(asc, inbox, home).code == 0 and asc("verify", "--home", home).code == 0


def test_a_slip_in_an_extension_can_be_put_right(asc: Command, home: Path) -> None:
    words = ("windows", "extend", "2025-02", "--by", "Pat", "--authority", "DHSC", "--home", home, "--until")
    assert asc(*words, "2052-02-20").code == 2
    assert asc(*words, "2025-02-28").code == 0
    assert asc(*words, "2025-02-20").code == 0
    (line,) = json.loads(asc("windows", "--from", "2025-02", "--to", "2025-02", "--home", home, "--json").out)
    assert line["closes_on"] == "2025-02-20"


def test_bad_surroundings_end_with_a_message(asc: Command, inbox: Inbox, home: Path, tmp_path: Path) -> None:
    inbox.write()
    home.mkdir()
    (home / "calendar.toml").write_bytes(b'name = "caf\xe9"\n')
    assert run(asc, inbox, home).code == 3
    (home / "calendar.toml").unlink()
    (home / "settings.toml").write_text("a = 2024-12-17\n")
    assert run(asc, inbox, home).code == 0
    (home / "settings.toml").write_text("a = \n")
    assert run(asc, inbox, home).code == 3
    file = tmp_path / "file"
    file.write_text("x")
    assert asc("status", "--home", file).code == 2 and run(asc, inbox, file).code == 2
    assert (
        asc("notice-dates", "--sent", "2025-01-20", "--method", "post", "--representation-days", "999999999").code == 2
    )
    assert oct(home.stat().st_mode)[-3:] == "700"


def test_a_unit_whose_id_only_the_register_makes_certain_can_be_excused(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.units.append(Unit("RXABC", "Y" * 9 + "NNN"))
    inbox.write()
    assert run(asc, inbox, home).code == 0
    assert services_of(home)["RXABC", "care_home"]["status"] == "notice_due"
    by = ("--by", "Dana", "--because", "x", "--home", home)
    assert asc("decide-window", "RXABC", "care_home", "2024-12", "excused", *by).code == 0
    assert asc("decide-window", "RXABD", "care_home", "2024-12", "excused", *by).code == 2
    unknown = asc("decide-window", "1-9000000999", "care_home", "2024-12", "excused", *by)
    assert unknown.code == 0 and "No export held here lists" in unknown.err


def test_a_group_row_has_no_words_but_its_name(asc: Command, tmp_path: Path) -> None:
    rows = [
        ["Kent", "", "", "5", "4"],
        ["Kent", "", "Rose House", "Yes", "No"],
        ["Kent", "1-9000000101", "Rose House", "Yes", "No"],
        ["Total", "", "", "5", "50 %"],
    ]
    path = write_csv(
        tmp_path / "care-home-2024-12-17.csv",
        ["Local Authority", "CQC Location ID", "Location", "Nov 24", "Dec 24"],
        rows,
    )
    (answer,) = json.loads(asc("check", path, "--json").out)
    assert (answer["rows"], answer["accepted"]) == (2, 1)


def test_an_authority_that_fills_down_is_not_lost_to_an_extra_blank_cell(
    asc: Command, inbox: Inbox, home: Path
) -> None:
    inbox.write()
    path = inbox.export_path("care_home")
    rows = [unit for unit in inbox.units if unit.provider_type == "care_home"]
    lines = ["CQC Location ID,Location,Registration Status,Nov 24,Dec 24", ",Kent,,9,9"]
    lines += [f"{unit.location_id},x,{unit.status.split()[0]},Yes,Yes,," for unit in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (inbox.folder / "HSCA_Active_Locations_2024-12-16.csv").unlink()
    assert run(asc, inbox, home).code == 0
    assert {row["local_authority"] for (_, kind), row in services_of(home).items() if kind == "care_home"} == {"Kent"}


def test_what_is_no_regular_file_is_skipped_and_named(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.write()
    (inbox.folder / "gone.csv").symlink_to(inbox.folder / "nowhere.csv")
    answer = run(asc, inbox, home)
    assert answer.code == 0 and "gone.csv: skipped" in answer.err
