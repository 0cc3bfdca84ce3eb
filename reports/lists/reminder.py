"""The reminder of one authority in a window that is still open: whom to ask, and what is known of them. Provisional always."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from pipeline.record.decisions import Unit
from pipeline.rules.authorities import Authority
from pipeline.rules.parameters import InForce
from pipeline.rules.windows import LONDON, Window, month_text
from reports.lists.authority import TYPE_WORDS, day_words, status_words, telephone
from reports.lists.books import NOUNS
from reports.lists.services import Service
from reports.lists.workbook import Cover, Sheet, workbook

HEADINGS = (
    "CQC Location ID", "Location", "Provider", "Registration Status", "User Count", "After the last window",
    "Windows missed in a row", "Last window submitted", "Postcode", "Telephone",
)  # fmt: skip
PROVISIONAL = (
    "Provisional: the window is still open. Nobody on this list has missed it, and nothing here counts for a status."
)


def reminder_name(place: Authority, window: Window) -> str:
    """Return the file name of an authority's reminder."""
    return f"reminder-{place.slug}-{month_text(window.month)}.xlsx"


def to_remind(
    services: Sequence[Service], taken_at: Mapping[str, dt.datetime], not_yet: Collection[Unit]
) -> list[Service]:
    """Return whom to remind: of a provider type of which an export was taken inside the window, who had not submitted by
    then; of any other, those that stood on the lists of the month before."""
    return [
        service
        for service in services
        if service.status != "not_required"
        and (
            (service.location_id, service.provider_type) in not_yet
            if service.provider_type in taken_at
            else service.is_listed
        )
    ]


def reminder_book(
    place: Authority,
    window: Window,
    in_force: InForce,
    services: Sequence[Service],
    taken_at: Mapping[str, dt.datetime],
) -> bytes:
    """Return the workbook of one authority: a cover, and a sheet for each provider type with those to remind."""
    sheets = []
    for kind, words in TYPE_WORDS.items():
        rows = [_row(service, in_force) for service in services if service.provider_type == kind]
        sentence = f"Provisional. {_who(kind, len(rows), taken_at.get(kind))}"
        title = f"{words} services to remind, {place.name}, {window.month:%B %Y} (provisional)"
        sheets.append(Sheet(words, title, sentence, words.replace(" ", ""), HEADINGS, rows))
    cover = Cover(
        f"Adult social care data collection: whom to remind, {window.month:%B %Y} (provisional)",
        [
            ("Authority", f"{place.name} ({place.la_code}), {place.region}"),
            ("Reporting window", f"{day_words(window.opens_on)} to {day_words(window.closes_on)}"),
            *((f"{words} services", _who(kind, len(sheet.rows), taken_at.get(kind)))
              for (kind, words), sheet in zip(TYPE_WORDS.items(), sheets, strict=True)),
            ("What this is", PROVISIONAL),
            ("What to do", f"Ask each provider listed to update Capacity Tracker by {day_words(window.closes_on)}, even if "
                           "only with a nil return."),
            ("Handling", "For officers who work with providers on the collection. It names services: do not publish it."),
        ],
    )  # fmt: skip
    return workbook(f"To remind, {place.name}, {window.month:%B %Y}", cover, sheets)


def _who(kind: str, count: int, taken_at: dt.datetime | None) -> str:
    one, many = NOUNS[kind]
    noun = one if count == 1 else many
    if taken_at is None:
        return f"{count or 'No'} {noun} on the lists of the month before; no export has been taken in this window yet."
    return f"{count or 'No'} {noun} had not submitted by {_moment_words(taken_at)}, when Capacity Tracker was exported."


def _moment_words(moment: dt.datetime) -> str:
    local = moment.replace(tzinfo=dt.UTC).astimezone(LONDON)
    return day_words(local.date()) if local.time() == dt.time() else f"{local:%H:%M} on {day_words(local.date())}"


def _row(service: Service, in_force: InForce) -> list[object]:
    last = service.last_submitted
    return [
        service.location_id, service.location_name, service.provider_name, service.registration_status, service.user_count,
        status_words(service, in_force) if service.is_listed else "", service.run_all, f"{last:%b %y}" if last else "",
        service.postcode, telephone(service.telephone),
    ]  # fmt: skip
