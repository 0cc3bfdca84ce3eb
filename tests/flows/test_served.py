"""A real server, scheduler and worker: a month that nobody starts, told, approved and issued; and what kills do to it."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.servers import Servers
from tests.conftest import Command
from tests.enforcement import BATCH, Office
from tests.integration.test_mornings import add_settings, alerts
from tests.mail import mail_server
from tests.worlds import Inbox, release_of, tree_bytes

ROOT = Path(__file__).parents[2]
DAY = "2024-12-17"
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("prefect")]
Answer = Any


@pytest.fixture
def worker(served: Servers) -> Iterator[Servers]:
    """The server with a worker that works on `served.home`, which is empty."""
    import shutil

    shutil.rmtree(served.home, ignore_errors=True)
    served.start_worker()
    yield served
    served.stop_one("worker")


def until(what: Callable[[], Answer], patience: float = 90) -> Answer:
    """Return the first answer that is true."""
    deadline = time.monotonic() + patience
    while not (answer := what()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.3)
    return answer


def runs(flow: str) -> list[Any]:
    """Return the runs of a flow that began, or should have, oldest first."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowFilter, FlowFilterName
    from prefect.client.schemas.sorting import FlowRunSort

    with get_client(sync_client=True) as client:
        named = FlowFilter(name=FlowFilterName(any_=[flow]))
        return client.read_flow_runs(flow_filter=named, sort=FlowRunSort.EXPECTED_START_TIME_ASC, limit=200)


def start(flow: str, deployment: str, **parameters: str) -> Any:
    """Start a run of a deployment and return it."""
    from prefect.deployments import run_deployment

    return run_deployment(f"{flow}/{deployment}", parameters=parameters, timeout=0)


def ended(run: Any, patience: float = 90) -> Any:
    """Return the state in which a run ended, once it has."""
    from prefect.client.orchestration import get_client

    def state() -> Any:
        with get_client(sync_client=True) as client:
            found = client.read_flow_run(run.id).state
        return found if found is not None and found.is_final() else None

    return until(state, patience)


