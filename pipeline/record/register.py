"""What we did, in order: intakes, decisions, runs, releases. Rows are appended, never edited.

Each row carries the hash of the one before it, so that a row changed, lost or put in later is found.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

_metadata = sa.MetaData()
_event = sa.Table(
    "event",
    _metadata,
    sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False, index=True),
    sa.Column("subject", sa.Text, nullable=False, index=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Event:
    """One thing done: its number, moment, kind, what it is about, and what was said of it."""

    no: int
    at: str
    kind: str
    subject: str
    body: Mapping[str, Any]


def canonical(value: object) -> str:
    """Return JSON with one spelling only: sorted keys, no blanks, text as it is, dates as ISO."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


class Register:
    """The register behind a database URL."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(url)
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _careful_sqlite)
            sa.event.listen(self._engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        _metadata.create_all(self._engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self._engine.begin() as connection:
            yield connection

    def append(self, kind: str, subject: str, body: Mapping[str, Any], at: dt.datetime) -> Event:
        """Write one event down for good and return it; `at` is the moment it was done, with a time zone."""
        if at.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be recorded")
        moment = at.astimezone(dt.UTC).isoformat(timespec="seconds")
        with self._writing() as connection:
            last = connection.execute(
                sa.select(_event.c.no, _event.c.hash).order_by(_event.c.no.desc()).limit(1)
            ).first()
            no, previous = (last.no + 1, last.hash) if last else (1, START)
            text = canonical(body)
            connection.execute(
                sa.insert(_event).values(
                    no=no, at=moment, kind=kind, subject=subject, body=text, previous=previous,
                    hash=_hash(no, moment, kind, subject, text, previous),
                )
            )  # fmt: skip
        return Event(no, moment, kind, subject, json.loads(text))

    def events(self, kind: str, subject: str | None = None) -> list[Event]:
        """Return the events of a kind (about one subject), oldest first."""
        query = sa.select(_event).where(_event.c.kind == kind).order_by(_event.c.no)
        if subject is not None:
            query = query.where(_event.c.subject == subject)
        with self._engine.connect() as connection:
            return [
                Event(row.no, row.at, row.kind, row.subject, json.loads(row.body)) for row in connection.execute(query)
            ]

    def head(self) -> str:
        """Return the hash of the last row: whoever notes it can prove later that nothing before it was touched."""
        with self._engine.connect() as connection:
            last = connection.execute(sa.select(_event.c.hash).order_by(_event.c.no.desc()).limit(1)).first()
        return last.hash if last else START

    def problems(self) -> list[str]:
        """Walk the chain and say which row is the first that does not fit; empty if all do."""
        try:
            with self._engine.connect() as connection:
                if self._engine.dialect.name == "sqlite":
                    answer = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
                    if answer != "ok":
                        return [f"register: {answer}"]
                previous = START
                for number, row in enumerate(connection.execute(sa.select(_event).order_by(_event.c.no)), 1):
                    expected = _hash(row.no, row.at, row.kind, row.subject, row.body, row.previous)
                    if row.no != number or row.previous != previous or row.hash != expected:
                        return [f"register: row {number} ({row.kind}) is not as it was written"]
                    previous = row.hash
        except (sa.exc.DatabaseError, UnicodeDecodeError) as error:
            return [f"register: cannot be read ({getattr(error, 'orig', error)})"]
        return []


def _hash(no: int, at: str, kind: str, subject: str, body: str, previous: str) -> str:
    return hashlib.sha256(canonical([no, at, kind, subject, body, previous]).encode()).hexdigest()


def _careful_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN decides, so that a writer sees the true last row
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA busy_timeout=30000")
