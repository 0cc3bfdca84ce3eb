"""Cells that say something else than was meant, or nothing."""

import datetime as dt
import io
import random
from collections.abc import Callable

import openpyxl

from tests.mutations.kinds import ALIKE, LOUD, STOPPED, TOLD, of_bytes, of_export, some
from tests.mutations.tables import Cell, Error, Formula, Percent, Table

UNREAD = "value_unreadable"
IN_CELL = f"{UNREAD} .*formula.* .*error.* .*cell.*"
BOOKS = (".xlsx", ".ods")


def said_otherwise(table: Table, say: Callable[[Cell], Cell], columns: list[int] | None = None) -> Table:
    """Return a table in whose months each answer of a service is said otherwise."""
    for n in table.units:
        for column in columns or list(table.months.values()):
            table.rows[n][column] = say(table.rows[n][column])
    return table


def exchange(table: Table) -> Callable[[Cell], Cell]:
    yes, no = table.words
    return lambda cell: no if cell == yes else yes if cell == no else cell


def no_as(table: Table, other: Cell) -> Callable[[Cell], Cell]:
    return lambda cell: other if table.is_no(cell) else cell


def yes_as(table: Table, other: Cell) -> Callable[[Cell], Cell]:
    return lambda cell: other if table.is_yes(cell) else cell


def a_few(table: Table, rng: random.Random, make: Callable[[], Cell]) -> Table:
    """Return a table in which the newest month of a few services, whom it calls well, holds something else."""
    answered = [n for n in table.units if all(table.is_yes(table.rows[n][column]) for column in table.months.values())]
    for n in rng.sample(answered, 6):
        table.rows[n][table.newest] = make()
    return table


# --- Yes and No -------------------------------------------------------------------------------------------------------


@of_export(LOUD)
def yes_and_no_exchanged(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, exchange(table))


@of_export(LOUD)
def yes_and_no_exchanged_in_the_newest_month(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, exchange(table), [table.newest])


@of_export(None, LOUD)
def yes_and_no_exchanged_in_an_earlier_month(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, exchange(table), [rng.choice(list(table.months.values())[-4:-1])])


@of_export(None, LOUD | TOLD, rules="yes_became_no no_became_yes", each=True)
def yes_and_no_exchanged_for_one_council(table: Table, rng: random.Random) -> Table:
    column = table.column("Local Authority")
    one = rng.choice(sorted({str(name) for name in table.values(column)}))
    for n in table.units:
        if table.rows[n][column] == one:
            for month in table.months.values():
                table.rows[n][month] = exchange(table)(table.rows[n][month])
    return table


@of_export(LOUD | TOLD, rules="blank_after_close", each=True)
def no_as_blank(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, no_as(table, ""))


@of_export(LOUD | TOLD, rules="blank_after_close", each=True)
def no_as_blank_in_the_newest_month(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, no_as(table, ""), [table.newest])


@of_export(LOUD | TOLD, rules="blank_after_close", each=True)
def a_few_cells_blanked_in_the_newest_month(table: Table, rng: random.Random) -> Table:
    return a_few(table, rng, str)


@of_export(LOUD)
def yes_as_blank(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, yes_as(table, ""))


@of_export(LOUD)
def yes_as_blank_in_the_newest_month(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, yes_as(table, ""), [table.newest])


@of_export(None, LOUD | TOLD, rules="no_became_yes", each=True)
def no_as_yes_in_earlier_months(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, no_as(table, table.words[0]), list(table.months.values())[:-1])


@of_export(None, LOUD | TOLD, rules="no_became_yes")
def no_as_yes(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, no_as(table, table.words[0]))


@of_export(LOUD, types=["home_care"])
def nobody_missed_the_newest_month(table: Table, rng: random.Random) -> Table:
    """At least ten did in each of the three windows before."""
    counts = [sum(map(table.is_no, table.values(column))) for column in list(table.months.values())[-4:-1]]
    assert min(counts) >= 10, "this seed's export has too few misses to tell"
    return said_otherwise(table, no_as(table, table.words[0]), [table.newest])


@of_export(LOUD | TOLD, rules="not_required_yet_reported submitted_before_registration no_became_yes")
def every_cell_yes(table: Table, rng: random.Random) -> Table:
    """Blanks too: services answer before they were registered."""
    return said_otherwise(table, lambda cell: table.words[0])


@of_export(LOUD)
def every_cell_no(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, lambda cell: table.words[1])


@of_export(LOUD)
def every_cell_no_in_the_newest_month(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, lambda cell: table.words[1], [table.newest])


@of_export(LOUD)
def a_third_missed_the_newest_month(table: Table, rng: random.Random) -> Table:
    for n in some(rng, table.units, 1 / 3):
        table.rows[n][table.newest] = table.words[1]
    return table


# --- other words ------------------------------------------------------------------------------------------------------


@of_export(LOUD | TOLD, rules=UNREAD, each=True)
def no_as_a_dash(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, no_as(table, rng.choice(("-", "–", "--"))))


@of_export(LOUD | TOLD, rules=UNREAD, each=True)
def no_as_not_applicable(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, no_as(table, rng.choice(("N/A", "n/a", "NA", "None", "null", "Not submitted"))))


@of_export(LOUD)
def yes_as_a_dash(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, yes_as(table, "-"))


@of_export(LOUD)
def answers_as_ticks_and_crosses(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, lambda cell: "✓" if table.is_yes(cell) else "✗" if table.is_no(cell) else cell)


@of_export(LOUD)
def answers_as_counts_of_updates(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, lambda cell: rng.randrange(2, 30) if table.is_yes(cell) else cell)


