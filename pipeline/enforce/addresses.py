"""The lines of a postal address, as they stand in the window of a letter, and what is wrong with them.

Rules: GOV.UK Notify letter specification; an address that breaks one is never repaired by guessing.
"""

import functools
import re
import unicodedata

from pipeline import reference
from pipeline.intake.blanks import tidy

LEAST, MOST = 3, 7
COUNTRIES = frozenset({"england", "united kingdom", "uk", "great britain"})
NEVER_FIRST = '@()=[]"\\/,<>~'


INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")


def plain(text: str) -> str:
    """Return text as a letter shows it: composed (NFC), with single blanks, without characters nobody can see."""
    return " ".join(unicodedata.normalize("NFC", INVISIBLE.sub("", text)).split())


def postal_lines(lines: list[str]) -> list[str]:
    """Return the filled lines of an address, each with single blanks, without a country at the end; the postcode, where
    the last line is one, in capitals with one space."""
    kept = [text for line in lines if (text := plain(tidy(line))) not in ("", "-", "*")]
    while kept and kept[-1].casefold() in COUNTRIES:
        kept.pop()
    if kept and (postcode := uk_postcode(kept[-1])):
        kept[-1] = postcode
    return kept


def uk_postcode(text: str) -> str | None:
    """Return a postcode in capitals with one space, or None for anything that is none.

    The area has to be one that exists, or ZZ, which stands for none and serves invented addresses.
    """
    bare = re.sub(r"\s", "", text).upper() if text.isascii() else ""
    match = re.fullmatch(r"([A-Z]{1,2})([0-9][0-9A-Z]?)([0-9][A-BD-HJLNP-UW-Z]{2})", bare)
    if bare == "GIR0AA":
        return "GIR 0AA"
    return f"{match[1]}{match[2]} {match[3]}" if match and match[1] in _areas() else None


@functools.cache
def _areas() -> frozenset[str]:
    return frozenset(row["area"] for row in reference.rows("uk_postcode_areas.csv"))


def problem_of(lines: list[str]) -> str | None:
    """Return the first rule an address breaks, in Notify's words, with the line; None for an address that can be used."""
    if not lines:
        return "address-is-empty"
    if len(lines) < LEAST:
        return f"not-enough-address-lines: {len(lines)}, at least {LEAST} are needed"
    if len(lines) > MOST:
        return f"too-many-address-lines: {len(lines)}, at most {MOST} fit"
    for number, line in enumerate(lines[:2], 1):
        if not any(character.isalnum() for character in line):
            return f"invalid-address-line-1-or-2: line {number} holds no letter or digit"
    if uk_postcode(lines[-1]) is None:
        return f'not-a-real-uk-postcode: the last line is "{lines[-1]}"'
    for number, line in enumerate(lines, 1):
        if line[0] in NEVER_FIRST:
            return f'invalid-char-in-address: line {number} begins with "{line[0]}"'
        if re.search(r"\bno fixed (abode|address)\b", line.casefold()):
            return f"no-fixed-abode-address: line {number}"
    return None
