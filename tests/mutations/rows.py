"""Rows that are gone, that came from elsewhere, or that became part of another row."""

import random
from collections import Counter
from collections.abc import Callable

from tests.mutations.kinds import (
    ALIKE,
    GONE,
    LOUD,
    REFUSED,
    STOPPED,
    TOLD,
    kind,
    of_bytes,
    of_export,
    replaced,
    some,
)
from tests.mutations.tables import File, Table, csv_bytes
from tests.mutations.world import TYPES, Change, World, units

NAMED = " ".join(GONE)
FOOTER = "Exported data exceeded the allowed volume. Some data may have been omitted."


def kept(table: Table, keep: Callable[[list[object]], bool]) -> Table:
    """Return only the services that pass, without group rows."""
    return table.put_rows(table.rows[n] for n in table.units if keep(table.rows[n]))


# --- filters and cuts -------------------------------------------------------------------------------------------------


@of_export(LOUD)
def three_rows_in_ten_deleted(table: Table, rng: random.Random) -> Table:
    gone = set(some(rng, table.units, 0.3))
    return table.put_rows(row for n, row in enumerate(table.rows) if n not in gone)


@of_export(LOUD)
def rows_cut_off(table: Table, rng: random.Random) -> Table:
    return table.put_rows(table.rows[: int(len(table.rows) * rng.uniform(0.2, 0.85))])


@of_export(LOUD)
def rows_cut_off_with_a_line_that_says_so(table: Table, rng: random.Random) -> Table:
    table.put_rows(table.rows[: int(len(table.rows) * rng.uniform(0.2, 0.85))])
    table.rows.append([FOOTER] + [""] * (len(table.head) - 1))
    return table


