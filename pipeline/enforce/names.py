"""What a provider is called: the register's name, and those that exports give it."""

import re
from dataclasses import dataclass

from pipeline.enforce.addresses import plain
from pipeline.enforce.grounds import SQL
from pipeline.record.facts import Facts, sql


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one provider: the register's, and those of exports; spellings that differ in case alone are one."""

    registered: tuple[str, ...]
    exported: tuple[str, ...]

    @property
    def best(self) -> tuple[str, ...]:
        """The register's names, else those of the exports; more than one contradict each other."""
        chosen = self.registered or self.exported
        return tuple({plain(name).casefold(): name for name in reversed(chosen)}.values())

    @property
    def words(self) -> set[str]:
        """The words of all its names, case-folded, without dots and characters nobody can see."""
        said = " ".join(plain(name) for name in (*self.registered, *self.exported))
        return set(re.findall(r"[^\W_]+", said.casefold().replace(".", "")))


def names_of(facts: Facts) -> dict[str, Names]:
    """Return the names of every provider with a unit due, by provider id."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for provider_id, is_registered, name in facts.query(sql(SQL, "sql/provider_name.sql")):
        found.setdefault(provider_id, ([], []))[0 if is_registered else 1].append(name)
    return {provider_id: Names(tuple(one), tuple(other)) for provider_id, (one, other) in found.items()}


def names_held(facts: Facts, words: set[str]) -> dict[str, str]:
    """Return the providers of the register whose name holds one of these words, with that name, by provider id."""
    rows = facts.query(
        "SELECT DISTINCT provider_id, provider_name FROM register_now WHERE provider_id <> '' ORDER BY ALL"
    )
    return {provider_id: name for provider_id, name in rows if Names((name,), ()).words & words}
