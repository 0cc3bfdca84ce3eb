"""What operators see in Prefect's pages, in a real browser: the run by its month, its artefacts, its automations."""

import datetime as dt
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.servers import Servers
from tests.conftest import Command
from tests.enforcement import Office
from tests.flows.test_flows import artefact
from tests.integration.test_mornings import add_settings, inbox_setting
from tests.worlds import Inbox

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("prefect")]
OFFLINE = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE = 60_000


@pytest.fixture
def page() -> Iterator[Any]:
    """A page of Debian's Chromium; skipped where there is none, unless ASC_BROWSER says that there has to be one."""
    chromium = shutil.which("chromium")
    if chromium is None:
        assert not os.environ.get("ASC_BROWSER"), "Chromium is missing, and this run has to look at the pages."
        pytest.skip("Chromium is missing: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=chromium, args=list(OFFLINE))
        found = browser.new_page(viewport={"width": 1400, "height": 1000})
        found.set_default_timeout(PATIENCE)
        yield found
        browser.close()


def test_operators_find_the_month_its_counts_and_what_watches_over_the_runs(
    asc: Command, inbox: Inbox, home: Path, served: Servers, page: Any
) -> None:
    from flows.scheduled.monthly_close import monthly_close

    office = Office(asc, inbox, home)
    office.due(1)
    office.write()
    add_settings(home, inbox_setting(inbox.folder))
    assert monthly_close(home, dt.date(2024, 12, 17), return_state=True).name == "Completed"
    address = f"http://127.0.0.1:{served.port}"
    page.goto(f"{address}/runs")
    page.get_by_role("link", name="monthly-2024-12").first.click()
    page.get_by_text("Published 2024-12.").first.wait_for()
    summary = artefact("month-summary")
    page.goto(f"{address}/artifacts/artifact/{summary.id}")
    page.get_by_text("South East").first.wait_for()
    shown = page.inner_text("body")
    england = json.loads(summary.data)[0]
    assert "England" in shown and england["compliance_rate"] in shown and "Provider 1" not in shown
    page.goto(f"{address}/automations")
    for name in ("asc-alarm", "asc-runs-without-heartbeat", "asc-tell-approvers"):
        page.get_by_text(name).first.wait_for()
    if folder := os.environ.get("ASC_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/automations.png")
        page.goto(f"{address}/artifacts/artifact/{summary.id}")
        page.get_by_text("South East").first.wait_for()
        page.screenshot(path=f"{folder}/month-summary.png")
