"""Columns that no longer stand beside the rows, or under the headings, that they belong to."""

import random

from tests.mutations.kinds import ALIKE, LOUD, REFUSED, STOPPED, TOLD, exchanged, kind, of_export, some
from tests.mutations.tables import Cell, File, Table, later
from tests.mutations.world import TYPES, Change, World, units

BEFORE_REGISTERED = "not_required_yet_reported submitted_before_registration blank_after_close"
REWRITTEN = f"{BEFORE_REGISTERED} yes_became_no no_became_yes"
UNREAD_COLUMN = ".*column.* .*heading.* .*month.*"


def moved_down(values: list[Cell], rows: int = 1) -> list[Cell]:
    """Return values so many rows down; what falls off comes back at the top."""
    return values[-rows:] + values[:-rows]


def answers(table: Table) -> list[list[Cell]]:
    return [[table.rows[n][column] for column in table.months.values()] for n in table.units]


def put_answers(table: Table, said: list[list[Cell]]) -> Table:
    for n, cells in zip(table.units, said, strict=True):
        for column, cell in zip(table.months.values(), cells, strict=True):
            table.rows[n][column] = cell
    return table


def earlier_month(table: Table, rng: random.Random) -> int:
    """Return the column of one of the three months before the newest."""
    return rng.choice(list(table.months.values())[-4:-1])


# --- ids --------------------------------------------------------------------------------------------------------------


@of_export(LOUD)
def id_column_sorted_alone(table: Table, rng: random.Random) -> Table:
    return table.put(table.id_column, sorted(table.values(table.id_column), key=str))


@of_export(LOUD)
def id_column_moved_down_by_a_row(table: Table, rng: random.Random) -> Table:
    return table.put(table.id_column, ["", *table.values(table.id_column)[:-1]])


@of_export(LOUD)
def id_column_rotated(table: Table, rng: random.Random) -> Table:
    return table.put(table.id_column, moved_down(table.values(table.id_column), rng.randrange(2, 100)))


@of_export(LOUD)
def id_column_reversed(table: Table, rng: random.Random) -> Table:
    return table.put(table.id_column, table.values(table.id_column)[::-1])


@of_export(LOUD)
def ids_of_an_eighth_exchanged(table: Table, rng: random.Random) -> Table:
    rows = some(rng, table.units, 1 / 8)
    ids = [table.rows[n][table.id_column] for n in rows]
    for n, other in zip(rows, moved_down(ids), strict=True):
        table.rows[n][table.id_column] = other
    return table


@of_export(TOLD, rules="provider_id_differs authority_differs", each=True)
def ids_of_one_at_risk_and_one_not_exchanged(table: Table, rng: random.Random) -> Table:
    """Two rows are below any check; each must be named."""
    newest = list(table.months.values())[-2:]
    at_risk = [n for n in table.units if all(table.is_no(table.rows[n][column]) for column in newest)]
    well = [n for n in table.units if all(table.is_yes(table.rows[n][column]) for column in table.months.values())]
    one = rng.choice(at_risk)
    provider = table.column("Provider ID")
    other = rng.choice([n for n in well if table.rows[n][provider] != table.rows[one][provider]])
    column = table.id_column
    table.rows[one][column], table.rows[other][column] = table.rows[other][column], table.rows[one][column]
    return table


@of_export(LOUD)
def an_id_filled_down_over_an_eighth(table: Table, rng: random.Random) -> Table:
    count = len(table.units) // 8
    start = rng.randrange(len(table.units) - count)
    ids = table.values(table.id_column)
    return table.put(table.id_column, ids[:start] + ids[start : start + 1] * count + ids[start + count :])


@of_export(
    TOLD | STOPPED,
    rules="answers_differ duplicate_row provider_id_differs authority_differs not_in_capacity_tracker unit_gone",
    each=True,
)
def an_id_filled_down_over_three_rows(table: Table, rng: random.Random) -> Table:
    start = rng.randrange(len(table.units) - 4)
    ids = table.values(table.id_column)
    return table.put(table.id_column, ids[:start] + ids[start : start + 1] * 4 + ids[start + 4 :])


@kind(LOUD)
def id_column_of_the_other_export(world: World, rng: random.Random) -> Change:
    """A look-up over the wrong sheet: services of the other type, in their order, beside these answers."""
    kinds = rng.sample(TYPES, 2)
    file, other = (world.exports[provider_type] for provider_type in kinds)
    table = file.table.copy()
    ids = other.table.values(other.table.id_column)
    table.put(table.id_column, [ids[n % len(ids)] for n in range(len(table.units))])
    return exchanged(file, File(file.stem + ".csv", table), kinds[0])


