"""Each check before publishing: it fires, it is silent just below its limit, and it can be accepted with words."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Answer, Command
from tests.worlds import Inbox, Unit, services_of, tree_bytes

Change = Callable[[Inbox], None]


def run(
    asc: Command, inbox: Inbox, home: Path, *more: object, month: str = "2024-12", as_at: str = "2024-12-31"
) -> Answer:
    return asc("run", "--month", month, "--inbox", inbox.folder, "--home", home, "--as-at", as_at, *more)


def earlier_release(asc: Command, home: Path, folder: Path, change: Change = lambda inbox: None) -> None:
    """Publish November, so that December has a release to be compared with."""
    november = Inbox(folder / "november", extracted="2024-11-15", months=Inbox(folder).months[:-1])
    change(november)
    november.write_export("care_home")
    november.write_export("home_care")
    november.write_register("2024-11-14")
    answer = run(asc, november, home, month="2024-11")
    assert answer.code == 0, answer.err


def add(inbox: Inbox, count: int, history: str = "Y" * 12, kind: str = "care_home", place: str = "Kent") -> None:
    start = 500 + len(inbox.units)
    inbox.units += [Unit(f"1-9000001{n:03d}", history, kind, authority=place) for n in range(start, start + count)]


def no_export_of_a_type(inbox: Inbox) -> None:
    inbox.write()
    inbox.export_path("home_care").unlink()


def an_export_from_before_the_close(inbox: Inbox) -> None:
    no_export_of_a_type(inbox)
    inbox.write_export("home_care", extracted="2024-12-16")


def all_in_place(inbox: Inbox) -> None:
    inbox.write()


def an_unknown_authority(inbox: Inbox) -> None:
    inbox.units[5].authority, inbox.units[5].in_register = "Kentshire", False
    inbox.write()


def an_authority_only_the_register_knows(inbox: Inbox) -> None:
    inbox.write_register()
    inbox.units[5].authority = "Cumbria"
    inbox.write_export("care_home")
    inbox.write_export("home_care")


def unknown_jump(count: int) -> Change:
    def change(inbox: Inbox) -> None:
        add(inbox, 88)  # 100 care homes
        for unit in [u for u in inbox.units if u.provider_type == "care_home"][5 : 5 + count]:
            unit.history = "Y" * 11 + "?"
        inbox.write()

    return change


def missed_jump(november: int, december: int) -> Change:
    def change(inbox: Inbox) -> None:
        add(inbox, 94)  # 100 care homes in the South East: 6 in Kent there already
        homes = [u for u in inbox.units if u.provider_type == "care_home" and u.authority == "Kent"]
        assert len(homes) == 100
        for unit in homes[10 : 10 + november]:
            unit.history = "Y" * 10 + "NY"
        for unit in homes[60 : 60 + december]:
            unit.history = "Y" * 11 + "N"
        inbox.write()

    return change


def nobody_new(inbox: Inbox) -> None:
    for unit in inbox.units:
        unit.registered, unit.status = "01/04/2015", "Established (≥ 101 days)"
    inbox.write()


def only_missed(inbox: Inbox) -> None:
    for unit in inbox.units:
        unit.history = "Y" * 10 + "NN"
    inbox.write()


def one_submitted(inbox: Inbox) -> None:
    for unit in inbox.units[1:]:
        unit.history = "Y" * 10 + "NN"
    inbox.write()


def refused_rows(count: int) -> Change:
    def change(inbox: Inbox) -> None:
        add(inbox, 88 - count)  # 100 rows in all
        inbox.write()
        path = inbox.export_path("care_home")
        path.write_text(
            path.read_text(encoding="utf-8") + "".join(f"1-12,No id {n}{',' * 17}\n" for n in range(count)),
            encoding="utf-8",
        )

    return change


ALONE = [
    ("provider-type-missing", no_export_of_a_type, all_in_place),
    ("provider-type-missing", an_export_from_before_the_close, all_in_place),
    ("authority-unmatched", an_unknown_authority, an_authority_only_the_register_knows),
    ("unknown-jump", unknown_jump(6), unknown_jump(5)),
    ("missed-jump", missed_jump(1, 5), missed_jump(1, 4)),
    ("missed-jump", missed_jump(8, 13), missed_jump(8, 12)),
    ("looks-filtered", nobody_new, all_in_place),
    ("looks-filtered", only_missed, one_submitted),
    ("rows-refused", refused_rows(6), refused_rows(5)),
]


@pytest.mark.parametrize(
    ("check", "change", "harmless"), ALONE, ids=[f"{c}-{f.__name__}-{n}" for n, (c, f, _) in enumerate(ALONE)]
)
def test_a_check_stops_publication_until_it_is_accepted(
    asc: Command, tmp_path: Path, check: str, change: Change, harmless: Change
) -> None:
    inbox, home = Inbox(tmp_path / "inbox"), tmp_path / "home"
    change(inbox)
    stopped = run(asc, inbox, home)
    assert stopped.code == 4, stopped.out + stopped.err
    assert check in stopped.err and f"--accept {check}" in stopped.err
    assert tree_bytes(home / "releases") == {}
    accepted = run(asc, inbox, home, *accept(stopped))
    assert accepted.code == 0, accepted.err

    below = Inbox(tmp_path / "below")
    harmless(below)
    quiet = run(asc, below, tmp_path / "home below")
    assert f"{check}:" not in quiet.err


def accept(stopped: Answer) -> list[str]:
    """Return what a stopped run prints as the way on, with a reason."""
    (line,) = [line for line in stopped.err.splitlines() if line.startswith("To publish all the same, ")]
    words = line.split()
    names = [words[n + 1] for n, word in enumerate(words) if word == "--accept"]
    return [part for name in names for part in ("--accept", name, "--because", "checked by telephone")]


def fall(before: int, now: int) -> tuple[Change, Change]:
    return lambda inbox: add(inbox, before - 12), lambda inbox: (add(inbox, now - 12), inbox.write())


def moved_away(inbox: Inbox) -> None:
    inbox.units = [unit for unit in inbox.units if unit.authority != "Oxfordshire"]
    add(inbox, 12)
    add(inbox, 12, kind="home_care")
    inbox.units[0].registered, inbox.units[0].status = "01/11/2024", "New"
    inbox.write()


def one_left_there(inbox: Inbox) -> None:
    inbox.units = [unit for unit in inbox.units if unit.authority != "Oxfordshire"] + [inbox.units[4]]
    add(inbox, 12)
    add(inbox, 12, kind="home_care")
    inbox.units[0].registered, inbox.units[0].status = "01/11/2024", "New"
    inbox.write()


def at_risk_before(inbox: Inbox) -> None:
    add(inbox, 60)
    inbox.units[9].history = "Y" * 8 + "NNNN"


def at_risk_gone(inbox: Inbox) -> None:
    at_risk_before(inbox)
    del inbox.units[9]
    inbox.write()


def at_risk_deregistered(inbox: Inbox) -> None:
    at_risk_before(inbox)
    gone = inbox.units.pop(9)
    inbox.write()
    inbox.deactivate(gone.location_id, "01/12/2024")


COMPARED = [
    ("population-fall", *fall(100, 94), fall(100, 95)[1]),
    ("authority-empty", lambda inbox: None, moved_away, one_left_there),
    ("at-risk-gone", at_risk_before, at_risk_gone, at_risk_deregistered),
]


@pytest.mark.slow
@pytest.mark.parametrize(("check", "november", "change", "harmless"), COMPARED, ids=[row[0] for row in COMPARED])
def test_a_check_against_the_last_release(
    asc: Command, tmp_path: Path, check: str, november: Change, change: Change, harmless: Change
) -> None:
    for name, december, fires in (("fires", change, True), ("below", harmless, False)):
        home, inbox = tmp_path / name / "home", Inbox(tmp_path / name / "inbox")
        earlier_release(asc, home, tmp_path / name, november)
        before = tree_bytes(home / "releases")
        december(inbox)
        answer = run(asc, inbox, home)
        assert (f"{check}:" in answer.err) is fires, answer.err
        if fires:
            assert answer.code == 4
            assert tree_bytes(home / "releases") == before
            assert run(asc, inbox, home, *accept(answer)).code == 0
            assert services_of(home)


def test_an_accepted_check_and_its_words_stand_in_the_manifest(asc: Command, inbox: Inbox, home: Path) -> None:
    nobody_new(inbox)
    answer = run(asc, inbox, home, "--accept", "looks-filtered", "--because", "there really is none", "--json")
    manifest = json.loads((Path(json.loads(answer.out)["path"]) / "manifest.json").read_text(encoding="utf-8"))
    (line,) = [line for line in manifest["checks"] if line["check"] == "looks-filtered"]
    assert line == {"check": "looks-filtered", "fired": True, "because": "there really is none"}


def test_accepting_without_words_or_a_check_that_does_not_exist_is_wrong_usage(
    asc: Command, inbox: Inbox, home: Path
) -> None:
    inbox.write()
    assert run(asc, inbox, home, "--accept", "looks-filtered").code == 2
    misspelt = run(asc, inbox, home, "--accept", "looks-filterd", "--because", "x")
    assert misspelt.code == 2 and 'Did you mean "looks-filtered"?' in misspelt.err


def test_a_newer_partial_export_says_what_became_of_its_services_only(asc: Command, inbox: Inbox, home: Path) -> None:
    """One authority is exported again later: its answers count, and nobody else disappears (CONTRACT 4)."""
    inbox.units[4].history = "Y" * 9 + "NNN"
    inbox.write()
    assert run(asc, inbox, home).code == 0
    assert services_of(home)["1-9000000102", "care_home"]["status"] == "notice_due"
    inbox.units[4].history = "Y" * 9 + "NNY"
    inbox.write_export(
        "care_home", units=[unit for unit in inbox.units if unit.authority == "Oxfordshire"], extracted="2024-12-20"
    )
    again = run(asc, inbox, home)
    assert again.code == 0, again.err
    now = services_of(home)
    assert len(now) == 24 and now["1-9000000102", "care_home"]["status"] == "compliant"

    accepted = run(asc, inbox, home, "--accept", "population-fall", "--because", "the others have closed")
    assert accepted.code == 0, accepted.err
    assert sum(kind == "care_home" for _, kind in services_of(home)) == 6


def test_a_stopped_month_leaves_the_earlier_release_current(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.write()
    assert run(asc, inbox, home).code == 0
    before = tree_bytes(home / "releases")
    inbox.units.append(Unit("1-9000000777", "Y" * 12, authority="Nowhereshire", in_register=False))
    inbox.write_export("care_home", extracted="2024-12-19")
    assert run(asc, inbox, home).code == 4
    assert tree_bytes(home / "releases") == before
