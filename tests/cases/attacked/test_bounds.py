"""What the outside does to files: vanished, unreadable, growing, endless; said with its path, and without a traceback."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cases.attacked.books import Sheet, xls
from tests.cases.dirt import HEAD, call, csv_of, row, uid
from tests.conftest import Answer
from tests.worlds import tree_bytes

COMMAND = Path(sys.executable).with_name("asc-compliance")
GOOD = csv_of(*(row(uid(20, n)) for n in range(4)))


def words(command: str, path: Path, home: Path) -> list[object]:
    """Return how each command takes a path in."""
    return {
        "check": ["check", path],
        "ingest": ["ingest", path, "--home", home],
        "run": ["run", "--month", "2024-12", "--as-at", "2024-12-31", "--inbox", path, "--home", home],
    }[command]


def is_the_outsides(answer: Answer, name: str) -> None:
    """Assert that it is told with the path, as no fault of ours."""
    assert answer.code in (2, 3, 75), f"exit {answer.code}: {answer.out}{answer.err}"
    assert name in answer.err, answer.err
    assert "Traceback" not in answer.err and "fault of asc-compliance" not in answer.err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An inbox with one good file, which comes first."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a care home 2024-12-17.csv").write_bytes(GOOD)
    return inbox


# --- vanished ---------------------------------------------------------------------------------------------------------


def vanished(path: Path) -> None:
    path.symlink_to(path.parent / "it was here.csv")


def in_a_circle(path: Path) -> None:
    path.symlink_to(path)


def below_a_file(path: Path) -> None:
    (path.parent.parent / "plain.txt").write_text("x", encoding="utf-8")
    path.symlink_to(path.parent.parent / "plain.txt" / "below.csv")


GONE = {make.__name__: make for make in (vanished, in_a_circle, below_a_file)}


@pytest.mark.parametrize("command", ["check", "ingest", "run"])
@pytest.mark.parametrize("how", GONE)
def test_a_link_of_a_folder_that_leads_nowhere_is_skipped_and_named(
    tmp_path: Path, folder: Path, how: str, command: str
) -> None:
    lost = folder / "z care home 2024-12-18.csv"
    GONE[how](lost)
    answer = call(*words(command, folder, tmp_path / "home"))
    assert "Traceback" not in answer.err and (command == "run" or f"{lost.name}: " in answer.err)


@pytest.mark.parametrize("command", ["check", "ingest"])
def test_a_file_that_is_gone_and_named(tmp_path: Path, folder: Path, command: str) -> None:
    lost = folder / "z care home 2024-12-18.csv"
    vanished(lost)
    is_the_outsides(call(*words(command, lost, tmp_path / "home")), lost.name)


@pytest.mark.parametrize("command", ["check", "ingest", "run"])
def test_a_folder_that_is_not_there(tmp_path: Path, command: str) -> None:
    is_the_outsides(call(*words(command, tmp_path / "nowhere", tmp_path / "home")), "nowhere")


@pytest.mark.parametrize("command", ["ingest", "run"])
def test_what_was_kept_before_is_told(tmp_path: Path, folder: Path, command: str) -> None:
    vanished(folder / "z care home 2024-12-18.csv")
    answer = call(*words(command, folder, tmp_path / "home"))
    kept = len([name for name in tree_bytes(tmp_path / "home" / "archive") if len(Path(name).name) == 64])
    said = answer.out + answer.err
    assert "a care home 2024-12-17.csv" in said or kept == 0, "one file was kept, and nobody is told"


# --- unreadable -------------------------------------------------------------------------------------------------------

# Without these two capabilities modes apply to root as well; the interpreter itself stays readable.
HUMBLE = (
    "import ctypes, os, sys; libc = ctypes.CDLL(None); [libc.prctl(24, number, 0, 0, 0) for number in (1, 2)]; "
    "os.execv(sys.argv[1], sys.argv[1:])"
)


def humbly(*said: object, seconds: float = 60) -> Answer:
    """Run the command as a user to whom modes apply."""
    env = {"PATH": os.environ["PATH"], "HOME": "/tmp", "ASC_USER": "Pat Preparer", "LANG": "C.UTF-8"}
    line = [sys.executable, "-c", HUMBLE, str(COMMAND), *map(str, said)]
    done = subprocess.run(line, capture_output=True, text=True, timeout=seconds, env=env, check=False)
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def inbox(folder: Path) -> Iterator[Path]:
    """The inbox, with a folder below it; whatever a test shuts is opened again."""
    (folder / "below").mkdir()
    bodies = folder / "below" / "public_bodies_2024-12-02.csv"
    bodies.write_text("provider_id,basis\n1-9800000001,a council\n", encoding="utf-8")
    shut = folder.parent / "shut"
    shut.write_text("x", encoding="utf-8")
    shut.chmod(0)
    look = [sys.executable, "-c", HUMBLE, "/bin/cat", str(shut)]
    if subprocess.run(look, capture_output=True, check=False).returncode == 0:
        pytest.skip("modes do not apply here")
    yield folder
    (folder / "below").chmod(0o700)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["check", "ingest", "run"])
def test_a_file_that_may_not_be_read(inbox: Path, tmp_path: Path, command: str) -> None:
    shut = inbox / "b home care 2024-12-17.csv"
    shut.write_bytes(GOOD)
    shut.chmod(0)
    is_the_outsides(humbly(*words(command, inbox, tmp_path / "home")), shut.name)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["check", "ingest", "run"])
@pytest.mark.parametrize("mode", [0, 0o600], ids=["shut", "listed, not entered"])
def test_a_folder_below_that_may_not_be_listed(inbox: Path, tmp_path: Path, command: str, mode: int) -> None:
    """A list of public bodies in it would be missing, and letters would go to councils."""
    (inbox / "below").chmod(mode)
    is_the_outsides(humbly(*words(command, inbox, tmp_path / "home")), "below")


@pytest.mark.slow
@pytest.mark.parametrize("command", ["ingest", "run"])
def test_a_home_that_may_not_be_written(inbox: Path, tmp_path: Path, command: str) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    answer = humbly(*words(command, inbox, tmp_path / "locked" / "home"))
    assert answer.code == 1 and "locked/home: Permission denied" in answer.err and "Traceback" not in answer.err


# --- growing, endless, no file at all ---------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("command", ["check", "ingest", "run"])
def test_a_file_that_still_grows_is_not_taken_for_whole(tmp_path: Path, folder: Path, command: str) -> None:
    growing = folder / "b home care 2024-12-17.csv"
    lines = "".join(f"{uid(21, n)},Rose,1-9800000001,Invented Ltd,Kent,3,Yes,Yes,Yes\n" for n in range(20_000))
    growing.write_text(",".join(HEAD) + "\n" + lines, encoding="utf-8")
    end = threading.Event()

    def grow() -> None:
        number = 50_000
        while not end.is_set():
            with growing.open("a", encoding="utf-8") as file:
                file.write(f"{uid(21, number)},Rose,1-9800000001,Invented Ltd,Kent,3,Yes,Yes,Yes\n")
            number += 1
            time.sleep(0.001)

    writer = threading.Thread(target=grow, daemon=True)
    writer.start()
    try:
        answer = call(*words(command, folder, tmp_path / "home"))
    finally:
        end.set()
        writer.join()
    is_the_outsides(answer, growing.name)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["check", "ingest", "run"])
def test_a_pipe_is_not_waited_for(inbox: Path, tmp_path: Path, command: str) -> None:
    pipe = inbox / "b home care 2024-12-17.csv"
    os.mkfifo(pipe)
    answer = humbly(*words(command, inbox, tmp_path / "home"), seconds=40)
    assert answer.code != 1 and pipe.name in answer.out + answer.err and "Traceback" not in answer.err


# --- .xls -------------------------------------------------------------------------------------------------------------

FAR: dict[str, dict[tuple[int, int], str]] = {
    "the last cell": {(65_535, 255): "x"},
    "a blank in the last cell": {(65_535, 255): " "},
    "the last row": {(65_535, 0): uid(22)},
    "the last column": {(0, 255): "Notes"},
    "a long diagonal": {(n * 256, n): "x" for n in range(10, 255, 5)},
}
MEGABYTE = 1024  # kilobytes, as the kernel counts
MEASURE = "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:]); print('PEAK', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(done.returncode)"


def peak(*line: object) -> tuple[int, str, int]:
    """Run a line in a process of its own; return its exit code, what it said and the most memory it held, in MB."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *map(str, line)], capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout + done.stderr, int(done.stdout.rsplit("PEAK", 1)[1]) // MEGABYTE


