"""The letters of a batch on a Dask cluster of two workers, in processes and folders of their own: the bytes of one machine."""

import datetime as dt
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.enforcement import Office
from tests.integration.test_mornings import add_settings, inbox_setting
from tests.worlds import Inbox, release_of, tree_bytes

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("prefect")]
BIN = Path(sys.executable).parent


@dataclass
class Cluster:
    """A scheduler and its workers."""

    address: str
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    found = tmp_path / "scheduler.json"
    scheduler = subprocess.Popen(
        [BIN / "dask", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", found],
        cwd=tmp_path, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    workers = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        order = [
            BIN / "dask",
            "worker",
            "--scheduler-file",
            found,
            "--no-nanny",
            "--nthreads",
            "1",
            "--no-dashboard",
            "--local-directory",
            folder,
        ]
        workers.append(subprocess.Popen(order, cwd=folder, stderr=subprocess.DEVNULL, start_new_session=True))
    from distributed import Client

    deadline = time.monotonic() + 60
    while not found.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    with Client(scheduler_file=str(found)) as client:
        client.wait_for_workers(2, timeout=60)
        address = client.scheduler.address
    yield Cluster(address, workers)
    for process in [*workers, scheduler]:
        process.terminate()
        process.wait(30)


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(
    "kills", [pytest.param(False, marks=pytest.mark.night, id="whole"), pytest.param(True, id="one killed")]
)
def test_two_machines_make_the_bytes_of_one(
    asc: Command, inbox: Inbox, tmp_path: Path, cluster: Cluster, kills: bool
) -> None:
    from flows.scheduled.monthly_close import monthly_close

    plain, shared = Office(asc, inbox, tmp_path / "plain"), tmp_path / "shared"
    for number in range(40):
        plain.due(number + 1)
    plain.write()
    shutil.copytree(plain.home, shared)
    plain.run()
    add_settings(shared, inbox_setting(inbox.folder), f'[letters]\ndask = "{cluster.address}"\n')
    if kills:
        threading.Thread(target=kill_when_letters_come, args=(shared, cluster.workers[0]), daemon=True).start()
    ended = monthly_close(shared, dt.date(2024, 12, 17), return_state=True)
    assert ended.name == "Completed", ended.message
    assert tree_bytes(release_of(shared)) == tree_bytes(release_of(plain.home))
    assert (cluster.workers[0].poll() == -signal.SIGKILL) is kills


def kill_when_letters_come(home: Path, worker: subprocess.Popen[bytes]) -> None:
    """Kill a worker as soon as the first letters stand in the staged release."""
    while not list((home / "staging").glob("*/notices/*/letters/*.pdf")):
        time.sleep(0.02)
    worker.kill()