@of_export(LOUD)
def the_first_tenth_of_rows_gone(table: Table, rng: random.Random) -> Table:
    return table.put_rows(table.rows[len(table.rows) // 10 :])


@of_export(LOUD)
def filtered_to_one_council(table: Table, rng: random.Random) -> Table:
    column = table.column("Local Authority")
    names = sorted({str(name) for name in table.values(column)})
    one = rng.choice(names)
    return kept(table, lambda row: row[column] == one)


@of_export(LOUD)
def filtered_to_most_councils(table: Table, rng: random.Random) -> Table:
    """Councils from A to some letter are ticked."""
    column = table.column("Local Authority")
    names = sorted({str(name) for name in table.values(column)})
    ticked = set(names[: int(len(names) * 0.8)])
    return kept(table, lambda row: row[column] in ticked)


@of_export(LOUD)
def filtered_to_established(table: Table, rng: random.Random) -> Table:
    column = table.column("Registration Status")
    return kept(table, lambda row: str(row[column]).startswith("Established"))


@of_export(LOUD)
def filtered_to_new(table: Table, rng: random.Random) -> Table:
    column = table.column("Registration Status")
    return kept(table, lambda row: str(row[column]).startswith("New"))


@of_export(LOUD | TOLD, rules=NAMED, each=True)
def filtered_to_submitted(table: Table, rng: random.Random) -> Table:
    """Criteria that leave the newest month's Yes: the list empties, and the file is hardly shorter."""
    return kept(table, lambda row: not table.is_no(row[table.newest]))


@of_export(LOUD)
def filtered_to_missed(table: Table, rng: random.Random) -> Table:
    return kept(table, lambda row: table.is_no(row[table.newest]))


@of_export(LOUD)
def filtered_to_last_months_submission(table: Table, rng: random.Random) -> Table:
    """Last Submission = November: who missed December, after submitting the month before."""
    november = list(table.months.values())[-2]
    return kept(table, lambda row: table.is_yes(row[november]) and table.is_no(row[table.newest]))


@of_export(LOUD | TOLD, rules=NAMED, each=True)
def filtered_to_those_with_users(table: Table, rng: random.Random) -> Table:
    column = table.column("User Count")
    return kept(table, lambda row: str(row[column]) not in ("0", "1", ""))


@of_export(LOUD | TOLD, rules=NAMED, each=True)
def rows_with_a_blank_filtered_out(table: Table, rng: random.Random) -> Table:
    """Complete rows only: everybody registered since the first column is gone."""
    return kept(table, lambda row: all(row[column] != "" for column in table.months.values()))


@of_export(TOLD, rules=NAMED, each=True)
def a_few_well_rows_deleted(table: Table, rng: random.Random) -> Table:
    column = table.column("Local Authority")
    councils = Counter(table.values(column))
    well = {
        table.rows[n][column]: n
        for n in table.units
        if all(table.is_yes(table.rows[n][month]) for month in table.months.values())
        and councils[table.rows[n][column]] > 2  # of no council everything goes
    }
    gone = set(rng.sample(sorted(well.values()), 5))
    return table.put_rows(row for n, row in enumerate(table.rows) if n not in gone)


@kind(STOPPED | TOLD, STOPPED, rules=NAMED, each=True)
def rows_at_risk_last_month_deleted(world: World, rng: random.Random) -> Change:
    """Who missed October and November stands in no export any more."""
    files: dict[str, bytes | None] = {}
    touched, tables = frozenset[tuple[str, str]](), []
    for provider_type, file in world.exports.items():
        table = file.table.copy()
        status, columns = table.column("Registration Status"), list(table.months.values())[-3:-1]
        gone = {
            n
            for n in table.units
            if all(table.is_no(table.rows[n][column]) for column in columns)
            and str(table.rows[n][status]).startswith("Established")
        }
        after = File(file.name, table.copy().put_rows(row for n, row in enumerate(table.rows) if n not in gone))
        touched |= units((table.locations()[n] for n in gone), provider_type)
        files[file.name] = after.data()
        tables.append(after)
    assert touched
    return Change(files, touched, tuple(tables))


# --- doubled ----------------------------------------------------------------------------------------------------------


@of_export(TOLD, rules="duplicate_row", everyone=True)
def all_rows_doubled(table: Table, rng: random.Random) -> Table:
    return table.put_rows([*table.rows, *table.rows])


@of_export(TOLD, rules="answers_differ", each=True)
def a_few_rows_doubled_with_other_answers(table: Table, rng: random.Random) -> Table:
    """Yes wins, and each is named: doubt never counts against a provider."""
    yes, no = table.words
    for n in rng.sample(table.units, 5):
        row = list(table.rows[n])
        for column in list(table.months.values())[-3:]:
            row[column] = yes if table.is_no(row[column]) else no
        table.rows.append(row)
    return table


@of_export(TOLD, rules="duplicate_row", everyone=True)
def a_few_rows_doubled(table: Table, rng: random.Random) -> Table:
    for n in rng.sample(table.units, 4):
        table.rows.append(list(table.rows[n]))
    return table


@of_export(ALIKE)
def group_total_and_heading_rows_put_in(table: Table, rng: random.Random) -> Table:
    blank = [""] * len(table.head)
    column = table.id_column
    name = table.column("Location")
    group = list(blank)
    group[name] = "Kent"
    total = list(blank)
    total[name] = "Total"
    assert column != name
    table.rows.insert(len(table.rows) // 2, list(table.head))
    table.rows.append(total)
    return table


# --- swallowed by a stray quote ---------------------------------------------------------------------------------------


def swallow(table: Table, rng: random.Random, column: int, span: int) -> tuple[bytes, list[str]]:
    """Return a CSV in which a quote opens in a row and closes some rows below, and whose ids stand in between."""
    rows = [row for n, row in enumerate(table.rows) if n in set(table.units)]
    table.put_rows(rows)
    start = rng.randrange(10, len(rows) - 20)
    clean = csv_bytes(table, end="\n").decode("utf-8-sig").split("\n")
    first, last = list(map(str, rows[start])), list(map(str, rows[start + span]))
    assert not any('"' in cell or "," in cell for cell in [*first, *last])
    first[column], last[column] = '"' + first[column], last[column] + '"'
    clean[start + 1], clean[start + span + 1] = ",".join(first), ",".join(last)
    return "\n".join(clean).encode(), table.locations()[start : start + span + 1]


def plain(table: Table) -> Table:
    """Return a table in whose cells neither commas nor quotes stand, so that a stray quote is the only one."""
    table.rows = [
        ["" if cell is None else str(cell).replace(",", " ").replace('"', "") for cell in row] for row in table.rows
    ]
    return table


@of_bytes(LOUD | TOLD, rules="row_swallows")
def rows_swallowed_by_a_quote_before_a_name(table: Table, rng: random.Random) -> tuple[str, bytes, list[str]]:
    data, touched = swallow(plain(table), rng, table.column("Location"), rng.choice((1, 2, 3)))
    return ".csv", data, touched


@of_bytes(LOUD | TOLD, rules="row_swallows")
def rows_swallowed_where_names_come_first(table: Table, rng: random.Random) -> tuple[str, bytes, list[str]]:
    """What is left over looks like a whole row, with the last one's answers."""
    name = table.column("Location")
    for row in [table.head, *table.rows]:
        row.insert(0, row.pop(name))
    data, touched = swallow(plain(table), rng, 0, rng.choice((1, 2, 3)))
    return ".csv", data, touched


@of_bytes(LOUD | TOLD, rules="row_swallows")
def rows_swallowed_in_a_column_nobody_reads(table: Table, rng: random.Random) -> tuple[str, bytes, list[str]]:
    table.with_column("Remarks", ["" if row[table.id_column] == "" else "rang on Monday" for row in table.rows], 1)
    data, touched = swallow(plain(table), rng, 1, rng.choice((1, 2)))
    return ".csv", data, touched


@of_bytes(LOUD | TOLD, rules="row_swallows")
def rows_swallowed_behind_a_column_of_row_numbers(table: Table, rng: random.Random) -> tuple[str, bytes, list[str]]:
    table.with_column("No.", [str(n + 1) for n in range(len(table.rows))], 0)
    data, touched = swallow(plain(table), rng, table.column("Location"), 2)
    return ".csv", data, touched


@kind(REFUSED | TOLD, rules="row_swallows")
def fees_swallowed_by_a_quote(world: World, rng: random.Random) -> Change:
    """The source stands first; a swallowed fee would leave a provider without a letter, or with another's."""
    table = world.fees.table.copy()
    source = table.column("source")
    for row in [table.head, *table.rows]:
        row.insert(0, row.pop(source))
    rows = list(map(list, table.rows))
    start = rng.randrange(10, len(rows) - 10)
    touched = {str(row[table.column("provider_id")]) for row in rows[start : start + 3]}
    text = csv_bytes(table, end="\n").decode("utf-8-sig").split("\n")
    text[start + 1] = '"' + text[start + 1]
    text[start + 3] = text[start + 3].replace("invented,", 'invented",', 1)
    data = "\n".join(text).encode()
    return Change({world.fees.name: data}, frozenset(), providers=frozenset(touched))


@kind(LOUD | TOLD, rules="row_swallows")
def register_rows_swallowed_by_a_quote(world: World, rng: random.Random) -> Change:
    table = plain(world.register.table.copy())
    data, touched = swallow(table, rng, table.column("Location Name"), 2)
    return Change({world.register.name: data}, units(touched))


# --- ids gone or broken -----------------------------------------------------------------------------------------------


@of_export(TOLD | STOPPED, rules="id_.* row_.*", least="warning", each=True)
def ids_removed_from_a_few_rows(table: Table, rng: random.Random) -> Table:
    """A record without an id is refused and named, never matched by its name, never taken for a group."""
    for n in rng.sample(table.units, 6):
        table.rows[n][table.id_column] = ""
    return table


@of_export(TOLD | STOPPED, rules="id_.* row_.*", least="warning", each=True)
def ids_removed_where_no_authority_stands(table: Table, rng: random.Random) -> Table:
    chosen = rng.sample(table.units, 6)
    for n in chosen:
        table.rows[n][table.id_column] = ""
    return table.without([table.column("Local Authority"), table.column("Provider"), table.column("Provider ID")])


@of_export(LOUD)
def ids_removed_from_a_tenth(table: Table, rng: random.Random) -> Table:
    for n in some(rng, table.units, 0.1):
        table.rows[n][table.id_column] = ""
    return table


@of_export(REFUSED)
def ids_as_numbers_of_a_spreadsheet(table: Table, rng: random.Random) -> Table:
    return table.put(table.id_column, ["1.91E+09"] * len(table.units))


@of_export(TOLD | STOPPED, rules="id_.* row_.*", least="warning", each=True)
def a_few_ids_as_dates_and_numbers(table: Table, rng: random.Random) -> Table:
    for n, broken in zip(
        rng.sample(table.units, 5), ("01/09/1910", "1.91E+09", "-910000123.0", "#REF!", "Sep-10"), strict=True
    ):
        table.rows[n][table.id_column] = broken
    return table


@of_export(TOLD, rules="id_repaired", everyone=True)
def ids_wrapped_against_excel(table: Table, rng: random.Random) -> Table:
    wrap = rng.choice(('="{}"', "'{}"))
    return table.put(table.id_column, [wrap.format(str(cell).strip()) for cell in table.values(table.id_column)])


@of_export(TOLD, rules="id_repaired", everyone=True)
def ids_in_blanks_and_marks_of_other_kinds(table: Table, rng: random.Random) -> Table:
    marks = ("\u2009", "\u200a", "\u3000", "\u200e", "\u200f", "\ufeff")
    return table.put(
        table.id_column, [rng.choice(marks) + str(cell) + rng.choice(marks) for cell in table.values(table.id_column)]
    )


@of_bytes(TOLD | STOPPED, rules="row_truncated row_short row_value_refused id_.*", least="warning")
def last_line_cut_off(table: Table, rng: random.Random) -> tuple[str, bytes, list[str]]:
    """Within the answers of the last service, so that it looks shorter, not wrong."""
    data = csv_bytes(kept(table, lambda row: True), end="\n")
    line = data.rstrip(b"\n").rsplit(b"\n", 1)[1]
    cut = len(line) - len(b",".join(line.split(b",")[-rng.randrange(2, 6) :]))
    return ".csv", data[: len(data.rstrip(b"\n")) - len(line) + cut], [table.locations()[-1]]


@of_bytes(LOUD)
def file_cut_off_in_the_middle(table: Table, rng: random.Random) -> tuple[str, bytes, list[str]]:
    data = csv_bytes(table)
    return ".csv", data[: int(len(data) * rng.uniform(0.3, 0.8))], table.locations()


# --- rows from elsewhere ----------------------------------------------------------------------------------------------


def foreign_rows(
    world: World, provider_type: str, other: str, count: int, rng: random.Random
) -> tuple[File, list[str]]:
    """Return an export with some rows of the other type below, in its own words."""
    file, source = world.exports[provider_type], world.exports[other].table
    table = file.table.copy()
    own = set(table.locations())
    candidates = [
        n for n in source.units if source.locations()[n] not in own and source.locations()[n] in world.registered
    ]
    (yes, no), added = table.words, []
    for n in rng.sample(candidates, count):
        row: list[object] = [
            "" if heading not in source.head else source.rows[n][source.head.index(heading)] for heading in table.head
        ]
        if "Provider Type" in table.head:
            row[table.head.index("Provider Type")] = "Home Care"
        for n_month, column in enumerate(table.months.values()):
            row[column] = no if n_month >= len(table.months) - 3 else yes
        table.rows.append(row)
        added.append(source.locations()[n])
    return File(file.name, table), added


@kind(TOLD, rules="return_not_owed", each=True)
def a_few_rows_of_the_other_type_pasted_below(world: World, rng: random.Random) -> Change:
    """Each says three misses of a return that the register does not know to be owed."""
    provider_type, other = rng.sample(TYPES, 2)
    after, added = foreign_rows(world, provider_type, other, 4, rng)
    return Change({after.name: after.data()}, units(added, provider_type), (after,))


@kind(LOUD)
def many_rows_of_the_other_type_pasted_below(world: World, rng: random.Random) -> Change:
    provider_type, other = rng.sample(TYPES, 2)
    after, added = foreign_rows(world, provider_type, other, 80, rng)
    return Change(replaced(after.name, after.name, after.data()), units(added, provider_type), (after,))


@of_export(TOLD, rules="not_in_register id_.*", each=True)
def a_few_rows_of_unknown_services_pasted_below(table: Table, rng: random.Random) -> Table:
    """They stay, with a finding, and no notice relies on them."""
    yes, no = table.words
    template = table.rows[table.units[-1]]
    for n in range(4):
        row = list(template)
        row[table.id_column] = f"1-9199990{n:02d}"
        for column in table.months.values():
            row[column] = yes
        for column in list(table.months.values())[-3:]:
            row[column] = no
        table.rows.append(row)
    return table
