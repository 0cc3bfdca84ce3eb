"""What was reported: a DuckDB file that can be made again from the archive and the register.

The file is never changed in place. A writer works on a copy and puts it there by one rename, so that
readers always find a whole file and a killed run leaves the earlier one as it was.
"""

import datetime as dt
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

Row = tuple[Any, ...]
ARROW = {
    "VARCHAR": "string",
    "TIMESTAMP": "string",
    "SMALLINT": "int16",
    "INTEGER": "int32",
    "BIGINT": "int64",
    "DATE": "date32",
    "BOOLEAN": "bool",
}


def sql(package: str, name: str) -> str:
    """Return the text of a query that travels beside the code of `package`."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


class Facts:
    """An open facts file; values reach SQL as parameters or through `load`, never as text."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def query(self, text: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """Run one statement and return its rows."""
        return self._connection.execute(text, _used(text, parameters or {})).fetchall()

    def value(self, text: str, parameters: Mapping[str, object] | None = None) -> Any:
        """Return the only cell of the only row."""
        ((answer,),) = self.query(text, parameters)
        return answer

    def make(self, table: str, select: str, parameters: Mapping[str, object] | None = None) -> None:
        """Make a temporary table from one SELECT, in place of an earlier one of that name."""
        assert re.fullmatch(r"[a-z_]+", table)
        self.query(f"CREATE OR REPLACE TEMP TABLE {table} AS {select}", parameters)

    def load(
        self, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[object]], temp: bool = False
    ) -> None:
        """Append rows to a table; with `temp`, make it anew as a temporary one. `columns` maps name to SQL type."""
        assert all(re.fullmatch(r"[a-z_0-9]+", name) for name in (table, *columns))
        assert all(kind.isalpha() for kind in columns.values())
        import pyarrow as pa

        values = zip(*rows, strict=True)
        staged = pa.table({name: pa.array(next(values, ()), ARROW[kind]) for name, kind in columns.items()})
        if temp:
            kinds = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            self.query(f"CREATE OR REPLACE TEMP TABLE {table} ({kinds})")
        self._connection.register("staged", staged)
        self.query(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns)} FROM staged")
        self._connection.unregister("staged")

    def arrow(self, text: str, parameters: Mapping[str, object] | None = None) -> Any:
        """Return the answer of one SELECT as an Arrow table."""
        return self._connection.execute(text, _used(text, parameters or {})).to_arrow_table()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing."""
        self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def digests(self) -> dict[str, list[str]]:
        """Return, for each lasting table, its row count and a digest of its rows in any order."""
        tables = self.query("SELECT table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY table_name")
        return {
            name: [str(cell) for cell in self.query(f"SELECT count(*), coalesce(bit_xor(hash(t)), 0) FROM {name} t")[0]]
            for (name,) in tables
        }

    def checkpoint(self) -> None:
        """Write everything into the file itself; raises duckdb.Error where that fails, which closing keeps to itself."""
        self._connection.execute("CHECKPOINT")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _used(text: str, parameters: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in parameters.items() if re.search(rf"\${name}\b", text)}


def open_facts(path: Path, scratch: Path, read_only: bool = False) -> Facts:
    """Open a facts file, locked down: no network, no extension, no file outside `scratch`."""
    connection = duckdb.connect(
        str(path),
        read_only=read_only,
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "memory_limit": "1GB",
            "threads": 2,
            "temp_directory": str(scratch),
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    folder = str(scratch).replace(
        "'", "''"
    )  # as text, for a bound parameter makes DuckDB import pandas where it is installed
    connection.execute(f"SET allowed_directories = ['{folder}']")
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return Facts(connection)


def new_facts(path: Path, scratch: Path) -> Facts:
    """Make an empty facts file with its tables."""
    facts = open_facts(path, scratch)
    facts.query(sql("pipeline.record", "facts.sql"))
    return facts


def copy_of(path: Path, scratch: Path) -> Path:
    """Return the path of a copy to work on."""
    copy = scratch / path.name
    shutil.copyfile(path, copy)
    return copy


def utc(moment: dt.datetime) -> str:
    """Return an aware moment as the UTC text that DuckDB's TIMESTAMP reads."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
