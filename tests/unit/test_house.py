"""The house: no number of the rules in SQL, no clock in pipeline, quick help."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
QUERIES = sorted(ROOT.glob("pipeline/**/*.sql"))


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_opens_with_what_a_row_means_and_keeps_the_habits(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    code = re.sub(r"--.*", "", text)
    assert text.startswith("-- ")
    assert not re.search(r"\bnow\(|current_date|SELECT\s+\*", code, re.IGNORECASE)
    assert not re.search(r"(?<![\w.:$])(2|3|4|8|11|12|14|101)(?![\w.])", re.sub(r"\[-2:\]|\* 2 \+", "", code)), (
        "a rule's number"
    )


def test_pipeline_and_reports_read_no_clock_and_no_environment() -> None:
    for path in [*ROOT.glob("pipeline/**/*.py"), *ROOT.glob("reports/**/*.py")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\.today\(|\.now\(|utcnow|os\.environ|time\.time\(|getpass", text), path


HEAVY = ("duckdb", "pandas", "pyarrow", "prefect", "openpyxl", "typst", "xlsxwriter", "sqlalchemy", "jinja2")


@pytest.mark.parametrize(
    ("words", "heavy"),
    [("--help", HEAVY), ("run --help", HEAVY), ("windows --from 2024-01 --to 2024-12", HEAVY), ("notice-dates --sent 2025-01-20 --method post", HEAVY),
     ("run --month nonsense", ("prefect", "openpyxl", "typst"))],
)  # fmt: skip
def test_a_command_loads_only_what_it_needs(words: str, heavy: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom flows.cli import main\n"
        f"sys.argv = ['asc-compliance', *{words.split()!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "[]"


def test_a_run_never_loads_prefect(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom flows.cli import main\n"
        f"sys.argv = ['asc-compliance', 'demo', '--units', '60', '--out', {str(tmp_path / 'demo')!r}]\n"
        "main_failed = None\ntry:\n    main()\nexcept SystemExit as end:\n    main_failed = end.code\n"
        "print([name for name in ('prefect',) if name in sys.modules], main_failed)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] in ("[] None", "[] 0"), answer.stderr
