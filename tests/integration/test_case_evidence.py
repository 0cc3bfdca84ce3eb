"""What shows an event of a case is kept, and `verify` knows whose it is."""

from pathlib import Path

import pytest

from flows.demo.files import write_settings
from tests.conftest import Command
from tests.worlds import Inbox, Unit

pytestmark = pytest.mark.slow
REF = "NOI-2024-12-0001"


def test_evidence_of_an_event_stands_up_to_verify_and_that_of_a_refused_step_is_not_kept(
    asc: Command, inbox: Inbox, home: Path, tmp_path: Path
) -> None:
    home.mkdir()
    write_settings(home / "settings.toml")
    inbox.units.append(Unit("1-9000003001", "NNN"))
    inbox.write()
    inbox.write_fees()
    assert asc("run", "--month", "2024-12", "--as-at", "2024-12-17", "--inbox", inbox.folder, "--home", home).code == 0
    assert asc("notices", "approve", "NOI-2024-12-01", "--by", "Ann", "--home", home).code == 0
    shown = tmp_path / "call.txt"

    def recorded(event: str, text: str) -> int:
        shown.write_text(text, encoding="utf-8")
        words = ("--on", "2025-01-07", "--by", "Dana", "--because", "rang", "--evidence", shown, "--home", home)
        return asc("cases", "record", REF, event, *words).code

    assert recorded("call", "a note of the call") == 0
    assert recorded("penalty_decided", "too early") == 5
    held = [path.read_bytes() for path in home.glob("archive/??/*")]
    assert b"a note of the call" in held and b"too early" not in held
    answer = asc("verify", "--home", home)
    assert answer.code == 0, answer.out
