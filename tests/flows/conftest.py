"""One real Prefect server on PostgreSQL for all tests of flows, as `make up` starts it; thrown away at the end."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.servers import Servers

SCHEDULES = "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS"


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """A server with the deployments; its worker works on the home `worked`."""
    folder = tmp_path_factory.mktemp("servers")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    found = Servers(folder, port, folder / "worked")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        patch.setenv(SCHEDULES, "2")
        for name in ("ASC_HOME", "ASC_SETTINGS", "ASC_REGISTER_URL", "ASC_WORK"):
            patch.delenv(name, raising=False)
        try:
            found.start_server()
            found.deploy()
            yield found
        finally:
            found.stop()


@pytest.fixture
def served(servers: Servers) -> Iterator[Servers]:
    """The server, to which flows called in this process report."""
    from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

    with temporary_settings({PREFECT_API_URL: servers.api, PREFECT_HOME: Path(servers.folder / "prefect")}):
        yield servers
