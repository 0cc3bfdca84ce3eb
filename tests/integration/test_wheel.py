"""The wheel, in a new environment outside the checkout, with what production needs and nothing else."""

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def run(*words: object, cwd: Path) -> str:
    answer = subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


def link_production(target: Path) -> None:
    """Give a new environment the locked packages that production needs, and no others, without a network."""
    wanted, known = ["asc-compliance"], {"asc-compliance"}
    while wanted:
        distribution = importlib.metadata.distribution(wanted.pop())
        for text in distribution.requires or []:
            requirement = Requirement(text)
            name = canonicalize_name(requirement.name)
            extras = [*requirement.extras, ""]
            if name not in known and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
                known.add(name)
                wanted.append(name)
                wanted += _of_extras(name, extras, known)
    for name in known - {"asc-compliance"}:
        distribution = importlib.metadata.distribution(name)
        for part in {file.parts[0] for file in distribution.files or [] if file.parts[0] not in ("..", "__pycache__")}:
            if not (target / part).exists():
                (target / part).symlink_to(str(distribution.locate_file(part)))


def _of_extras(name: str, extras: list[str], known: set[str]) -> list[str]:
    """Return what the extras of a package need, as `sqlalchemy[asyncio]` needs greenlet."""
    found = []
    for text in importlib.metadata.distribution(name).requires or []:
        requirement = Requirement(text)
        needed = canonicalize_name(requirement.name)
        if (
            requirement.marker
            and needed not in known
            and any(requirement.marker.evaluate({"extra": e}) for e in extras)
        ):
            known.add(needed)
            found.append(needed)
    return found


@pytest.mark.slow
def test_the_wheel_works_outside_the_checkout_with_production_dependencies_only(tmp_path: Path) -> None:
    tools = Path(sys.executable).parent
    run(tools / "python", "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "dist", cwd=ROOT)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv", cwd=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    run(tools / "uv", "pip", "install", "--offline", "--no-deps", "--python", python, wheel, cwd=tmp_path)
    link_production(
        Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip())
    )
    for absent in ("pytest", "pandas", "hypothesis"):
        assert subprocess.run([python, "-c", f"import {absent}"], cwd=tmp_path, capture_output=True).returncode == 1
    command = tmp_path / "venv" / "bin" / "asc-compliance"
    assert "Good Friday" in run(command, "windows", "--from", "2028-04", "--to", "2028-04", cwd=tmp_path)
    assert "--accept" in run(command, "run", "--help", cwd=tmp_path)
    out = run(command, "demo", "--units", "50", cwd=tmp_path)
    assert "published" in out and (tmp_path / "demo" / "home" / "releases" / "2024-12" / "CURRENT").exists()
    assert "as it was written down" in run(command, "verify", "--home", tmp_path / "demo" / "home", cwd=tmp_path)
