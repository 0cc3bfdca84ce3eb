"""What goes out of an issued batch: the letters that remain, print files, Notify's list, and who was taken out and why."""

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pikepdf

from reports.batches import PublishedBatch
from reports.lists.cells import csv_for_machines
from reports.release import SUMS, Artefact

ISSUED_HEADINGS = ("letter_ref", "provider_id", "provider_name", "status", "reason", "sent_on", "method", "given_on",
                   "representations_until", "decide_by", "pdf_sha256")  # fmt: skip
INDEX_HEADINGS = ("print_file", "first_page", "pages", "letter_ref")
A4 = (595, 842)  # points
NOTIFY_HEADINGS = (*(f"address line {n}" for n in range(1, 8)), "reference")


def dispatch_folder(releases: Path, month: str, batch: str) -> Path:
    """Return where the dispatch of a batch stands: beside the releases, which never change."""
    return releases / month / "dispatch" / batch


def receipt_path(releases: Path, month: str, batch: str) -> Path:
    """Return where the receipt of an issued batch stands."""
    return releases / month / "dispatch" / f"{batch}.receipt.json"


def dispatch_of(
    batch: PublishedBatch, sent: Mapping[str, Mapping[str, str]], taken_out: Mapping[str, str], letters_a_file: int
) -> Iterator[Artefact]:
    """Yield every file of a dispatch, SHA256SUMS last. `sent` maps each letter that goes out to its dates and method,
    `taken_out` each other one to the reason. Print files and Notify's list are for the post alone."""
    rows = batch.rows("manifest.csv")
    remaining = [row for row in rows if row["letter_ref"] in sent]
    files = [Artefact(row["pdf_file"], (batch.folder / row["pdf_file"]).read_bytes()) for row in remaining]
    if any(said["method"] == "post" for said in sent.values()):
        files += _print_files(batch.name, remaining, files, letters_a_file)
        lines: list[list[object]] = [
            [*(row[f"address_line_{n}"] for n in range(1, 8)), row["letter_ref"]] for row in remaining
        ]
        files.append(_table("notify-recipients.csv", NOTIFY_HEADINGS, lines))
    files.append(_table("issued.csv", ISSUED_HEADINGS, [_line(row, sent, taken_out) for row in rows]))
    files.sort(key=lambda file: file.path)
    yield from files
    yield Artefact(SUMS, "".join(f"{file.entry['sha256']}  {file.path}\n" for file in files).encode())


def _line(row: Mapping[str, str], sent: Mapping[str, Mapping[str, str]], taken_out: Mapping[str, str]) -> list[object]:
    ref = row["letter_ref"]
    said = sent.get(ref, {})
    dates = [said.get(name, "") for name in ISSUED_HEADINGS[5:10]]
    status, reason = ("issued", "") if ref in sent else ("taken_out", taken_out[ref])
    return [ref, row["provider_id"], row["provider_name"], status, reason, *dates, row["pdf_sha256"]]


def _print_files(
    batch: str, rows: Sequence[Mapping[str, str]], letters: Sequence[Artefact], letters_a_file: int
) -> Iterator[Artefact]:
    """Yield files of many letters for a printer, each letter beginning on a new sheet, and their index."""
    index: list[list[object]] = []
    for number, start in enumerate(range(0, len(rows), letters_a_file), 1):
        name = f"print/{batch}-print-{number:02d}.pdf"
        with pikepdf.new() as merged:
            for row, letter in zip(rows[start : start + letters_a_file], letters[start:], strict=False):
                first = len(merged.pages) + 1
                with pikepdf.open(io.BytesIO(letter.content)) as one:
                    index.append([name, first, len(one.pages), row["letter_ref"]])
                    merged.pages.extend(one.pages)
                if len(merged.pages) % 2:
                    merged.add_blank_page(page_size=A4)
            sink = io.BytesIO()
            merged.save(sink, deterministic_id=True)
        yield Artefact(name, sink.getvalue())
    yield _table("print/index.csv", INDEX_HEADINGS, index)


def _table(path: str, headings: Sequence[str], rows: list[list[object]]) -> Artefact:
    return Artefact(path, csv_for_machines(headings, rows), len(rows))
