"""The same file in another form: nothing was said otherwise, so nobody is judged otherwise."""

import csv
import io
import random

from tests.mutations.kinds import ALIKE, LOUD, TOLD, of_bytes, of_export
from tests.mutations.tables import Table, csv_bytes, xlsx_bytes
from tests.mutations.values import no_as, said_otherwise, yes_as

Written = tuple[str, bytes, list[str]]


def in_words(table: Table, yes: object, no: object) -> Table:
    one, other = yes_as(table, yes), no_as(table, no)
    return said_otherwise(table, lambda cell: yes if one(cell) is not cell else other(cell))


@of_bytes(ALIKE)
def another_delimiter(table: Table, rng: random.Random) -> Written:
    return ".csv", csv_bytes(table, rng.choice(";|\t")), []


@of_bytes(ALIKE)
def utf_16_of_excel(table: Table, rng: random.Random) -> Written:
    return ".csv", csv_bytes(table, "\t", encoding="utf-16"), []


@of_bytes(TOLD, rules="decoded_as_cp1252", everyone=True)
def windows_text(table: Table, rng: random.Random) -> Written:
    """A Welsh letter that Windows text has not becomes a question mark in a name, and nothing else."""
    text = csv_bytes(table).decode("utf-8-sig").replace("≥", ">=")
    return ".csv", text.encode("cp1252", "replace"), []


@of_bytes(LOUD)
def macintosh_text(table: Table, rng: random.Random) -> Written:
    """Lone CR and Mac Roman, as Excel's "CSV (Macintosh)" writes it: read as Windows text its names would be wrong."""
    text = (
        csv_bytes(table, end="\r")
        .decode("utf-8-sig")
        .replace("House", "H\u00f4use")
        .replace(" Care", " Caf\u00e9 Care")
    )
    return ".csv", text.encode("mac_roman", "replace"), table.locations()


@of_bytes(ALIKE)
def other_line_ends(table: Table, rng: random.Random) -> Written:
    return ".csv", csv_bytes(table, end=rng.choice(("\r", "\n"))), []


@of_bytes(ALIKE)
def every_cell_quoted(table: Table, rng: random.Random) -> Written:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([table.head, *table.rows])
    return ".csv", out.getvalue().encode(), []


@of_bytes(ALIKE)
def lines_above_the_headings(table: Table, rng: random.Random) -> Written:
    table.above = 3
    above = "Update monthly status ASC collection\r\nData Type: Numbers\r\n\r\n"
    return ".csv", (above + csv_bytes(table).decode("utf-8-sig")).encode(), []


@of_bytes(ALIKE)
def a_workbook_with_a_note_first_and_hidden_rows(table: Table, rng: random.Random) -> Written:
    hidden = rng.sample(range(1, len(table.rows)), 40)
    return ".xlsx", xlsx_bytes(table, [("README", [["Exported by"], ["A. N. Example"]])], hidden), []


@of_bytes(ALIKE)
def a_workbook_named_as_text(table: Table, rng: random.Random) -> Written:
    return ".csv", xlsx_bytes(table), []


@of_export(ALIKE, forms=(".xlsx",))
def an_xlsx(table: Table, rng: random.Random) -> Table:
    return table


@of_export(ALIKE, forms=(".ods",))
def an_ods(table: Table, rng: random.Random) -> Table:
    return table


@of_export(ALIKE)
def rows_in_another_order(table: Table, rng: random.Random) -> Table:
    return table.put_rows(rng.sample([table.rows[n] for n in table.units], len(table.units)))


@of_export(ALIKE)
def blanks_around_every_cell(table: Table, rng: random.Random) -> Table:
    blanks = (" ", "\u00a0", "  ", "\t")
    for row in table.rows:
        row[:] = [cell if cell == "" else f"{rng.choice(blanks)}{cell}{rng.choice(blanks)}" for cell in row]
    return table


@of_export(ALIKE)
def a_column_of_remarks(table: Table, rng: random.Random) -> Table:
    said = ["rang on Monday" if n in table.units and n % 9 == 0 else "" for n in range(len(table.rows))]
    return table.with_column("Remarks", said)


@of_export(ALIKE)
def an_empty_first_column(table: Table, rng: random.Random) -> Table:
    return table.with_column("", [""] * len(table.rows), 0)


@of_export(ALIKE)
def answers_in_other_words(table: Table, rng: random.Random) -> Table:
    words = (("yes", "no"), ("Y", "N"), ("TRUE", "FALSE"), ("1", "0"), ("1.0", "0.0"), (" YES ", "NO\u00a0"))
    return in_words(table, *rng.choice(words))


@of_export(ALIKE)
def answers_as_numbers(table: Table, rng: random.Random) -> Table:
    return in_words(table, 1, 0)


@of_export(ALIKE)
def ids_in_other_dashes(table: Table, rng: random.Random) -> Table:
    dash = rng.choice("\u2010\u2011\u2013\u2014\u2212_")
    return table.put(table.id_column, [str(cell).replace("-", dash) for cell in table.values(table.id_column)])
