"""Records swallowed by a quote that was never closed: whole rows of others stand inside one cell."""

import re
from collections.abc import Sequence

from pipeline.intake.blanks import DASHES, tidy
from pipeline.intake.cells import WRAPPED

NUMBERED = re.compile(r"(?<![0-9A-Za-z-])1-[0-9]{5,12}(?![0-9A-Za-z-])")
NHS = re.compile(r"(?=[A-Z0-9]*[0-9])[A-Z][A-Z0-9]{2,5}")
OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")  # the first half of a postcode looks like a short NHS id
MARKS = re.compile(r"[,;|\t]")
LEAST = 3  # cells beside it in a line, for what may be half a postcode to be an id


def swallows(row: Sequence[str], own: str) -> bool:
    """Say whether any cell that spans lines holds an id of another record than its own: `1-` and digits anywhere in it, or an
    id in NHS style where a cell of its own would be."""
    return any(_holds_id(cell, own) for cell in row if "\n" in cell or "\r" in cell)


def _holds_id(cell: str, own: str) -> bool:
    lines = re.split(r"[\r\n]+", tidy(cell).translate(DASHES))
    if len(lines) == 1:
        return False  # a line break at its end only
    if any(found != own for line in lines for found in NUMBERED.findall(line)):
        return True
    parts = [(part, len(cells)) for line in lines for cells in [MARKS.split(line)] for part in cells]
    return any(_is_nhs(part, count) and tidy(part).upper() != own for part, count in parts)


def _is_nhs(part: str, cells: int) -> bool:
    text = tidy(part)
    if match := WRAPPED.fullmatch(text):
        text = tidy(next(filter(None, match.groups()), ""))
    if NHS.fullmatch(text.upper()) is None or cells < 2:
        return False
    return cells > LEAST or (text.isupper() and OUTWARD.fullmatch(text) is None)
