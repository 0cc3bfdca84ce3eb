"""Files of other months and places, and registers and fees that say less than they seem to."""

import datetime as dt
import random

from tests.mutations.kinds import ALIKE, LOUD, REFUSED, STOPPED, TOLD, dated, exchanged, kind, of_register, replaced
from tests.mutations.tables import File, Table
from tests.mutations.world import BEFORE_DAY, TYPES, Change, World, november, units

START = "Location HSCA start date"
NEXT_DAY = "2024-12-18"
LESS = "not_in_register no_register no_rows"
CANNOT_SAY = (
    "(?!not_in_register).*register.* .*service.* .*column.* .*type.* (?!owes_nothing|rows_owing_nothing).*ow(e|ing).*"
)
ACCUSING = "owes_nothing return_not_owed not_in_capacity_tracker"
HOME_CARE = ("Domiciliary", "Supported living", "Extra Care", "Shared Lives")


def day_of(text: object) -> dt.date:
    return dt.datetime.strptime(str(text), "%d/%m/%Y").replace(tzinfo=dt.UTC).date()


def dates_said(table: Table, form: str) -> Table:
    column = table.column(START)
    return table.put(column, [day_of(cell).strftime(form) for cell in table.values(column)])


# --- exports ----------------------------------------------------------------------------------------------------------


@kind(LOUD)
def one_export_of_the_month_before_again(world: World, rng: random.Random) -> Change:
    """November's export stands in the inbox in the place of December's, under its own name."""
    provider_type = rng.choice(TYPES)
    old = next(file for file in november(world) if provider_type.replace("_", "-") in file.name)
    return exchanged(world.exports[provider_type], old, provider_type, is_all=True)


@kind(LOUD)
def one_type_missing(world: World, rng: random.Random) -> Change:
    provider_type = rng.choice(TYPES)
    file = world.exports[provider_type]
    return Change({file.name: None}, units(file.table.locations(), provider_type))


@kind(ALIKE)
def one_councils_rows_of_a_day_later_besides(world: World, rng: random.Random) -> Change:
    """A newer partial file never becomes the population by itself."""
    file = world.exports[rng.choice(TYPES)]
    table = file.table.copy()
    column = table.column("Local Authority")
    one = rng.choice(sorted({str(name) for name in table.values(column)}))
    table.put_rows(table.rows[n] for n in table.units if table.rows[n][column] == one)
    part = File(file.stem.replace("2024-12-17", NEXT_DAY) + ".csv", table)
    return Change({part.name: part.data()}, frozenset(), (part,), as_at=NEXT_DAY)


