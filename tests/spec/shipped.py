"""Each rule's rows, asked of the shipped code and of the reference."""

import datetime as dt
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from flows.settings import parameters
from pipeline.assess.assessment import Judgement, assess
from pipeline.assess.explain import explain
from pipeline.enforce.addresses import postal_lines, problem_of
from pipeline.enforce.cases import Case, CaseEvent
from pipeline.enforce.fees import providers_with_fee_needed
from pipeline.enforce.grounds import grounds_of
from pipeline.intake.blanks import MONTH_NUMBERS
from pipeline.intake.ingest import Stores, ingest
from pipeline.intake.statements import Statement
from pipeline.record.archive import Archive
from pipeline.record.decisions import Decisions, decisions_in_force
from pipeline.record.facts import new_facts, sql
from pipeline.record.register import Register
from pipeline.rules.notice_dates import Method, letter_dates, notice_dates
from pipeline.rules.windows import LONDON, add_months, window_for
from pipeline.rules.working_days import WorkingDays
from tests.spec import references, shipped_cases, shipped_inputs, shipped_registers, shipped_world
from tests.spec.shipped_world import PROVIDERS, owed_decided, provider_decided
from tests.spec.tables import BadTable, Example
from tests.worlds import write_csv

DECEMBER = dt.date(2024, 12, 1)
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
UNIT = "1-9000000001"
LETTERS = {"Y": "submitted", "N": "missed", "n": "missed", "?": "unknown", "x": "not_required", "e": "excused"}
MONTHS_SAID = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
Pair = tuple[object, object, object]  # the row's answer, the shipped code's, the reference's


def day(text: str, example: Example) -> dt.date:
    """Read "Sun 8 Dec 2024" or "7 Dec" (2024); a wrong weekday is an error."""
    match = re.fullmatch(r"(?:([A-Z][a-z]{2}) )?([0-9]{1,2}) ([A-Z][a-z]{2})(?: ([0-9]{4}))?", text)
    if match is None:
        raise BadTable(f"{example.file}:{example.line}: {text!r} is not a day")
    found = dt.date(int(match[4] or 2024), MONTH_NUMBERS[match[3].lower()], int(match[2]))
    if match[1] and WEEKDAYS[found.weekday()] != match[1]:
        raise BadTable(f"{example.file}:{example.line}: {text!r} is a {WEEKDAYS[found.weekday()]}")
    return found


def moment(text: str, example: Example) -> dt.datetime:
    """Read "17 Dec" or "17 Dec 09:30" in London."""
    match = re.fullmatch(r"(.+?)(?: ([0-9]{2}):([0-9]{2}))?", text)
    assert match is not None
    return dt.datetime.combine(day(match[1], example), dt.time(int(match[2] or 0), int(match[3] or 0)), LONDON)


def windows(example: Example) -> Pair:
    year, month = map(int, example["month"].split("-"))
    expected = (*(day(example[name], example) for name in ("opens", "closes", "run on")), example["because"])
    w = window_for(dt.date(year, month, 1), WorkingDays(), parameters())
    return expected, (w.opens_on, w.closes_on, w.run_on, w.rolled_because or "-"), references.window(year, month)


def time_stamps(example: Example) -> Pair:
    year, month = map(int, example["month"].split("-"))
    text, zone = example["moment"].rsplit(" ", 1)
    stamp = dt.datetime.fromisoformat(text).replace(tzinfo={"UTC": dt.UTC, "London": LONDON}[zone])
    w = window_for(dt.date(year, month, 1), WorkingDays(), parameters())
    opens, closes, _, _ = references.window(year, month)
    return {"yes": True, "no": False}[example["inside"]], w.contains(stamp), references.is_inside(stamp, opens, closes)


def notices(example: Example) -> Pair:
    sent = day(example["sent"], example)
    first, last = example["representations"].split(" - ")
    expected = tuple(day(text, example) for text in (example["given"], first, last, example["decide by"]))
    d = notice_dates(sent, Method(example["method"]), WorkingDays(), parameters().on(sent))
    shipped = (d.given_on, d.representations_from, d.representations_until, d.decide_by)
    return expected, shipped, references.notice(sent, example["method"])


