"""The rules about registers, exports of one day and who is new, asked of the shipped code: real files, taken in and judged."""

import datetime as dt
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pipeline.assess import findings_of_month
from pipeline.errors import InputRefused, InputsRefused
from pipeline.rules.windows import LONDON
from tests.spec import references, references_registers
from tests.spec.references_registers import Lists
from tests.spec.shipped_world import (
    PROVIDERS,
    UNIT,
    Event,
    Judged,
    judged,
    owed_decided,
    place_decided,
)
from tests.spec.tables import BadTable, Example
from tests.worlds import write_csv

Pair = tuple[object, object, object]
Day = Callable[[str, Example], dt.date]
Moment = Callable[[str, Example], dt.datetime]
WORDS = {"Y": "Yes", "N": "No", "?": ""}
MONTHS = [dt.date(2024, month, 1) for month in range(1, 13)]
NAMES = {value: name for name, value in PROVIDERS.items()}
HEADS = ("CQC Location ID", "Location", "Local Authority")
ROW = (UNIT, "Invented House", "Kent")
CODES = {"Kent": "E10000016", "Cumberland": "E06000063", "Westmorland and Furness": "E06000064"}


def asked(
    paths: Callable[[Path], Sequence[Path]],
    answer: Callable[[Judged], object],
    events: Sequence[Event] = (),
    accepted: frozenset[str] = frozenset(),
) -> object:
    """Return the answer about files written into an inbox, or refused."""
    with tempfile.TemporaryDirectory() as name:
        try:
            with judged(Path(name), paths(Path(name) / "inbox"), events, accepted=accepted) as month:
                return answer(month)
        except (InputRefused, InputsRefused):
            return "refused"


def clauses_of(text: str) -> list[str]:
    return [] if text == "-" else text.split("; ")


def matched(pattern: str, clause: str, example: Example) -> re.Match[str]:
    found = re.fullmatch(pattern, clause)
    if found is None:
        raise BadTable(f"{example.file}:{example.line}: {clause!r} is not understood")
    return found


# A gap of registration


def gaps(example: Example, day: Day) -> Pair:
    lists: list[tuple[dt.date, dt.date]] = []
    registers: list[dt.date] = []
    for clause in clauses_of(example["known"]):
        found = matched(r"register (.+)|list (.+) gone (.+)", clause, example)
        if found[1]:
            registers.append(day(found[1], example))
        else:
            lists.append((day(found[2], example), day(found[3], example)))

    def paths(inbox: Path) -> list[Path]:
        heads = ["Location ID", "Care home?", "Location HSCA start date", "Location Local Authority"]
        export = [*HEADS, *(f"{month:%b %y}" for month in MONTHS[6:])]
        return [
            write_csv(inbox / "care-home-2024-12-17.csv", export, [[*ROW, *["No"] * 6]]),
            *(write_csv(inbox / f"hsca-{at}.csv", heads, [[UNIT, "Y", "01/04/2015", "Kent"]]) for at in registers),
            *(
                write_csv(inbox / f"gone-{at}.csv", ["Location ID", "HSCA End Date"], [[UNIT, f"{end:%d/%m/%Y}"]])
                for at, end in lists
            ),
        ]

    def answer(month: Judged) -> object:
        rows = month.facts.query("SELECT outcome FROM outcome INNER JOIN unit USING (unit_no) ORDER BY seq")
        letters = "".join({"not_required": "x", "missed": "N"}.get(word, "?") for (word,) in rows[-6:])
        return letters, bool(month.findings("register_gap"))

    expected = example.history, {"yes": True, "no": False}[example["gap"]]
    return (
        expected,
        asked(paths, answer),
        references_registers.gap(lists, registers, references_registers.windows_of_2024(7)),
    )


# New without a date


