"""Workbooks, read in a process of their own; their rows are kept, so that each is opened once only."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import InputRefused
from pipeline.intake.findings import Finding
from pipeline.intake.seen import LOOKS
from pipeline.intake.sheets import Contents, Row, Sheet
from pipeline.intake.turning import DISK_FAILED, REFUSED
from pipeline.record.archive import digest_of
from pipeline.rules.parameters import InForce

MEGABYTE = 1_000_000
SHEETS = "sheets.json"


def read_workbook(path: Path, file: str, in_force: InForce, turned: Path) -> Contents:
    """Return the sheets of a workbook, from the folder `turned` where they stand as they were written, else read anew."""
    if not is_whole(turned) or _said(turned).get("looks") != LOOKS:
        _turn(path, file, in_force, turned)
    said = _said(turned)
    longest = in_force.number("cell_characters_most")
    sheets = [_sheet(turned, sheet, said["odd"], longest) for sheet in said["sheets"]]
    hidden = [Finding("hidden_rows", value=f"{said['hidden_rows']} rows")] if said["hidden_rows"] else []
    if said["hidden_sheets"]:
        hidden.append(Finding("hidden_sheets", value=f"{said['hidden_sheets']} sheets"))
    percent_cells = {int(column): count for column, count in said["percent_cells"].items()}
    return Contents(file, sheets, hidden, percent_cells=percent_cells, is_1904=said["is_1904"], format=said["format"])


def _sheet(turned: Path, said: dict[str, str], odd: dict[str, dict[str, dict[str, str]]], longest: int) -> Sheet:
    cells = {
        int(row): {int(column): what for column, what in columns.items()}
        for row, columns in odd.get(said["name"], {}).items()
    }
    sheet = Sheet(said["name"], iter(()), odd=cells)
    sheet.rows = _rows(turned / said["file"], longest, sheet.spanning)
    return sheet


def _said(turned: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((turned / SHEETS).read_text(encoding="utf-8"))
    return said


def is_whole(turned: Path) -> bool:
    """Say whether a folder holds every sheet its list names, unchanged."""
    try:
        said = _said(turned)
        return all(digest_of(turned / sheet["file"]) == sheet["sha256"] for sheet in said["sheets"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _turn(path: Path, file: str, in_force: InForce, turned: Path) -> None:
    limits = {
        "sheets": in_force.number("workbook_sheets_most"),
        "rows": in_force.number("rows_most"),
        "members": in_force.number("workbook_members_most"),
        "ratio": in_force.number("workbook_ratio_most"),
        "xlsx": in_force.number("xlsx_unpacked_megabytes_most") * MEGABYTE,
        "ods": in_force.number("ods_unpacked_megabytes_most") * MEGABYTE,
        "memory": in_force.number("workbook_memory_megabytes") * MEGABYTE,
        "xls_memory": in_force.number("xls_memory_megabytes") * MEGABYTE,
        "seconds": in_force.number("workbook_seconds"),
        "cells": in_force.number("xls_cells_most"),
        "columns": in_force.number("columns_most"),
        "characters": in_force.number("cell_characters_most"),
    }
    making = turned.with_name(f".{turned.name}.new")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700, parents=True)
    order = [sys.executable, "-I", "-m", "pipeline.intake.turning", str(path), str(making), json.dumps(limits)]
    try:
        ended = subprocess.run(order, capture_output=True, env={}, timeout=2 * limits["seconds"], check=False)
        if ended.returncode == 0:
            shutil.rmtree(turned, ignore_errors=True)
            making.rename(turned)
            return
        problem = "it needs more memory or time than a workbook may."
        todo = "Open it, leave out all but the list, save it as .csv, and give that."
        if ended.returncode == DISK_FAILED:
            number = json.loads(ended.stdout)["errno"]
            raise OSError(number, os.strerror(number), str(making))
        if ended.returncode == REFUSED:
            problem, todo = json.loads(ended.stdout).values()
        raise InputRefused(file, problem, todo)
    except subprocess.TimeoutExpired:
        raise InputRefused(
            file, "it takes longer to read than a workbook may.", "Save it as .csv, and give that."
        ) from None
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _rows(path: Path, longest: int, spanning: set[int]) -> Iterator[Row]:
    csv.field_size_limit(longest)
    with path.open(encoding="utf-8", newline="") as opened:
        reader, last = csv.reader(opened, strict=True), 0
        for row in reader:
            number = int(row.pop(0))
            if reader.line_num > last + 1:
                spanning.add(number)
            last = reader.line_num
            yield number, row