def judged(
    folder: Path,
    outcomes: Sequence[str],
    is_new_at: Sequence[bool],
    registered: dt.date | None = None,
    new: bool = False,
) -> tuple[str, str, int, int]:
    """Return status, reason, counted misses, and misses in a row, that the shipped SQL makes of outcomes, the last one
    December 2024's, and of whether the unit was new at the close of each; `new` is what the export says."""
    values, in_force = parameters(), parameters().on(DECEMBER)
    facts = new_facts(folder / "facts.duckdb", folder)
    months = [add_months(DECEMBER, n + 1 - len(outcomes)) for n in range(len(outcomes))]
    closes = [window_for(month, WorkingDays(), values).closes_on for month in months]
    new_under = in_force.number("new_under_days")
    facts.load(
        "window_calendar", {"window_month": "DATE", "seq": "INTEGER", "closes_on": "DATE", "new_under_days": "INTEGER"},
        [(m, n, c, new_under) for n, (m, c) in enumerate(zip(months, closes, strict=True), 1)], temp=True,
    )  # fmt: skip
    facts.load(
        "unit", {"unit_no": "INTEGER", "registered_on": "DATE", "registration_status": "VARCHAR", "says_new": "BOOLEAN"},
        [(1, registered, "New" if new else "Established", new)], temp=True,
    )  # fmt: skip
    facts.load(
        "outcome", {"unit_no": "INTEGER", "seq": "INTEGER", "outcome": "VARCHAR", "is_new": "BOOLEAN", "late_at": "TIMESTAMP"},
        [(1, n, word, is_new, None) for n, (word, is_new) in enumerate(zip(outcomes, is_new_at, strict=True), 1)],
        temp=True,
    )  # fmt: skip
    limits: dict[str, object] = {
        "last_seq": len(months), "within": in_force.number("notice_within_windows"), "notice_run": in_force.number("notice_run"),
        "notice_misses": in_force.number("notice_misses"), "at_risk_run": in_force.number("at_risk_run"),
    }  # fmt: skip
    for table in ("history", "status"):
        facts.make(table, sql("pipeline.assess", f"sql/{table}.sql"), limits)
    ((status, reason, counted, run_all),) = facts.query(
        "SELECT status, reason, misses_within, run_all FROM status INNER JOIN history USING (unit_no)"
    )
    facts.close()
    return status, reason, counted, run_all


def statuses(example: Example) -> Pair:
    outcomes, is_new_at = outcomes_of(example.history), [letter == "n" for letter in example.history]
    with tempfile.TemporaryDirectory() as folder:
        shipped = judged(Path(folder), outcomes, is_new_at)
    return status_said(example), shipped, status_of(outcomes, is_new_at, False)


def new_services(example: Example) -> Pair:
    outcomes = outcomes_of(example.history)
    registered = None if example["registered"] == "-" else day(example["registered"], example)
    closes = [references.window(2024, month)[1] for month in (9, 10, 11, 12)]
    is_new_at = [references.is_new_on(registered, close) for close in closes]
    with tempfile.TemporaryDirectory() as folder:
        shipped = judged(Path(folder), outcomes, is_new_at, registered, example["export says"] == "New")
    is_new = is_new_at[-1] if registered else example["export says"] == "New"
    return status_said(example), shipped, status_of(outcomes, is_new_at, is_new)


def outcomes_of(letters: str) -> list[str]:
    return [LETTERS[letter] for letter in letters]


def status_said(example: Example) -> tuple[str, str, int, int]:
    """Return a row's status, reason, counted misses, and misses in a row."""
    reason = "" if example["reason"] == "-" else example["reason"]
    return example["status"], reason, int(example["counted"]), int(example["in a row"])


def status_of(outcomes: list[str], is_new_at: list[bool], is_new: bool) -> tuple[str, str, int, int]:
    """Return the reference's."""
    in_a_row = references.in_a_row([outcome == "missed" for outcome in outcomes])
    return *references.status(outcomes, is_new_at, is_new), in_a_row


