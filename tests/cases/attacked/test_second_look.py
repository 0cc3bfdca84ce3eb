"""What a second look at these defences found: each got past the first version of one of them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.record.register import Register
from tests.cases.attacked.books import Formula, Sheet, repacked, xlsx
from tests.cases.attacked.crowds import accept, accepted, crowd, november, run, stopped, world
from tests.cases.dirt import HEAD, call, csv_of, look_at, row, uid
from tests.worlds import Inbox, tree_bytes, write_csv

pytestmark = pytest.mark.slow  # whole months are run
CARE_HOME = "care home 2024-12-17.csv"


def moved_by_a_row(inbox: Inbox, day: str) -> None:
    """Write an export in which each service has the answers of the one before it."""
    homes = [one for one in inbox.units if one.provider_type == "care_home"]
    moved = [replace(one, history=before.history) for one, before in zip(homes, [homes[-1], *homes], strict=False)]
    inbox.write_export("care_home", moved, day)


def test_a_small_right_export_in_between_hides_no_rewritten_history(tmp_path: Path) -> None:
    inbox = world(tmp_path, 240)
    november(inbox, tmp_path / "home")
    inbox.export_path("care_home").unlink()
    moved_by_a_row(inbox, "2024-12-18")
    inbox.write_export("care_home", inbox.units[1:4], "2024-12-17")
    stopped(run(inbox, tmp_path / "home"), "history-rewritten", "care_home")


def test_an_acceptance_of_the_month_changes_nothing_in_the_month_before(tmp_path: Path) -> None:
    """Or one release id would name two contents: the page tells what changed since the month before."""
    inbox = world(tmp_path, 60)
    partial = [replace(one, history="Y" * 12) for one in inbox.units[:20]]
    Inbox(inbox.folder, inbox.units, "2024-11-18", inbox.months[:-1]).write_export("care_home")
    Inbox(inbox.folder, inbox.units, "2024-11-19", inbox.months[:-1]).write_export("care_home", partial)
    plain = accepted(inbox, tmp_path / "one")
    asked = accepted(inbox, tmp_path / "two", "population-fall")
    assert plain.name == asked.name and tree_bytes(plain) == tree_bytes(asked)


def test_one_acceptance_covers_no_population_that_goes_on_shrinking(tmp_path: Path) -> None:
    inbox = world(tmp_path, 100)
    (inbox.folder / "HSCA_Active_Locations_2024-12-16.csv").unlink()
    homes = [one for one in inbox.units if one.provider_type == "care_home"]
    inbox.write_export("care_home", homes[:90], "2024-12-18")
    accepted(inbox, tmp_path / "home", "population-fall:care_home")
    inbox.write_export("care_home", homes[:81], "2024-12-19")
    stopped(run(inbox, tmp_path / "home"), "population-fall", "care_home")


def test_only_what_a_person_accepted_is_written_down(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 240), tmp_path / "home"
    for one in inbox.units[:8]:
        one.authority = "Essex"
    inbox.write_export("home_care")
    moved_by_a_row(inbox, "2024-12-17")
    for one in inbox.units[1:31]:
        one.provider_id = f"1-97{one.location_id[-7:]}"
    inbox.write_export("care_home")
    stopped(run(inbox, home), "contradicts-register", "care_home")
    accepted(inbox, home, "contradicts-register:care_home", "missed-jump")
    inbox.write_export("home_care", extracted="2024-12-18")
    assert run(inbox, home, "--by", "Bob Brown").code == 0
    register = Register(f"sqlite:///{home}/register.sqlite")
    assert {event.body["by"] for event in register.events("acceptance")} == {"Pat Preparer"}
    register.close()


def test_a_type_that_no_release_lists_is_compared_with_the_register(tmp_path: Path) -> None:
    inbox = world(tmp_path, 100)
    earlier = Inbox(tmp_path / "earlier", inbox.units, "2024-11-15", inbox.months[:-1])
    earlier.write_export("care_home")
    earlier.write_register("2024-11-14")
    answer = run(earlier, tmp_path / "home", *accept("provider-type-missing"), month="2024-11", as_at="2024-11-15")
    assert answer.code == 0, answer.err
    inbox.write_export("home_care", [one for one in inbox.units if one.provider_type == "home_care"][:10])
    stopped(run(inbox, tmp_path / "home"), "population-short", "home_care")


def test_a_register_accepted_once_is_whole_for_later_months(tmp_path: Path) -> None:
    inbox, home = world(tmp_path, 120), tmp_path / "home"
    inbox.write_register("2024-12-17", inbox.units[40:])
    accepted(inbox, home, "register-fall")
    months = (*inbox.months[1:], "Jan 25")
    later = Inbox(tmp_path / "january", crowd(120), "2025-01-15", inbox.months)
    for kind in ("care_home", "home_care"):
        chosen = [one for one in later.units if one.provider_type == kind]
        heads = ["CQC Location ID", "Location", "Local Authority", "Registration Status", *months]
        rows = [
            [one.location_id, one.name, one.authority, one.status, *one.cells(inbox.months)[8:], "Yes"]
            for one in chosen
        ]
        write_csv(later.export_path(kind), heads, rows)
    later.write_register("2025-01-14", later.units[40:])
    answer = run(later, home, *accept("looks-filtered", "missed-jump"), month="2025-01", as_at="2025-01-20")
    assert "register-fall" not in answer.err, answer.err


def test_rows_of_a_workbook_that_an_earlier_version_kept_are_read_anew(tmp_path: Path) -> None:
    path = tmp_path / CARE_HOME.replace(".csv", ".xlsx")
    path.write_bytes(xlsx(Sheet([HEAD, *(row(uid(60, n)) for n in range(1, 6))])))
    home = tmp_path / "home"
    assert call("ingest", path, "--home", home).code == 0
    (sheets,) = (home / "archive" / "turned").glob("*/sheets.json")
    said = json.loads(sheets.read_text(encoding="utf-8"))
    older = {name: said[name] for name in ("hidden_rows", "hidden_sheets", "percent_cells", "is_1904", "sheets")}
    sheets.write_text(json.dumps(older), encoding="utf-8")
    (home / "facts.duckdb").unlink()
    answer = call("rebuild", "--home", home)
    assert answer.code == 0 and "Traceback" not in answer.err, answer.err
    assert call("verify", "--home", home).code == 0


@pytest.mark.parametrize(
    ("was", "now"), [(b"<f>", b"<f\n>"), (b"<worksheet ", b"<!--" + b"x" * 5000 + b"--><worksheet ")]
)
def test_a_formula_is_seen_however_its_part_is_written(tmp_path: Path, was: bytes, now: bytes) -> None:
    rows = [HEAD, *(row(uid(61, n)) for n in range(1, 6)), [*row(uid(61, 9))[:-1], Formula("Yes", '"Yes"')]]
    data = repacked(xlsx(Sheet(rows)), changes={was: now})
    looked = look_at(tmp_path, CARE_HOME.replace(".csv", ".xlsx"), data)
    assert looked.rules.get("formula_under_month") == 1, looked.rules


def test_a_heading_that_is_a_formula_is_its_stored_text(tmp_path: Path) -> None:
    rows = [[*HEAD[:-1], Formula(HEAD[-1], f'"{HEAD[-1]}"')], *(row(uid(62, n)) for n in range(1, 6))]
    looked = look_at(tmp_path, CARE_HOME.replace(".csv", ".xlsx"), xlsx(Sheet(rows)))
    assert len(looked.document["months"]) == len([cell for cell in HEAD if str(cell)[-2:].isdigit()])


def test_a_time_span_in_a_name_is_no_zone(tmp_path: Path) -> None:
    data = csv_of(*(row(uid(63, n)) for n in range(1, 4)))
    moment = look_at(tmp_path, "care home 2024-12-16 0900-1700.csv", data).document["extracted_at"]
    assert moment in ("", "2024-12-16T00:00:00+00:00", "2024-12-16T09:00:00+00:00")


@pytest.mark.parametrize("dash", ["\u2013", "\u2212", "_"])
def test_swallowed_ids_are_seen_as_intake_reads_them(tmp_path: Path, dash: str) -> None:
    rows = [["Location", "CQC Location ID", "Dec 24"]]
    rows += [[f"House {n}", uid(64, n).replace("-", dash), "No"] for n in range(1, 30)]
    lines = [",".join(cells) for cells in rows]
    lines[5], lines[7] = f'"{lines[5]}', lines[7].replace("House 7", 'House 7"')
    looked = look_at(tmp_path, CARE_HOME, "\n".join([*lines, ""]).encode())
    assert looked.rules.get("row_swallows") == 1, looked.rules


def test_one_odd_date_refuses_no_file(tmp_path: Path) -> None:
    heads = ["CQC Location ID", "Local Authority", "Registration Date", "Dec 24"]
    rows = [[uid(65, n), "Kent", "tbc" if n == 3 else "", "Yes"] for n in range(1, 20)]
    looked = look_at(tmp_path, CARE_HOME, csv_of(*rows, head=heads))
    assert (looked.accepted, looked.rules) == (19, {"date_unreadable": 1})
