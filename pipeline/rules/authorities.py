"""The authorities with adult social care duties, and whose name is whose. Names are matched exactly, never nearly."""

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline import reference

CODE = re.compile(r"E0[689][0-9]{6}|E10[0-9]{6}")
PREFIXES = ("city of ", "county of ", "london borough of ", "royal borough of ", "metropolitan borough of ")
SUFFIXES = (" council", " borough council", " city council", " county council", " metropolitan borough council",
            " metropolitan district council", " district council", " corporation", " unitary authority", " ua",
            " london borough council", " city and district council")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Authority:
    """One authority in force from a day to a day; `la_code` is its current GSS code, blank until ONS gives one."""

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
        return re.sub(r"[^a-z0-9]+", "-", self.name.casefold()).strip("-").removesuffix("-council")

    def is_in_force(self, day: dt.date) -> bool:
        """Say whether the authority exists on a day."""
        return (self.from_date is None or self.from_date <= day) and (self.to_date is None or day < self.to_date)


def normal_name(text: str) -> str:
    """Return a name without case, punctuation and doubled blanks, `&` as "and" (DATA 7)."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
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
    """The authorities in force in one month, found by code, name or alias."""

    def __init__(self, in_force: Iterable[Authority], aliases: Iterable[tuple[str, str]]) -> None:
        self.all = tuple(sorted(in_force, key=lambda authority: authority.la_code))
        self.by_code = {authority.la_code: authority for authority in self.all}
        by_key = {authority.key: authority for authority in self.all}
        self._codes = {code: a for a in self.all for code in (a.la_code, *a.former_codes)}
        self._names: dict[str, Authority] = {}
        for alias, key in aliases:
            if key in by_key:
                self._names[normal_name(alias)] = by_key[key]
        self._short: dict[str, Authority] = {}
        for name, authority in self._names.items():
            short = short_name(name)
            if self._short.setdefault(short, authority) is not authority:
                raise ValueError(f"two authorities are called {short}")

    def find(self, text: str, decided: Mapping[str, str] | None = None) -> Authority | None:
        """Return the authority of a code, name or alias, or None; `decided` maps normalised names to codes."""
        code = text.strip().upper()
        if code in self._codes:
            return self._codes[code]
        normal = normal_name(text)
        if decided and normal in decided:
            return self._codes.get(decided[normal])
        return self._names.get(normal) or self._short.get(short_name(normal))


@functools.cache
def authorities_on(day: dt.date) -> Authorities:
    """Return the authorities in force on a day, from the dated reference lists."""
    changes = {row["local_authority_code"]: row for row in reference.rows("la_changes.csv")}
    found = []
    for row in reference.rows("la_asc_authorities_153.csv"):
        change = changes.pop(row["local_authority_code"], {})
        former = {row["gss_code"], *filter(None, row["former_gss_codes"].split(","))} - {row["gss_code_2025"]}
        found.append(
            Authority(
                row["local_authority_code"],
                row["gss_code_2025"],
                tuple(sorted(former)),
                row["nice_name"],
                row["region"],
                _day(row["start_date"]),
                _day(change.get("to", "")),
                tuple(filter(None, change.get("successors", "").split(";"))),
            )
        )
    found += [
        Authority(key, row["gss_code"], (), row["nice_name"], row["region"], _day(row["from"]), _day(row["to"]), ())
        for key, row in changes.items()
    ]
    aliases = [(row["alias"], row["local_authority_code"]) for row in reference.rows("la_name_aliases.csv")]
    names = [(authority.name, authority.key) for authority in found]
    return Authorities((a for a in found if a.is_in_force(day)), aliases + names)


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
