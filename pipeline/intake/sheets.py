"""What a file holds before anybody asks what it is: sheets of rows of text."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.intake.findings import Finding

Row = tuple[int, list[str]]  # the number an officer sees, and the cells


@dataclass(slots=True)
class Sheet:
    """One sheet of a workbook, or the only one of a CSV (with a blank name); its rows can be gone through once."""

    name: str
    rows: Iterator[Row]


@dataclass(slots=True)
class Contents:
    """What a file holds, before anybody asks what it is."""

    file: str
    sheets: list[Sheet]
    findings: list[Finding] = field(default_factory=list)
    is_cut: bool = False  # its last line has no end
    percent_cells: dict[int, int] = field(default_factory=dict)  # by column, the cells that show a percentage
    is_1904: bool = False  # a workbook whose days are counted from 1904
