"""A small home before and after each command that is killed, and all that has to be the same in it afterwards."""

import contextlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.cli import main as command_line
from flows.demo.files import write_settings
from tests.worlds import Inbox, Unit, batch_of, rows_of, tree_bytes

MONTH, BATCH = "2024-12", "NOI-2024-12-01"
DISPATCH = Path("releases") / MONTH / "dispatch"
RECEIPT = DISPATCH / f"{BATCH}.receipt.json"
LETTERS, HELD = 12, 4
OF_THE_MOMENT = ("chain_head", "at", "london_day")  # what two homes that did the same say differently


@dataclass(frozen=True, slots=True)
class Target:
    """A command that is killed: its words, and how its work is told to be done."""

    name: str
    order: tuple[str, ...]
    is_done: Callable[[Path], bool]

    def words(self, inbox: Path, home: Path) -> list[str]:
        """Return the words of the command."""
        more = ["--inbox", str(inbox)] if self.name == "run" else []
        return [*self.order, *more, "--home", str(home)]

    def halves(self, home: Path) -> list[str]:
        """Return what a reader could mistake for work that was done, before the command is run again."""
        known = {kind for kind, _, _ in events(home)}
        problems = []
        if (home / DISPATCH / BATCH).exists() and "issue" not in known:
            problems.append("a dispatch lies there, and the register says nothing of an issue")
        if (home / "releases" / MONTH / "CURRENT").exists() and "release" not in known:
            problems.append("a release is current, and the register says nothing of it")
        return problems


def events(home: Path) -> list[tuple[str, str, dict[str, Any]]]:
    """Return the events of a home's register as a reader after a power cut would find them; the home is not touched."""
    with tempfile.TemporaryDirectory() as aside:
        for file in home.glob("register.sqlite*"):
            shutil.copyfile(file, Path(aside) / file.name)
        with contextlib.closing(sqlite3.connect(Path(aside) / "register.sqlite")) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'event'").fetchone():
                return []
            rows = connection.execute("SELECT kind, subject, body FROM event ORDER BY no").fetchall()
    return [(kind, subject, json.loads(body)) for kind, subject, body in rows]


TARGETS = (
    Target(
        "run",
        ("run", "--month", MONTH, "--as-at", "2024-12-17", "--by", "Pat Preparer"),
        lambda home: (home / "releases" / MONTH / "CURRENT").exists(),
    ),
    Target(
        "approve",
        ("notices", "approve", BATCH, "--by", "Ann Approver"),
        lambda home: "approval" in {kind for kind, _, _ in events(home)},
    ),
    Target(
        "issue",
        ("notices", "issue", BATCH, "--by", "Ann Approver", "--sent-on", "2025-01-06", "--method", "post"),
        lambda home: (home / RECEIPT).exists(),
    ),
)


