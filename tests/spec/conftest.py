"""Collects the tables of this folder: each row is a test, in the shipped code and in the reference."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.spec.shipped import COLUMNS, RULES
from tests.spec.tables import BadTable, Example, read


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "SpecFile | None":
    if file_path.suffix == ".md" and file_path.name != "README.md" and file_path.parent == Path(__file__).parent:
        return SpecFile.from_parent(parent, path=file_path)
    return None


class SpecFile(pytest.File):
    """One Markdown table."""

    def collect(self) -> Iterator[pytest.Item]:
        specification = read(self.path, COLUMNS)
        for example in specification.examples:
            yield SpecRow.from_parent(self, name=example.case, example=example, rule=specification.rule)


class SpecRow(pytest.Item):
    """One row."""

    def __init__(self, *, example: Example, rule: str, **words: object) -> None:
        super().__init__(**words)
        self.example, self.rule = example, rule

    def runtest(self) -> None:
        expected, shipped, reference = RULES[self.rule][1](self.example)
        where = f"{self.example.file}:{self.example.line}: {self.example.case}"
        assert shipped == expected, f"{where}: expected {expected}, got {shipped}"
        assert reference == expected, f"{where}: expected {expected}, the reference says {reference}"

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        if isinstance(excinfo.value, AssertionError | BadTable):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.example.line - 1, self.name