def halves(world: World, rng: random.Random) -> tuple[str, File, Table, Table]:
    provider_type = rng.choice(TYPES)
    file = world.exports[provider_type]
    column = file.table.column("Local Authority")
    names = sorted({str(name) for name in file.table.values(column)})
    ours = set(names[: len(names) // 2])
    one, other = file.table.copy(), file.table.copy()
    one.put_rows(file.table.rows[n] for n in file.table.units if file.table.rows[n][column] in ours)
    other.put_rows(file.table.rows[n] for n in file.table.units if file.table.rows[n][column] not in ours)
    return provider_type, file, one, other


@kind(LOUD | ALIKE)
def half_the_councils_a_day_later_than_the_others(world: World, rng: random.Random) -> Change:
    """A day that holds other locations than the one before is partial too: either half alone is a smaller list."""
    provider_type, file, one, other = halves(world, rng)
    early, late = File(file.stem + ".csv", one), File(file.stem.replace("2024-12-17", NEXT_DAY) + ".csv", other)
    files: dict[str, bytes | None] = {file.name: None}
    return Change(
        {**files, early.name: early.data(), late.name: late.data()}, frozenset(), (early, late), as_at=NEXT_DAY
    )


@kind(ALIKE)
def two_halves_of_one_day(world: World, rng: random.Random) -> Change:
    provider_type, file, one, other = halves(world, rng)
    parts = (
        File(dated(file.stem, "north 2024-12-17") + ".csv", one),
        File(dated(file.stem, "south 2024-12-17") + ".csv", other),
    )
    files: dict[str, bytes | None] = {file.name: None}
    return Change({**files, **{part.name: part.data() for part in parts}}, frozenset(), parts)


@kind(TOLD, rules="no_became_yes", each=True)
def a_newer_export_that_turns_no_into_yes(world: World, rng: random.Random) -> Change:
    return _corrected(world, rng, is_to_yes=True)


@kind(TOLD, rules="yes_became_no", each=True)
def a_newer_export_that_turns_yes_into_no(world: World, rng: random.Random) -> Change:
    return _corrected(world, rng, is_to_yes=False)


def _corrected(world: World, rng: random.Random, is_to_yes: bool) -> Change:
    """Add an export of the next day that answers both newest months otherwise for four services."""
    provider_type = rng.choice(TYPES)
    file = world.exports[provider_type]
    table = file.table.copy()
    yes, no = table.words
    columns = list(table.months.values())[-2:]
    wrong = [n for n in table.units if str(table.rows[n][table.newest]) == str(no if is_to_yes else yes)]
    chosen = rng.sample(wrong, min(4, len(wrong)))
    for n in chosen:
        for column in columns:
            table.rows[n][column] = yes if is_to_yes else no
    newer = File(file.name.replace("2024-12-17", NEXT_DAY), table)
    touched = units((table.locations()[n] for n in chosen), provider_type)
    return Change({newer.name: newer.data()}, touched, (newer,), as_at=NEXT_DAY)


# --- registers --------------------------------------------------------------------------------------------------------


@of_register(LOUD | TOLD, LOUD, rules=LESS)
def another_years_register(table: Table, rng: random.Random) -> Table:
    """An old list under this month's name: whoever registered since is not there."""
    column = table.column(START)
    return table.put_rows(row for row in table.rows if day_of(row[column]).year < 2022)


@of_register(LOUD | TOLD, LOUD, rules=LESS)
def a_partial_register(table: Table, rng: random.Random) -> Table:
    column = table.column("Location Region")
    regions = sorted({str(row[column]) for row in table.rows})
    gone = rng.choice(regions)
    return table.put_rows(row for row in table.rows if row[column] != gone)


@of_register(LOUD | TOLD, LOUD, rules=LESS)
def a_register_of_one_council(table: Table, rng: random.Random) -> Table:
    column = table.column("Location Local Authority")
    one = rng.choice(sorted({str(row[column]) for row in table.rows}))
    return table.put_rows(row for row in table.rows if row[column] == one)


@kind(LOUD)
def a_partial_register_besides(world: World, rng: random.Random) -> Change:
    """Newer than the whole one: it never replaces it."""
    table = world.register.table.copy()
    column = table.column("Location Local Authority")
    few = set(rng.sample(sorted({str(row[column]) for row in table.rows}), 20))
    table.put_rows(row for row in table.rows if row[column] in few)
    part = File(world.register.name.replace("2024-12-17", NEXT_DAY), table)
    return Change({part.name: part.data()}, frozenset(world.clean.units), (part,), as_at=NEXT_DAY)


@of_register(LOUD | TOLD, LOUD, rules=LESS)
def a_register_of_headings_alone(table: Table, rng: random.Random) -> Table:
    return table.put_rows([])


@kind(TOLD | STOPPED, TOLD | STOPPED | ALIKE, rules="no_register .*register.*", least="warning")
def no_register_at_all(world: World, rng: random.Random) -> Change:
    """With an earlier release the register of that month is still held."""
    return Change({world.register.name: None}, frozenset(world.clean.units))


@kind(TOLD | ALIKE, rules=LESS)
def last_months_register_under_this_months_name(world: World, rng: random.Random) -> Change:
    old = next(file for file in november(world) if BEFORE_DAY in file.name and "HSCA" in file.name)
    return exchanged(world.register, old.called(world.register.name))


@of_register(ALIKE)
def register_dates_with_two_digits(table: Table, rng: random.Random) -> Table:
    return dates_said(table, "%d/%m/%y")


@of_register(ALIKE)
def register_dates_with_dashes(table: Table, rng: random.Random) -> Table:
    return dates_said(table, rng.choice(("%d-%m-%Y", "%Y-%m-%d")))


@of_register(ALIKE)
def register_dates_with_the_month_first(table: Table, rng: random.Random) -> Table:
    """Decided by the column: some of its days are no months."""
    return dates_said(table, "%m/%d/%Y")


@of_register(LOUD)
def register_dates_nobody_can_read(table: Table, rng: random.Random) -> Table:
    word = rng.choice(("########", "see note", "day {}", "1900s"))
    column = table.column(START)
    return table.put(column, [word.format(n) for n in range(len(table.units))])


@of_register(TOLD | STOPPED, rules="registered_in_future", each=True)
def a_few_register_dates_a_century_late(table: Table, rng: random.Random) -> Table:
    column = table.column(START)
    for n in rng.sample(table.units, 5):
        table.rows[n][column] = str(table.rows[n][column])[:-4] + "2124"
    return table


@of_register(LOUD | TOLD, rules="not_required_yet_reported submitted_before_registration")
def register_dates_moved_down_by_a_row(table: Table, rng: random.Random) -> Table:
    column = table.column(START)
    values = table.values(column)
    return table.put(column, values[-1:] + values[:-1])


@of_register(TOLD, rules=CANNOT_SAY, never=ACCUSING, least="warning", everyone=True)
def a_register_without_service_columns(table: Table, rng: random.Random) -> Table:
    """It is told so, and judged for nothing it cannot say."""
    return table.without(
        n for n, heading in enumerate(table.head) if str(heading).startswith("Service type") or heading == "Care home?"
    )


@of_register(TOLD, rules=CANNOT_SAY, never=ACCUSING, least="warning", everyone=True)
def a_register_without_home_care_columns(table: Table, rng: random.Random) -> Table:
    return table.without(n for n, heading in enumerate(table.head) if any(word in str(heading) for word in HOME_CARE))


@of_register(LOUD)
def a_register_in_which_nothing_is_a_care_home(table: Table, rng: random.Random) -> Table:
    column = table.column("Care home?")
    return table.put(column, ["N"] * len(table.units))


@of_register(LOUD)
def register_id_column_sorted_alone(table: Table, rng: random.Random) -> Table:
    return table.put(table.id_column, sorted(table.values(table.id_column), key=lambda cell: str(cell)[::-1]))


@of_register(LOUD)
def register_provider_ids_shuffled(table: Table, rng: random.Random) -> Table:
    column = table.column("Provider ID")
    return table.put(column, rng.sample(table.values(column), len(table.units)))


@of_register(LOUD)
def register_authorities_moved_down(table: Table, rng: random.Random) -> Table:
    column = table.column("Location Local Authority")
    values = table.values(column)
    return table.put(column, values[-7:] + values[:-7])


@of_register(TOLD, rules="region_differs", everyone=True)
def one_councils_region_differs(table: Table, rng: random.Random) -> Table:
    region, council = table.column("Location Region"), table.column("Location Local Authority")
    regions = sorted({str(row[region]) for row in table.rows})
    one = rng.choice(sorted({str(row[council]) for row in table.rows}))
    for row in table.rows:
        if row[council] == one:
            row[region] = next(name for name in regions if name != row[region])
    return table


# --- fees -------------------------------------------------------------------------------------------------------------


@kind(TOLD, rules=".*fee.* .*future.* .*as_at.*", everyone=True)
def a_fee_of_next_year(world: World, rng: random.Random) -> Change:
    """One future row leaves the others usable: every letter stays as it was."""
    table = world.fees.table.copy()
    listed = sorted(provider for provider, _, _ in world.clean.letters)
    row = dict(zip(map(str, table.head), rng.choice([row for row in table.rows if row[0] not in listed]), strict=True))
    row["as_at"] = "2025-04-01"
    table.rows.append([row[str(heading)] for heading in table.head])
    text = File(rng.choice((world.fees.name, "provider_fees.csv")), table)
    files = replaced(world.fees.name, text.name, text.data())
    return Change(files, frozenset(), providers=frozenset({str(row["provider_id"])}))


@kind(ALIKE)
def fees_as_programs_write_them(world: World, rng: random.Random) -> Change:
    table = world.fees.table.copy()
    column = table.column("annual_fee_gbp")
    form = rng.choice(("{:.1f}", "£{:,.2f}", "£ {:,.2f}", "{:,.0f}"))
    for row in table.rows:
        row[column] = form.format(float(str(row[column])))
    return Change({world.fees.name: File(world.fees.name, table).data()}, frozenset())


@kind(REFUSED)
def the_fees_file_as_an_export(world: World, rng: random.Random) -> Change:
    """Fees saved over the export: the name says an export, the contents do not."""
    provider_type = rng.choice(TYPES)
    file = world.exports[provider_type]
    data = (world.inbox / world.fees.name).read_bytes()
    changed = data.replace(b"annual_fee_gbp", b"charge")
    return Change(replaced(file.name, file.stem + ".csv", changed), units(file.table.locations(), provider_type))
