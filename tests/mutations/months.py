"""Month headings that stand over another month's answers, or that are written otherwise."""

import datetime as dt
import random

from tests.mutations.columns import REWRITTEN, UNREAD_COLUMN, answers, put_answers
from tests.mutations.kinds import ALIKE, LOUD, REFUSED, TOLD, exchanged, kind, of_export
from tests.mutations.tables import Cell, File, Table, last_day, later
from tests.mutations.world import TYPES, Change, World, november_export

BOOKS = (".xlsx", ".ods")


def headed(table: Table, say: dict[dt.date, Cell]) -> Table:
    """Return a table whose month headings are written otherwise."""
    for month, column in table.months.items():
        table.head[column] = say[month]
    return table


def moved(table: Table, months: int) -> Table:
    form = "%b %y" if "Dec 24" in table.head else "%b-%Y"
    return headed(table, {month: later(month, months).strftime(form) for month in table.months})


@of_export(REFUSED)
def month_headings_a_month_late(table: Table, rng: random.Random) -> Table:
    """Answers for January stand in a file of December: nobody can have given them."""
    return moved(table, 1)


@of_export(REFUSED)
def month_headings_a_year_late(table: Table, rng: random.Random) -> Table:
    return moved(table, 12)


@of_export(LOUD)
def month_headings_a_month_early(table: Table, rng: random.Random) -> Table:
    return moved(table, -1)


@of_export(LOUD)
def month_headings_a_year_early(table: Table, rng: random.Random) -> Table:
    return moved(table, -12)


@of_export(LOUD | TOLD, rules=REWRITTEN)
def month_headings_rotated(table: Table, rng: random.Random) -> Table:
    """The oldest month's answers stand under the newest heading, where younger services have none."""
    return put_answers(table, [cells[1:] + cells[:1] for cells in answers(table)])


@of_export(LOUD | TOLD, rules=REWRITTEN)
def month_headings_reversed(table: Table, rng: random.Random) -> Table:
    return put_answers(table, [cells[::-1] for cells in answers(table)])


@kind(None, LOUD | TOLD, rules=REWRITTEN)
def last_months_answers_under_this_months_headings(world: World, rng: random.Random) -> Change:
    """The old file with every heading moved on by a month; without an earlier release nobody can know."""
    provider_type = rng.choice(TYPES)
    file = world.exports[provider_type]
    return exchanged(
        file, File(file.stem + ".csv", moved(november_export(world, provider_type), 1)), provider_type, is_all=True
    )


@of_export(LOUD, forms=BOOKS)
def month_headings_as_date_cells_of_month_ends(table: Table, rng: random.Random) -> Table:
    return headed(table, {month: last_day(month) for month in table.months})


@of_export(LOUD)
def month_headings_as_month_ends_in_words(table: Table, rng: random.Random) -> Table:
    form = rng.choice(("%d/%m/%Y", "%d %b %Y", "%Y-%m-%d", "%d-%m-%y"))
    return headed(table, {month: last_day(month).strftime(form) for month in table.months})


@of_export(LOUD, forms=BOOKS)
def month_headings_as_date_cells_of_some_day(table: Table, rng: random.Random) -> Table:
    day = rng.randrange(2, 15)
    return headed(table, {month: month.replace(day=day) for month in table.months})


@of_export(LOUD)
def month_headings_without_years(table: Table, rng: random.Random) -> Table:
    return headed(table, {month: f"{month:%B}" for month in table.months})


@of_export(REFUSED)
def a_month_to_come_answered(table: Table, rng: random.Random) -> Table:
    yes, _ = table.words
    return table.with_column(
        rng.choice(("Jan 25", "Feb 2025")), [yes if n in table.units else "" for n in range(len(table.rows))]
    )


@of_export(REFUSED)
def a_month_to_come_answered_by_one_service(table: Table, rng: random.Random) -> Table:
    one = rng.choice(table.units)
    return table.with_column("Jan 25", [table.words[1] if n == one else "" for n in range(len(table.rows))])


@of_export(TOLD, rules=f"{UNREAD_COLUMN} .*future.* .*window.*", everyone=True)
def a_month_to_come_without_answers(table: Table, rng: random.Random) -> Table:
    return table.with_column("Jan 25", [""] * len(table.rows))


@of_export(TOLD, rules="month_mangled", everyone=True)
def month_headings_mangled_by_excel(table: Table, rng: random.Random) -> Table:
    """Nov 24 became 24-Nov."""
    return headed(table, {month: f"{month:%y-%b}" for month in table.months})


@of_export(TOLD, rules="month_mangled", everyone=True, forms=BOOKS)
def month_headings_mangled_into_days_of_this_year(table: Table, rng: random.Random) -> Table:
    """Nov 24 became 24 November of the year of saving."""
    return headed(table, {month: dt.date(2024, month.month, month.year - 2000) for month in table.months})


@of_export(ALIKE, forms=BOOKS)
def month_headings_as_date_cells_of_the_first(table: Table, rng: random.Random) -> Table:
    return headed(table, {month: month for month in table.months})


@of_export(ALIKE)
def month_headings_in_other_words(table: Table, rng: random.Random) -> Table:
    forms = ("%B %Y", "%b'%y", "%b/%y", "%Y-%m", "%m/%Y", "%B %y", "%Y-%m-01")
    form = rng.choice(forms)
    return headed(table, {month: month.strftime(form).replace("Sep ", "Sept ") for month in table.months})


@of_export(ALIKE)
def headings_with_blanks_and_direction_marks(table: Table, rng: random.Random) -> Table:
    marks = ("\u200e", "\u200f", "\u00a0", "\u2009", " ")
    table.head = [f"{heading}{rng.choice(marks)}" for heading in table.head]
    return table


@of_export(ALIKE)
def headings_as_r_writes_them(table: Table, rng: random.Random) -> Table:
    table.head = [str(heading).replace(" ", ".").replace("-", ".") for heading in table.head]
    return table


@of_export(ALIKE)
def headings_with_other_dashes(table: Table, rng: random.Random) -> Table:
    dash = rng.choice("\u2010\u2011\u2012\u2013\u2014\u2212")
    return headed(table, {month: f"{month:%b}{dash}{month:%Y}" for month in table.months})


@of_export(ALIKE)
def month_columns_in_another_order(table: Table, rng: random.Random) -> Table:
    order = rng.sample(range(len(table.head)), len(table.head))
    return Table([table.head[n] for n in order], [[row[n] for n in order] for row in table.rows])
