"""The authorities with adult social care duties, and whose name is whose. Names are matched exactly, never nearly."""

import datetime as dt
import functools
import html
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline import reference

CODE = re.compile(r"E0[689][0-9]{6}|E10[0-9]{6}|pending-[a-z-]+")  # folders are named by it
REGION_NAMES = {
    "yorkshire and humberside": "Yorkshire and The Humber", "yorkshire humberside": "Yorkshire and The Humber",
    "east": "East of England", "eastern": "East of England",
}  # fmt: skip
PREFIXES = ("city of ", "county of ", "london borough of ", "royal borough of ", "metropolitan borough of ", "lb of ", "rb of ",
            "lb ", "rb ")  # fmt: skip
SUFFIXES = (" mbc", " mdc", " cc", " c c", " bc", " council", " borough council", " city council", " county council", " metropolitan borough council",
            " metropolitan district council", " district council", " corporation", " unitary authority", " ua",
            " london borough council", " city and district council")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Authority:
    """One authority in force from a day to a day; `la_code` is its current GSS code, `pending-<slug>` until ONS gives one."""

    key: str
    la_code: str
    former_codes: tuple[str, ...]
    name: str
    region: str
    from_date: dt.date | None
    to_date: dt.date | None
    successors: tuple[str, ...]

    @property
    def slug(self) -> str:
        """The name as it stands in file names (CONTRACT 5)."""
        return slug_of(self.name)

    def is_in_force(self, day: dt.date) -> bool:
        """Say whether the authority exists on a day."""
        return (self.from_date is None or self.from_date <= day) and (self.to_date is None or day < self.to_date)


def slug_of(name: str) -> str:
    """Return a name in small letters and digits, with dashes between, without a final "council"."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-").removesuffix("-council")


def normal_name(text: str) -> str:
    """Return a name without case, punctuation, doubled blanks and HTML's entities, `&` as "and" (DATA 7)."""
    plain = unicodedata.normalize("NFKC", html.unescape(html.unescape(text))).casefold().replace("&", " and ")
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


def short_name(normal: str) -> str:
    """Return a normalised name without "city of", "london borough of" and the council suffixes."""
    for prefix in PREFIXES:
        normal = normal.removeprefix(prefix)
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        if normal.endswith(suffix):
            return normal.removesuffix(suffix)
    return normal


class Authorities:
    """The authorities in force on one day, found by code, name or alias; one that ended before is found as its only successor."""

    def __init__(
        self, known: Iterable[Authority], aliases: Iterable[tuple[str, str]], day: dt.date = dt.date.max
    ) -> None:
        every = {authority.key: authority for authority in known}
        self.all = tuple(sorted((a for a in every.values() if a.is_in_force(day)), key=lambda a: a.la_code))
        self.by_code = {authority.la_code: authority for authority in self.all}
        names = {normal_name(alias): every[key] for alias, key in aliases if key in every}
        short: dict[str, Authority] = {}
        for name, authority in names.items():
            if short.setdefault(short_name(name), authority) is not authority:
                raise ValueError(f"two authorities are called {short_name(name)}")
        codes = {code.upper(): a for a in every.values() for code in (a.la_code, *a.former_codes)}
        self._names, self._short, self._codes = (
            {text: heirs for text, a in table.items() if (heirs := _heirs(a, every, day))}
            for table in (names, short, codes)
        )

    def find(self, text: str, decided: Mapping[str, str] | None = None) -> Authority | None:
        """Return the authority of a code, name or alias, or None; `decided` maps normalised names to codes.

        The name of one that several succeeded names none of them (`heirs`), whatever was decided.
        """
        found = self.heirs(text)
        if not found and decided and normal_name(text) in decided:
            found = self._codes.get(decided[normal_name(text)].upper(), ())
        return found[0] if len(found) == 1 else None

    def heirs(self, text: str) -> tuple[Authority, ...]:
        """Return whom a code, name or alias means on the day: one authority, several that succeeded it, or none."""
        normal = normal_name(text)
        return (
            self._codes.get(text.strip().upper())
            or self._names.get(normal)
            or self._short.get(short_name(normal))
            or ()
        )

    def region(self, text: str) -> str:
        """Return the region that a text names, blank for none."""
        names = {normal_name(authority.region): authority.region for authority in self.all} | REGION_NAMES
        return names.get(normal_name(text), "")


def _heirs(authority: Authority, every: Mapping[str, Authority], day: dt.date) -> tuple[Authority, ...]:
    if authority.is_in_force(day):
        return (authority,)
    if authority.to_date is None or day < authority.to_date:
        return ()
    return tuple(heir for key in authority.successors for heir in _heirs(every[key], every, day))


@functools.cache
def every_authority() -> dict[str, Authority]:
    """Return every authority there ever was in these lists, or that is to come, by its code."""
    return {authority.la_code: authority for authority in _known()}


@functools.cache
def authorities_on(day: dt.date) -> Authorities:
    """Return the authorities in force on a day, from the dated reference lists."""
    known = _known()
    aliases = [
        (row["alias"], row["local_authority_code"])
        for name in ("la_name_aliases.csv", "la_abbreviations.csv")
        for row in reference.rows(name)
    ]
    return Authorities(known, aliases + [(authority.name, authority.key) for authority in known], day)


@functools.cache
def _known() -> tuple[Authority, ...]:
    """Return the authorities of the reference lists: those of today with their changes, those that were, and those to come."""
    changes = {row["local_authority_code"]: row for row in reference.rows("la_changes.csv")}
    found = []
    for row in reference.rows("la_asc_authorities_153.csv"):
        change = changes.pop(row["local_authority_code"], {})
        codes = {row["gss_code"], change.get("gss_code", ""), *row["former_gss_codes"].split(",")}
        found.append(
            Authority(
                row["local_authority_code"],
                row["gss_code_2025"],
                tuple(sorted(filter(None, codes - {row["gss_code_2025"]}))),
                row["nice_name"],
                row["region"],
                _day(change.get("from") or row["start_date"]),
                _day(change.get("to", "")),
                _keys(change.get("successors", "")),
            )
        )
    found += [
        Authority(
            key, row["gss_code"] or f"pending-{slug_of(row['nice_name'])}", (), row["nice_name"], row["region"],
            _day(row["from"]), _day(row["to"]), _keys(row["successors"]),
        )
        for key, row in changes.items()
    ]  # fmt: skip
    if odd := [authority.la_code for authority in found if not CODE.fullmatch(authority.la_code)]:
        raise ValueError(f"{odd[0]} is no code of an authority")
    return tuple(found)


def _keys(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(";")))


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
