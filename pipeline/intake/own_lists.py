"""Lists that we published ourselves and that come back: known by what stands in them, whoever edited or renamed them."""

import functools
import re
from collections.abc import Sequence

from pipeline import reference
from pipeline.errors import InputRefused
from pipeline.intake.blanks import tidy
from pipeline.intake.headings import normal_heading
from pipeline.intake.sheets import Row

LEAST = 2  # headings of ours that no other list has


class OwnList(InputRefused):
    """A list of ours: no export, whatever it is called."""

    def __init__(self, file: str, sheet: str, row: int, column: str) -> None:
        super().__init__(
            file, "this is a list that we published, or a copy of one, not an export.",
            "Leave it out. What an officer found out is no answer of Capacity Tracker: ask the provider to update it, and export again.",
            sheet=sheet, row=row, column=column,
        )  # fmt: skip


def refuse_own(file: str, sheet: str, head: Sequence[Row]) -> None:
    """Raise OwnList where the first rows of a sheet hold two of our own headings, or the title of a list of ours."""
    headings, titles = _ours()
    for number, row in head:
        found = [cell for cell in row if normal_heading(cell) in headings or _is_window(cell)]
        if len({normal_heading(cell) for cell in found}) >= LEAST:
            raise OwnList(file, sheet, number, found[0])
        title = next((cell for cell in row if titles.fullmatch(tidy(cell))), None)
        if title is not None:
            raise OwnList(file, sheet, number, title)


@functools.cache
def _ours() -> tuple[frozenset[str], re.Pattern[str]]:
    ours = reference.toml("headings.toml")["published"]
    return frozenset(map(normal_heading, ours["headings"])), re.compile("|".join(ours["titles"]), re.IGNORECASE)


def _is_window(heading: str) -> bool:
    return re.fullmatch(r"window [a-z]{3,4} [0-9]{2}", normal_heading(heading)) is not None