# --- who and where ----------------------------------------------------------------------------------------------------


@of_export(LOUD)
def location_and_provider_ids_exchanged(table: Table, rng: random.Random) -> Table:
    location, provider = table.id_column, table.column("Provider ID")
    for n in table.units:
        table.rows[n][location], table.rows[n][provider] = table.rows[n][provider], table.rows[n][location]
    return table


@of_export(LOUD)
def provider_ids_shuffled(table: Table, rng: random.Random) -> Table:
    column = table.column("Provider ID")
    return table.put(column, rng.sample(table.values(column), len(table.units)))


@of_export(LOUD)
def provider_ids_moved_down_by_a_row(table: Table, rng: random.Random) -> Table:
    column = table.column("Provider ID")
    return table.put(column, moved_down(table.values(column)))


@of_export(LOUD)
def authorities_shuffled(table: Table, rng: random.Random) -> Table:
    column = table.column("Local Authority")
    return table.put(column, rng.sample(table.values(column), len(table.units)))


@of_export(LOUD)
def authorities_moved_down_by_a_row(table: Table, rng: random.Random) -> Table:
    """Rows stand by authority, so this is wrong for the first service of each."""
    column = table.column("Local Authority")
    return table.put(column, moved_down(table.values(column)))


@of_export(TOLD | STOPPED, rules="authority_differs", everyone=True)
def one_councils_services_under_another_name(table: Table, rng: random.Random) -> Table:
    """The register's authority stands, and each row is named."""
    column = table.column("Local Authority")
    one, other = rng.sample(sorted({str(name) for name in table.values(column)}), 2)
    return table.put(column, [other if name == one else name for name in table.values(column)])


@of_export(LOUD | TOLD, rules="authority_name_unknown authority_unmatched")
def authorities_and_providers_exchanged(table: Table, rng: random.Random) -> Table:
    one, other = table.column("Local Authority"), table.column("Provider")
    authorities = table.values(one)
    return table.put(one, table.values(other)).put(other, authorities)


@of_export(LOUD | TOLD, rules="status_unreadable count_unreadable")
def statuses_and_user_counts_exchanged(table: Table, rng: random.Random) -> Table:
    one, other = table.column("Registration Status"), table.column("User Count")
    statuses = table.values(one)
    return table.put(one, table.values(other)).put(other, statuses)


# --- answers ----------------------------------------------------------------------------------------------------------


@of_export(LOUD | TOLD, rules=REWRITTEN)
def answers_moved_down_by_a_row(table: Table, rng: random.Random) -> Table:
    return put_answers(table, moved_down(answers(table)))  # type: ignore[arg-type]


@of_export(LOUD | TOLD, rules=REWRITTEN)
def answers_rotated(table: Table, rng: random.Random) -> Table:
    return put_answers(table, moved_down(answers(table), rng.randrange(2, 100)))  # type: ignore[arg-type]


@of_export(LOUD | TOLD, rules=REWRITTEN)
def answers_sorted_alone(table: Table, rng: random.Random) -> Table:
    return put_answers(table, sorted(answers(table), key=lambda cells: [str(cell) for cell in cells]))


@of_export(LOUD | TOLD, rules=REWRITTEN)
def answers_of_new_services_moved_to_old_ones(table: Table, rng: random.Random) -> Table:
    """Rows of services with and without a full history change places, ids staying."""
    said = answers(table)
    short = [n for n, cells in enumerate(said) if "" in cells]
    full = rng.sample([n for n, cells in enumerate(said) if "" not in cells], len(short))
    for one, other in zip(short, full, strict=True):
        said[one], said[other] = said[other], said[one]
    return put_answers(table, said)


@of_export(None, LOUD | TOLD, rules="yes_became_no no_became_yes", each=True)
def two_months_exchanged(table: Table, rng: random.Random) -> Table:
    """Both were answered in the export of the month before; without it nobody can know."""
    one, other = rng.choice(((-2, -3), (-3, -4), (-2, -4)))
    columns = list(table.months.values())
    values = table.values(columns[one])
    return table.put(columns[one], table.values(columns[other])).put(columns[other], values)


# --- month columns ----------------------------------------------------------------------------------------------------


@of_export(LOUD)
def newest_month_column_dropped(table: Table, rng: random.Random) -> Table:
    return table.without([table.newest])


@of_export(LOUD | TOLD, LOUD | TOLD | ALIKE, rules="month_gap")
def an_earlier_month_column_dropped(table: Table, rng: random.Random) -> Table:
    """With an earlier release the export of that month still says what this one left out."""
    return table.without([earlier_month(table, rng)])


