"""The register on both databases: appended for good, one chain, one writer at a time, and older ones brought up to date."""

import datetime as dt
import multiprocessing
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from pipeline.errors import UsageError
from pipeline.record import schema
from pipeline.record.register import START, Register

NOON = dt.datetime(2024, 12, 17, 12, tzinfo=dt.UTC)
WRITERS, EACH = 10, 5


@pytest.fixture
def register(register_url: str) -> Iterator[Register]:
    """An open register."""
    opened = Register(register_url)
    yield opened
    opened.close()


def change(url: str, *statements: str) -> None:
    """Change the database behind the register's back."""
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_what_is_appended_is_read_back_in_order(register: Register) -> None:
    for number in range(3):
        register.append("note", f"subject {number % 2}", {"number": number, "name": "Tŷ Gwyn", "none": None}, NOON)
    assert [event.body["number"] for event in register.events("note")] == [0, 1, 2]
    assert [event.no for event in register.events("note", "subject 0")] == [1, 3]
    assert register.events("note")[0].body["name"] == "Tŷ Gwyn" and register.problems() == []


def test_a_head_noted_once_proves_that_nothing_before_it_was_touched(register: Register, register_url: str) -> None:
    assert register.head() == START and register.holds(START)
    heads = [(register.append("note", "x", {"number": n}, NOON), register.head())[1] for n in range(3)]
    assert len(set(heads)) == 3 and all(register.holds(head) for head in heads)
    assert not register.holds("f" * 64)


def test_all_events_of_one_act_are_written_or_none(register: Register) -> None:
    register.append("note", "before", {}, NOON)
    with pytest.raises(ZeroDivisionError), register.writing() as ledger:
        ledger.append("note", "lost", {}, NOON)
        assert len(ledger.events("note")) == 2
        raise ZeroDivisionError
    assert [event.subject for event in register.events("note")] == ["before"] and register.problems() == []


def test_a_moment_without_a_zone_is_refused(register: Register) -> None:
    with pytest.raises(ValueError, match="time zone"):
        register.append("note", "x", {}, NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        ("UPDATE event SET body = '{\"number\":7}' WHERE no = 3", 3),
        ("UPDATE event SET at = '2024-12-18T12:00:00+00:00' WHERE no = 1", 1),
        ("UPDATE event SET subject = 'y' WHERE no = 5", 5),
        ("DELETE FROM event WHERE no = 2", 2),
        ("UPDATE event SET no = 6 WHERE no = 3", 3),
        ("INSERT INTO event SELECT 6, at, kind, subject, body, hash, 'made up' FROM event WHERE no = 5", 6),
    ],
)
def test_the_first_row_that_does_not_fit_is_named(
    register: Register, register_url: str, statement: str, row: int
) -> None:
    for number in range(5):
        register.append("note", "x", {"number": number}, NOON)
    change(register_url, statement)
    (problem,) = register.problems()
    assert f"row {row} (note)" in problem


def _write(url: str, name: str) -> None:
    register = Register(url)
    for number in range(EACH):
        register.append("note", name, {"number": number}, NOON)
    register.close()


def test_ten_writers_at_once_are_all_written_down_in_one_chain(register_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(register_url, f"writer {n}")) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    register = Register(register_url)
    assert len(register.events("note")) == WRITERS * EACH and register.problems() == []
    register.close()


def test_a_register_from_before_versions_is_brought_up_to_date_with_its_rows(register_url: str) -> None:
    register = Register(register_url)
    register.append("note", "x", {"number": 1}, NOON)
    head = register.head()
    register.close()
    change(
        register_url, "DROP INDEX event_hash", "DROP INDEX event_kind_subject", "DROP TABLE register_schema"
    )  # as version 1 was
    register = Register(register_url)
    assert register.head() == head and register.problems() == []
    register.append("note", "x", {"number": 2}, NOON)
    register.close()
    engine = sa.create_engine(register_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        assert schema.version_of(connection) == schema.VERSION
        assert "event_hash" in {index["name"] for index in sa.inspect(connection).get_indexes("event")}
    engine.dispose()


def test_a_register_of_a_newer_program_is_not_touched(register_url: str) -> None:
    Register(register_url).close()
    change(register_url, "UPDATE register_schema SET version = 99")
    with pytest.raises(UsageError, match="version 99"):
        Register(register_url)


def test_other_databases_are_refused() -> None:
    with pytest.raises(UsageError, match="postgresql://"):
        Register("mssql+pyodbc://invalid.example/x")
