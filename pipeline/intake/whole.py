"""What shows only when all rows of a table are looked at together: findings, and the returns its locations owe."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.intake import cells
from pipeline.intake.blanks import tidy
from pipeline.intake.findings import Finding
from pipeline.intake.headings import normal_heading, shown_headings
from pipeline.intake.rows import Typed
from pipeline.intake.seen import FORMULA, PERCENT
from pipeline.intake.sources import OWING, SERVICE_TYPES, Kind

MOJIBAKE = re.compile("â€|Ã[\x80-\xbf]|Â[\xa0-\xbf]|\ufffd")
FULL = (65_536, 1_048_576)  # rows of a sheet of .xls, and of .xlsx
NAMES = ("location_name", "provider_name")


def look_at_whole(answer: Typed) -> None:
    """Add the findings about all rows together, and to a register the columns `owes_care_home` and `owes_home_care`."""
    table = answer.table
    if not answer.read:
        answer.findings.append(Finding("no_rows", table.sheet, table.heading_row))
    answer.findings += [*_unreadable_answers(answer), *_broken_names(answer), *_shared_accounts(answer)]
    answer.findings += [*_formulas_elsewhere(answer), *_full_sheet(answer)]
    if table.source.kind is Kind.SERVICE_REGISTER:
        _add_owing(answer)


def _unreadable_answers(answer: Typed) -> Iterator[Finding]:
    words = set().union(*answer.answers)
    unreadable = {word for word in words if tidy(word) and cells.says(word) is None}
    if unreadable:
        for number, row in zip(answer.numbers, answer.answers, strict=True):
            for column, word in zip(answer.table.months, row, strict=True):
                if word in unreadable:
                    what = answer.table.odd.get(number, {}).get(column.index, "")
                    rule = (
                        "value_unreadable"
                        if what in ("", PERCENT)
                        else "formula_under_month"
                        if what == FORMULA
                        else "error_under_month"
                    )
                    yield Finding(rule, answer.table.sheet, number, column.heading, word)


def _formulas_elsewhere(answer: Typed) -> Iterator[Finding]:
    """Yield the columns that are read, other than months, in which formulas stand: what is stored behind them was used."""
    table = answer.table
    others = dict.fromkeys(table.columns.values(), 0)
    for columns in table.odd.values():
        for index, what in columns.items():
            if index in others and what == FORMULA:
                others[index] += 1
    for index, count in others.items():
        if count:
            yield Finding("formula_elsewhere", table.sheet, 0, table.headings[index], f"{count} cells")


def _full_sheet(answer: Typed) -> Iterator[Finding]:
    """Yield that a sheet is full to the last row a program knows: what came after may have been cut off."""
    last = max(answer.last_row, 0)
    if last in FULL:
        yield Finding("sheet_full", answer.table.sheet, last, "", f"{last:,} rows")


def _broken_names(answer: Typed) -> Iterator[Finding]:
    """Yield names that went through the wrong encoding once; they are kept as they stand (DATA case 4)."""
    for name in NAMES:
        texts = answer.columns.get(name, [])
        if MOJIBAKE.search("\n".join(map(str, texts))):
            heading = answer.table.headings[answer.table.columns[name]]
            for number, text in zip(answer.numbers, texts, strict=True):
                if MOJIBAKE.search(str(text)):
                    yield Finding("mojibake", answer.table.sheet, number, heading, str(text))


def _shared_accounts(answer: Typed) -> Iterator[Finding]:
    """Yield the rows whose account stands in other rows too; the account itself is told to nobody."""
    accounts = [str(text).casefold() for text in answer.columns.get("account", [])]
    shared = {account: n for account, n in Counter(accounts).items() if account and n > 1}
    if shared:
        heading = answer.table.headings[answer.table.columns["account"]]
        for number, account in zip(answer.numbers, accounts, strict=True):
            if account in shared:
                yield Finding("account_shared", answer.table.sheet, number, heading, f"{shared[account]} services")


def _add_owing(answer: Typed) -> None:
    """Work out which returns each location owes, by CQC's Y flags or by the words of the weekly directory; None where a list
    lacks the columns that say so."""
    table = answer.table
    if "service_types" in answer.columns:
        offered = [_offered(str(words)) for words in answer.columns.pop("service_types")]
    else:
        offers = {name: answer.columns.pop(name) for names in OWING.values() for name in names}
        offered = [{name for name in offers if offers[name][place]} for place in range(len(answer.numbers))]
    for kind, names in OWING.items():
        lacks = "service_types" not in table.columns and not table.columns.keys() & set(names)
        nothing = None if lacks else False  # what a list has no column for it does not say
        answer.columns[f"owes_{kind}"] = [not found.isdisjoint(names) or nothing for found in offered]
        if lacks:
            words = " and ".join(shown_headings(table.source.layout, n)[0] for n in names if n not in table.columns)
            answer.findings.append(
                Finding("register_silent", table.sheet, table.heading_row, "", f"{kind}: no {words}")
            )
    idle = _count_idle(answer.columns["owes_care_home"], answer.columns["owes_home_care"])
    if idle:
        answer.findings.append(Finding("rows_owing_nothing", answer.table.sheet, 0, "", f"{idle} rows"))


def _offered(words: str) -> set[str]:
    return {SERVICE_TYPES[word] for text in words.split("|") if (word := normal_heading(text)) in SERVICE_TYPES}


def _count_idle(care_home: Sequence[object], home_care: Sequence[object]) -> int:
    return sum(one is False and other is False for one, other in zip(care_home, home_care, strict=True))
