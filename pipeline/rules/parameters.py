"""Law and policy values, each with the day it applies from and its authority."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.errors import UsageError

Value = int | float | str | list[int] | list[str]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value in force from a day on."""

    name: str
    value: Value
    from_date: dt.date
    authority: str
    kind: str  # law, policy or default (our own choice where no source speaks)


class InForce:
    """The parameters in force on one day."""

    def __init__(self, day: dt.date, values: Mapping[str, Parameter]) -> None:
        self.day = day
        self._values = values

    def __getitem__(self, name: str) -> Parameter:
        try:
            return self._values[name]
        except KeyError:
            raise UsageError(
                f"No value of {name} is in force on {self.day}: the collection began in December 2022."
            ) from None

    def all(self) -> list[Parameter]:
        """Return every parameter in force, sorted by name."""
        return sorted(self._values.values(), key=lambda parameter: parameter.name)

    def number(self, name: str) -> int:
        """Return a whole number."""
        value = self[name].value
        assert isinstance(value, int), name
        return value

    def share(self, name: str) -> float:
        """Return a share, ratio or number of points."""
        value = self[name].value
        assert isinstance(value, int | float), name
        return float(value)

    def day_of_year(self, name: str) -> tuple[int, int]:
        """Return (month, day) of a value such as [12, 20]."""
        value = self[name].value
        assert isinstance(value, list), name
        month, day = value
        assert isinstance(month, int) and isinstance(day, int), name
        return month, day

    def text(self, name: str) -> str:
        """Return a name or a phrase."""
        value = self[name].value
        assert isinstance(value, str), name
        return value

    def words(self, name: str) -> list[str]:
        """Return a list of words."""
        value = self[name].value
        assert isinstance(value, list), name
        return [str(word) for word in value]


class Parameters:
    """Every dated value; ask it for those of a day."""

    def __init__(self, history: Mapping[str, tuple[Parameter, ...]]) -> None:
        self.history = history

    def on(self, day: dt.date) -> InForce:
        """Return what is in force on `day`: of each name the newest value whose `from` is not after it."""
        chosen = {}
        for name, values in self.history.items():
            started = [value for value in values if value.from_date <= day]
            if started:
                chosen[name] = max(started, key=lambda value: value.from_date)
        return InForce(day, chosen)

    def canonical(self) -> list[list[str]]:
        """Return every value as text, sorted: what a release id is made of."""
        return sorted(
            [value.name, value.from_date.isoformat(), str(value.value), value.authority]
            for values in self.history.values()
            for value in values
        )


def parse_parameters(texts: Mapping[str, str]) -> Parameters:
    """Read parameter files (name -> TOML text); each value is a table `[[name]]` with from, value, authority, kind.

    A name may stand in one file only, and two values of one name may not begin on the same day.
    """
    history: dict[str, tuple[Parameter, ...]] = {}
    for file, text in sorted(texts.items()):
        for name, tables in tomllib.loads(text).items():
            if name in history:
                raise UsageError(f"{file}: {name} stands in another parameter file too.")
            values = tuple(
                Parameter(name, table["value"], table["from"], table["authority"], table["kind"]) for table in tables
            )
            if len({value.from_date for value in values}) != len(values):
                raise UsageError(f"{file}: {name} has two values from the same day.")
            history[name] = values
    return Parameters(history)