def schedule_soon(flow: str, **parameters: str) -> Callable[[], None]:
    """Put a schedule on the first deployment of a flow, and return what takes it off again."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.schedules import IntervalSchedule

    with get_client(sync_client=True) as client:
        (deployment,) = [d for d in client.read_deployments() if client.read_flow(d.flow_id).name == flow]
        soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=5)
        schedule = IntervalSchedule(interval=dt.timedelta(minutes=5), anchor_date=soon)
        made = client.create_deployment_schedules(deployment.id, [(schedule, True)])  # as a person would in the page
        client.update_deployment(deployment.id, _parameters(parameters))

    def take_off() -> None:
        with get_client(sync_client=True) as client:
            client.delete_deployment_schedule(deployment.id, made[0].id)
            client.update_deployment(deployment.id, _parameters({}))

    return take_off


def _parameters(values: dict[str, str]) -> Any:
    from prefect.client.schemas.actions import DeploymentUpdate

    return DeploymentUpdate(parameters=values)


def test_a_month_dropped_into_the_inbox_is_published_told_approved_and_issued(
    asc: Command, inbox: Inbox, worker: Servers
) -> None:
    office = Office(asc, Inbox(worker.home / "inbox"), worker.home)
    worker.home.mkdir()
    with mail_server() as mailbox:
        office.due(1)
        office.write()
        add_settings(worker.home, mailbox.settings("ops@example.org", approvers=("alex@example.org",)))
        before = {run.id for run in runs("monthly-close") if run.name == "monthly-2024-12"}
        take_off = schedule_soon("monthly-close", as_at=DAY)
        try:
            until(lambda: (worker.home / "releases" / "2024-12" / "CURRENT").exists())
            told = until(lambda: [message for message in mailbox.messages if message["To"] == "alex@example.org"])[0]
        finally:
            take_off()
        found = [run for run in runs("monthly-close") if run.name == "monthly-2024-12"]
        scheduled = [run for run in found if run.id not in before]
        assert [run.auto_scheduled for run in scheduled] == [True]
        assert ended(scheduled[0]).name == "Completed"
        assert f"notices approve {BATCH}" in told.get_content()
    office.approve()
    office.issue()
    assert (worker.home / "releases/2024-12/dispatch" / BATCH).is_dir()
    assert asc("verify", "--home", worker.home).code == 0


def engine_of(worker: Servers) -> int:
    """Return the process of the run that a worker works on."""
    pid = (worker.folder / "pids" / "worker").read_text()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    engines = [int(child) for child in children if b"prefect" in Path(f"/proc/{child}/cmdline").read_bytes()]
    return engines[0] if engines else 0


def test_a_run_whose_process_is_killed_is_crashed_told_and_healed_by_the_next(
    asc: Command, inbox: Inbox, worker: Servers, tmp_path: Path
) -> None:
    plain = Office(asc, inbox, tmp_path / "plain")
    for number in range(60):
        plain.due(number + 1)
    plain.write()
    plain.run()
    worker.home.mkdir()
    (worker.home / "settings.toml").write_bytes((plain.home / "settings.toml").read_bytes())
    add_settings(worker.home, f'[inbox]\nfolder = "{inbox.folder}"\n')
    killed = start("monthly-close", "weekday", as_at=DAY)
    until(lambda: list((worker.home / "staging").glob("*/notices/*/letters/*.pdf")))
    os.kill(engine_of(worker), signal.SIGKILL)
    assert ended(killed).name == "Crashed"
    until(lambda: [line for line in alerts(worker.home) if line.get("subject") == "monthly-close is in trouble"])
    assert not (worker.home / "releases" / "2024-12").exists()
    assert ended(start("monthly-close", "weekday", as_at=DAY)).name == "Completed"
    assert tree_bytes(release_of(worker.home)) == tree_bytes(release_of(plain.home))


@pytest.mark.night
def test_a_server_that_goes_down_and_comes_back_loses_nothing(inbox: Inbox, worker: Servers) -> None:
    worker.home.mkdir()
    add_settings(worker.home, f'[inbox]\nfolder = "{inbox.write()}"\n')
    known = len(runs("remind"))
    assert known > 0
    worker.stop_one("server", signal.SIGKILL)
    worker.stop_postgres()
    up = [
        sys.executable,
        "-m",
        "deploy.servers",
        "up",
        "--folder",
        worker.folder,
        "--home",
        worker.home,
        "--port",
        str(worker.port),
    ]
    subprocess.run(up, cwd=ROOT, check=True, capture_output=True)
    assert len(runs("remind")) >= known
    assert ended(start("monthly-close", "weekday", as_at=DAY)).name == "Completed"
    assert ended(start("monthly-close", "weekday", as_at=DAY)).name == "Skipped"


@pytest.mark.night
def test_a_worker_killed_with_its_run_holds_the_next_up_only_until_its_heartbeat_is_missed(
    inbox: Inbox, worker: Servers
) -> None:
    worker.home.mkdir()
    add_settings(worker.home, f'[inbox]\nfolder = "{inbox.write()}"\n')
    killed = start("monthly-close", "weekday", as_at=DAY)
    engine = until(lambda: engine_of(worker))
    until(lambda: (worker.home / "staging").exists())
    worker.stop_one("worker", signal.SIGKILL)
    os.kill(engine, signal.SIGKILL)
    worker.start_worker("another")
    waiting = start("monthly-close", "weekday", as_at=DAY)
    assert ended(killed, 400).name == "Crashed"
    until(lambda: alerts(worker.home))
    assert ended(waiting, 120).name == "Completed"
    worker.stop_one("another")
    worker.start_worker()


@pytest.mark.night
def test_a_server_killed_in_the_middle_of_a_run_is_healed_by_the_next(inbox: Inbox, worker: Servers) -> None:
    worker.home.mkdir()
    add_settings(worker.home, f'[inbox]\nfolder = "{inbox.write()}"\n')
    run = start("monthly-close", "weekday", as_at=DAY)
    until(lambda: (worker.home / "staging").exists())
    worker.stop_one("server", signal.SIGKILL)
    worker.stop_postgres()
    up = [
        sys.executable,
        "-m",
        "deploy.servers",
        "up",
        "--folder",
        worker.folder,
        "--home",
        worker.home,
        "--port",
        str(worker.port),
    ]
    subprocess.run(up, cwd=ROOT, check=True, capture_output=True)
    ended(run, 400)
    assert ended(start("monthly-close", "weekday", as_at=DAY), 300).is_completed()
    assert (worker.home / "releases" / "2024-12" / "CURRENT").exists()
