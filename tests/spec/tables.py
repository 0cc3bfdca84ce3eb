"""Reads the Markdown tables of this folder; what it cannot read is an error with file and line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


class BadTable(Exception):
    """A table that cannot be read, with its file and line."""


@dataclass(frozen=True)
class Example:
    """One row: where it stands, its case, and its cells by heading (letters of months keep their order)."""

    file: str
    line: int
    case: str
    cells: tuple[tuple[str, str], ...]

    def __getitem__(self, heading: str) -> str:
        (value,) = [value for name, value in self.cells if name == heading]
        return value

    @property
    def history(self) -> str:
        """The cells under one-letter headings, in order."""
        return "".join(value for name, value in self.cells if len(name) == 1)


@dataclass(frozen=True)
class Specification:
    """One file: the rule it is about and its rows."""

    rule: str
    examples: tuple[Example, ...]


def read(path: Path, columns: dict[str, tuple[str, ...]]) -> Specification:
    """Read one file; `columns` maps each known rule to its headings after `case`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    labels = {
        name: value
        for line in lines
        if (match := re.fullmatch(r"(Source|Rule): *(.+)", line))
        for name, value in [match.groups()]
    }
    for label in ("Source", "Rule"):
        if label not in labels:
            raise BadTable(f"{path.name}:1: no {label}: line")
    rule = labels["Rule"].strip("` ")
    if rule not in columns:
        raise BadTable(f"{path.name}:1: no rule is called {rule}")
    examples = tuple(_rows(path.name, lines, ("case", *columns[rule])))
    cases = [example.case for example in examples]
    for example in examples:
        if cases.count(example.case) > 1:
            raise BadTable(f"{path.name}:{example.line}: the case {example.case!r} stands twice")
    return Specification(rule, examples)


def _rows(file: str, lines: list[str], headings: tuple[str, ...]) -> Iterator[Example]:
    table = [(number, line) for number, line in enumerate(lines, 1) if line.startswith("|")]
    if len(table) < 3:
        raise BadTable(f"{file}:1: no table with a row")
    for position, (number, line) in enumerate(table):
        cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
        if position == 0 and cells != headings:
            raise BadTable(f"{file}:{number}: headings {cells}, expected {headings}")
        if position > 1:
            if len(cells) != len(headings):
                raise BadTable(f"{file}:{number}: {len(cells)} cells where the headings have {len(headings)}")
            yield Example(file, number, cells[0], tuple(zip(headings[1:], cells[1:], strict=True)))
