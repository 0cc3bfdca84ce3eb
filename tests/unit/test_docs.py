"""What the documentation says of inputs is what the product does."""

from pathlib import Path

import pytest

from pipeline.intake.findings import catalogue
from pipeline.intake.sources import SOURCES

ROOT = Path(__file__).parents[2]
INPUTS = (ROOT / "docs" / "inputs.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", catalogue())
def test_every_finding_is_explained_in_the_words_of_the_product(rule: str) -> None:
    words = catalogue()[rule]
    assert f"| `{rule}` | {words['severity']} | {words['owner']} | {words['action']} |" in INPUTS


def test_no_finding_is_explained_that_is_none() -> None:
    shown = {line.split("`")[1] for line in INPUTS.splitlines() if line.startswith("| `")}
    assert shown == set(catalogue())


@pytest.mark.parametrize("kind", sorted({source.kind for source in SOURCES}))
def test_every_kind_of_input_is_named(kind: str) -> None:
    words = {"service_register": "CQC register", "service_addresses": "service addresses"}.get(
        kind, kind.replace("_", " ").replace("record level", "record-level")
    )
    assert words in INPUTS
