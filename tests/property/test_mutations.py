"""The suite kills mutants of the rules: each comparison, each parameter, each word of the rule queries changed once."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import flows.settings
from pipeline.assess import assessment
from pipeline.assess.assessment import Judgement
from pipeline.intake.ingest import Stores, ingest
from pipeline.intake.statements import Statement
from pipeline.record import facts
from pipeline.record.archive import Archive
from pipeline.record.decisions import Decisions
from pipeline.record.facts import Facts
from pipeline.record.register import Register
from pipeline.rules.parameters import Parameters
from pipeline.rules.working_days import WorkingDays
from reports.lists import national
from reports.lists.cells import csv_for_machines
from reports.lists.services import services_of
from tests.spec import shipped
from tests.spec.tables import Example, read

SPEC = Path(shipped.__file__).parent
RULE_FILES = ("said", "outcome", "history", "status", "statement", "stamped")
SWAPS = {">=": (">", "<="), "<=": ("<", ">="), "<>": ("=",), ">": (">=", "<"), "<": ("<=", ">"), "=": ("<>",)}
COMPARISON = re.compile(r"(?<![<>=-])(>=|<=|<>|>|<|=)(?![<>=])")


def mutants_of_sql() -> Iterator[tuple[str, str, str]]:
    """Yield (file, what was changed, mutated text)."""
    for name in RULE_FILES:
        text = facts.sql("pipeline.assess", f"sql/{name}.sql")
        for match in COMPARISON.finditer(text):
            line = text[text.rfind("\n", 0, match.start()) + 1 : text.find("\n", match.start())]
            if (
                line.lstrip().startswith(("--", "ON ", "AND said", "AND stamped", "AND excused", "LEFT", "INNER"))
                or " ON " in line
            ):
                continue  # prose and join keys
            if "updated_at < w.opens_at" in line and match[0] == "<" and "is_before" in line:
                continue  # a stamp in the very moment of the opening is inside, which is asked first
            for other in SWAPS[match[0]]:
                yield name, f"{line.strip()} -> {other}", text[: match.start()] + other + text[match.end() :]
        for before, after in (
            ("arg_max", "arg_min"),
            ("max(seq)", "min(seq)"),
            ("bool_or(stamp", "bool_and(stamp"),
            (" + 1)", ")"),
            ("NOT is_new", "is_new"),
            ("FALSE", "TRUE"),
        ):
            for match in re.finditer(re.escape(before), text):
                yield (
                    name,
                    f"{before} -> {after} at {match.start()}",
                    text[: match.start()] + after + text[match.end() :],
                )


PARAMETERS = ("window_opens_on_day", "window_closes_on_day", "notice_run", "notice_misses", "notice_within_windows", "at_risk_run",
              "new_under_days", "representation_days_least", "decision_days", "given_after_working_days_post",
              "given_after_working_days_email", "given_after_working_days_hand")  # fmt: skip


@dataclass
class Killers:
    """What notices a mutant: the month worked out by hand, then every row of the specification."""

    facts: Facts
    examples: list[tuple[Callable[[Example], shipped.Pair], Example]]

    def notice(self) -> bool:
        try:
            return self.hand_differs() or any(
                expected != answer for expected, answer, _ in (ask(row) for ask, row in self.examples)
            )
        except Exception:  # a mutant that no longer runs is dead too
            return True

    def hand_differs(self) -> bool:
        month = dt.date(2024, 12, 1)
        judgement = Judgement(month, dt.date(2024, 12, 17), WorkingDays(), shipped.parameters(), Decisions())
        assessment.assess(self.facts, judgement)
        rows = national.service_rows(month, services_of(self.facts, judgement))
        expected = (SPEC.parent / "hand" / "expected" / "services.csv").read_bytes()
        return csv_for_machines(national.SERVICE_HEADINGS, rows) != expected


@pytest.fixture(scope="module")
def killers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killers]:
    rows = []
    for path in sorted(SPEC.glob("*.md"), key=lambda path: path.name != "what_counts.md"):
        if path.name != "README.md":
            specification = read(path, shipped.COLUMNS)
            rows += [(shipped.RULES[specification.rule][1], example) for example in specification.examples]
    folder = tmp_path_factory.mktemp("hand")
    register = Register(f"sqlite:///{folder}/register.sqlite")
    stores = Stores(
        Archive(folder / "archive"), register, facts.new_facts(folder / "facts.duckdb", folder), shipped.parameters()
    )
    ingest(stores, sorted((SPEC.parent / "hand" / "inbox").iterdir()), Statement(), "tests", shipped.NOW)
    killers = Killers(stores.facts, rows)
    assert not killers.notice(), "nothing is changed yet"
    yield killers
    stores.facts.close()
    register.close()


@pytest.mark.night
@pytest.mark.parametrize(
    ("name", "change", "text"), list(mutants_of_sql()), ids=[f"{n}: {c}" for n, c, _ in mutants_of_sql()]
)
def test_a_changed_query_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
    killers: Killers,
    name: str,
    change: str,
    text: str,
) -> None:
    original = facts.sql

    def mutated(package: str, file: str) -> str:
        return text if file == f"sql/{name}.sql" else original(package, file)

    monkeypatch.setattr(assessment, "sql", mutated)
    monkeypatch.setattr(shipped, "sql", mutated)
    assert killers.notice(), f"nobody noticed: {change}"


@pytest.mark.night
@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("step", [1, -1])
def test_a_changed_parameter_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
    killers: Killers,
    name: str,
    step: int,
) -> None:
    if name == "given_after_working_days_hand" and step == -1:
        step = 2  # there is no day before the day itself
    history = dict(flows.settings.parameters().history)
    history[name] = tuple(replace(value, value=int(str(value.value)) + step) for value in history[name])
    changed = Parameters(history)
    monkeypatch.setattr(shipped, "parameters", lambda: changed)
    assert killers.notice(), f"nobody noticed {name} {step:+d}"
