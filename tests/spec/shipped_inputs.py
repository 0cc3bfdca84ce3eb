"""The rules about inputs, asked of the shipped code: real files, taken in and judged."""

import datetime as dt
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flows.settings import parameters
from pipeline.assess import findings_of_month
from pipeline.assess.assessment import Judgement, assess
from pipeline.intake.blanks import Unreadable
from pipeline.intake.ingest import Stores, ingest
from pipeline.intake.moments import moment as read_moment
from pipeline.intake.moments import order_of
from pipeline.intake.statements import Statement
from pipeline.record.archive import Archive
from pipeline.record.decisions import Decisions
from pipeline.record.facts import Row, new_facts
from pipeline.record.register import Register
from pipeline.rules.windows import LONDON, start_of, window_for
from pipeline.rules.working_days import ONE_DAY, WorkingDays
from tests.spec import references_inputs
from tests.spec.tables import Example
from tests.worlds import write_csv

DECEMBER, JUNE = dt.date(2024, 12, 1), dt.date(2024, 6, 1)
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
UNIT = "1-9000000001"
PROVIDERS = {"P1": "1-9900000001", "P2": "1-9900000002"}
OF_REGISTER = {
    "not_in_register", "authority_differs", "provider_id_differs", "moved_authority", "provider_changed", "dormant_still_owes",
    "deregistered_still_listed", "not_required_yet_reported", "registered_in_future", "reregistered", "register_gap",
    "return_not_owed", "owes_nothing",
}  # fmt: skip
Pair = tuple[object, object, object]


def moments(example: Example) -> Pair:
    beside = [] if example["beside"] == "-" else example["beside"].split("; ")
    try:
        found = read_moment(example["written"], order_of([example["written"], *beside]))
        shipped = f"{found.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC" if found.tzinfo else str(found)
    except Unreadable:
        shipped = "none"
    return example["reads as"], shipped, references_inputs.moment(example["written"], beside)


def judged(paths: Sequence[Path], folder: Path, month: dt.date) -> tuple[list[Row], set[str]]:
    """Take files in, judge a month, and return the only service's outcome, status, authority and provider, and the
    rules of the findings."""
    facts = new_facts(folder / "facts.duckdb", folder)
    register = Register(f"sqlite:///{folder}/register.sqlite")
    ingest(Stores(Archive(folder / "archive"), register, facts, parameters()), paths, Statement(), "tests", NOW)
    judgement = Judgement(month, dt.date(2025, 1, 31), WorkingDays(), parameters(), Decisions())
    assess(facts, judgement)
    findings_of_month.find(facts, judgement)
    rows = facts.query("SELECT outcome, status, local_authority, provider_id FROM service")
    rules = {row[-1] for row in findings_of_month.findings(facts)}
    facts.close()
    register.close()
    return rows, rules


def updates(example: Example) -> Pair:
    taken = dt.datetime.fromisoformat(example["taken"]).replace(tzinfo=LONDON)
    month = JUNE if taken.month == 6 else DECEMBER
    window = window_for(month, WorkingDays(), parameters())
    cells = ["" if example[name] == "-" else example[name] for name in ("utc", "local")]
    heads = ["cqcid", "location", "localauthority", "lastupdatedutc", "lastupdatedbst"]
    listing = ["CQC Location ID", "Location", "Local Authority", f"{month:%b %y}"]
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "inbox"
        paths = [
            write_csv(inbox / f"records-{taken:%Y-%m-%d_%H%M}.csv", heads, [[UNIT, "Invented House", "Kent", *cells]]),
            write_csv(inbox / "care-home-2025-01-10.csv", listing, [[UNIT, "Invented House", "Kent", ""]]),
        ]
        ((row,), rules) = judged(paths, Path(folder), month)
    wanted = {rule for rule in rules if rule.startswith("stamp")}
    shipped = row[0], next(iter(wanted), "-") if len(wanted) < 2 else sorted(wanted)
    opens, closed = start_of(window.opens_on), start_of(window.closes_on + ONE_DAY)
    reference = references_inputs.update(taken, cells[0] or "-", cells[1] or "-", opens, closed)
    return (example["outcome"], example["finding"]), shipped, reference


