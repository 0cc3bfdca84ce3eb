"""A disk that is full, wherever that strikes: one line with the cause, nothing half done, and with room again the same end."""

import json
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kills_world import MONTH, TARGETS, Prepared, environment, events, prepared, said, script

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("full disk")]
BY_NAME = {target.name: target for target in TARGETS}
KILOBYTE = 1024
CAUSES = ("There is no room left (", "The disk cannot be written or read (the register: ")  # SQLite may not tell which
NIGHT = pytest.mark.night
LARGEST_FILE = [  # kilobytes: each stops another stage
    ("run", 4), ("run", 300), ("approve", 16), ("issue", 64),
    *(pytest.param("run", size, marks=NIGHT) for size in (0, 24, 40, 100, 1500)),
    *(pytest.param("approve", size, marks=NIGHT) for size in (0, 4, 40)),
    *(pytest.param("issue", size, marks=NIGHT) for size in (0, 2000)),
]  # fmt: skip
ROOM = [  # kilobytes left on a real disk
    ("run", 600), ("run", 3000), ("approve", 8), ("issue", 2300),
    *(pytest.param("run", size, marks=NIGHT) for size in (16, 100, 2300, 4500, 5500)),
    *(pytest.param("approve", size, marks=NIGHT) for size in (0, 32)),
    *(pytest.param("issue", size, marks=NIGHT) for size in (0, 2064, 2100, 2600, 2900)),
]  # fmt: skip


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Homes before and after each command."""
    return prepared(tmp_path_factory.mktemp("full") / "prepared", with_points=False)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A real small disk, where one may be mounted."""
    place = tmp_path_factory.mktemp("disk")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        pytest.skip(f"no disk can be mounted here: {made.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def carried_out(known: Prepared, name: str, home: Path, largest: int = -1) -> subprocess.CompletedProcess[str]:
    """Carry a command out, with a limit to the size of files."""
    words = [*script(), *BY_NAME[name].words(known.inbox, home), "--json"]

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))

    return subprocess.run(words, capture_output=True, text=True, env=environment(), preexec_fn=limit, check=False)


def check_refused(known: Prepared, name: str, home: Path, answer: subprocess.CompletedProcess[str]) -> None:
    """One line names the cause, what was there before is whole, and nothing is half done."""
    assert answer.returncode == 1, answer.stderr
    assert answer.stderr.startswith(CAUSES) and answer.stderr.count("\n") == 1, answer.stderr
    kinds = {kind for kind, _, _ in events(home)} if (home / "register.sqlite").exists() else set()
    if name == "run":
        assert not (home / "releases" / MONTH / "CURRENT").exists() and "release" not in kinds
    if name == "approve":
        assert "approval" not in kinds
    assert BY_NAME[name].halves(home) == []


def check_mended(known: Prepared, name: str, home: Path) -> None:
    """With room again, what there is stands up to `verify`, and the same command comes to the undisturbed end.

    An input may lie in the archive that the register had no room for; the same command takes it in.
    """
    if (home / "register.sqlite").exists():
        found = json.loads(said("verify", "--json", "--home", home)[1])["problems"]
        assert [one for one in found if not one.endswith("nobody took this in")] == []
    again = carried_out(known, name, home)
    assert again.returncode == 0, again.stderr
    state = known.state_of(home)
    state["events"] = [event for event in state["events"] if event[0] != "refusal"]
    assert state == known.states[name]
    assert known.miscounts(home, name) == []


@pytest.mark.parametrize(("name", "size"), LARGEST_FILE)
def test_files_that_may_not_grow_stop_a_command_whole(known: Prepared, tmp_path: Path, name: str, size: int) -> None:
    home = tmp_path / "home"
    shutil.copytree(known.before[name], home)
    check_refused(known, name, home, carried_out(known, name, home, size * KILOBYTE))
    check_mended(known, name, home)


@pytest.mark.parametrize(("name", "size"), ROOM)
def test_a_full_disk_stops_a_command_whole(known: Prepared, disk: Path, name: str, size: int) -> None:
    home, ballast = disk / "home", disk / "ballast"
    shutil.copytree(known.before[name], home)
    try:
        free = os.statvfs(disk)
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_frsize - size * KILOBYTE)
        answer = carried_out(known, name, home)
        ballast.unlink()
        check_refused(known, name, home, answer)
        check_mended(known, name, home)
    finally:
        shutil.rmtree(home)
        ballast.unlink(missing_ok=True)