def new_by_exports(example: Example, moment: Moment) -> Pair:
    exports = []
    for clause in clauses_of(example["exports"]):
        found = matched(r"(.+?) (New|Established|blank|New and Established|without it)", clause, example)
        exports.append((moment(found[1], example), found[2]))
    history = dict(zip(MONTHS[8:], example.history, strict=True))

    def paths(inbox: Path) -> list[Path]:
        written = []
        for number, (taken, word) in enumerate(exports):
            closed = [m for m in MONTHS[7:] if references.window(m.year, m.month)[1] < taken.date()]
            said = [WORDS[history.get(month, "Y")] for month in closed]
            lines = [[UNIT, "House", "Kent", one, *said] for one in word.split(" and ")]
            lines = [] if word == "without it" else lines
            other = ["1-9000000009", "Other House", "Kent", "Established", *["Yes"] * len(said)]
            lines = [[cell.replace("blank", "") for cell in line] for line in [*lines, other]]
            heads = [*HEADS, "Registration Status", *(f"{month:%b %y}" for month in closed)]
            written.append(write_csv(inbox / f"care-home-{number}-{taken:%Y-%m-%d_%H%M}.csv", heads, lines))
        return written

    def answer(month: Judged) -> object:
        return month.service("status, reason, misses_within, run_all")

    outcomes = [{"Y": "submitted", "N": "missed", "?": "unknown"}[letter] for letter in example.history]
    closes = [*(references.window(2024, month)[1] for month in (9, 10, 11, 12)), references.window(2025, 1)[1]]
    was_new, is_new = references_registers.new_by_exports(exports, closes)
    plain = references.status(outcomes, was_new, is_new)
    in_a_row = references.in_a_row([outcome == "missed" for outcome in outcomes])
    reason = "" if example["reason"] == "-" else example["reason"]
    expected = example["status"], reason, int(example["counted"]), int(example["in a row"])
    return expected, asked(paths, answer), (*plain, in_a_row)


# Columns of months to come


def future_months(example: Example) -> Pair:
    taken = dt.datetime.fromisoformat(example["taken"])
    month = dt.datetime.strptime(example["heading"], "%b %y").replace(tzinfo=dt.UTC).date()
    word = "" if example["says"] == "blank" else example["says"]

    def paths(inbox: Path) -> list[Path]:
        heads = [*HEADS, "Sep 24", "Oct 24", example["heading"]]  # a gap between is told as such
        return [
            write_csv(inbox / f"care-home-{taken:%Y-%m-%d_%H%M}.csv", heads, [[*ROW, "Yes", "Yes", word]]),
            write_csv(inbox / "care-home-2025-01-20.csv", [*HEADS, "Dec 24"], [[*ROW, ""]]),
        ]

    def answer(month: Judged) -> object:
        (outcome,) = month.service("outcome")
        month.findings()
        usual = ("value_unreadable", "no_before_close", "month_gap", "blank_after_close")
        told = [
            row[-1]
            for row in findings_of_month.findings(month.facts)
            if example["heading"] in (row[4], row[5]) and row[-1] not in usual
        ]
        return ("window_not_open" if "window_not_open" in told else "a finding" if told else "-"), outcome

    shipped = asked(paths, answer)
    shipped = ("refused", "-") if shipped == "refused" else shipped
    expected = example["verdict"], example["outcome"]
    return expected, shipped, references_registers.future_month(taken, month, example["says"])


# Files of one day

EXPORTED = {
    "status": "Registration Status", "users": "User Count", "authority": "Local Authority", "provider": "Provider ID",
}  # fmt: skip


def same_day(example: Example, moment: Moment) -> Pair:
    exports: list[tuple[dt.datetime, dict[str, str] | None]] = []
    for clause in clauses_of(example["known"]):
        found = matched(r"([0-9]+ Dec [0-9]{2}:[0-9]{2}) (.+)", clause, example)
        said = None if found[2] == "without it" else dict(part.split(" ", 1) for part in found[2].split(", "))
        exports.append((moment(found[1], example), said))

    def paths(inbox: Path) -> list[Path]:
        written = []
        for taken, said in exports:
            where = UNIT if said is not None else "1-9000000009"
            cells = {EXPORTED[name]: PROVIDERS.get(word, word) for name, word in (said or {"users": "3"}).items()}
            heads = ["CQC Location ID", "Location", *cells, "Dec 24"]
            path = inbox / f"care-home-{taken:%Y-%m-%d_%H%M}.csv"
            written.append(write_csv(path, heads, [[where, "House", *cells.values(), "Yes"]]))
        return written

    def answer(month: Judged) -> object:
        row = month.service("registration_status, user_count, local_authority, provider_id")
        return tuple(NAMES.get(cell, str(cell)) if cell not in ("", None) else "-" for cell in row)

    expected = tuple(example[name] for name in references_registers.COLUMNS_OF_EXPORT)
    return expected, asked(paths, answer), references_registers.same_day(exports)


# Whole registers and partial ones