DECIDED = {"excused": "excused", "decided missed": "missed", "taken back": "none"}


def what_counts(example: Example) -> Pair:
    exports: list[tuple[dt.datetime, str]] = []
    records: list[tuple[dt.datetime, dt.datetime]] = []
    decided: list[str] = []
    zones: dict[int, str] = {}
    registered = deregistered = None
    for clause in [] if example["evidence"] == "-" else example["evidence"].split("; "):
        if match := re.fullmatch(r"export (.+?)( UTC| \+0100)? says (Yes|No|1|0|blank|N/A)", clause):
            taken = moment(match[1], example)
            if match[2]:
                zone = dt.timezone(dt.timedelta(hours=match[2] == " +0100"))
                zones[len(exports)], taken = match[2].strip(), taken.replace(tzinfo=zone)
            exports.append((taken, match[3]))
        elif match := re.fullmatch(r"record (.+) updated (.+)", clause):
            records.append((moment(match[1], example), moment(match[2], example)))
        elif match := re.fullmatch(r"(registered|deregistered) (.+)", clause):
            found = day(match[2], example)
            registered, deregistered = (found, deregistered) if match[1] == "registered" else (registered, found)
        elif clause in DECIDED:
            decided.append(DECIDED[clause])
        else:
            raise BadTable(f"{example.file}:{example.line}: {clause!r} is no evidence")
    with tempfile.TemporaryDirectory() as folder:
        shipped = outcome_shipped(Path(folder), exports, records, registered, deregistered, False, decided, zones)
    late = None if example["late on"] == "-" else day(example["late on"], example)
    plain = references.outcome(exports, records, registered, deregistered, False, decided)
    return (example["outcome"], late), shipped, plain


def outcome_shipped(
    folder: Path,
    exports: Sequence[tuple[dt.datetime, str]],
    records: Sequence[tuple[dt.datetime, dt.datetime]],
    registered: dt.date | None,
    deregistered: dt.date | None,
    excused: bool,
    decided: Sequence[str] = (),
    zones: Mapping[int, str] = MappingProxyType({}),
) -> tuple[str, dt.date | None]:
    """Return what real files, taken in and judged, make of December 2024 for one service: outcome, and late on."""
    inbox, facts = folder / "inbox", new_facts(folder / "facts.duckdb", folder)
    row = [UNIT, "Invented House", "Kent"]
    heads = ["CQC Location ID", "Location", "Local Authority"]
    register = Register(f"sqlite:///{folder}/register.sqlite")
    stores = Stores(Archive(folder / "archive"), register, facts, parameters())
    paths = [write_csv(inbox / "care-home-listing-2025-01-10.csv", [*heads, "Dec 24"], [[*row, ""]])]
    for number, (taken, word) in enumerate(exports):
        name = f"care-home-{number}-{taken:%Y-%m-%d_%H%M}{zones.get(number, '')}.csv"
        paths.append(write_csv(inbox / name, [*heads, "Dec 24"], [[*row, "" if word == "blank" else word]]))
        if word == "N/A":  # so that one bad word does not refuse the whole file
            write_csv(
                inbox / name,
                [*heads, "Nov 24", "Dec 24"],
                [[*row, "Yes", word], *[[f"1-900000009{n}", "x", "Kent", "Yes", "Yes"] for n in range(9)]],
            )
    if registered:
        heading = ["Location ID", "Care home?", "Location HSCA start date", "Location Local Authority"]
        paths.append(write_csv(inbox / "hsca-2025-01-05.csv", heading, [[UNIT, "Y", f"{registered:%d/%m/%Y}", "Kent"]]))
    if deregistered:
        paths.append(
            write_csv(
                inbox / "gone-2025-01-05.csv", ["Location ID", "HSCA End Date"], [[UNIT, f"{deregistered:%d/%m/%Y}"]]
            )
        )
    for number, (taken, updated) in enumerate(records):
        record = [UNIT, "Invented House", "Kent", updated.astimezone(dt.UTC).isoformat(sep=" ")]
        heading = ["cqcid", "location", "localauthority", "lastupdatedutc"]
        paths.append(write_csv(inbox / f"records-{number}-{taken:%Y-%m-%d_%H%M}.csv", heading, [record]))
    ingest(stores, paths, Statement(), "tests", NOW)
    for word in ["excused"] if excused else decided:
        decide_window(register, word)
    judgement = Judgement(DECEMBER, dt.date(2025, 1, 31), WorkingDays(), parameters(), decisions_in_force(register))
    assess(facts, judgement)
    last = explain(facts, judgement, UNIT)["windows"][-1]
    facts.close()
    register.close()
    return last["outcome"], dt.date.fromisoformat(last["late_on"]) if last["late_on"] else None


