"""The workbooks of a release: one for each authority, with a cover, and the national one."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence

from pipeline.assess.assessment import Judgement
from pipeline.rules.authorities import Authority
from pipeline.rules.parameters import InForce
from pipeline.rules.windows import Window, month_text
from reports.lists import authority
from reports.lists.authority import LAST_WINDOW, TYPE_WORDS, WINDOW, day_words
from reports.lists.cells import csv_for_officers
from reports.lists.reading_back import differences
from reports.lists.workbook import Cover, Sheet, workbook
from reports.release import Artefact
from reports.sender import Sender

NOUNS = {"care_home": ("care home", "care homes"), "home_care": ("home care service", "home care services")}


def authority_files(
    place: Authority,
    judgement: Judgement,
    following: Window,
    rows: Mapping[str, Sequence[list[object]]],
    sender: Sender | None,
) -> list[Artefact]:
    """Return the two CSVs of an authority and its workbook, which says the same; `rows` are those of each provider type."""
    headings = authority.headings(judgement.month, judgement.parameters.on(judgement.month))
    folder = f"local-authorities/{place.la_code}"
    files, sheets = [], []
    for kind, words in TYPE_WORDS.items():
        written = csv_for_officers(headings, rows[kind])
        files.append(
            Artefact(f"{folder}/{authority.file_name(place.slug, kind, judgement.month)}", written, len(rows[kind]))
        )
        sheets.append(_sheet(words, kind, place, judgement.month, headings, rows[kind]))
    cover = _cover(place, judgement, following, rows, files, sender)
    book = workbook(f"At risk, {place.name}, {judgement.month:%B %Y}", cover, sheets)
    path = f"{folder}/at-risk-{place.slug}-{month_text(judgement.month)}.xlsx"
    _refuse_unlike(path, book, [(sheet, file.content) for sheet, file in zip(sheets, files, strict=True)])
    return [*files, Artefact(path, book)]


def national_book(
    month: dt.date, headings: Sequence[str], rows: Sequence[Sequence[object]], written: bytes
) -> Artefact:
    """Return `national/at-risk.xlsx`, which says what `at-risk.csv` says."""
    sentence = f"{len(rows)} services with a notice due, at risk or on watch." if rows else "No services to report."
    sheet = Sheet("At risk", f"Services at risk in England, {month:%B %Y}", sentence, "AtRisk", headings, rows)
    book = workbook(sheet.title, None, [sheet])
    _refuse_unlike("national/at-risk.xlsx", book, [(sheet, written)])
    return Artefact("national/at-risk.xlsx", book)


def _refuse_unlike(path: str, book: bytes, sheets: Sequence[tuple[Sheet, bytes]]) -> None:
    problems = differences(book, sheets)
    if problems:
        raise RuntimeError(f"{path} does not say what its CSV says: {problems}")


def _sheet(
    name: str, kind: str, place: Authority, month: dt.date, headings: Sequence[str], rows: Sequence[list[object]]
) -> Sheet:
    """Return one sheet of an authority: months without the Window that a CSV needs."""
    one, many = NOUNS[kind]
    last = headings.index(LAST_WINDOW)
    shown = [[*row[:last], str(row[last]).removeprefix(WINDOW), *row[last + 1 :]] for row in rows]
    listed = f"{len(rows)} {one if len(rows) == 1 else many} to follow up for {month:%B %Y}."
    sentence = listed if rows else f"No {many} to report for {month:%B %Y}"
    title = f"{name} services at risk, {place.name}, {month:%B %Y}" if kind == "home_care" else (
        f"Care homes at risk, {place.name}, {month:%B %Y}"
    )  # fmt: skip
    return Sheet(name, title, sentence, name.replace(" ", ""), [h.removeprefix(WINDOW) for h in headings], shown)


def _cover(
    place: Authority, judgement: Judgement, following: Window, rows: Mapping[str, Sequence[list[object]]],
    files: Sequence[Artefact], sender: Sender | None,
) -> Cover:  # fmt: skip
    window = judgement.window
    contact = (
        f"{sender.sender_name}: telephone {sender.contact_phone}, e-mail {sender.contact_email}"
        if sender
        else "Whoever sent you this file."
    )
    return Cover(
        f"Adult social care data collection: services to follow up, {judgement.month:%B %Y}",
        [
            ("Authority", f"{place.name} ({place.la_code}), {place.region}"),
            ("Month", f"{judgement.month:%B %Y}"),
            ("Reporting window", f"{day_words(window.opens_on)} to {day_words(window.closes_on)}"),
            ("Next window", f"{day_words(following.opens_on)} to {day_words(following.closes_on)}"),
            ("Care homes listed", str(len(rows["care_home"]))),
            ("Home care services listed", str(len(rows["home_care"]))),
            ("What to do", "Ask each provider listed to update Capacity Tracker in the next window. The last column says more."),
            *_how_to_read(judgement.parameters.on(judgement.month)),
            ("Contact", contact),
            ("Handling", "For officers who work with providers on the collection. It names services: do not publish it."),
            *((file.path.rpartition("/")[2], f"The same as CSV. SHA-256 {hashlib.sha256(file.content).hexdigest()}") for file in files),
        ],
    )  # fmt: skip


def _how_to_read(in_force: InForce) -> list[tuple[str, str]]:
    """Return what each status means, in the numbers in force."""
    at_risk, run = in_force.number("at_risk_run"), in_force.number("notice_run")
    misses, within = in_force.number("notice_misses"), in_force.number("notice_within_windows")
    return [
        ("At risk", f"It missed the last {at_risk} windows. A notice of intent is due after {run} in a row."),
        ("Watch", f"It missed {misses - 1} of the last {within - 1} windows. A notice is due after {misses} of {within}."),
        (f"Missed {run} in a row", f"It missed the last {run} windows, or the number said. NHSBSA may write to the provider."),
        (f"Missed {misses} of {within}", f"It missed {misses} of the last {within} windows, or the number said. The same."),
        ("Yes, No, blank", "What Capacity Tracker says of each window. A blank says nothing, and counts against nobody."),
    ]  # fmt: skip
