"""The monthly run as a Prefect flow, against a real server."""

import datetime as dt
import importlib
import json
from pathlib import Path

import pytest
import yaml

from tests.conftest import Command
from tests.worlds import Inbox, release_of, tree_bytes

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("prefect")]


@pytest.mark.usefixtures("prefect_server")
def test_a_flow_publishes_what_a_plain_run_publishes(asc: Command, inbox: Inbox, tmp_path: Path) -> None:
    from flows.monthly_close import monthly_close

    inbox.write()
    plain, watched = tmp_path / "plain", tmp_path / "watched"
    order = ("run", "--month", "2024-12", "--as-at", "2024-12-17", "--inbox", inbox.folder, "--home", plain)
    answer = asc(*order, "--json")
    assert answer.code == 0
    releases = monthly_close(watched, inbox.folder, "2024-12", dt.date(2024, 12, 17))
    assert releases == [json.loads(answer.out)["release"]]
    assert tree_bytes(release_of(watched)) == tree_bytes(release_of(plain))


@pytest.mark.usefixtures("prefect_server")
def test_a_flow_ends_as_skipped_where_nothing_is_due_and_fails_with_the_message_of_a_refusal(
    asc: Command, inbox: Inbox, tmp_path: Path
) -> None:
    from flows.monthly_close import monthly_close

    inbox.write()
    home = tmp_path / "home"
    asc("run", "--month", "2024-12", "--as-at", "2024-12-17", "--inbox", inbox.folder, "--home", home)
    skipped = monthly_close(home, as_at=dt.date(2025, 1, 3), return_state=True)
    assert skipped.is_completed() and skipped.name == "Skipped"
    (inbox.folder / "foreign.csv").write_text("Name,Town\nSomebody,Nowhere\n", encoding="utf-8")
    failed = monthly_close(home, inbox.folder, "2024-12", dt.date(2024, 12, 17), return_state=True)
    assert failed.is_failed() and "foreign.csv" in str(failed.message)


def test_the_deployments_name_flows_that_are_there() -> None:
    described = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    assert described["name"] == "asc-compliance"
    for deployment in described["deployments"]:
        path, _, name = deployment["entrypoint"].partition(":")
        assert deployment["concurrency_limit"]["limit"] == 1
        assert (
            getattr(importlib.import_module(path.removesuffix(".py").replace("/", ".")), name).name == "monthly-close"
        )
