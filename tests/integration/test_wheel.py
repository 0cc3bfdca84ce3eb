"""The wheel, in a new environment outside the checkout, with what production needs and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*words: object, cwd: Path) -> str:
    answer = subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


@pytest.mark.slow
def test_the_wheel_works_outside_the_checkout_with_production_dependencies_only(tmp_path: Path) -> None:
    tools = Path(sys.executable).parent
    run(tools / "python", "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "dist", cwd=ROOT)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv", cwd=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    run(
        tools / "uv",
        "pip",
        "install",
        "--offline",
        "--python",
        python,
        "-c",
        ROOT / "requirements.lock",
        wheel,
        cwd=tmp_path,
    )
    for absent in ("pytest", "pandas", "hypothesis"):
        assert subprocess.run([python, "-c", f"import {absent}"], cwd=tmp_path, capture_output=True).returncode == 1
    command = tmp_path / "venv" / "bin" / "asc-compliance"
    assert "Good Friday" in run(command, "windows", "--from", "2028-04", "--to", "2028-04", cwd=tmp_path)
    assert "--accept" in run(command, "run", "--help", cwd=tmp_path)
    out = run(command, "demo", "--units", "50", cwd=tmp_path)
    assert "published" in out and (tmp_path / "demo" / "home" / "releases" / "2024-12" / "CURRENT").exists()
    assert "as it was written down" in run(command, "verify", "--home", tmp_path / "demo" / "home", cwd=tmp_path)
