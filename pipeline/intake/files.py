"""One file -> all that would be taken in from it, or one refusal. Nothing is kept here."""

import datetime as dt
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pipeline.errors import InputRefused
from pipeline.intake.blanks import tidy
from pipeline.intake.columns import read_columns
from pipeline.intake.findings import Finding
from pipeline.intake.reading import read_contents
from pipeline.intake.rows import Typed, take_records
from pipeline.intake.sources import Kind
from pipeline.intake.statements import stated_by_name
from pipeline.intake.tables import Table, recognise
from pipeline.intake.whole import look_at_whole
from pipeline.rules.parameters import InForce, Parameters
from pipeline.rules.windows import COLLECTION_BEGAN, start_of, window_for
from pipeline.rules.working_days import WorkingDays

OLDEST = start_of(dt.date(1900, 1, 1))


@dataclass(slots=True)
class Reading:
    """What one file says: its kind, the provider type of its column, its rows, and where it ranks unstated."""

    file: str
    kind: Kind
    column_type: str
    parts: list[Typed]
    findings: list[Finding]
    fallback: dt.datetime

    @property
    def layout(self) -> str:
        """The layout of its kind."""
        return self.parts[0].table.source.layout

    @property
    def rows(self) -> int:
        """Records read, taken or refused."""
        return sum(part.read for part in self.parts)

    @property
    def refused(self) -> int:
        """Records refused."""
        return sum(part.refused for part in self.parts)

    @property
    def months(self) -> list[dt.date]:
        """The months of a status export, in order."""
        return sorted({column.month for part in self.parts for column in part.table.months})


def read_file(path: Path, file: str, parameters: Parameters, turned: Path) -> Reading:
    """Read a file, whatever it is called; raises InputRefused where nothing of it can be used.

    The rows of a workbook are kept in the folder `turned`, and taken from there where they stand there whole.
    """
    in_force = parameters.on(dt.date.max)
    contents = read_contents(path, file, in_force, turned)
    tables = recognise(contents, in_force)
    parts = [_typed(table, in_force) for table in tables]
    kind = parts[0].table.source.kind
    findings = [finding.masked() for finding in chain(contents.findings, *(part.findings for part in parts))]
    reading = Reading(file, kind, "", parts, findings, OLDEST)
    _refuse_percentages(reading, contents.percent_cells, in_force.share("file_refused_share"))
    _refuse_mostly_unreadable(reading, in_force.share("file_refused_share"))
    reading.column_type = parts[0].table.source.provider_type
    if kind is Kind.MONTHLY_STATUS:
        for part in parts:
            _say_by_sheet(part)
        reading.column_type = _column_type(reading)
        reading.fallback = window_for(max(reading.months[-1], COLLECTION_BEGAN), WorkingDays(), parameters).opens_at
    else:
        stated = [day for part in parts for day in part.columns.get("as_at", []) if isinstance(day, dt.date)]
        reading.fallback = start_of(max(stated)) if stated else OLDEST
    return reading


def _typed(table: Table, in_force: InForce) -> Typed:
    """Read every row of a table."""
    answer = Typed(table, findings=list(table.findings))
    take_records(answer)
    read_columns(answer, in_force)
    look_at_whole(answer)
    return answer


def _say_by_sheet(part: Typed) -> None:
    """Where a sheet's name says a provider type, its rows are of that type unless a column says it (DATA case 15)."""
    by_name = stated_by_name(part.table.sheet).provider_type
    if by_name:
        part.columns["provider_type"] = [value or by_name for value in part.columns["provider_type"]]


def _column_type(reading: Reading) -> str:
    types = {str(value) for part in reading.parts for value in part.columns["provider_type"] if value}
    blank = any(value is None for part in reading.parts for value in part.columns["provider_type"])
    if len(types) == 2 and blank:
        raise InputRefused(
            reading.file,
            "some rows have no Provider Type, and the others are of both.",
            "Fill the column, or export one type a file.",
        )
    return "both" if len(types) == 2 else next(iter(types), "")


def _refuse_percentages(reading: Reading, percent_cells: dict[int, int], most: float) -> None:
    """Refuse a workbook that shows most answers as percentages, even where a 1 behind a "100%" could be read."""
    months = {column.index for part in reading.parts for column in part.table.months}
    shown = sum(count for index, count in percent_cells.items() if index in months)
    filled = sum(len(row) - row.count("") for part in reading.parts for row in part.answers) if shown else 0
    if shown > most * filled:
        raise InputRefused(
            reading.file, f"{shown} of its answers are shown as percentages.", "Export with Data Type = Numbers."
        )


def _refuse_mostly_unreadable(reading: Reading, most: float) -> None:
    again = reading.parts[0].table.source.again
    unsure = sum(part.sure.count(False) for part in reading.parts)
    if reading.rows and (reading.refused + unsure) > most * reading.rows:
        first = next(
            (
                f
                for f in reading.findings
                if f.rule in ("id_refused", "row_short", "row_truncated", "row_value_refused")
            ),
            None,
        )
        raise InputRefused(
            reading.file,
            f"{reading.refused + unsure} of its {reading.rows} rows cannot be used.",
            again,
            row=first.row if first else 0,
            column=first.column if first else "",
            value=first.value if first else "",
        )
    unreadable = [finding.value for finding in reading.findings if finding.rule == "value_unreadable"]
    filled = sum(len(row) - row.count("") for part in reading.parts for row in part.answers) if unreadable else 0
    if filled and len(unreadable) > most * filled:
        percent = " Export with Data Type = Numbers." if tidy(unreadable[0]).endswith("%") else ""
        raise InputRefused(
            reading.file,
            f"{len(unreadable)} of its {filled} month values are neither Yes nor No.",
            again + percent,
            value=unreadable[0],
        )
