"""Traps that a reviewer found in the drafting of notices, each with the case that sprang it."""

from pathlib import Path
from typing import Any

import pytest

from flows.demo.files import write_settings
from tests.conftest import Answer, Command
from tests.worlds import Inbox, Unit, batch_of, findings_of, letter_text, release_of, rows_of, write_csv

pytestmark = pytest.mark.slow


def due(number: int, provider: str, **words: Any) -> Unit:
    """Return a care home due a notice, of a provider of its own."""
    return Unit(f"1-9000003{number:03d}", "NNN", provider=provider, provider_id=f"1-9800000{number:03d}", **words)


def drafted(asc: Command, inbox: Inbox, home: Path) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """Run the month; return letters and held by provider id."""
    answer = asc("run", "--month", "2024-12", "--as-at", "2024-12-17", "--inbox", inbox.folder, "--home", home)
    assert answer.code == 0, answer.err
    manifest, held = (rows_of(batch_of(home) / name) for name in ("manifest.csv", "held.csv"))
    return {row["provider_id"]: row for row in manifest}, {row["provider_id"]: row for row in held}


@pytest.fixture
def real(inbox: Inbox, home: Path) -> Inbox:
    """An inbox, and a home whose settings are not those of a demonstration."""
    home.mkdir()
    write_settings(home / "settings.toml")
    text = (home / "settings.toml").read_text(encoding="utf-8")
    (home / "settings.toml").write_text(text.replace("specimen = true", "specimen = false"), encoding="utf-8")
    return inbox


def test_a_letter_that_is_no_specimen_is_made_and_does_not_say_so(asc: Command, real: Inbox, home: Path) -> None:
    real.units.append(due(1, "Invented Care Ltd"))
    real.write()
    real.write_fees()
    letters, held = drafted(asc, real, home)
    assert held == {} and list(letters) == ["1-9800000001"]
    text = letter_text(batch_of(home) / letters["1-9800000001"]["pdf_file"])
    assert "SPECIMEN" not in text and "invented" not in text.casefold().replace(
        "invented enforcement team", ""
    ).replace("invented care", "").replace("invented road", "").replace("invented town", "").replace(
        "invented scheme", ""
    )


def test_names_are_those_of_the_provider_and_are_all_looked_at(asc: Command, real: Inbox, home: Path) -> None:
    """The register's name is the provider's, whatever an export says of a service the register lacks."""
    council = "1-9800000001"
    real.units += [
        due(1, "Acme Ltd", in_register=False),
        Unit("1-9000003901", "Y", provider="Nowhere County Council", provider_id=council),
        due(2, "Wrong Name Ltd", in_register=False),
        Unit("1-9000003902", "Y", provider="Right Name Ltd", provider_id="1-9800000002"),
        due(3, "Alpha Ltd"),
        Unit("1-9000003903", "Y", provider="Beta Ltd", provider_id="1-9800000003"),
        due(4, "ALPHA HOMES LTD"),
        Unit("1-9000003904", "Y", provider="Alpha Homes Ltd", provider_id="1-9800000004"),
        due(5, "Nowhere Coun\u200bcil"),
        due(6, "Imaginary N.H.S. Trust"),
        due(7, "Imaginary_NHS_Trust"),
    ]
    real.write()
    real.write_fees()
    letters, held = drafted(asc, real, home)
    assert {provider_id: row["reason"] for provider_id, row in held.items()} == {
        council: "needs_decision", "1-9800000002": "not_in_register", "1-9800000003": "address_incomplete", "1-9800000005": "needs_decision",
        "1-9800000006": "needs_decision", "1-9800000007": "needs_decision",
    }  # fmt: skip
    assert "Alpha Ltd; Beta Ltd" in held["1-9800000003"]["detail"] or "Beta Ltd" in held["1-9800000003"]["detail"]
    assert held["1-9800000002"]["provider_name"] == "Right Name Ltd"
    assert letters["1-9800000004"]["addressee"].casefold() == "alpha homes ltd"
    assert [row["row"] for row in findings_of(home, "invisible_characters")]


