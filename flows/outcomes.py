"""Recording what happened to many cases from a workbook: every row of it is lawful, or nothing is recorded."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flows.casework import Record, append, case_named
from flows.opening import register_of
from flows.settings import london_day, parameters
from pipeline.enforce.cases import Case, cases_of
from pipeline.enforce.steps import EXCUSES, RECORDED, RESULTS
from pipeline.errors import InputRefused, UnlawfulStep, UsageError
from pipeline.record.home import Home, write_whole
from pipeline.record.register import Ledger
from pipeline.rules.windows import parse_day
from reports.lists.outcomes_book import HEADINGS, SHEET, outcomes_book

EVENTS = tuple(event for event in RECORDED if event != "final_notice")  # a final notice is looked at one by one (reg 3)
TODO = "Correct the row; then give the whole file again."


def write_template(home: Home, path: Path, moment: dt.datetime) -> int:
    """Write the workbook to be filled in, with a row for each open case; return their number. A file that is there stays."""
    if path.exists():
        raise UsageError(f"{path} is there already.")
    day = london_day(moment)
    register = register_of(home)
    known = [case for case in cases_of(register).values() if case.is_open]
    register.close()
    rows = [
        {"letter_ref": case.ref, "provider_name": case.opening["provider_name"], "state": case.state(day), "decide_by": case.day("decide_by")}
        for case in known
    ]  # fmt: skip
    write_whole(path, outcomes_book(rows, EVENTS, (*EXCUSES, *RESULTS)))
    return len(rows)


def record_all(home: Home, path: Path, by: str, moment: dt.datetime) -> dict[str, int]:
    """Record every row of a workbook, in its order, or raise InputRefused with the row and column that cannot be.

    A row that says what was recorded before is passed over, so that the same file given twice changes nothing.
    """
    rows = list(_rows(path, parameters().on(london_day(moment)).number("rows_most")))
    known = blank = 0
    register = register_of(home)
    try:
        with register.writing() as ledger:
            for number, cells in rows:
                _refuse_half(path.name, number, cells)
                if not cells["What happened"]:
                    blank += 1
                    continue
                asked = _record(path.name, number, cells, by)
                if _is_known(_case(ledger, path.name, number, asked.ref), asked):
                    known += 1
                    continue
                _append(ledger, home, path.name, number, asked, moment)
    finally:
        register.close()
    return {"recorded": len(rows) - known - blank, "known": known, "blank": blank}


def _append(ledger: Ledger, home: Home, file: str, row: int, asked: Record, moment: dt.datetime) -> None:
    """Write the event of one row down; raises InputRefused with the column for one that is not lawful, or lies ahead."""
    try:
        append(ledger, home, asked, moment, said={"workbook": file, "row": row})
    except UnlawfulStep as unlawful:
        column, value, why = "What happened", asked.event, f"{unlawful.step} is not lawful: {unlawful.rule}."
    except UsageError as slip:
        column, value, why = "On", str(asked.on), str(slip)
    else:
        return
    raise InputRefused(file, why, TODO, sheet=SHEET, row=row, column=column, value=value)


def _refuse_half(file: str, row: int, cells: dict[str, Any]) -> None:
    """Refuse a formula, and a row that is filled in but for what happened."""
    for column, cell in cells.items():
        if isinstance(cell, str) and cell.startswith("="):
            raise InputRefused(
                file, "it is a formula.", "Write the value itself.", sheet=SHEET, row=row, column=column, value=cell
            )
    if not cells["What happened"] and any(cells[name] for name in ("On", "Reason", "Why, in words")):
        raise InputRefused(
            file, "it is blank, and the row says more.", TODO, sheet=SHEET, row=row, column="What happened"
        )


def _case(ledger: Ledger, file: str, row: int, ref: str) -> Case:
    try:
        return case_named(ledger, ref)
    except UsageError:
        raise InputRefused(
            file, "there is no such case.", TODO, sheet=SHEET, row=row, column=HEADINGS[0], value=ref
        ) from None


def _is_known(case: Case, asked: Record) -> bool:
    return any(
        (event.event, event.on, event.because) == (asked.event, asked.on, asked.because)
        and all(event.details.get(name) == value for name, value in asked.details.items())
        for event in case.events
    )


def _record(file: str, row: int, cells: dict[str, Any], by: str) -> Record:
    """Return the event of one row; raises InputRefused with the column that cannot be read."""

    def refused(column: str, problem: str) -> InputRefused:
        return InputRefused(file, problem, TODO, sheet=SHEET, row=row, column=column, value=str(cells[column] or ""))

    event, on, reason = str(cells["What happened"]), cells["On"], str(cells["Reason"] or "")
    if event not in EVENTS:
        raise refused("What happened", f"it is none of {', '.join(EVENTS)}.")
    if isinstance(on, dt.datetime) and on.time() == dt.time():
        on = on.date()
    elif isinstance(on, str):
        try:
            on = parse_day(on)
        except UsageError:
            on = None
    if type(on) is not dt.date:
        raise refused("On", "it is no day, as 31/01/2025 in a cell for dates, or 2025-01-31 as text.")
    name, allowed = {"no_penalty": ("reason", EXCUSES), "appeal_decided": ("result", RESULTS)}.get(event, ("", ()))
    if reason and reason not in allowed:
        raise refused("Reason", f"for {event} it has to be {' or '.join(allowed) or 'blank'}.")
    details = {name: reason} if reason else {}
    return Record(str(cells[HEADINGS[0]] or ""), event, on, by, str(cells["Why, in words"] or ""), details)


def _rows(path: Path, most: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (row number, cells by heading) of every filled row; raises InputRefused for a file that is not our workbook."""
    import openpyxl

    if not path.is_file():
        raise UsageError(f"{path}: there is no such file.")
    todo = "Take the workbook that `asc-compliance notices outcomes FILE.xlsx --template` writes."
    try:
        book = openpyxl.load_workbook(path, read_only=True)
        sheet = book[SHEET]
        lines = sheet.iter_rows(values_only=True, max_row=most + 2, max_col=len(HEADINGS))
        head = tuple(next(lines, ()))
        if head != HEADINGS:
            raise InputRefused(path.name, f"its headings are not {', '.join(HEADINGS)}.", todo, sheet=SHEET, row=1)
        for number, cells in enumerate(lines, 2):
            if number > most + 1:
                raise InputRefused(path.name, f"it has more than {most:,} rows.", todo, sheet=SHEET)
            said = dict(zip(HEADINGS, (cell.strip() if isinstance(cell, str) else cell for cell in cells), strict=True))
            if any(said.values()):
                yield number, said
        book.close()
    except InputRefused:
        raise
    except Exception:  # whatever openpyxl meets in a file that is no workbook: it has no error of its own
        raise InputRefused(path.name, f'it is no workbook with a sheet "{SHEET}".', todo) from None
