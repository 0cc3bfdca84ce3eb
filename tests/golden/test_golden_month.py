"""The exact set of files of the hand-made month, and their bytes."""

from pathlib import Path

from tests.golden.golden import LINES, published


def test_the_hand_made_month_is_published_to_the_byte(tmp_path: Path) -> None:
    wanted = LINES.read_text(encoding="utf-8").splitlines()
    made = published(tmp_path / "home")
    assert [line.split("  ")[1] for line in made] == [line.split("  ")[1] for line in wanted]
    assert made == wanted, "if this is meant, say so in CHANGELOG.md and run: python -m tests.golden.golden"