CARE_HOMES = [UNIT, *(f"1-91{n:08d}" for n in range(239))]
HOSPICES = [f"1-92{n:08d}" for n in range(260)]
NEW_HOMES = [f"1-93{n:08d}" for n in range(40)]


def whole_registers(example: Example, day: Day) -> Pair:
    registers, gone, accepted = [], frozenset[str](), False
    for clause in clauses_of(example["known"]):
        if clause == "accepted":
            accepted = True
        elif found := re.fullmatch(r"gone ([0-9]+) of them", clause):
            gone = frozenset(CARE_HOMES[-int(found[1]) :])
        else:
            registers.append(_register(clause, example, day))

    def paths(inbox: Path) -> list[Path]:
        rows = [[where, "01/12/2024"] for where in sorted(gone)]
        listed = [write_csv(inbox / "gone-2024-12-16.csv", ["Location ID", "HSCA End Date"], rows)] if rows else []
        return [
            *due_world(inbox, "care_home", (10, 11, 12), "P1", []),
            *listed,
            *(_written(inbox, register) for register in registers),
        ]

    def answer(month: Judged) -> object:
        (provider,) = month.service("provider_id")
        gone = bool(month.findings("not_in_register"))
        (notice,) = month.notices()
        became = notice.held.reason.value if notice.held else "letter"
        return month.fires("register-fall"), NAMES[provider], gone, became

    yes = {"yes": True, "no": False}
    expected = yes.get(example["check"], "any"), example["provider"], yes[example["gone"]], example["notice"]
    shipped = asked(paths, answer, accepted=frozenset({"register-fall"}) if accepted else frozenset())
    says = references_registers.registers_say(registers, gone, accepted)
    holding = [(one.day, one.provider, None) for one in registers if one.provider]
    became = "not_in_register" if says[2] else references_registers.owners(holding, "P1", (10, 11, 12))[1]
    plain: object = (*says, became)
    if expected[0] == "any":  # whether an accepted check is still named is no matter of the rule
        shipped, plain = ("any", *shipped[1:]), ("any", *plain[1:])  # type: ignore[index]
    return expected, shipped, plain


def _register(clause: str, example: Example, day: Day) -> Lists:
    """Return the register a clause speaks of: all care homes or all but some, with ours last to go or first, and more."""
    found = matched(
        r"register ([0-9]+ [A-Z][a-z]{2}) (all|lacks ([0-9]+)( and ours)?)"
        r"((?:, [0-9]+ new|, [0-9]+ hospices|, silent|, ours of P2|, ours of P1)*)",
        clause, example,
    )  # fmt: skip
    lacking, ours = int(found[3] or 0), not found[4]
    homes = set(CARE_HOMES[: len(CARE_HOMES) - lacking + (not ours)])
    homes -= set() if ours else {UNIT}
    more = found[5]
    new = re.search(r", ([0-9]+) new", more)
    hospices = re.search(r", ([0-9]+) hospices", more)
    homes |= set(NEW_HOMES[: int(new[1])]) if new else set()
    others = set(HOSPICES[: int(hospices[1])]) if hospices else set()
    provider = "" if not ours else "P2" if "ours of P2" in more else "P1"
    owing = None if "silent" in more else frozenset(homes)
    return Lists(day(found[1], example), frozenset(homes | others), owing, provider)


def _written(inbox: Path, register: Lists) -> Path:
    heads = [
        "Location ID",
        "Location HSCA start date",
        "Location Local Authority",
        "Location Postal Code",
        "Provider ID",
        "Provider Name",
    ]
    rows = []
    for where in sorted(register.locations):
        provider = PROVIDERS[register.provider] if where == UNIT else "1-9900000009"
        row = [where, "01/04/2015", "Kent", "ZZ99 1AA", provider, "Invented Care Ltd"]
        rows.append(row if register.owing is None else [*row, "Y" if where in register.owing else "N", ""])
    more = [] if register.owing is None else ["Care home?", "Service type - Domiciliary care service"]
    return write_csv(inbox / f"hsca-{register.day}.csv", [*heads, *more], rows)


# What is owed, and whose misses they were