@pytest.mark.slow
@pytest.mark.parametrize("where", FAR)
def test_an_xls_stays_below_300_megabytes(tmp_path: Path, where: str) -> None:
    path = tmp_path / "care home 2024-12-17.xls"
    path.write_bytes(xls(Sheet([HEAD, *(row(uid(22, n)) for n in range(4))]), places=FAR[where]))
    code, said, megabytes = peak(COMMAND, "check", path)
    assert code in (0, 3) and "Traceback" not in said, said
    assert megabytes < 300, f"{megabytes} MB for {path.stat().st_size} bytes"


@pytest.mark.slow
def test_an_xls_of_many_far_sheets_stays_below_too(tmp_path: Path) -> None:
    """Each sheet is small, and all of them reach far down."""
    far = [[], *([[]] * 30_000), ["x"] * 200]
    sheets = [Sheet([HEAD, *(row(uid(23, n)) for n in range(4))]), *(Sheet(far, f"Sheet{n}") for n in range(8))]
    path = tmp_path / "care home 2024-12-17.xls"
    path.write_bytes(xls(*sheets))
    code, said, megabytes = peak(COMMAND, "check", path)
    assert code in (0, 3) and "Traceback" not in said, said
    assert megabytes < 300, f"{megabytes} MB"


CUT: dict[str, Callable[[bytes], bytes]] = {
    "half": lambda data: data[: len(data) // 2],
    "a header that lies": lambda data: data[:44] + b"\xff\xff\xff\x7f" + data[48:],
    "sectors in a circle": lambda data: data[:512] + b"\0\0\0\0" * 128 + data[1024:],
}


@pytest.mark.slow
@pytest.mark.parametrize("how", CUT)
def test_a_damaged_xls_costs_no_memory_and_no_end(tmp_path: Path, how: str) -> None:
    path = tmp_path / "care home 2024-12-17.xls"
    path.write_bytes(CUT[how](xls(Sheet([HEAD, *(row(uid(24, n)) for n in range(400))]))))
    code, said, megabytes = peak(COMMAND, "check", path)
    assert code in (0, 3) and path.name in said and "Traceback" not in said and megabytes < 300, (code, megabytes, said)
    assert code == 3 or "400 of 400" in said
