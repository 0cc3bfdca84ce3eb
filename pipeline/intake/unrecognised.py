"""Why a file is none that we know: what was looked for, what was found, and what to do."""

from pipeline.errors import InputRefused
from pipeline.intake.cells import is_month
from pipeline.intake.headings import headings, id_headings, normal_heading, shown_headings
from pipeline.intake.sources import SOURCES, Kind, Source


class NoKind(InputRefused):
    """A sheet with a heading of ids that is no list we know."""


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def no_headings(file: str, heads: dict[str, list[tuple[int, list[str]]]], rows_searched: int) -> InputRefused:
    for sheet, head in heads.items():
        for number, row in head:
            normal = [normal_heading(cell) for cell in row]
            if id_headings() & set(normal) and sum(map(bool, normal)) > 1:
                return not_one_kind(file, sheet, number, normal, [], any(map(is_month, normal)))
    for sheet, head in heads.items():
        for number, row in head:
            found = [cell.strip() for cell in row if cell.strip()]
            if len(found) > 1:
                return _no_id(file, sheet, number, found)
    return InputRefused(
        file,
        f"no heading row among the first {rows_searched} rows.",
        "Export the list again with its headings.",
    )


def _no_id(file: str, sheet: str, number: int, found: list[str]) -> NoKind:
    looked = shown_headings(Kind.MONTHLY_STATUS, "location_id")
    return NoKind(
        file,
        f"no column for the CQC location id (looked for: {_quoted(looked)}) or for the provider id "
        f"({_quoted(shown_headings(Kind.PROVIDER_FEES, 'provider_id'))}). Headings found: {_quoted(found[:40])}.",
        "A name never stands in for an id. Export the list again without removing columns.",
        sheet=sheet, row=number,
    )  # fmt: skip


def not_one_kind(file: str, sheet: str, number: int, normal: list[str], fits: list[Source], has_months: bool) -> NoKind:
    known = {source.layout: {headings(source.layout).get(heading) for heading in normal} for source in SOURCES}
    if has_months and not any(source.needs <= known[source.layout] for source in SOURCES):
        return _no_id(file, sheet, number, [heading for heading in normal if heading])
    if fits:
        problem = f"this fits more than one kind of input ({', '.join(source.layout for source in fits)})."
        return NoKind(file, problem, "Leave out the columns of the other kind.", sheet=sheet, row=number)
    reasons = []
    for source in SOURCES:
        names = headings(source.layout)
        present = {names[heading] for heading in normal if heading in names}
        if source.id_column not in present:
            continue
        missing = [_quoted(shown_headings(source.layout, name)[:1]) for name in sorted(source.needs - present)]
        if source.needs_one and not source.needs_one & present:
            ones = [_quoted(shown_headings(source.layout, name)[:1]) for name in sorted(source.needs_one)]
            missing.append(" or ".join(ones))
        if source.has_months and not has_months:
            missing.append("a month column such as Nov 24")
        elif has_months and not source.has_months:
            missing.append("no month columns")
        reasons.append(
            f"{source.title}: needs {' and '.join(missing)}" if missing else f"{source.title}: other columns"
        )
    found = _quoted([heading for heading in normal if heading][:40])
    return NoKind(
        file,
        f"this fits no kind of input. {'; '.join(reasons)}. Headings found: {found}.",
        "Export the list again without removing columns.",
        sheet=sheet,
        row=number,
    )
