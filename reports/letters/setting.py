"""Typst source -> one PDF/UA-1, the same bytes each time; and what the fonts cannot show."""

import datetime as dt
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from reports.letters.source import FONTS, LETTERS

if TYPE_CHECKING:
    import typst

NO_GLYPH = "could not be displayed"  # what Typst says of a character that no font of the letter has
OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def engine() -> str:
    """Return what letters are set with."""
    return f"typst {version('typst')}"


@cache
def _compiler() -> "typst.Compiler":
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    nowhere = str(LETTERS / "no-packages")
    return typst.Compiler(root=str(LETTERS), font_paths=fonts, package_path=nowhere, package_cache_path=nowhere)


def pdf_of(source: str, day: dt.date) -> bytes:
    """Return the PDF of a letter dated `day`; raises typst.TypstError, also for a character no font has."""
    moment = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    made = _compiler().compile(source.encode(), format="pdf", pdf_standards="ua-1", timestamp=moment)
    assert isinstance(made, bytes)
    return made


@cache
def _coverage() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    covered = []
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            covered.append(set(font.getBestCmap()))
    return frozenset(set.intersection(*covered))


def unprintable(text: str) -> str | None:
    """Return the first character of a text that a letter cannot show, as U+XXXX, or None; direction overrides are such."""
    for character in text:
        if character in OVERRIDES or (ord(character) not in _coverage() and character != "\u200b"):
            return f"U+{ord(character):04X}"
    return None
