"""The rows of a batch: one for each letter, one for each provider held (CONTRACT 6)."""

import datetime as dt
from dataclasses import dataclass

from pipeline import reference
from pipeline.enforce.grounds import pounds
from pipeline.enforce.notices import DueUnit, Miss, Notice
from pipeline.rules.notice_dates import Method, NoticeDates
from pipeline.rules.windows import month_text
from reports.letters.making import Made

MANIFEST_HEADINGS = (
    "letter_ref", "provider_id", "provider_name", "addressee", *(f"address_line_{n}" for n in range(1, 8)), "address_source",
    "amount_gbp", "services_total", "locations", "locations_left_out", "windows_relied_on", "letter_date", "send_on", "method",
    "given_on", "representations_until", "decide_by", "pages", "pdf_file", "pdf_sha256", "template_sha256", "status",
    "held_by_at_close", "supplied_late",
)  # fmt: skip
HELD_HEADINGS = ("provider_id", "provider_name", "reason", "detail", "locations", "action")


@dataclass(frozen=True, slots=True)
class Letter:
    """What all letters of a batch have in common: when and how they are sent, what follows, and their template."""

    send_on: dt.date
    method: Method
    dates: NoticeDates
    template_sha256: str


def letter_path(ref: str) -> str:
    """Return where a letter stands in its batch."""
    return f"letters/{ref}.pdf"


def annex_path(ref: str) -> str:
    """Return where the evidence of a letter stands as a paper."""
    return f"evidence/{ref}.pdf"


def held_row(notice: Notice) -> list[object]:
    """Return the row of a provider held, with what to do about it."""
    assert notice.held is not None
    action = reference.toml("held.toml")[notice.held.reason]["action"]
    locations = len(notice.units) + len(notice.left_out)
    return [
        notice.provider_id, notice.provider_name, notice.held.reason.value, notice.held.detail, locations,
        action.format(provider=notice.provider_id),
    ]  # fmt: skip


def manifest_row(notice: Notice, made: Made, letter: Letter) -> list[object]:
    """Return the row of a letter in the manifest."""
    assert notice.address is not None and notice.amount_pence is not None
    lines = [*notice.address_lines, *[""] * 7][:7]
    windows = [(window_of(unit, miss), miss) for unit in notice.units for miss in unit.misses]
    held_by = [
        f"{window_of(unit, miss)}={notice.provider_id}"
        for unit in notice.units
        for miss in dict.fromkeys((unit.misses[0], unit.misses[-1]))
    ]
    return [
        notice.ref, notice.provider_id, notice.provider_name, lines[0], *lines, notice.address.source,
        pounds(notice.amount_pence).replace(",", ""), notice.services_total, len(notice.units),
        ";".join(f"{unit.location_id}:{unit.provider_type}" for unit in notice.left_out), ";".join(window for window, _ in windows),
        letter.send_on, letter.send_on, letter.method.value, letter.dates.given_on,
        letter.dates.representations_until, letter.dates.decide_by, made.pages, letter_path(notice.ref), made.sha256,
        letter.template_sha256, "draft", ";".join(held_by), ";".join(window for window, miss in windows if miss.late_on),
    ]  # fmt: skip


def window_of(unit: DueUnit, miss: Miss) -> str:
    """Return a window relied on as it is written down: location, type, month."""
    return f"{unit.location_id}:{unit.provider_type}:{month_text(miss.month)}"