def decide_window(register: Register, word: str, month: str = "2024-12") -> None:
    """Record what a person said of a window of the care home."""
    body = {
        "location_id": UNIT, "provider_type": "care_home", "month": month, "decision": word, "by": "A", "because": "b",
        "evidence_sha256": "0" * 64 if word == "missed" else "",
    }  # fmt: skip
    register.append("window decision", f"{UNIT} care_home {month}", body, NOW)


def letters(example: Example) -> Pair:
    sent = day(example["sent"], example)
    expected = tuple(day(example[name], example) for name in ("given", "until", "decide by"))
    d = letter_dates(sent, Method(example["method"]), WorkingDays(), parameters().on(sent))
    return expected, (d.given_on, d.representations_until, d.decide_by), references.letter(sent, example["method"])


def fees(example: Example) -> Pair:
    known = []
    for clause in [] if example["known"] == "-" else example["known"].split("; "):
        match = re.fullmatch(r"fee ([0-9]+) as at (.+)", clause)
        assert match is not None
        known.append((int(match[1]), day(match[2], example)))
    with tempfile.TemporaryDirectory() as folder:
        shipped = fee_needed(Path(folder), known)
    return example["needed"], shipped, references.fee_needed(known)


def fee_needed(folder: Path, known: Sequence[tuple[int, dt.date]]) -> str:
    """Return why the only provider's fee is asked for, from real files, or no."""
    inbox, facts = folder / "inbox", new_facts(folder / "facts.duckdb", folder)
    register = Register(f"sqlite:///{folder}/register.sqlite")
    stores = Stores(Archive(folder / "archive"), register, facts, parameters())
    heads = ["CQC Location ID", "Provider ID", "Provider", "Local Authority", "Oct 24", "Nov 24", "Dec 24"]
    row = [UNIT, "1-9900000001", "Invented Care Ltd", "Kent", "Yes", "No", "No"]
    paths = [write_csv(inbox / "care-home-2024-12-17.csv", heads, [row])]
    if known:
        rows = [["1-9900000001", pounds, as_at.isoformat()] for pounds, as_at in known]
        paths.append(write_csv(inbox / "fees.csv", ["provider_id", "annual_fee_gbp", "as_at"], rows))
    ingest(stores, paths, Statement(), "tests", NOW)
    judgement = Judgement(DECEMBER, dt.date(2025, 1, 31), WorkingDays(), parameters(), Decisions())
    assess(facts, judgement)
    grounds = grounds_of(facts, judgement.decisions, dt.date(2025, 1, 6), Method.POST)
    needed = providers_with_fee_needed(facts, judgement, grounds)
    facts.close()
    register.close()
    return needed[0][-1] if needed else "no"


def addresses(example: Example) -> Pair:
    lines = [line.strip() for line in f" {example['lines']} ".split(" / ")]
    kept = postal_lines(lines)
    shipped = (problem_of(kept) or "ok").partition(":")[0]
    return example["verdict"], shipped, references.address(lines)


def held(example: Example) -> Pair:
    clauses = [] if example["known"] == "-" else example["known"].split("; ")
    with tempfile.TemporaryDirectory() as folder:
        shipped = held_shipped(Path(folder), clauses, example)
    return example["result"], shipped, references.held(clauses)


SECOND = "1-9000000002"


