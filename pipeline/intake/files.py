"""One file -> all that would be taken in from it, or one refusal. Nothing is kept here."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pipeline.errors import InputRefused
from pipeline.intake import cells
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
from pipeline.rules.windows import COLLECTION_BEGAN, LONDON, start_of, window_for
from pipeline.rules.working_days import WorkingDays

SAYS_NOTHING = ("value_unreadable", "formula_under_month", "error_under_month")
ID = "allowed is a CQC id: 1- and 5 to 12 digits, or an NHS id such as RX3LD"
ALLOWED = {  # findings that refuse a row -> what would have been allowed
    "id_refused": ID, "id_unsure": ID + ", or one that the CQC register holds", "row_short": "each row has as many cells as the headings",
    "row_truncated": "each row has as many cells as the headings", "row_value_refused": "its value is not allowed",
    "row_swallows": "a record holds one id", "row_shifted": "no cell stands under an empty heading",
}  # fmt: skip
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
        reading.fallback = _stated(kind, parts)
    return reading


def _stated(kind: Kind, parts: list[Typed]) -> dt.datetime:
    """Return when a file was made by its column `as_at`: of fees and addresses, each of which is judged by its own day, the
    first; of other lists the day that most rows say.  A single row of another day hides no file."""
    days = Counter(day for part in parts for day in part.columns.get("as_at", []) if isinstance(day, dt.date))
    if not days:
        return OLDEST
    if kind in (Kind.PROVIDER_FEES, Kind.SERVICE_ADDRESSES):
        return start_of(min(days))
    return start_of(max(days, key=lambda day: (days[day], day)))


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
    """Refuse a file of which more than a share of the rows, or of the answers, cannot be used; one of them is shown."""
    source, unsure = reading.parts[0].table.source, unsure_ids(reading)
    if reading.rows and (reading.refused + len(unsure)) > most * reading.rows:
        first = next((f for f in chain(reading.findings, unsure) if f.rule in ALLOWED), None) or Finding("")
        allowed = next((part.allowed[first.column] for part in reading.parts if first.column in part.allowed), "")
        raise InputRefused(
            reading.file, f"{reading.refused + len(unsure)} of its {reading.rows} rows cannot be used; "
            f"{'allowed is ' + allowed if allowed else ALLOWED.get(first.rule, '')}.",
            _advice(reading, first.rule), sheet=first.sheet, row=first.row, column=first.column, value=first.value,
        )  # fmt: skip
    unreadable = [finding for finding in reading.findings if finding.rule in SAYS_NOTHING]
    filled = sum(len(row) - row.count("") for part in reading.parts for row in part.answers) if unreadable else 0
    if filled and len(unreadable) > most * filled:
        first = unreadable[0]
        percent = " Export with Data Type = Numbers." if tidy(first.value).endswith("%") else ""
        raise InputRefused(
            reading.file, f"{len(unreadable)} of its {filled} month values are neither Yes nor No (nor 1, 0, Y, N, TRUE, FALSE).",
            source.again + percent, sheet=first.sheet, row=first.row, column=first.column, value=first.value,
        )  # fmt: skip


def unsure_ids(reading: Reading) -> list[Finding]:
    """Return the rows whose id has not the form of one: the CQC register alone can say whether it is."""
    return [
        Finding(
            "id_unsure", part.table.sheet, number, part.table.headings[part.table.columns["location_id"]], str(text)
        )
        for part in reading.parts
        if not all(part.sure)
        for number, text, is_sure in zip(part.numbers, part.columns["location_id"], part.sure, strict=True)
        if not is_sure
    ]


def _advice(reading: Reading, rule: str) -> str:
    """Return what to do about a file most of whose rows cannot be used."""
    source = reading.parts[0].table.source
    if rule in ("id_refused", "id_unsure"):
        return "Give each row its CQC id as text, with nothing around it: a name never stands in for an id."
    if rule in ("row_short", "row_truncated", "row_swallows", "row_shifted"):
        return "Export it again: its rows cannot be told apart."
    if source.kind is Kind.DEACTIVATED_LOCATIONS:
        return (
            "This list has both start and end dates. Deactivated_Locations has an end date in each row; HSCA_Active_Locations has "
            "no column for one. Give the two lists as CQC publishes them."
        )
    return source.again


def of_their_time(reading: Reading, extracted_at: dt.datetime | None, parameters: Parameters) -> list[Finding]:
    """Return the findings about months of a status export that had not come, or whose window had not opened, when it was taken.

    Raises InputRefused where answers stand under a month later than that of the extraction: they cannot be (RULES 3).
    """
    findings: list[Finding] = []
    if reading.kind is not Kind.MONTHLY_STATUS or extracted_at is None:
        return findings
    taken_in = extracted_at.astimezone(LONDON).date().replace(day=1)
    for part in reading.parts:
        table = part.table
        for place, column in enumerate(table.months):
            is_late = column.month > taken_in
            is_early = column.month == taken_in and extracted_at < start_of(
                column.month.replace(day=parameters.on(column.month).number("window_opens_on_day"))
            )
            if not (is_late or is_early):
                continue
            answered = [n for n, row in enumerate(part.answers) if cells.is_answer(row[place])]
            if is_late and answered:
                raise InputRefused(
                    reading.file, f"answers for {column.month:%B %Y}, which had not come when it was taken ({extracted_at:%Y-%m-%d}).",
                    "Is the day in its name right, and are the headings? Export again, or say the day: --extracted-at.",
                    sheet=table.sheet, row=part.numbers[answered[0]], column=column.heading, value=part.answers[answered[0]][place],
                )  # fmt: skip
            if is_late:
                findings.append(Finding("month_after_extraction", table.sheet, table.heading_row, column.heading))
            elif answered:
                findings.append(Finding("window_not_open", table.sheet, 0, column.heading, f"{len(answered)} services"))
    return findings