def register_changes(example: Example) -> Pair:
    clauses = example["known"].split("; ")
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "inbox"
        heads = [
            "CQC Location ID",
            "Location",
            "Provider ID",
            "Local Authority",
            "Registration Status",
            "Oct 24",
            "Nov 24",
            "Dec 24",
        ]
        row = [UNIT, "Invented House", PROVIDERS["P1"], "Kent", "Established", "No", "No", "No"]
        for clause in clauses:
            if clause.startswith("export from "):
                heads, row = [*heads, "Registered On"], [*row, clause.removeprefix("export from ")]
        paths = [write_csv(inbox / "care-home-2024-12-17.csv", heads, [row])]
        paths += [_list(inbox, clause) for clause in clauses if not clause.startswith("export from ")]
        ((found,), rules) = judged(paths, Path(folder), DECEMBER)
    listed = set() if example["findings"] == "-" else set(example["findings"].split(", "))
    names = {value: name for name, value in PROVIDERS.items()}
    expected: tuple[Any, ...] = (
        example["outcome"],
        example["status"],
        example["authority"],
        example["provider"],
        listed,
    )
    shipped = (*found[:3], names[found[3]], rules & OF_REGISTER)
    return expected, shipped, references_inputs.register_change(clauses)


def _list(inbox: Path, clause: str) -> Path:
    """Write the list a clause speaks of, and return its path."""
    if match := re.fullmatch(r"gone ([0-9]+) Dec(?: from ([0-9-]+))?", clause):
        heads, row = ["Location ID", "HSCA End Date"], [UNIT, f"{int(match[1]):02d}/12/2024"]
        if match[2]:
            heads, row = [*heads, "Location HSCA start date"], [*row, match[2]]
        return write_csv(inbox / "gone-2024-12-16.csv", heads, [row])
    match = re.fullmatch(
        r"(register|weekly) ([0-9]+) (Nov|Dec) (?:without it|(.+?) (P[12])(?: from ([0-9-]+))?(.*))", clause
    )
    assert match is not None
    day = f"2024-{'11' if match[3] == 'Nov' else '12'}-{int(match[2]):02d}"
    where, place, provider = (
        (UNIT, match[4], PROVIDERS[match[5]]) if match[4] else ("1-9000000009", "Kent", PROVIDERS["P2"])
    )
    if match[1] == "weekly":
        heads = [
            "Name",
            "Service types",
            "Provider name",
            "Local authority",
            "CQC Location ID (for office use only)",
            "CQC Provider ID (for office use only)",
        ]
        return write_csv(
            inbox / f"directory-{day}.csv",
            heads,
            [["House", "Residential homes", "Invented Ltd", place, where, provider]],
        )
    heads = [
        "Location ID",
        "Location HSCA start date",
        "Care home?",
        "Location Local Authority",
        "Provider ID",
        "Dormant (Y/N)",
        "HSCA Predecessor",
        "Service type - Domiciliary care service",
    ]
    more = match[7] or ""
    row = [
        where,
        match[6] or "2015-04-01",
        "N" if "owes" in more else "Y",
        place,
        provider,
        "Y" if "dormant" in more else "N",
        more.partition("follows ")[2],
        "Y" if "owes home care" in more else "",
    ]
    return write_csv(inbox / f"hsca-{day}.csv", heads, [row])


RULES = {
    "intake.moments.moment": (("written", "beside", "reads as"), moments),
    "intake.stamps": (("taken", "utc", "local", "outcome", "finding"), updates),
    "assess.register_changes": (("known", "outcome", "status", "authority", "provider", "findings"), register_changes),
}
