"""Headings as people write them -> the columns they stand for; the spellings are data (headings.toml)."""

import functools
import re
import unicodedata

from pipeline import reference
from pipeline.intake.sources import SOURCES


def normal_heading(text: str) -> str:
    """Return a heading without case, brackets, `_`, `?`, `:` and doubled blanks (DATA 7)."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("_", " ")
    return " ".join(re.sub(r"[()\[\]{}?:\ufeff\u200b]", "", plain).split())


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
def not_loaded() -> frozenset[str]:
    """Return the normalised headings that are known and not read: CQC's own, and those of record-level extracts."""
    cqc = [row["column"] for row in reference.rows("cqc_hsca_active_locations_headers_2026.csv")]
    return frozenset(map(normal_heading, [*cqc, *reference.toml("headings.toml")["not_loaded"]["record_level"]]))
