"""The notices of December 2024 as worked out by hand (WORKING.md)."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

from flows.demo.files import write_settings
from tests.conftest import Command
from tests.worlds import release_of

HERE = Path(__file__).parent


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The batch of the hand-made month, drafted once."""
    home = tmp_path_factory.mktemp("hand") / "home"
    home.mkdir()
    write_settings(home / "settings.toml")
    order = ["run", "--month", "2024-12", "--inbox", HERE / "inbox", "--home", home, "--as-at", "2024-12-17"]
    done = subprocess.run(
        [Path(sys.executable).parent / "asc-compliance", *map(str, order)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return release_of(home) / "notices" / "NOI-2024-12-01"


def test_the_manifest_is_the_one_written_by_hand(batch: Path) -> None:
    wanted = rows(HERE / "expected" / "manifest.csv")
    made = rows(batch / "manifest.csv")
    assert [{name: row[name] for name in wanted[0]} for row in made] == wanted
    assert set(made[0]) - set(wanted[0]) == {
        "address_source", "pages", "pdf_file", "pdf_sha256", "template_sha256", "held_by_at_close", "supplied_late",
    }  # fmt: skip


def test_the_held_are_those_written_by_hand(batch: Path) -> None:
    wanted = rows(HERE / "expected" / "held.csv")
    made = rows(batch / "held.csv")
    assert [{name: row[name] for name in wanted[0]} for row in made] == wanted
    assert all(row["detail"] and row["action"] for row in made)


def test_sums_cover_the_batch(batch: Path) -> None:
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=batch, check=True)
    named = {line.split("  ", 1)[1] for line in (batch / "SHA256SUMS").read_text().splitlines()}
    assert named == {str(path.relative_to(batch)) for path in batch.rglob("*") if path.is_file()} - {"SHA256SUMS"}


def test_the_summary_counts_what_is_there(batch: Path) -> None:
    summary = json.loads((batch / "batch.json").read_text())
    assert (summary["providers_due"], summary["letters"], summary["held"]) == (10, 5, 5)
    assert len(list((batch / "letters").iterdir())) == len(list((batch / "evidence").glob("*.json"))) == 5
    assert len(list((batch / "evidence").glob("*.pdf"))) == 5
    assert summary["pages"] == sum(int(row["pages"]) for row in rows(batch / "manifest.csv"))
    assert summary["sheets"] == sum(-(-int(row["pages"]) // 2) for row in rows(batch / "manifest.csv"))


def test_every_letter_says_what_its_row_says(batch: Path) -> None:
    for row in rows(batch / "manifest.csv"):
        with pypdfium2.PdfDocument(batch / row["pdf_file"]) as document:
            pages = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
        text = " ".join(pages)
        assert len(pages) == int(row["pages"])
        assert all("SPECIMEN" in page for page in pages)
        amount = f"£{int(row['amount_gbp'].split('.')[0]):,}.{row['amount_gbp'].split('.')[1]}"
        for words in (row["letter_ref"], amount, row["addressee"], "Thursday 30 January 2025", "Monday 6 January 2025"):
            assert words in text, words
        for window in row["windows_relied_on"].split(";"):
            assert window.split(":")[0] in text


def test_the_letter_says_which_services_it_is_about_and_which_return_came(batch: Path) -> None:
    with pypdfium2.PdfDocument(batch / "letters" / "NOI-2024-12-0009.pdf") as document:
        text = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    assert "3 of your 7 registered services. The other 4 are not part of this notice." in text
    assert "The care home return of this location was received for October, November and December 2024" in text
    assert "Home care return for October, November and December 2024" in text


def test_evidence_shows_every_miss_relied_on_as_it_stood(batch: Path) -> None:
    for row in rows(batch / "manifest.csv"):
        evidence = json.loads((batch / "evidence" / f"{row['letter_ref']}.json").read_text())
        relied_on = []
        for unit in evidence["units"]:
            for window in unit["windows"]:
                if window["relied_on"]:
                    relied_on.append(f"{unit['location_id']}:{unit['provider_type']}:{window['month']}")
                    assert window["outcome"] == "missed" and window["counted"]
                    (deciding,) = [line for line in window["evidence"] if line["decides"]]
                    assert deciding["value"].strip().casefold() in ("no", "n", "0") and len(deciding["sha256"]) == 64
        assert ";".join(relied_on) == row["windows_relied_on"]
        assert evidence["address"]["lines"] == [
            row[f"address_line_{n}"] for n in range(1, 8) if row[f"address_line_{n}"]
        ]
        assert evidence["amount"]["file"] == "provider_fees_2024-12-01.csv"


def test_the_evidence_of_one_cell_stands_where_it_says(batch: Path) -> None:
    evidence = json.loads((batch / "evidence" / "NOI-2024-12-0003.json").read_text())
    (december,) = [window for window in evidence["units"][0]["windows"] if window["month"] == "2024-12"]
    line = december["evidence"][0]
    with (HERE / "inbox" / line["file"]).open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file))
    assert table[line["row"] - 1][table[0].index(line["column"])] == line["value"] == "No"
    assert table[line["row"] - 1][0] == "1-9000000106"
    assert line["extracted_at"].startswith("2024-12-17")


def test_without_settings_lists_are_published_and_providers_held(asc: Command, home: Path) -> None:
    answer = asc("run", "--month", "2024-12", "--inbox", HERE / "inbox", "--home", home, "--as-at", "2024-12-17")
    assert answer.code == 0
    held = rows(release_of(home) / "notices" / "NOI-2024-12-01" / "held.csv")
    assert [row["reason"] for row in held] == [
        "not_in_register", "settings_missing", "settings_missing", "settings_missing", "settings_missing", "needs_decision",
        "public_body", "settings_missing", "settings_missing", "public_body",
    ]  # fmt: skip
    assert "sender.name" in held[0]["detail"] and "amount_unknown" in held[3]["detail"]
    assert not (release_of(home) / "notices" / "NOI-2024-12-01" / "letters").exists()
