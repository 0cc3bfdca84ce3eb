"""What shows only when all rows of a table are looked at together: findings, and the returns its locations owe."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.intake import cells
from pipeline.intake.blanks import tidy
from pipeline.intake.findings import Finding
from pipeline.intake.headings import normal_heading
from pipeline.intake.rows import Typed
from pipeline.intake.sources import OWING, SERVICE_TYPES, Kind

MOJIBAKE = re.compile("â€|Ã[\x80-\xbf]|Â[\xa0-\xbf]|\ufffd")
NAMES = ("location_name", "provider_name")


def look_at_whole(answer: Typed) -> None:
    """Add the findings about all rows together, and to a register the columns `owes_care_home` and `owes_home_care`."""
    table = answer.table
    if not answer.read:
        answer.findings.append(Finding("no_rows", table.sheet, table.heading_row))
    answer.findings += [*_unreadable_answers(answer), *_broken_names(answer), *_shared_accounts(answer)]
    if table.source.kind is Kind.SERVICE_REGISTER:
        _add_owing(answer)


def _unreadable_answers(answer: Typed) -> Iterator[Finding]:
    words = set().union(*answer.answers)
    unreadable = {word for word in words if tidy(word) and cells.says(word) is None}
    if unreadable:
        for number, row in zip(answer.numbers, answer.answers, strict=True):
            for column, word in zip(answer.table.months, row, strict=True):
                if word in unreadable:
                    yield Finding("value_unreadable", answer.table.sheet, number, column.heading, word)


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
    """Work out which returns each location owes, by CQC's Y flags or by the words of the weekly directory."""
    if "service_types" in answer.columns:
        offered = [_offered(str(words)) for words in answer.columns.pop("service_types")]
    else:
        offers = {name: answer.columns.pop(name) for names in OWING.values() for name in names}
        offered = [{name for name in offers if offers[name][place]} for place in range(len(answer.numbers))]
    for kind, names in OWING.items():
        answer.columns[f"owes_{kind}"] = [not found.isdisjoint(names) for found in offered]
    idle = _count_idle(answer.columns["owes_care_home"], answer.columns["owes_home_care"])
    if idle:
        answer.findings.append(Finding("rows_owing_nothing", answer.table.sheet, 0, "", f"{idle} rows"))


def _offered(words: str) -> set[str]:
    return {SERVICE_TYPES[word] for text in words.split("|") if (word := normal_heading(text)) in SERVICE_TYPES}


def _count_idle(care_home: Sequence[object], home_care: Sequence[object]) -> int:
    return sum(not (one or other) for one, other in zip(care_home, home_care, strict=True))
