"""Letters of hostile and odd names: shown as text, or held with the character named; never run, never changed."""

import json
import unicodedata
from pathlib import Path

import pytest

from flows.demo.files import write_settings
from tests.conftest import Command
from tests.worlds import Inbox, Unit, batch_of, letter_text, release_of, rows_of, tree_bytes, write_csv

SHOWN = {
    "formula": '=HYPERLINK("http://invalid.example","x")',
    "at": "@SUM(A1)",
    "html": "<script>alert(1)</script> & Sons",
    "jinja": "{{ 7*7 }}{% for x in y %}",
    "typst": '#read("/etc/passwd") $x$ @ref *bold* _it_ = head',
    "quotes": 'A "quoted" \\ back#slash; Ltd',
    "quote code": '"; #panic("no"); "',
    "welsh": "Tŷ Gwyn Ŵy a'r Llŷn",
    "welsh in parts": unicodedata.normalize("NFD", "Tŷ Ŵy"),
    "soft hyphen": "Zero\u00ad\u200bwidth Care",
    "accents": "Ça dépend, Ångström & Ølsen",
    "long": "Extraordinarily Long Invented Provider Name For Testing The Window Of A Letter Limited",
    "long word": "Wimble" * 30,
    "longer word": "Wimble" * 150,
    "percent": "100% Care {not} [a] ~tilde~ `tick`",
    "dashes": "- Care -- at --- Home",
}
HELD = {
    "arabic": ("بيت الرعاية", "U+0628"),
    "emoji": ("Happy \U0001f600 Care", "U+1F600"),
    "override": ("Care\u202ehome", "U+202E"),
    "chinese": ("护理 Care", "U+62A4"),
    "ligature": ("O\ufb03ce Care", "U+FB03"),
}


@pytest.fixture
def hostile(inbox: Inbox, home: Path) -> dict[str, str]:
    """An inbox of due providers with odd names, in the order of their ids, and a home with settings; id -> name."""
    home.mkdir()
    write_settings(home / "settings.toml")
    names = {}
    for number, name in enumerate([*SHOWN.values(), *(text for text, _ in HELD.values())]):
        provider_id = f"1-9800000{number:03d}"
        names[provider_id] = name
        inbox.units.append(
            Unit(
                f"1-9000003{number:03d}",
                "NNN",
                provider=name,
                name=name,
                provider_id=provider_id,
                street=f"{number} Road",
            )
        )
    inbox.write()
    inbox.write_fees()
    return names


def test_hostile_names_are_shown_as_text_or_held(
    asc: Command, inbox: Inbox, hostile: dict[str, str], home: Path
) -> None:
    order = ("run", "--month", "2024-12", "--as-at", "2024-12-17", "--inbox", inbox.folder, "--home", home, "--json")
    answer = asc(*order)
    assert answer.code == 0, answer.err
    batch = batch_of(home)
    letters = {row["provider_id"]: row for row in rows_of(batch / "manifest.csv")}
    held = {row["provider_id"]: row for row in rows_of(batch / "held.csv")}
    assert json.loads(answer.out)["notices"] == {
        "batch": "NOI-2024-12-01", "letters": len(letters), "held": len(held)
    }  # fmt: skip
    assert len(letters) + len(held) == len(hostile)
    for (case, name), provider_id in zip(SHOWN.items(), hostile, strict=False):
        if case == "longer word":  # its address would not fit the window
            assert (
                held[provider_id]["reason"] == "letter_refused"
                and "address-not-in-window" in held[provider_id]["detail"]
            )
            continue
        if name[0] in '@="<':  # Notify takes no line that begins so
            assert held[provider_id]["reason"] == "address_incomplete", case
            continue
        assert provider_id in letters, (case, held.get(provider_id))
        plain = unicodedata.normalize("NFC", name.replace("\u00ad", "").replace("\u200b", ""))
        assert plain.replace(" ", "") in letter_text(batch / letters[provider_id]["pdf_file"]).replace(" ", ""), case
        assert letters[provider_id]["address_line_1"].removeprefix("'") == plain
    for (case, (_, character)), provider_id in zip(HELD.items(), list(hostile)[len(SHOWN) :], strict=True):
        assert held[provider_id]["reason"] == "unprintable", case
        assert character in held[provider_id]["detail"], case


