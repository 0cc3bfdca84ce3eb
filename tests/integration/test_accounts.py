"""Services that share one account are told of; whose account it is, is kept and told nowhere."""

from pathlib import Path

from tests.conftest import Command
from tests.worlds import EXPORT_HEADINGS, MONTHS, Inbox, findings_of, tree_bytes, write_csv

SHARED, OWN = "manager@invented-care.example", "own@invented-care.example"


def test_a_shared_account_is_a_finding_and_no_address_stands_anywhere(asc: Command, inbox: Inbox, home: Path) -> None:
    inbox.write()
    units = [unit for unit in inbox.units if unit.provider_type == "care_home"]
    rows = [
        [
            *unit.cells(MONTHS),
            SHARED.upper() if n == 1 else SHARED if n < 3 else f"{n}{OWN}",
            f"{n}second@invented-care.example",
        ]
        for n, unit in enumerate(units)
    ]
    rows[5][-2] = f"\x07{OWN}"  # a control character is a finding with its value, elsewhere
    rows[6][-2] = OWN * 2_000  # so is a cell too long
    write_csv(inbox.export_path("care_home"), [*EXPORT_HEADINGS, *MONTHS, "Account Email", "Contact Email"], rows)
    accept = ("--accept", "rows-refused", "--because", "one of twelve")
    answer = asc("run", "--month", "2024-12", "--as-at", "2024-12-17", "--inbox", inbox.folder, "--home", home, *accept)
    assert answer.code == 0, answer.err
    found = findings_of(home, "account_shared")
    assert [(one["row"], one["value"]) for one in found] == [
        ("2", "3 services"),
        ("3", "3 services"),
        ("4", "3 services"),
    ]
    assert len(findings_of(home, "cells_cleaned")) == len(findings_of(home, "row_value_refused")) == 1
    check = asc("check", inbox.export_path("care_home"), "--json")
    kept = {name: data for name, data in tree_bytes(home).items() if not name.startswith("archive/")}
    spoken = [answer.out, answer.err, check.out, check.err]
    assert not [name for name, data in kept.items() if b"invented-care.example" in data.lower()]
    assert not [text for text in spoken if "invented-care.example" in text.casefold()]