@of_export(LOUD)
def answers_as_percentages_in_words(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, lambda cell: "100 %" if table.is_yes(cell) else "0 %" if table.is_no(cell) else cell)


@of_export(LOUD, forms=BOOKS)
def answers_as_numbers_shown_as_percentages(table: Table, rng: random.Random) -> Table:
    return said_otherwise(
        table, lambda cell: Percent(1.0) if table.is_yes(cell) else Percent(0.0) if table.is_no(cell) else cell
    )


@of_export(TOLD, rules=UNREAD, each=True, nothing=True)
def a_few_answers_as_percentages(table: Table, rng: random.Random) -> Table:
    return a_few(table, rng, lambda: rng.choice(("0 %", "100%", "50 %")))


@of_export(TOLD, rules=UNREAD, each=True, nothing=True)
def a_few_answers_in_other_words(table: Table, rng: random.Random) -> Table:
    return a_few(table, rng, lambda: rng.choice(("?", "No data", "Nope", "2", "x", "late", "N0", "pending")))


@of_export(TOLD, rules=UNREAD, each=True, nothing=True)
def a_few_answers_as_dates(table: Table, rng: random.Random) -> Table:
    return a_few(table, rng, lambda: rng.choice(("09/12/2024", "2024-12-09", "12:30", "45635")))


# --- what a cell is beside its text -----------------------------------------------------------------------------------


@of_export(TOLD, rules=IN_CELL, least="warning", each=True, nothing=True, forms=BOOKS)
def a_few_formulas_that_hold_zero(table: Table, rng: random.Random) -> Table:
    """What XlsxWriter stores until somebody recalculates: the workbook shows Yes."""
    return a_few(table, rng, lambda: Formula('IF(1=1,"Yes","No")', 0))


@of_export(TOLD, rules=IN_CELL, least="warning", each=True, nothing=True, forms=BOOKS)
def a_few_formulas_that_hold_no(table: Table, rng: random.Random) -> Table:
    return a_few(table, rng, lambda: Formula('IF(1=1,"Yes","No")', "No"))


@of_export(TOLD, rules=IN_CELL, least="warning", each=True, nothing=True, forms=BOOKS)
def a_few_formulas_that_hold_nothing(table: Table, rng: random.Random) -> Table:
    return a_few(table, rng, lambda: Formula('IF(1=1,"Yes","No")'))


@of_export(LOUD | TOLD, rules=IN_CELL, least="warning", each=True, forms=BOOKS)
def every_answer_a_formula_that_holds_zero(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, lambda cell: cell if cell == "" else Formula(f'"{cell}"', 0))


@of_export(LOUD | TOLD, rules=IN_CELL, least="warning", each=True, forms=BOOKS)
def every_no_a_formula_that_holds_nothing(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, no_as(table, Formula('"No"')))


@of_export(TOLD, rules=IN_CELL, least="warning", each=True, nothing=True, forms=BOOKS)
def a_few_error_cells(table: Table, rng: random.Random) -> Table:
    return a_few(table, rng, lambda: Error(rng.choice(("#N/A", "#REF!", "#VALUE!"))))


@of_export(LOUD | TOLD, rules=IN_CELL, least="warning", each=True, forms=BOOKS)
def every_no_an_error_cell(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, no_as(table, Error()))


@of_bytes(TOLD, rules=IN_CELL, least="warning", nothing=True)
def a_few_errors_pasted_as_values(table: Table, rng: random.Random) -> tuple[str, bytes, list[str]]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    well = [n for n in table.units if all(table.is_yes(table.rows[n][column]) for column in table.months.values())]
    chosen = rng.sample(well, 6)
    for n in chosen:
        table.rows[n][table.newest] = "#N/A"  # openpyxl writes these words as an error
    for row in [table.head, *table.rows]:
        sheet.append([None if cell == "" else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return ".xlsx", out.getvalue(), [table.locations()[n] for n in chosen]


@of_export(ALIKE, forms=BOOKS)
def answers_as_boolean_cells(table: Table, rng: random.Random) -> Table:
    return said_otherwise(table, lambda cell: True if table.is_yes(cell) else False if table.is_no(cell) else cell)


@of_export(TOLD, rules=UNREAD, each=True, nothing=True, forms=BOOKS)
def a_few_date_cells_under_a_month(table: Table, rng: random.Random) -> Table:
    return a_few(table, rng, lambda: dt.date(2024, 12, rng.randrange(8, 15)))


@of_export(TOLD, rules=UNREAD, each=True, nothing=True, forms=BOOKS)
def a_few_percentage_cells_under_a_month(table: Table, rng: random.Random) -> Table:
    return a_few(table, rng, lambda: Percent(0.0))


# --- beside the answers -----------------------------------------------------------------------------------------------


@of_export(TOLD, rules="count_unreadable", everyone=True)
def user_counts_out_of_all_bounds(table: Table, rng: random.Random) -> Table:
    column = table.column("User Count")
    for n in rng.sample(table.units, 8):
        table.rows[n][column] = rng.choice(("-1", "9999999", "many", "1.5"))
    return table


@of_export(TOLD | STOPPED, rules="status_unreadable", everyone=True)
def registration_statuses_misspelt(table: Table, rng: random.Random) -> Table:
    column = table.column("Registration Status")
    for n in rng.sample([n for n in table.units if "Established" in str(table.rows[n][column])], 8):
        table.rows[n][column] = rng.choice(("Establishd", "Registered", "Actve"))
    return table
