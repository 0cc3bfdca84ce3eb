"""One file -> all that would be taken in from it, or one refusal. Nothing is kept here."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputRefused
from pipeline.intake import cells
from pipeline.intake.findings import Finding
from pipeline.intake.reading import read_contents
from pipeline.intake.rows import Typed, typed
from pipeline.intake.sources import Kind
from pipeline.intake.tables import recognise
from pipeline.rules.parameters import Parameters
from pipeline.rules.windows import start_of, window_for
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


def read_file(path: Path, file: str, parameters: Parameters) -> Reading:
    """Read a file, whatever it is called; raises InputRefused where nothing of it can be used."""
    in_force = parameters.on(dt.date.max)
    contents = read_contents(path, file)
    parts = [typed(table) for table in recognise(contents, in_force.number("heading_rows_searched"))]
    kind = parts[0].table.source.kind
    findings = contents.findings + [finding for part in parts for finding in part.findings]
    reading = Reading(file, kind, "", parts, findings, OLDEST)
    _refuse_mostly_unreadable(reading, in_force.share("file_refused_share"))
    if kind is Kind.MONTHLY_STATUS:
        reading.column_type = _column_type(reading)
        reading.fallback = window_for(reading.months[-1], WorkingDays(), parameters).opens_at
    else:
        stated = [day for part in parts for day in part.columns.get("as_at", []) if isinstance(day, dt.date)]
        reading.fallback = start_of(max(stated)) if stated else OLDEST
    return reading


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


def _refuse_mostly_unreadable(reading: Reading, most: float) -> None:
    again = reading.parts[0].table.source.again
    unsure = sum(part.sure.count(False) for part in reading.parts)
    if reading.rows and (reading.refused + unsure) > most * reading.rows:
        first = next((f for f in reading.findings if f.rule in ("id_refused", "row_short", "row_value_refused")), None)
        raise InputRefused(
            reading.file,
            f"{reading.refused + unsure} of its {reading.rows} rows cannot be used.",
            again,
            row=first.row if first else 0,
            column=first.column if first else "",
            value=first.value if first else "",
        )
    filled = unreadable = 0
    example = ""
    for part in reading.parts:
        for column in part.table.months:
            for row in part.raw:
                value = row[column.index]
                if value and (word := cells.tidy(value)):
                    filled += 1
                    if cells.says(word) is None:
                        unreadable += 1
                        example = example or word
    if filled and unreadable > most * filled:
        percent = " Export with Data Type = Numbers." if example.endswith("%") else ""
        raise InputRefused(
            reading.file,
            f"{unreadable} of its {filled} month values are neither Yes nor No.",
            again + percent,
            value=example,
        )
