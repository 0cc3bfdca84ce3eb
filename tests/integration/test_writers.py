"""Ten people record things while a run goes on: nobody is refused, and nothing is lost."""

import multiprocessing
import subprocess
from multiprocessing.synchronize import Event, Semaphore
from pathlib import Path

import pytest

from flows.demo.files import write_settings
from tests.kills_world import environment, events, said, script
from tests.worlds import Inbox, Unit

pytestmark = pytest.mark.slow
WRITERS, EACH = 10, 5
RUN = ("--as-at", "2024-12-17", "--by", "Pat Preparer")
APPROVED = "NOI-2024-11-01"


def prepared(folder: Path) -> tuple[Path, Path]:
    """Return a home with the letters of November issued, and an inbox that has something new for December."""
    inbox, home = Inbox(folder / "inbox"), folder / "home"
    for number in range(1, WRITERS + 1):
        inbox.units.append(Unit(f"1-9000003{number:03d}", "NNNN", provider_id=f"1-9800000{number:03d}"))
    inbox.write()
    inbox.write_fees(day="2024-11-02")
    home.mkdir()
    write_settings(home / "settings.toml")
    for words in (
        ("run", "--month", "2024-11", "--inbox", inbox.folder, "--send-on", "2024-12-18", *RUN),
        ("notices", "approve", APPROVED, "--by", "Ann"),
        ("notices", "issue", APPROVED, "--by", "Ann", "--sent-on", "2024-12-18", "--method", "post"),
    ):
        code, answer = said(*words, "--home", home)
        assert code == 0, answer
    newer = Inbox(folder / "newer", inbox.units)
    newer.write_register("2024-12-17")
    return home, newer.folder


def record(home: Path, number: int, ready: Semaphore, may_begin: Event) -> None:
    """Record telephone calls about one letter and decisions on one provider, each by a command of its own."""
    said("cases", "list", "--home", home)  # so that all a command needs is loaded before the run begins
    ready.release()
    may_begin.wait()
    for turn in range(EACH):
        for words in (
            ("cases", "record", f"NOI-2024-11-{number:04d}", "call", "--on", "2024-12-19", "--because", f"call {turn}"),
            ("decide", f"1-9800000{number:03d}", "release" if turn % 2 else "hold", "--because", f"turn {turn}"),
        ):
            code, _ = said(*words, "--by", f"Writer {number}", "--home", home)
            if code:
                raise SystemExit(code)


def test_ten_people_record_while_a_run_goes_on(tmp_path: Path) -> None:
    home, newer = prepared(tmp_path)
    context = multiprocessing.get_context("spawn")
    ready, may_begin = context.Semaphore(0), context.Event()
    writers = [context.Process(target=record, args=(home, n, ready, may_begin)) for n in range(1, WRITERS + 1)]
    for writer in writers:
        writer.start()
    assert all(ready.acquire(timeout=60) for _ in writers)
    words = [*script(), "run", "--month", "2024-12", "--inbox", str(newer), *RUN, "--home", str(home)]
    with subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment()
    ) as run:
        assert run.stderr is not None
        heard = [next(line for line in run.stderr if line.startswith("take in"))]
        may_begin.set()
        heard += run.stderr.readlines()
    for writer in writers:
        writer.join()
    assert run.returncode == 0, heard
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    everything = events(home)
    calls = [subject for kind, subject, body in everything if kind == "case" and body["event"] == "call"]
    decisions = [subject for kind, subject, _ in everything if kind == "provider decision"]
    assert len(calls) == len(decisions) == WRITERS * EACH and len(set(calls)) == len(set(decisions)) == WRITERS
    ended = max(place for place, (kind, _, _) in enumerate(everything) if kind == "run")
    while_it_ran = sum(kind == "provider decision" for kind, _, _ in everything[:ended])
    assert while_it_ran > len(decisions) // 2, "the run was over before most had written"
    code, answer = said("verify", "--home", home)
    assert code == 0, answer
