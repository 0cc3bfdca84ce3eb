"""Headings as people write them -> the columns they stand for; the spellings are data (headings.toml)."""

import functools
import re
import unicodedata

from pipeline import reference
from pipeline.intake.blanks import DASHES, MARKS
from pipeline.intake.sources import ALLOWED, SOURCES

UNSAID = re.compile(rf"[()\[\]{{}}?:\"{MARKS}]")


def normal_heading(text: str) -> str:
    """Return a heading without case, brackets, `?`, `:`, what nobody sees, and doubled blanks; `_`, dots and dashes of all
    kinds are blanks (DATA 7): R writes CQC.Location.ID."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(DASHES)
    return " ".join(UNSAID.sub("", re.sub("[-.]", " ", plain)).split())


@functools.cache
def headings(layout: str) -> dict[str, str]:
    """Return normalised heading -> column name of a layout."""
    return {
        normal_heading(alias): column
        for column, aliases in reference.toml("headings.toml")[layout].items()
        for alias in aliases
    }


@functools.cache
def id_headings() -> frozenset[str]:
    """Return the normalised headings under which the ids of any layout may stand."""
    return frozenset(
        heading for source in SOURCES for heading, name in headings(source.layout).items() if name == source.id_column
    )


def shown_headings(layout: str, column: str) -> list[str]:
    """Return the headings a column may have, as messages show them."""
    return list(reference.toml("headings.toml")[layout][column])


@functools.cache
def allowed_under(heading: str) -> str:
    """Return what a cell under a heading may hold whose value refuses its row; blank where nothing is to be said."""
    normal = normal_heading(heading)
    for source in SOURCES:
        names = headings(source.layout)
        for column in source.columns:
            if (column.required or column.strict) and names.get(normal) == column.name and column.type in ALLOWED:
                return ALLOWED[column.type]
    return ""


def says_rows_are_missing(text: str) -> bool:
    """Say whether a note above or below a list says that it is filtered, or cut off."""
    return _missing().search(text) is not None


@functools.cache
def _missing() -> re.Pattern[str]:
    return re.compile("|".join(reference.toml("headings.toml")["notes"]["rows_are_missing"]), re.IGNORECASE)


@functools.cache
def not_loaded() -> frozenset[str]:
    """Return the normalised headings that are known and not read: CQC's own, and those of record-level extracts."""
    cqc = [row["column"] for row in reference.rows("cqc_hsca_active_locations_headers_2026.csv")]
    return frozenset(map(normal_heading, [*cqc, *reference.toml("headings.toml")["not_loaded"]["record_level"]]))
