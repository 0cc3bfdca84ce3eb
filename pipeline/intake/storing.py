"""The rows of one intake -> the tables of the facts file."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import repeat

from pipeline.intake import cells
from pipeline.intake.blanks import tidy
from pipeline.intake.files import Reading
from pipeline.intake.findings import Finding
from pipeline.intake.rows import Typed
from pipeline.intake.sources import Kind
from pipeline.record.facts import Facts, utc
from pipeline.rules.windows import LONDON, start_of
from pipeline.rules.working_days import ONE_DAY

CELL_BREAK = "\x1f"  # control characters never get past the reading of a file
SAID = {"submitted": "Y", "missed": "N", None: "?"}
TABLES = {
    Kind.DEACTIVATED_LOCATIONS: "core_deactivated_row",
    Kind.PROVIDER_FEES: "core_provider_fee",
    Kind.PUBLIC_BODIES: "core_public_body",
    Kind.SERVICE_ADDRESSES: "core_service_address",
    Kind.SERVICE_REGISTER: "core_register_row",
}
SQL_TYPES = {
    "intake_no": "INTEGER", "row_no": "INTEGER", "column_no": "SMALLINT", "source_row": "INTEGER", "user_count": "INTEGER",
    "rows_read": "INTEGER", "rows_refused": "INTEGER", "annual_fee_pence": "BIGINT", "extracted_at": "TIMESTAMP", "updated_at": "TIMESTAMP", "known_until": "TIMESTAMP", "other_at": "TIMESTAMP",
    "ranked_at": "TIMESTAMP", "ranked_on": "DATE", "window_month": "DATE", "registered_on": "DATE", "provider_started_on": "DATE", "deregistered_on": "DATE", "as_at": "DATE",
    "id_is_sure": "BOOLEAN", "dormant": "BOOLEAN", "owes_care_home": "BOOLEAN", "owes_home_care": "BOOLEAN",
}  # fmt: skip
UNSAID = {"user_count": None, "registered_on": None}
IntakeColumns = tuple[str, str, str, str, dt.datetime | None, dt.datetime, int, int, str]


def store(facts: Facts, intake_no: int, intake: IntakeColumns, reading: Reading, findings: Sequence[Finding]) -> None:
    """Add all rows of one intake, and its findings."""
    _store_intake(facts, intake_no, intake, findings)
    provider_type = intake[3]
    if reading.kind in (Kind.MONTHLY_STATUS, Kind.RECORD_LEVEL):
        _store_units(facts, intake_no, provider_type, reading.parts)
    else:
        for part in reading.parts:
            _store_plain(facts, intake_no, reading.kind, part)


def store_unread(facts: Facts, intake_no: int, intake: IntakeColumns, why: Finding) -> None:
    """Add an intake of which nothing is used any more, and why."""
    _store_intake(facts, intake_no, intake, [why])


def _store_intake(facts: Facts, intake_no: int, intake: IntakeColumns, findings: Sequence[Finding]) -> None:
    sha256, file, kind, provider_type, extracted_at, ranked_at, rows, refused, layout = intake
    stated = None if extracted_at is None else utc(extracted_at)
    _load(
        facts, "core_intake",
        ["intake_no", "sha256", "file_name", "kind", "provider_type", "extracted_at", "ranked_at", "ranked_on", "known_until", "rows_read", "rows_refused", "layout"],
        [(intake_no, sha256, file, kind, provider_type, stated, utc(ranked_at), ranked_at.astimezone(LONDON).date(), utc(_known_until(ranked_at)), rows, refused, layout)],
    )  # fmt: skip
    _load(
        facts, "core_finding", ["intake_no", "source_sheet", "source_row", "source_column", "value_raw", "rule"],
        [(intake_no, f.sheet, f.row, f.column, f.value, f.rule) for f in findings],
    )  # fmt: skip


def _known_until(ranked_at: dt.datetime) -> dt.datetime:
    """Return the moment from which on a file knows nothing: where only its day was stated, the end of that day."""
    local = ranked_at.astimezone(LONDON)
    return start_of(local.date() + ONE_DAY) if local.time() == dt.time() else local + dt.timedelta(seconds=1)


def delete(facts: Facts, intake_no: int) -> None:
    """Take the rows of one intake out again (a later statement replaced it)."""
    for (table,) in facts.query(
        "SELECT table_name FROM duckdb_columns() WHERE column_name = 'intake_no' AND NOT internal "
        "AND table_name LIKE 'core_%' ORDER BY table_name"
    ):
        facts.query(f"DELETE FROM {table} WHERE intake_no = $intake_no", {"intake_no": intake_no})


def _load(facts: Facts, table: str, names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    if rows:
        facts.load(table, {name: SQL_TYPES.get(name, "VARCHAR") for name in names}, rows)


def _store_units(facts: Facts, intake_no: int, provider_type: str, parts: Sequence[Typed]) -> None:
    """Store unit rows with their answers, month columns, and last updates."""
    names = ["location_id", "location_name", "provider_id", "provider_name", "local_authority_raw",
             "registration_status", "user_count", "registered_on"]  # fmt: skip
    first_row = 1
    for part in parts:
        count, sheet = len(part.numbers), part.table.sheet
        sort_names = [str(name).casefold() for name in part.columns["location_name"]]
        types = [value or provider_type for value in part.columns.get("provider_type", [None] * count)]
        given = [part.columns.get(name, [UNSAID.get(name, "")] * count) for name in names]
        _load(
            facts, "core_unit_row",
            ["intake_no", "row_no", "source_row", "source_sheet", "provider_type", "id_is_sure", "sort_name", *names, "said", "answers"],
            list(zip(repeat(intake_no, count), range(first_row, first_row + count), part.numbers, repeat(sheet, count), types,
                     part.sure, sort_names, *given, _said(part.answers, count), map(CELL_BREAK.join, part.answers or [()] * count),
                     strict=True)),
        )  # fmt: skip
        table = part.table
        has = [
            c.name for c in table.source.columns if table.columns.get(c.name, len(table.headings)) < len(table.headings)
        ]
        if any(part.columns["local_authority_raw"]) and "local_authority_raw" not in has:
            has.append("local_authority_raw")  # filled down from groups
        _load(
            facts, "core_unit_sheet", ["intake_no", "source_sheet", "columns"],
            [(intake_no, sheet, f" {' '.join(has)} ")],
        )  # fmt: skip
        _load(
            facts, "core_status_column", ["intake_no", "source_sheet", "column_no", "heading", "window_month"],
            [(intake_no, sheet, n, column.heading, column.month) for n, column in enumerate(part.table.months, 1)],
        )  # fmt: skip
        row_no = {number: n for n, number in enumerate(part.numbers, first_row)}
        _load(
            facts, "core_stamp", ["intake_no", "row_no", "heading", "value_raw", "updated_at", "other_at"],
            [(intake_no, row_no[stamp.number], stamp.heading, stamp.raw, utc(stamp.updated_at),
              stamp.other_at and utc(stamp.other_at)) for stamp in part.stamps],
        )  # fmt: skip
        first_row += count


def _said(answers: Sequence[tuple[str, ...]], count: int) -> Iterator[str]:
    """Yield what each row says, a letter a month column; blank where there are none."""
    if not answers:
        return repeat("", count)
    letters = {word: SAID[cells.says(word)] if tidy(word) else "_" for word in set().union(*answers)}
    return ("".join(map(letters.__getitem__, row)) for row in answers)


def _store_plain(facts: Facts, intake_no: int, kind: Kind, part: Typed) -> None:
    """Store the rows of a kind whose columns are the table's."""
    columns = dict(part.columns)
    if kind not in (Kind.PROVIDER_FEES, Kind.SERVICE_ADDRESSES):
        columns.pop("as_at", None)
    names = ["intake_no", "source_row", *columns]
    _load(
        facts,
        TABLES[kind],
        names,
        list(zip([intake_no] * len(part.numbers), part.numbers, *columns.values(), strict=True)),
    )