def held_shipped(folder: Path, clauses: Sequence[str], example: Example) -> str:
    """Return what becomes of the only provider due, from real files: letter, or the reason for which it is held."""
    said = {clause.partition(" ")[0]: clause.partition(" ")[2] for clause in clauses}
    second = {clause.removeprefix("second home ") for clause in clauses if clause.startswith("second home ")}
    provider = "" if "no provider" in clauses else PROVIDERS["P1"]
    paths = exports_held(folder / "inbox", clauses, provider, said.get("named", "Invented Care Ltd"), bool(second))
    paths += registers_held(
        folder / "inbox", clauses, provider, said.get("named", "Invented Care Ltd"), second, example
    )
    paths += others_held(folder / "inbox", clauses, provider, said, example)
    events = [owed_decided("owed")] if "decided owed" in clauses else []
    for clause in clauses:
        word = clause.removeprefix("decided ")
        if word in ("public_body", "private", "hold", "release"):
            events.append(provider_decided(word, provider))
    late = [MONTHS_SAID.index(clause[5:]) + 1 for clause in clauses if clause.startswith("late ")]
    windows = [
        f"{UNIT}:care_home:2024-{MONTHS_SAID.index(c[10:]) + 1:02d}" for c in clauses if c.startswith("relied on ")
    ]
    known = {"provider_id": provider, "month": "2024-09", "windows": windows}
    paid = CaseEvent("paid", dt.date(2024, 10, 1), "A", "b", "", {})
    cases = [Case("NOI-2024-08-0001", known, (paid,))] if windows else []
    if "open case" in clauses:
        cases.append(Case("NOI-2024-09-0001", {**known, "windows": []}, ()))
    with shipped_world.judged(folder, paths, events) as month:
        for number in late:
            month.facts.query(
                "UPDATE outcome SET late_at = $late WHERE seq = (SELECT seq FROM window_calendar WHERE window_month = $month)",
                {"month": dt.date(2024, number, 1), "late": f"2024-{number:02d}-20 12:00:00"},
            )
        (notice,) = month.notices(cases, ["sender.name"] if "no settings" in clauses else [])
    if notice.held:
        return notice.held.reason.value
    return "letter" if UNIT in {unit.location_id for unit in notice.units} else "letter without it"


def exports_held(inbox: Path, clauses: Sequence[str], provider: str, name: str, two: bool) -> list[Path]:
    heads = [
        "CQC Location ID",
        "Location",
        "Provider ID",
        "Provider",
        "Local Authority",
        *(f"{m} 24" for m in MONTHS_SAID),
    ]
    answers = ["No" if "relied on Jan" in clauses else "Yes", *["Yes"] * 8, *["No"] * 3]
    rows = [[where, "House", provider, name, "Kent", *answers] for where in ([UNIT, SECOND] if two else [UNIT])]
    return [write_csv(inbox / "care-home-2024-12-17.csv", heads, rows)]