def due_world(
    inbox: Path, kind: str, missed: Iterable[int], exported: str, registers: Sequence[tuple[str, list[str], list[str]]]
) -> list[Path]:
    """Write an export with No in some months of 2024, the registers, and a fee and an address of each provider."""
    said = ["No" if month in missed else "Yes" for month in range(1, 13)]
    heads = [*HEADS, "Provider ID", "Provider", *(f"{month:%b %y}" for month in MONTHS)]
    name = f"{kind.replace('_', '-')}-2024-12-17.csv"
    fees = [[one, "1000", "2024-12-01"] for one in PROVIDERS.values()]
    served = [[one, "post", "3 Road, Town, ZZ99 1AD", "invented", "2024-12-01"] for one in PROVIDERS.values()]
    return [
        write_csv(inbox / name, heads, [[*ROW, PROVIDERS[exported], "Invented Care Ltd", *said]]),
        write_csv(inbox / "fees.csv", ["provider_id", "annual_fee_gbp", "as_at"], fees),
        write_csv(inbox / "served.csv", ["provider_id", "method", "address", "source", "as_at"], served),
        *(write_csv(inbox / name, columns, [row]) for name, columns, row in registers),
    ]


def owed(example: Example) -> Pair:
    kind, says, words = example["return"], (example["care home?"], example["home care"]), []
    events: list[Event] = []
    for clause in clauses_of(example["decided"]):
        found = matched(r"(owed|not_owed|none)( of the other)?", clause, example)
        other = {"care_home": "home_care", "home_care": "care_home"}[kind]
        events.append(owed_decided(found[1], other if found[2] else kind))
        words += [] if found[2] else [found[1]]

    def paths(inbox: Path) -> list[Path]:
        heads = ["Location ID", "Location HSCA start date", "Location Local Authority", "Provider ID", "Provider Name"]
        row = [UNIT, "01/04/2015", "Kent", PROVIDERS["P1"], "Invented Care Ltd"]
        for heading, cell in zip(("Care home?", "Service type - Domiciliary care service"), says, strict=True):
            if cell != "-":
                heads.append(heading)
                row.append(cell if heading == "Care home?" else cell.replace("N", ""))
        return due_world(inbox, kind, (10, 11, 12), "P1", [("hsca-2024-12-16.csv", heads, row)])

    def answer(month: Judged) -> object:
        finding = next(iter(month.findings("return_not_owed", "owes_nothing")), "-")
        (notice,) = month.notices()
        return finding, notice.held.reason.value if notice.held else "letter"

    expected, shipped = (example["finding"], example["result"]), asked(paths, answer, events)
    plain = references_registers.owed(kind, *says, words)
    if expected[0] == "any":  # whether a finding goes once a person has answered it is no matter of the rule
        shipped, plain = ("any", shipped[1]), ("any", plain[1])  # type: ignore[index]
    return expected, shipped, plain


def owners(example: Example, day: Day) -> Pair:
    registers: list[tuple[str, dt.date, str, dt.date | None]] = []
    exported, missed, registered = "P1", [10, 11, 12], dt.date(2015, 4, 1)
    for clause in clauses_of(example["known"]):
        if clause.startswith("missed "):
            missed.append(dt.datetime.strptime(clause[7:], "%b").replace(tzinfo=dt.UTC).month)
        elif clause.startswith("export "):
            exported = clause[7:]
        elif clause.startswith("registered "):
            registered = dt.date.fromisoformat(clause[11:])
        else:
            found = matched(r"(register|weekly) ([0-9]+ [A-Z][a-z]{2}) (P[12])(?: since (.+))?", clause, example)
            since = dt.date.fromisoformat(found[4]) if found[4] else None
            registers.append((found[1], day(found[2], example), found[3], since))

    def paths(inbox: Path) -> list[Path]:
        heads = ["Location ID", "Location HSCA start date", "Care home?", "Location Local Authority", "Provider ID",
                 "Provider Name", "Provider HSCA start date"]  # fmt: skip
        weekly = ["Name", "Service types", "Provider name", "Local authority", "CQC Location ID (for office use only)",
                  "CQC Provider ID (for office use only)"]  # fmt: skip
        written = []
        for kind, at, provider, since in registers:
            start = f"{since:%d/%m/%Y}" if since else ""
            row = [UNIT, f"{registered:%d/%m/%Y}", "Y", "Kent", PROVIDERS[provider], "Invented Care Ltd", start]
            line = ["House", "Residential homes", "Invented Care Ltd", "Kent", UNIT, PROVIDERS[provider]]
            is_weekly = kind == "weekly"
            written.append((f"{kind}-hsca-{at}.csv", weekly if is_weekly else heads, line if is_weekly else row))
        return due_world(inbox, "care_home", missed, exported, written)

    def answer(month: Judged) -> object:
        (notice,) = month.notices()
        if notice.held:
            return "-", notice.held.reason.value
        return ", ".join(f"{miss.month:%b}" for unit in notice.units for miss in unit.misses), "letter"

    counted = [m for m in sorted(missed) if not references.is_new_on(registered, references.window(2024, m)[1])]
    plain = references_registers.owners([line[1:] for line in registers], exported, counted)
    return (example["relied on"], example["result"]), asked(paths, answer), plain


