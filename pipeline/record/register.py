"""What we did, in order: intakes, decisions, runs, releases, notices, steps of cases. Rows are appended, never edited.

Each row carries the hash of the one before it, so that a row changed, lost or put in later is found.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

from pipeline.errors import Damaged, HomeBusy, UsageError
from pipeline.record import schema
from pipeline.record.schema import event

START = "0" * 64
DRIVERS = {
    "sqlite": "sqlite",
    "postgresql+psycopg": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing done: its number, moment, kind, what it is about, and what was said of it."""

    no: int
    at: str
    kind: str
    subject: str
    body: Mapping[str, Any]


class Events(Protocol):
    """What events can be asked of: the register, or a ledger."""

    def events(self, kind: str, subject: str | None = None) -> list[Event]: ...


def canonical(value: object) -> str:
    """Return JSON with one spelling only: sorted keys, no blanks, text as it is, dates as ISO."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


class Ledger:
    """The rows of the register as one transaction sees them."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def append(self, kind: str, subject: str, body: Mapping[str, Any], at: dt.datetime) -> Event:
        """Write one event down and return it; `at` is the moment it was done, with a time zone."""
        if at.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be recorded")
        moment = at.astimezone(dt.UTC).isoformat(timespec="seconds")
        last = self._last()
        no, previous = (last.no + 1, last.hash) if last else (1, START)
        text = canonical(body)
        self._connection.execute(
            sa.insert(event).values(
                no=no, at=moment, kind=kind, subject=subject, body=text, previous=previous,
                hash=_hash(no, moment, kind, subject, text, previous),
            )
        )  # fmt: skip
        return Event(no, moment, kind, subject, json.loads(text))

    def events(self, kind: str, subject: str | None = None) -> list[Event]:
        """Return the events of a kind (about one subject), oldest first."""
        query = sa.select(event).where(event.c.kind == kind).order_by(event.c.no)
        if subject is not None:
            query = query.where(event.c.subject == subject)
        return [
            Event(row.no, row.at, row.kind, row.subject, json.loads(row.body))
            for row in self._connection.execute(query)
        ]

    def subjects(self, kind: str, words: list[str]) -> list[str]:
        """Return the subjects of the events of a kind of which subject and body together hold every word, in any case."""
        text = event.c.subject + " " + event.c.body
        query = sa.select(event.c.subject).where(event.c.kind == kind).distinct().order_by(event.c.subject)
        for word in words:
            query = query.where(text.icontains(word, autoescape=True))
        return [row.subject for row in self._connection.execute(query)]

    def rows(self) -> list[dict[str, Any]]:
        """Return every row as it was written, oldest first: what a backup keeps."""
        return [dict(row) for row in self._connection.execute(sa.select(event).order_by(event.c.no)).mappings()]

    def put_back(self, rows: list[dict[str, Any]]) -> None:
        """Write rows of a backup into an empty register; raises UsageError where it holds others, Damaged where the rows are
        no chain."""
        if problems := _problems(rows):
            raise Damaged(problems[0])
        known = self.rows()
        if known and known != rows:
            raise UsageError("The register is not empty. A backup is restored into an empty one.")
        if rows and not known:
            self._connection.execute(sa.insert(event), rows)

    def head(self) -> str:
        """Return the hash of the last row: whoever notes it can prove later that nothing before it was touched."""
        last = self._last()
        return str(last.hash) if last else START

    def holds(self, head: str) -> bool:
        """Say whether a head noted earlier is that of a row of this chain (or of an empty register)."""
        query = sa.select(event.c.no).where(event.c.hash == head)
        return head == START or self._connection.execute(query).first() is not None

    def head_at(self, no: int) -> str:
        """Return the head as it was when a row was the last."""
        return str(self._connection.execute(sa.select(event.c.hash).where(event.c.no == no)).scalar_one())

    def _last(self) -> Any:
        return self._connection.execute(
            sa.select(event.c.no, event.c.hash).order_by(event.c.no.desc()).limit(1)
        ).first()


