"""The invented world: what the README shows is what it does, and it is the same for the same seed."""

import re
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.worlds import findings_of, release_of, services_of, tree_bytes

README = Path(__file__).parents[2] / "README.md"


def masked(text: str) -> str:
    return re.sub(r"\b[0-9a-f]{16}\b", "ID", text)


def test_the_readme_shows_the_real_output(asc: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    answer = asc("demo", "--out", "demo")
    shown = README.read_text(encoding="utf-8").split("$ make demo\n")[1].split("```")[0]
    assert masked(answer.out) == masked(shown)
    home = tmp_path / "demo" / "home"
    assert {row["status"] for row in services_of(home).values()} == {
        "notice_due", "at_risk", "watch", "missed", "unknown", "new", "compliant", "not_required",
    }  # fmt: skip
    for rule in ("id_repaired", "value_unreadable", "not_in_register", "user_count_low", "deregistered_still_listed"):
        assert findings_of(home, rule), rule
    assert {row["la_code"] for row in services_of(home).values()} == {
        path.name for path in (release_of(home) / "local-authorities").iterdir()
    }


def test_the_same_seed_gives_the_same_bytes_and_the_command_runs_them(asc: Command, tmp_path: Path) -> None:
    commands = []
    for name in ("a", "b"):
        commands.append(asc("demo", "--out", tmp_path / name, "--units", "60", "--only-inputs").out.split())
    assert tree_bytes(tmp_path / "a") == tree_bytes(tmp_path / "b")
    assert asc(*commands[0][1:]).code == 0
    assert len(services_of(tmp_path / "a" / "home")) == 60


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 12))
def test_a_demonstration_of_any_seed_publishes(asc: Command, tmp_path: Path, seed: int) -> None:
    answer = asc("demo", "--out", tmp_path / "demo", "--units", 20 * seed, "--months", 2 + seed, "--seed", seed)
    assert answer.code == 0, answer.err
    assert len(services_of(tmp_path / "demo" / "home")) == 20 * seed


def test_a_demonstration_never_touches_another_home(asc: Command, tmp_path: Path) -> None:
    (tmp_path / "real" / "home").mkdir(parents=True)
    (tmp_path / "real" / "home" / "register.sqlite").write_text("x")
    assert asc("demo", "--out", tmp_path / "real").code == 2
    assert asc("demo", "--home", tmp_path / "real").code == 2
