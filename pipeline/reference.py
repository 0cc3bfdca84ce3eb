"""The packaged data: reference files and parameters, read as they stand."""

import csv
import io
import tomllib
from importlib.resources import files
from typing import Any


def text(name: str) -> str:
    """Return the text of `data/<name>`."""
    return files("data").joinpath(name).read_text(encoding="utf-8-sig")


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of the reference file `data/reference/<name>`, all cells text."""
    return list(csv.DictReader(io.StringIO(text(f"reference/{name}"), newline="")))


def toml(name: str) -> dict[str, Any]:
    """Return the parsed `data/<name>`."""
    return tomllib.loads(text(name))


def parameter_files() -> list[str]:
    """Return the names of the parameter files, sorted."""
    folder = files("data").joinpath("parameters")
    return sorted(f"parameters/{entry.name}" for entry in folder.iterdir() if entry.name.endswith(".toml"))