class Register:
    """The register behind a database URL: SQLite, or PostgreSQL through psycopg."""

    def __init__(self, url: str) -> None:
        self._run: sa.Connection | None = None
        kind, _, place = url.partition("://")
        if kind not in DRIVERS:
            raise UsageError("ASC_REGISTER_URL has to begin with postgresql:// or sqlite:///.")
        self._engine = sa.create_engine(f"{DRIVERS[kind]}://{place}")
        if kind == "sqlite":
            sa.event.listen(self._engine, "connect", _careful_sqlite)
            sa.event.listen(self._engine, "begin", _begin_sqlite)
        try:
            with self._engine.connect() as connection:
                current = schema.is_current(connection)
            if not current:
                with self._alone() as connection:
                    schema.migrate(connection)
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Ledger]:
        """Be the only writer: what is read in it stays true until all its events are written down, or none of them."""
        with self._alone() as connection:
            yield Ledger(connection)

    @contextmanager
    def run_alone(self) -> Iterator[None]:
        """Keep runs on other machines out: on PostgreSQL, by a lock that lasts as long as a connection; HomeBusy if one goes on.

        Where that connection is lost, nothing more can be written in this.
        """
        if self._engine.dialect.name != "postgresql":
            yield  # the lock of the home is enough
            return
        with self._engine.connect() as connection:
            if not connection.execute(sa.select(sa.func.pg_try_advisory_lock(schema.RUN))).scalar_one():
                raise HomeBusy("on another machine, with the same register")
            connection.commit()
            self._run = connection
            try:
                yield
            finally:
                self._run = None
                connection.invalidate()  # the lock goes with the connection

    @contextmanager
    def _alone(self) -> Iterator[sa.Connection]:
        if self._run is not None:
            self._run.execute(sa.select(1))
            self._run.commit()
        with self._engine.execution_options(writes=True).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(schema.LOCK)))
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Ledger]:
        with self._engine.connect() as connection:
            yield Ledger(connection)

    def append(self, kind: str, subject: str, body: Mapping[str, Any], at: dt.datetime) -> Event:
        """Write one event down for good and return it; `at` is the moment it was done, with a time zone."""
        with self.writing() as ledger:
            return ledger.append(kind, subject, body, at)

    def events(self, kind: str, subject: str | None = None) -> list[Event]:
        """Return the events of a kind (about one subject), oldest first."""
        with self._reading() as ledger:
            return ledger.events(kind, subject)

    def subjects(self, kind: str, words: list[str]) -> list[str]:
        """Return the subjects of the events of a kind of which subject and body together hold every word, in any case."""
        with self._reading() as ledger:
            return ledger.subjects(kind, words)

    def head(self) -> str:
        """Return the hash of the last row."""
        with self._reading() as ledger:
            return ledger.head()

    def holds(self, head: str) -> bool:
        """Say whether a head noted earlier is that of a row of this chain."""
        with self._reading() as ledger:
            return ledger.holds(head)

    def head_at(self, no: int) -> str:
        """Return the head as it was when a row was the last."""
        with self._reading() as ledger:
            return ledger.head_at(no)

    def problems(self) -> list[str]:
        """Walk the chain and say which row is the first that does not fit; empty if all do."""
        try:
            with self._engine.connect() as connection:
                if self._engine.dialect.name == "sqlite":
                    answer = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
                    if answer != "ok":
                        return [f"register: {answer}"]
                rows = connection.execute(sa.select(event).order_by(event.c.no)).mappings()
                return _problems(dict(row) for row in rows)
        except (sa.exc.DatabaseError, UnicodeDecodeError) as error:
            return [f"register: cannot be read ({getattr(error, 'orig', error)})"]


def _problems(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Say which row is the first that does not fit the one before it; empty if all do."""
    previous = START
    for number, row in enumerate(rows, 1):
        expected = _hash(*(row[name] for name in ("no", "at", "kind", "subject", "body", "previous")))
        if row["no"] != number or row["previous"] != previous or row["hash"] != expected:
            return [f"register: row {number} ({row['kind']}) is not as it was written"]
        previous = row["hash"]
    return []


def _hash(no: int, at: str, kind: str, subject: str, body: str, previous: str) -> str:
    return hashlib.sha256(canonical([no, at, kind, subject, body, previous]).encode()).hexdigest()


def _careful_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # our own BEGIN decides, so that a writer sees the true last row
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA busy_timeout=30000")


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
