"""What is seen of a workbook beside the text of its cells, in all three formats; and how it is refused.

Used inside the process that turns workbooks (turning.py), and imports as little as that does.
"""

from dataclasses import dataclass, field

SAVE_AGAIN = "Open it, save it as .xlsx or .csv, and give that."
LEAVE_OUT = "This is no export. Leave it out, and ask where it came from."
CLEAR = "Delete the rows and columns outside the list, blank ones too, save it, and give that; or save the list alone as .csv."
NO_PASSWORD = "Open it, take the password off, save it, and give that."
LOOKS = 2  # counts what a workbook is looked at for: rows that were kept after fewer looks are read anew
FORMULA = "="  # of an odd cell: before what is stored behind the formula
PERCENT = "%"  # of an odd cell: a number that is shown as a percentage


class Refused(Exception):
    """The workbook is not read: (what is wrong, what to do)."""


@dataclass(slots=True)
class Seen:
    """What a workbook's cells do not say themselves: its format, hidden rows and sheets, cells shown as a percentage (their
    number by column, A is 0), days counted from 1904; and `odd` cells by sheet, row and column: a formula, a percentage, or
    the error."""

    format: str = ""
    looks: int = LOOKS

    hidden_rows: int = 0
    hidden_sheets: int = 0
    percent_cells: dict[int, int] = field(default_factory=dict)
    is_1904: bool = False
    odd: dict[str, dict[int, dict[int, str]]] = field(default_factory=dict)

    def note(self, sheet: str, row: int, column: int, what: str) -> None:
        """Note one odd cell; a formula stays one, whatever it comes to."""
        cells = self.odd.setdefault(sheet, {}).setdefault(row, {})
        if cells.get(column) != FORMULA:
            cells[column] = what

    def note_percent(self, sheet: str, row: int, column: int) -> None:
        """Note one cell shown as a percentage."""
        self.note(sheet, row, column, PERCENT)
        self.percent_cells[column] = self.percent_cells.get(column, 0) + 1


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell as people read it: row 6, column 16383 is XFD6."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