# Fees, file names and authorities


def fees(example: Example) -> Pair:
    written = example["written"].strip("`")

    def paths(inbox: Path) -> list[Path]:
        rows = [[PROVIDERS["P1"], written, "2024-12-01"]]
        rows += [[f"1-990000009{n}", "1000", "2024-12-01"] for n in range(3)]
        return [
            write_csv(inbox / "care-home-2024-12-17.csv", [*HEADS, "Dec 24"], [[*ROW, "Yes"]]),
            write_csv(inbox / "fees-2024-12-02.csv", ["provider_id", "annual_fee_gbp", "as_at"], rows),
        ]

    def answer(month: Judged) -> object:
        rows = month.facts.query(
            "SELECT annual_fee_pence FROM core_provider_fee WHERE provider_id = $id", {"id": PROVIDERS["P1"]}
        )
        return f"{rows[0][0] // 100}.{rows[0][0] % 100:02d}" if rows else "refused"

    return example["reads as"], asked(paths, answer), references_registers.fee(written)


def file_times(example: Example) -> Pair:
    name = example["name"].strip("`")

    def paths(inbox: Path) -> list[Path]:
        return [write_csv(inbox / name, [*HEADS, "May 24"], [[*ROW, "Yes"]])]

    def answer(month: Judged) -> object:
        taken = month.facts.value("SELECT extracted_at FROM known_intake")
        return f"{taken.replace(tzinfo=dt.UTC).astimezone(LONDON):%Y-%m-%d %H:%M}" if taken else "none"

    return example["taken"], asked(paths, answer), references_registers.file_time(name)


def places(example: Example) -> Pair:
    kind, _, code = example["decided"].partition(" ")
    events = [] if kind == "-" else [place_decided(CODES[code], example["export says"] if kind == "name" else "")]

    def paths(inbox: Path) -> list[Path]:
        heads = ["Location ID", "Care home?", "Location HSCA start date", "Location Local Authority"]
        row = [UNIT, "Y", "01/04/2015", example["register says"]]
        register = [] if row[-1] == "-" else [write_csv(inbox / "hsca-2024-12-16.csv", heads, [row])]
        export = [UNIT, "Invented House", example["export says"], "Yes"]
        return [write_csv(inbox / "care-home-2024-12-17.csv", [*HEADS, "Dec 24"], [export]), *register]

    def answer(month: Judged) -> object:
        (name,) = month.service("local_authority")
        return name or "-"

    plain = references_registers.place(example["export says"], example["register says"], example["decided"])
    return example["authority"], asked(paths, answer, events), plain


def rules(day: Day, moment: Moment) -> dict[str, tuple[tuple[str, ...], Callable[[Example], Pair]]]:
    """Return rule -> headings and how its rows are asked."""
    return {
        "assess.register_gaps": (("known", *"JASOND", "gap"), lambda example: gaps(example, day)),
        "assess.new_by_exports": (
            ("exports", *"SOND", "counted", "in a row", "status", "reason"),
            lambda example: new_by_exports(example, moment),
        ),
        "intake.future_months": (("taken", "heading", "says", "verdict", "outcome"), future_months),
        "assess.same_day": (
            ("known", *references_registers.COLUMNS_OF_EXPORT),
            lambda example: same_day(example, moment),
        ),
        "assess.whole_registers": (
            ("known", "check", "provider", "gone", "notice"),
            lambda example: whole_registers(example, day),
        ),
        "enforce.owed": (("return", "care home?", "home care", "decided", "finding", "result"), owed),
        "enforce.owners": (("known", "relied on", "result"), lambda example: owners(example, day)),
        "intake.fees": (("written", "reads as"), fees),
        "intake.file_times": (("name", "taken"), file_times),
        "assess.places": (("export says", "register says", "decided", "authority"), places),
    }
