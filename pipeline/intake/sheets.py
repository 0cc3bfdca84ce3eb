"""What a file holds before anybody asks what it is: sheets of rows of text."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.intake.findings import Finding

Row = tuple[int, list[str]]  # the number an officer sees, and the cells


@dataclass(slots=True)
class Sheet:
    """One sheet of a workbook, or the only one of a CSV (with a blank name); its rows can be gone through once.

    As they are, `spanning` collects the numbers of those whose cells hold line breaks.  `odd` names the cells that are more than
    their text says, by row number and column index: a formula, an error, a percentage.
    """

    name: str
    rows: Iterator[Row]
    spanning: set[int] = field(default_factory=set)
    odd: dict[int, dict[int, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Contents:
    """What a file holds, before anybody asks what it is."""

    file: str
    sheets: list[Sheet]
    findings: list[Finding] = field(default_factory=list)
    is_cut: bool = False  # its last line has no end
    percent_cells: dict[int, int] = field(default_factory=dict)  # by column, the cells that show a percentage
    format: str = ""  # of a workbook: xlsx, xls, ods
    is_1904: bool = False  # a workbook whose days are counted from 1904