def registers_held(
    inbox: Path, clauses: Sequence[str], provider: str, name: str, second: set[str], example: Example
) -> list[Path]:
    """Write the register of 16 December and, where a home was sold, that of 16 November."""
    gone = any(clause.startswith("deregistered") for clause in clauses)
    absent = "not in the register" in clauses
    if "no register" in clauses or not (provider or absent) or (gone and not absent):
        return []
    columns = ["Location ID", "Location HSCA start date", "Care home?", "Provider ID", "Provider Name", "Provider Ownership Type",
               "Provider Street Address", "Provider City", "Provider Postal Code", "Provider HSCA start date",
               "Service type - Domiciliary care service"]  # fmt: skip
    owner = "NHS Body" if "nhs body" in clauses else "Organisation"
    line = ["", "", ""] if "no address" in clauses else ["1 Road", "Town", "ZZ99 1AA"]
    began = next((clause[15:] for clause in clauses if clause.startswith("provider since ")), "")
    since = f"{day(began, example):%d/%m/%Y}" if began else ""

    def row(where: str, provider_id: str, named: str, address: Sequence[str], owes: bool = True) -> list[str]:
        care = ["Y" if owes else "N", "" if owes else "Y"]
        return [where, "01/04/2015", care[0], provider_id, named, owner, *address, since, care[1]]

    homes = {UNIT: set(clauses), **({SECOND: second} if second else {})}
    rows = [
        row(where, provider, name, line, "not owed" not in words)
        for where, words in homes.items()
        if "not in the register" not in words
    ]
    rows.append(row("1-9000000077", PROVIDERS["P2"], "Other Care Ltd", ["9 Road", "Town", "ZZ99 1AX"]))
    if "another address" in clauses:
        rows.append(row("1-9000000099", provider, name, ["2 Road", "Town", "ZZ99 1AB"]))
    if "council next door" in clauses:
        rows.append(row("1-9000000088", "1-9900000088", "Nowhere County Council", line))
    paths = [write_csv(inbox / "hsca-2024-12-16.csv", columns, rows)]
    sold = [where for where, words in homes.items() if "sold" in words]
    if sold:
        seller = PROVIDERS["P2"]
        before = [row(where, seller if where in sold else provider, name, line) for where in homes]
        before.append(row("1-9000000077", seller, "Other Care Ltd", ["9 Road", "Town", "ZZ99 1AX"]))
        paths.append(write_csv(inbox / "hsca-2024-11-16.csv", columns, before))
    return paths


def others_held(
    inbox: Path, clauses: Sequence[str], provider: str, said: Mapping[str, str], example: Example
) -> list[Path]:
    """Write the list of deactivated locations, of public bodies, the fees, and the addresses recorded for service."""
    paths = []
    if "deregistered" in said:
        ended = f"{day(said['deregistered'], example):%d/%m/%Y}"
        paths.append(write_csv(inbox / "gone-2024-12-16.csv", ["Location ID", "HSCA End Date"], [[UNIT, ended]]))
    if "public list" in clauses:
        paths.append(write_csv(inbox / "public-2024-12-01.csv", ["provider_id", "basis"], [[provider, "invented"]]))
    fees = [] if "no fee" in clauses else [["1000", "2024-12-01"]]
    for clause in clauses:
        if match := re.fullmatch(r"fee ([0-9]+) as at (.+)", clause):
            fees.append([match[1], day(match[2], example).isoformat()])
    if fees and provider:
        rows = [[provider, *fee] for fee in fees]
        paths.append(write_csv(inbox / "fees.csv", ["provider_id", "annual_fee_gbp", "as_at"], rows))
    if "recorded" in said:
        rows = [[provider, said["recorded"].split()[-1], "3 Road, Town, ZZ99 1AD", "invented", "2024-12-01"]]
        paths.append(write_csv(inbox / "served.csv", ["provider_id", "method", "address", "source", "as_at"], rows))
    return paths


RULES: dict[str, tuple[tuple[str, ...], Callable[[Example], Pair]]] = {
    "rules.windows.window_for": (("month", "opens", "closes", "run on", "because"), windows),
    "rules.windows.Window.contains": (("month", "moment", "inside"), time_stamps),
    "rules.notice_dates.notice_dates": (("sent", "method", "given", "representations", "decide by"), notices),
    "assess.outcomes": (("evidence", "outcome", "late on"), what_counts),
    "assess.statuses": ((*"JFMAMJJASOND", "status", "reason", "in a row", "counted"), statuses),
    "rules.notice_dates.letter_dates": (("sent", "method", "given", "until", "decide by"), letters),
    "enforce.fees": (("known", "needed"), fees),
    "enforce.addresses": (("lines", "verdict"), addresses),
    "enforce.notices": (("known", "result"), held),
    "assess.new_services": (
        ("registered", "export says", *"SOND", "counted", "in a row", "status", "reason"),
        new_services,
    ),
    "enforce.cases": (("history", "step", "day", "state"), lambda example: shipped_cases.cases(example, day)),
    **shipped_inputs.RULES,
    **shipped_registers.rules(day, moment),
}
COLUMNS = {rule: columns for rule, (columns, _) in RULES.items()}
