"""The tables themselves: every rule has one, and what cannot be read is an error with its line."""

from pathlib import Path

import pytest

from tests.spec.shipped import COLUMNS
from tests.spec.tables import BadTable, read

HERE = Path(__file__).parent
FILES = sorted(path for path in HERE.glob("*.md") if path.name != "README.md")


def test_every_rule_has_a_table_and_every_table_a_rule() -> None:
    assert sorted(read(path, COLUMNS).rule for path in FILES) == sorted(COLUMNS)


def test_the_readme_names_every_table() -> None:
    text = (HERE / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in FILES if f"| {path.name} |" not in text] == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Rule: `assess.outcomes`\n", "no Source: line"),
        ("Source: x\nRule: `assess.nothing`\n", "no rule is called"),
        ("Source: x\nRule: `assess.outcomes`\n| case | evidence |\n|---|---|\n| a | - |\n", ":3: headings"),
        (
            "Source: x\nRule: `assess.outcomes`\n| case | evidence | outcome | late on |\n|---|---|---|---|\n| a | - |\n",
            ":5: 2 cells",
        ),
        (
            "Source: x\nRule: `assess.outcomes`\n| case | evidence | outcome | late on |\n|---|---|---|---|\n| a | - | y | - |\n| a | - | y | - |\n",
            "stands twice",
        ),
    ],
)
def test_a_table_that_cannot_be_read_says_where(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "bad.md"
    path.write_text(text)
    with pytest.raises(BadTable, match=problem):
        read(path, COLUMNS)