@of_export(TOLD, rules="month_twice", everyone=True)
def a_month_column_doubled(table: Table, rng: random.Random) -> Table:
    column = rng.choice(list(table.months.values()))
    return table.with_column(table.head[column], [row[column] for row in table.rows], column)


@of_export(REFUSED)
def a_month_column_doubled_with_other_answers(table: Table, rng: random.Random) -> Table:
    column = rng.choice(list(table.months.values()))
    yes, no = table.words
    cells = [
        (no if cell == yes else yes) if n in table.units else cell
        for n, cell in enumerate(row[column] for row in table.rows)
    ]
    return table.with_column(table.head[column], cells, column)


@of_export(LOUD)
def newest_month_blanked(table: Table, rng: random.Random) -> Table:
    return table.put(table.newest, [""] * len(table.units))


@of_export(LOUD | TOLD, LOUD | TOLD | ALIKE, rules="blank_after_close month_gap")
def an_earlier_month_blanked(table: Table, rng: random.Random) -> Table:
    return table.put(earlier_month(table, rng), [""] * len(table.units))


@of_export(LOUD | TOLD, rules=UNREAD_COLUMN.replace(" .*month.*", ""), least="warning")
def an_earlier_month_relabelled(table: Table, rng: random.Random) -> Table:
    """A column that holds answers is never passed over in silence."""
    table.head[earlier_month(table, rng)] = rng.choice(("Returns", "Returned?", "Update", "Column1", "Submitted"))
    return table


@of_export(LOUD)
def newest_month_relabelled(table: Table, rng: random.Random) -> Table:
    table.head[table.newest] = rng.choice(("This month", "Latest", "Column14"))
    return table


@of_export(LOUD | TOLD, rules=UNREAD_COLUMN, least="warning")
def month_headings_with_suffixes(table: Table, rng: random.Random) -> Table:
    for month in list(table.months)[-4:-1]:
        table.head[table.months[month]] = f"{month:%b %y}" + rng.choice((".1", "*", "_x", " (2)", " total", " status"))
    return table


@of_export(LOUD)
def newest_month_heading_with_a_suffix(table: Table, rng: random.Random) -> Table:
    table.head[table.newest] = "Dec 24" + rng.choice((".1", "*", "_x", " (2)", " provisional"))
    return table


@of_export(LOUD | TOLD | ALIKE, rules=UNREAD_COLUMN, least="warning")
def month_headings_as_serial_numbers(table: Table, rng: random.Random) -> Table:
    """What a date heading becomes when a program takes it for a number: 45597 is 1 November 2024."""
    for month, column in list(table.months.items())[:-1]:
        table.head[column] = str(month.toordinal() - 693594)
    return table


@of_export(LOUD | TOLD, rules=UNREAD_COLUMN, least="warning")
def month_headings_as_serial_numbers_of_month_ends(table: Table, rng: random.Random) -> Table:
    for month, column in list(table.months.items())[:-1]:
        table.head[column] = str(later(month, 1).toordinal() - 1 - 693594)
    return table


@of_export(REFUSED)
def a_type_column_that_says_the_other_type(table: Table, rng: random.Random) -> Table:
    other = "Care Home" if any("Home Care" in row for row in table.rows) else "Home Care"
    table = table.without(n for n, heading in enumerate(table.head) if heading == "Provider Type")
    filled = [other if n in table.units else "" for n in range(len(table.rows))]
    return table.with_column("Provider Type", filled, table.column("User Count"))


@kind(LOUD)
def both_exports_in_one_file(world: World, rng: random.Random) -> Change:
    """The rows of the other type stand below, under the headings and the name of this one."""
    provider_type, other = rng.sample(TYPES, 2)
    table = world.exports[provider_type].table.copy()
    source = world.exports[other].table
    yes, no = table.words
    months = dict(zip(table.months.values(), source.months.values(), strict=True))
    for n in source.units:
        row: list[Cell] = [""] * len(table.head)
        for column, heading in enumerate(table.head):
            if column in months:
                cell = source.rows[n][months[column]]
                row[column] = yes if source.is_yes(cell) else no if source.is_no(cell) else ""
            elif heading in source.head:
                row[column] = source.rows[n][source.head.index(heading)]
        table.rows.append(row)
    if "Provider Type" in table.head:
        table = table.without([table.head.index("Provider Type")])
    file = world.exports[provider_type]
    change = exchanged(file, File(file.stem + ".csv", table), provider_type)
    return Change(change.files, change.touched | units(source.locations()), change.tables)