@pytest.mark.parametrize("name", ["Two\nLines", "Carriage\rReturn", "Both\r\nOfThem", "_x005F_ x005F_", "_x0041_", "'=apostrophe",
                                  "Window Jan 24", "1E5", "#N/A", "  blanks  ", "non\uffffcharacter"])  # fmt: skip
def test_no_name_stops_the_month(asc: Command, inbox: Inbox, home: Path, name: str) -> None:
    inbox.units.append(due(1, name, name=name))
    inbox.write()
    answer = asc("run", "--month", "2024-12", "--as-at", "2024-12-17", "--inbox", inbox.folder, "--home", home)
    assert answer.code == 0, answer.err


def test_a_cell_no_workbook_can_hold_refuses_its_row(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.units.append(due(1, "x" * 40_000))
    inbox.write()
    answer = asc("run", "--month", "2024-12", "--as-at", "2024-12-17", "--inbox", inbox.folder, "--home", home,
                 "--accept", "rows-refused", "--because", "seen")  # fmt: skip
    assert answer.code == 0, answer.err
    assert {len(row["value"]) for row in findings_of(home, "row_value_refused")} == {100}


def test_nothing_a_letter_prints_can_turn_the_text_round(asc: Command, real: Inbox, home: Path) -> None:
    real.units += [due(1, "Invented Care Ltd"), due(2, "Invented Care Ltd")]
    real.write()
    fees = [
        ["1-9800000001", "1000", "2024/25 \u202e gnp", "2024-12-01"],
        ["1-9800000002", "1000", "2024/25", "2024-12-01"],
    ]
    write_csv(real.folder / "provider_fees.csv", ["provider_id", "annual_fee_gbp", "scheme", "as_at"], fees)
    letters, held = drafted(asc, real, home)
    assert list(letters) == ["1-9800000002"]
    assert held["1-9800000001"]["reason"] == "unprintable" and "U+202E" in held["1-9800000001"]["detail"]


@pytest.mark.parametrize("value", ["\u200b", " , ", ".", "\u202emoc.live@seilper", "\U0001f600 Team"])
def test_a_setting_that_says_nothing_or_cannot_be_printed_holds_everybody(
    asc: Command, real: Inbox, home: Path, value: str
) -> None:
    text = (home / "settings.toml").read_text(encoding="utf-8")
    (home / "settings.toml").write_text(text.replace("replies@invalid.example", value), encoding="utf-8")
    real.units.append(due(1, "Invented Care Ltd"))
    real.write()
    real.write_fees()
    _, held = drafted(asc, real, home)
    assert held["1-9800000001"]["reason"] == "settings_missing"
    assert "representations.email" in held["1-9800000001"]["detail"]


@pytest.mark.parametrize("as_at", ["31/06/2024", "05-01-2024", "some time in 2024"])
def test_a_fee_with_an_unreadable_day_is_refused_not_taken_for_the_newest(
    asc: Command, real: Inbox, home: Path, as_at: str
) -> None:
    real.units.append(due(1, "Invented Care Ltd"))
    real.write()
    rows = [
        ["1-9800000001", "2000", as_at],
        ["1-9800000001", "1000", "2024-11-01"],
        *[[f"1-9700000{n:03d}", "500", "2024-11-01"] for n in range(30)],
    ]
    write_csv(real.folder / "provider_fees_2024-12-10.csv", ["provider_id", "annual_fee_gbp", "as_at"], rows)
    letters, _ = drafted(asc, real, home)
    assert letters["1-9800000001"]["amount_gbp"] == "1000.00"
    assert [row["value"] for row in findings_of(home, "row_value_refused")] == [as_at]


def test_hyphens_at_the_end_of_a_line_are_hyphens(asc: Command, real: Inbox, home: Path) -> None:
    names = [
        "Newcastle-under-Lyme and Stoke-on-Trent Domiciliary-Care Ltd",
        "Care-",
        "Semi-Detached-Imaginary-Homes-Of-Nowhere-And-Elsewhere-Ltd",
    ]
    real.units += [due(n, name, name=f"{name} {n}") for n, name in enumerate(names, 1)]
    real.write()
    real.write_fees()
    letters, held = drafted(asc, real, home)
    assert held == {} and len(letters) == 3


@pytest.mark.parametrize("owner", ["NHS Body", "nhs  body", "NHS\u00a0Body", "NHS-Body", "NHS Body.", "NHS"])
def test_an_nhs_body_is_one_however_it_is_written(asc: Command, real: Inbox, home: Path, owner: str) -> None:
    real.units.append(due(1, "Invented Care Ltd"))
    real.write()
    real.write_fees()
    register = next(real.folder.glob("HSCA*.csv"))
    rows = rows_of(register)
    headings = [*rows[0], "Provider Ownership Type"]
    write_csv(
        register, headings, [[*row.values(), owner if row["Provider ID"] == "1-9800000001" else ""] for row in rows]
    )
    _, held = drafted(asc, real, home)
    assert held["1-9800000001"]["reason"] == "public_body"


def test_contacts_that_run_into_the_text_are_refused(asc: Command, real: Inbox, home: Path) -> None:
    text = (home / "settings.toml").read_text(encoding="utf-8")
    long = ", ".join(f"Line {n}" for n in range(14))
    (home / "settings.toml").write_text(
        text.replace("1 Imaginary Square, Invented Town, ZZ99 1AA", long, 1), encoding="utf-8"
    )
    real.units.append(due(1, "Invented Care Ltd"))
    real.write()
    real.write_fees()
    _, held = drafted(asc, real, home)
    assert held["1-9800000001"]["reason"] == "letter_refused"
    assert "content-outside-printable-area" in held["1-9800000001"]["detail"]


def test_a_closed_service_is_left_out_named_and_not_counted(asc: Command, real: Inbox, home: Path) -> None:
    provider = "1-9800000001"
    for number, ended in ((1, ""), (2, "10/12/2024"), (3, "01/06/2020"), (4, "30/06/2025")):
        real.units.append(
            Unit(f"1-900000300{number}", "NNN", provider_id=provider, in_register=not ended or number == 4)
        )
        if ended:
            write_csv(
                real.folder / f"gone-{number}-2024-12-16.csv",
                ["Location ID", "HSCA End Date"],
                [[f"1-900000300{number}", ended]],
            )
    real.write()
    real.write_fees()
    letters, _ = drafted(asc, real, home)
    row = letters[provider]
    assert (row["services_total"], row["locations"]) == ("3", "2")
    assert row["locations_left_out"] == "1-9000003002:care_home"
    text = letter_text(batch_of(home) / row["pdf_file"])
    assert "2 of your 3 registered services. The other one is not part of this notice." in text
    assert "1-9000003002" in text and "no longer registered with CQC" in text and "1-9000003003" not in text


def settings_answers(asc: Command, home: Path) -> list[Answer]:
    return [asc("settings", "check", "--home", home), asc("notices", "list", "--home", home)]


def test_odd_settings_files_are_refused_in_words(asc: Command, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir()
    for text in (f"x = {'9' * 5000}\n", "x = " + "[" * 3000):
        (home / "settings.toml").write_text(text, encoding="utf-8")
        assert asc("settings", "check", "--home", home).code == 3
    for named in (home, home / "nothing.toml"):
        monkeypatch.setenv("ASC_SETTINGS", str(named))
        answer = asc("settings", "check", "--home", home)
        assert answer.code == 3 and "Traceback" not in answer.err


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff\xfe"])
def test_a_damaged_batch_is_named(asc: Command, real: Inbox, home: Path, content: bytes) -> None:
    real.write()
    drafted(asc, real, home)
    summary = batch_of(home) / "batch.json"
    summary.chmod(0o600)
    summary.write_bytes(content)
    for words in (("list",), ("show", "NOI-2024-12-01")):
        answer = asc("notices", *words, "--home", home)
        assert answer.code == 1 and "batch.json" in answer.err and "Traceback" not in answer.err
    assert release_of(home).name in asc("verify", "--home", home).out