def test_the_same_letters_again_whatever_the_number_of_processes(
    asc: Command, inbox: Inbox, hostile: dict[str, str], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = ("run", "--month", "2024-12", "--as-at", "2024-12-17", "--inbox", inbox.folder)
    assert asc(*order, "--home", home).code == 0
    monkeypatch.setattr("flows.run_month.workers", lambda: 1)
    other = tmp_path / "other"
    other.mkdir()
    write_settings(other / "settings.toml")
    assert asc(*order, "--home", other).code == 0
    assert tree_bytes(release_of(other)) == tree_bytes(release_of(home))


def test_notices_can_be_listed_and_shown(asc: Command, inbox: Inbox, home: Path) -> None:
    home.mkdir()
    write_settings(home / "settings.toml")
    inbox.units.append(Unit("1-9000003001", "NNN", provider_id="1-9800000001"))
    inbox.write()
    inbox.write_fees()
    assert asc("notices", "list", "--home", home).out.startswith("No batch")
    asc("run", "--month", "2024-12", "--as-at", "2024-12-17", "--inbox", inbox.folder, "--home", home, "--by", "Pat")
    (listed,) = json.loads(asc("notices", "list", "--home", home, "--json").out)
    assert (listed["batch"], listed["letters"], listed["held"], listed["state"]) == ("NOI-2024-12-01", 1, 0, "draft")
    shown = json.loads(asc("notices", "show", "NOI-2024-12-01", "--home", home, "--json").out)
    assert shown["prepared_by"] == "Pat" and shown["approvals"] == [] and shown["issued"] is None
    assert len(shown["checksum"]) == len(shown["chain_head"]) == 64
    assert "1-9800000001" in asc("notices", "show", "NOI-2024-12-0001", "--home", home).out
    refused = asc("notices", "show", "NOI-2024-11-01", "--home", home)
    assert refused.code == 2 and "NOI-2024-12-01" in refused.err


@pytest.mark.slow
def test_a_decision_changes_who_gets_a_letter(asc: Command, inbox: Inbox, home: Path) -> None:
    home.mkdir()
    write_settings(home / "settings.toml")
    inbox.units.append(Unit("1-9000003001", "NNN", provider_id="1-9800000001", provider="Nowhere Borough Homes"))
    inbox.write()
    inbox.write_fees()
    order = ("run", "--month", "2024-12", "--as-at", "2024-12-17", "--inbox", inbox.folder, "--home", home)
    words = ("--by", "Dee Cider", "--because", "seen at Companies House", "--home", home)

    def held() -> list[str]:
        assert asc(*order).code == 0
        return [row["reason"] for row in rows_of(batch_of(home) / "held.csv")]

    assert held() == ["needs_decision"]
    assert asc("decide", "1-9800000001", "private", *words).code == 0
    assert held() == []
    assert asc("decide", "1-9800000001", "hold", *words).code == 0
    assert held() == ["manual_hold"]
    assert asc("decide", "1-9800000001", "release", *words).code == 0
    assert held() == []
    assert asc("decide", "1-9800000001", "public_body", *words).code == 0
    assert held() == ["public_body"]
    assert asc("decide", "1-9800000001", "perhaps", *words).code == 2
    assert asc("decide", "Nobody", "hold", *words).code == 2
    assert asc("decide", "1-9800000001", "hold", "--by", " ", "--because", "x", "--home", home).code == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[sender]\nname = 7\n", "sender.name"),
        ("sender = 'x'\n", "sender.name"),
        ("specimen = 'yes'\n", "specimen"),
        ("[sender\n", "not TOML"),
    ],
)
def test_settings_that_cannot_be_read_are_refused(asc: Command, inbox: Inbox, home: Path, text: str, says: str) -> None:
    home.mkdir()
    (home / "settings.toml").write_text(text, encoding="utf-8")
    inbox.write()
    order = ("run", "--month", "2024-12", "--as-at", "2024-12-17", "--inbox", inbox.folder, "--home", home)
    for answer in (asc(*order), asc("settings", "check", "--home", home)):
        assert answer.code == 3 and says in answer.err and "Traceback" not in answer.err


def test_settings_are_written_to_be_filled_in(asc: Command, home: Path) -> None:
    assert asc("settings", "init", "--home", home).code == 0
    missing = json.loads(asc("settings", "check", "--home", home, "--json").out)["missing"]
    assert missing[0] == "sender.name" and len(missing) == 8
    assert asc("settings", "init", "--home", home).code == 2
    write_settings(home / "settings.toml")
    assert json.loads(asc("settings", "check", "--home", home, "--json").out)["missing"] == []


def test_fees_are_asked_for_a_month_ahead(asc: Command, inbox: Inbox, home: Path) -> None:
    """Sent on 6 January 2025: a fee as at 6 January 2024 is a year old and no more."""
    histories = {1: "NNN", 2: "NN", 3: "NN", 4: "NN", 5: "Y", 6: "NN"}
    for number, history in histories.items():
        inbox.units.append(
            Unit(f"1-900000300{number}", history, provider_id=f"1-980000000{number}", provider=f"P{number}")
        )
    inbox.write()
    fees = [("2", "1000", "2024-01-05"), ("3", "1000", "2024-01-06"), ("4", "1000", "2024-12-01"), ("4", "1100", "2024-12-01"),
            ("6", "900", "2023-01-01"), ("6", "950", "2024-06-01")]  # fmt: skip
    write_csv(
        inbox.folder / "provider_fees.csv", ["provider_id", "annual_fee_gbp", "as_at"],
        [[f"1-980000000{number}", pounds, day] for number, pounds, day in fees],
    )  # fmt: skip
    assert asc("run", "--month", "2024-12", "--as-at", "2024-12-17", "--inbox", inbox.folder, "--home", home).code == 0
    needed = rows_of(release_of(home) / "national" / "fees-needed.csv")
    assert [(row["provider_name"], row["worst_status"], row["annual_fee_gbp"], row["why"]) for row in needed] == [
        ("P1", "notice_due", "", "unknown"),
        ("P2", "at_risk", "1000.00", "older than 12 months"),
        ("P4", "at_risk", "", "two amounts for one day"),
    ]
