"""Columns that nobody knows, or that are not what their heading says: never ignored in silence where answers stand in them."""

from pipeline.errors import InputRefused
from pipeline.intake import cells
from pipeline.intake.blanks import Unreadable, tidy
from pipeline.intake.findings import Finding
from pipeline.intake.headings import normal_heading
from pipeline.intake.rows import Typed
from pipeline.intake.seen import cell_name


def drop_other_service_type(answer: Typed) -> None:
    """Take a column called Service Type for another one where no cell of it names a provider type."""
    table = answer.table
    said = [
        table.columns.get("provider_type"),
        *(twins.other for twins in table.twins if twins.what == "the provider type"),
    ]
    for index in [
        index for index in said if index is not None and normal_heading(table.headings[index]) == "service type"
    ]:
        if any(_is_provider_type(text) for text in set(answer.cells[index])):
            continue
        table.findings.append(Finding("columns_ignored", table.sheet, table.heading_row, "", table.headings[index]))
        answer.findings.append(table.findings[-1])
        others = [twins for twins in table.twins if twins.what == "the provider type"]
        table.twins = [twins for twins in table.twins if twins not in others]
        if table.columns["provider_type"] == index:
            del table.columns["provider_type"]
            if others:
                table.columns["provider_type"] = others[0].other


def _is_provider_type(text: str) -> bool:
    try:
        return cells.provider_type(text) is not None
    except Unreadable:
        return False


def account_for_unknown(answer: Typed) -> None:
    """Refuse a file with answers under a heading that begins with a month and names none; tell of other columns of answers, and
    of such a heading without any."""
    table = answer.table
    for index in table.unknown:
        heading = table.headings[index]
        filled = [text for text in answer.cells[index] if tidy(text)]
        answers = sum(map(cells.is_answer, filled))
        shown = heading or f"column {cell_name(0, index).rstrip('0')}, which has no heading"
        is_formula = index in table.odd.get(table.heading_row, {})
        if answers and (is_formula or cells.is_like_month(heading)):
            place = next(n for n, text in enumerate(answer.cells[index]) if cells.is_answer(text))
            raise InputRefused(
                table.file, "answers stand under a heading that is nearly a month; allowed are headings such as Nov 24, Nov-2024 or 2024-11.",
                "Mend the heading, or export again instead of re-saving.",
                sheet=table.sheet, row=answer.numbers[place], column=heading, value=answer.cells[index][place],
            )  # fmt: skip
        words = sum(tidy(text).casefold() in ("yes", "no") for text in filled)
        if answers * 2 > len(filled) or words * 10 > len(filled) or (answers and cells.names_month(heading)):
            answer.findings.append(
                Finding(
                    "column_holds_answers", table.sheet, table.heading_row, shown, f"{answers} of {len(filled)} cells"
                )
            )
        elif cells.is_like_month(heading):
            answer.findings.append(Finding("column_like_month", table.sheet, table.heading_row, heading))