def environment() -> dict[str, str]:
    """Return the environment of a command: nothing of ours is set."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ASC_")}


def script() -> list[str]:
    """Return how the command line is started."""
    return [str(Path(sys.executable).with_name("asc-compliance"))]


def invent(folder: Path) -> tuple[Path, Path]:
    """Write an inbox with letters to send and providers to hold, a workbook in it, and a home with settings and calendar."""
    inbox, home = Inbox(folder / "inbox"), folder / "empty"
    for number in range(1, LETTERS + HELD + 1):
        name = f"Nowhere Council {number}" if number > LETTERS else f"Invented Provider {number} Ltd"
        inbox.units.append(Unit(f"1-9000003{number:03d}", "NNN", provider=name, provider_id=f"1-9800000{number:03d}"))
    inbox.write()
    inbox.write_fees()
    _as_workbook(inbox.export_path("home_care"))
    home.mkdir()
    write_settings(home / "settings.toml")
    (home / "calendar.toml").write_text("", encoding="utf-8")
    return inbox.folder, home


def _as_workbook(path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path.with_suffix(".xlsx"))) as book:
        sheet = book.add_worksheet("Export")
        for number, row in enumerate(path.read_text(encoding="utf-8").splitlines()):
            sheet.write_row(number, 0, row.split(","))
    path.unlink()


def said(*words: object) -> tuple[int, str]:
    """Return how a command ended in this process, and its answer."""
    answer, before = io.StringIO(), sys.argv
    sys.argv = ["asc-compliance", *map(str, words)]
    try:
        with contextlib.redirect_stdout(answer), contextlib.redirect_stderr(io.StringIO()):
            command_line()
        return 0, answer.getvalue()
    except SystemExit as end:
        return int(end.code or 0), answer.getvalue()
    finally:
        sys.argv = before


def _timeless(value: Any) -> Any:
    """Return an answer without what depends on the moment and on the chain before it."""
    if isinstance(value, list):
        return [_timeless(inner) for inner in value]
    if isinstance(value, Mapping):
        dated = value.get("event") == "approved"
        return {
            name: _timeless(inner)
            for name, inner in value.items()
            if name not in OF_THE_MOMENT and not (dated and name == "on")
        }
    return value


@dataclass(slots=True)
class Prepared:
    """Homes before and after each command, how long it took, the points it passed, and what its home holds in the end."""

    inbox: Path
    before: dict[str, Path] = field(default_factory=dict)
    after: dict[str, Path] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    points: dict[str, Counter[str]] = field(default_factory=dict)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)

    def state_of(self, home: Path) -> dict[str, Any]:
        """Return all of a home that a command killed and run again has to leave as an undisturbed one does."""
        answers = [("notices", "show", BATCH), ("cases", "list", "--all", "--as-at", "2025-02-01"), ("held", "list")]
        files = tree_bytes(home / "releases")
        receipt = files.pop(str(RECEIPT.relative_to("releases")), b"{}")
        return {
            "files": files,
            "receipts": _timeless(json.loads(receipt)),
            "events": [_timeless(list(event)) for event in events(home) if event[0] != "facts"],
            **{
                f"answers of {words[0]}": _timeless(json.loads(said(*words, "--json", "--home", home)[1]))
                for words in answers
            },
        }

    def miscounts(self, home: Path, name: str) -> list[str]:
        """Return what was done twice or never: approvals, issues, letters; and what `verify` finds."""
        problems = []
        code, answer = said("verify", "--home", home)
        if code:
            problems.append(f"verify ended with {code}: {answer.strip()}")
        kinds = Counter(kind for kind, _, _ in events(home))
        wanted = {"release": 1, "approval": int(name != "run"), "issue": int(name == "issue")}
        problems += [f"{kinds[k]} events {k}, not {n}" for k, n in wanted.items() if kinds[k] != n]
        listed = json.loads(said("cases", "list", "--all", "--json", "--home", home)[1])
        for case in listed:
            steps = Counter(event["event"] for event in case["events"])
            if max(steps.values()) > 1:
                problems.append(f"{case['letter_ref']} has {dict(steps)}")
        letters = {row["letter_ref"] for row in rows_of(batch_of(home) / "manifest.csv")}
        if name != "run" and {case["letter_ref"] for case in listed} != letters:
            problems.append("not every letter is a case")
        if name == "issue":
            receipt = json.loads((home / RECEIPT).read_text(encoding="utf-8"))
            sent = {path.stem for path in (home / DISPATCH / BATCH / "letters").iterdir()}
            if sent | set(receipt["taken_out"]) != letters or receipt["letters"] + len(receipt["taken_out"]) != len(
                letters
            ):
                problems.append("a letter was lost")
        return problems


def prepared(folder: Path, with_points: bool = True) -> Prepared:
    """Carry each command out undisturbed, and once more with its points counted, and keep the homes."""
    folder.mkdir(parents=True)
    inbox, home = invent(folder)
    known = Prepared(inbox)
    for target in TARGETS:
        if target.name == "issue":
            _take_two_letters_out(home)
        done = folder / f"after-{target.name}"
        shutil.copytree(home, done)
        known.before[target.name], known.after[target.name] = home, done
        began = time.perf_counter()
        _must(*script(), *target.words(inbox, done))
        known.seconds[target.name] = time.perf_counter() - began
        known.states[target.name] = known.state_of(done)
        if with_points:
            known.points[target.name] = _points(target, inbox, home, folder / f"counting-{target.name}")
        home = folder / f"next-after-{target.name}"
        shutil.copytree(done, home)
    return known


def _take_two_letters_out(home: Path) -> None:
    for words in (
        ("notices", "withdraw", f"NOI-{MONTH}-0002", "--by", "Ann", "--reason", "defect", "--because", "torn"),
        ("decide", "1-9800000005", "hold", "--by", "Dana", "--because", "asked"),
    ):
        assert said(*words, "--home", home)[0] == 0


def _points(target: Target, inbox: Path, start: Path, home: Path) -> Counter[str]:
    """Return how often a command passes each point."""
    shutil.copytree(start, home)
    watched = [sys.executable, "-m", "tests.kill_point", "count", "0", "group"]
    return Counter(json.loads(_must(*watched, *target.words(inbox, home)).splitlines()[-1]))


def _must(*words: str) -> str:
    root = Path(__file__).parents[1]
    done = subprocess.run(words, capture_output=True, text=True, env=environment(), cwd=root, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
