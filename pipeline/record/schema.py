"""The tables of the register, their version, and how an older register becomes one of today."""

import sqlalchemy as sa

from pipeline.errors import UsageError

VERSION = 2
LOCK = 2771175  # the key under which writers to PostgreSQL wait for each other
RUN = 2771176  # the key that the one run holds

_metadata = sa.MetaData()
event = sa.Table(
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
_version = sa.Table("register_schema", _metadata, sa.Column("version", sa.Integer, nullable=False))

STEPS = {
    # from version -> what makes the next one of it
    1: [
        "CREATE UNIQUE INDEX event_hash ON event (hash)",
        "CREATE INDEX event_kind_subject ON event (kind, subject, no)",
    ],
}


def is_current(connection: sa.Connection) -> bool:
    """Say whether the register has the tables of today; raises UsageError for one that a newer version wrote."""
    found = version_of(connection)
    if found > VERSION:
        raise UsageError(
            f"The register has version {found}; this program knows versions up to {VERSION}. Use the newer program."
        )
    return found == VERSION


def version_of(connection: sa.Connection) -> int:
    """Return the version of the tables there are: 0 for none, 1 for those from before versions were written down."""
    inspector = sa.inspect(connection)
    if inspector.has_table(_version.name):
        return int(connection.execute(sa.select(_version.c.version)).scalar_one())
    return 1 if inspector.has_table(event.name) else 0


def migrate(connection: sa.Connection) -> None:
    """Bring the tables to today's version, in the transaction of the one writer; rows stay as they are."""
    if is_current(connection):
        return  # another process was first
    found = version_of(connection)
    _metadata.create_all(connection)
    for version in range(max(found, 1), VERSION):
        for statement in STEPS[version]:
            connection.exec_driver_sql(statement)
    connection.execute(sa.delete(_version))
    connection.execute(sa.insert(_version).values(version=VERSION))
