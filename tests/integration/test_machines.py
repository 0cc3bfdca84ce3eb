"""Several machines that share a home and a register on PostgreSQL, each with its own working folder."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import HomeBusy
from pipeline.record.register import Register
from tests.conftest import Command
from tests.enforcement import Office
from tests.worlds import Inbox, release_of, tree_bytes

MOMENT = dt.datetime(2025, 1, 6, 9, tzinfo=dt.UTC)


@pytest.fixture
def url(postgres: Callable[[], str]) -> str:
    return postgres()


def test_machines_that_take_turns_publish_what_one_publishes(
    asc: Command, inbox: Inbox, tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, shared = Office(asc, inbox, tmp_path / "alone"), Office(asc, inbox, tmp_path / "shared")
    alone.due(1, "NNNNNN")
    for office in (alone, shared):
        office.write()
    for month in ("2024-10", "2024-11", "2024-12"):
        alone.run(month=month)
    monkeypatch.setenv("ASC_REGISTER_URL", url)
    for machine, month in (("a", "2024-10"), ("b", "2024-11"), ("a", "2024-12")):
        monkeypatch.setenv("ASC_WORK", str(tmp_path / machine))
        shared.run(month=month)
    for month in ("2024-10", "2024-11", "2024-12"):
        assert tree_bytes(release_of(shared.home, month)) == tree_bytes(release_of(alone.home, month))
    for machine in ("a", "b"):
        monkeypatch.setenv("ASC_WORK", str(tmp_path / machine))
        assert asc("verify", "--home", shared.home).code == 0
    assert not (shared.home / "facts.duckdb").exists() and list((tmp_path / "b").glob("*/facts.duckdb"))


def test_homes_on_one_machine_do_not_share_their_work(
    asc: Command, inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.opening import writing
    from flows.settings import home_at

    monkeypatch.setenv("ASC_WORK", str(tmp_path / "work"))
    inbox.write()
    with writing(home_at(tmp_path / "one"), MOMENT) as (stores, _):
        assert asc("ingest", inbox.folder, "--home", tmp_path / "other").code == 0
        stores.facts.checkpoint()
    assert asc("verify", "--home", tmp_path / "one").code == 0
    monkeypatch.setenv("ASC_WORK", "/etc/hostname")
    for command in (("monthly",), ("ingest", inbox.folder)):
        answer = asc(*command, "--home", tmp_path / "third")
        assert answer.code == 2 and "working folder" in answer.err and "Traceback" not in answer.err


def test_one_run_at_a_time_on_a_register_whatever_the_homes(url: str) -> None:
    first, second = Register(url), Register(url)
    with first.run_alone():
        with pytest.raises(HomeBusy), second.run_alone():
            pass
        second.append("note", "somebody", {"said": "what is recorded waits for no run"}, MOMENT)
    with second.run_alone():
        pass
    first.close()
    second.close()


def test_a_run_whose_lock_was_lost_writes_nothing_more(url: str) -> None:
    import psycopg
    import sqlalchemy as sa

    register = Register(url)
    with pytest.raises(sa.exc.OperationalError), register.run_alone():
        with psycopg.connect(url, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        register.append("note", "somebody", {}, MOMENT)
    register.close()
    again = Register(url)
    assert again.events("note") == []
    again.close()
