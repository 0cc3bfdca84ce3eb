"""A case in one PDF: a front with its index, chronology and proof of sending, then every paper, all pages numbered."""

import datetime as dt
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf

from reports.letters.annex import ANNEX, annex_values, legible
from reports.letters.setting import pdf_of
from reports.letters.source import source_of
from reports.letters.wording import RETURNS

FRONT, SLIP, STAMP = "bundle_front.typ.j2", "bundle_slip.typ.j2", "bundle_stamp.typ.j2"
DAY = dt.date(2000, 1, 1)  # the day inside the PDF; what it is about has days of its own
A4_WIDE, A4_HIGH = 595.276, 841.89


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of a bundle: what it is, its day, and its file's name and bytes."""

    title: str
    on: str
    file: tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Contents:
    """What stands in the front of a bundle."""

    facts: Sequence[tuple[str, str]]
    chronology: Sequence[tuple[str, str, str, str]]
    since: Sequence[Mapping[str, Any]]
    proof: Sequence[tuple[str, str]]


def bundle(contents: Contents, evidence: Mapping[str, Any], papers: Sequence[Paper], specimen: bool) -> bytes:
    """Return the bundle: the same bytes for the same contents and papers."""
    ref = evidence["letter_ref"]
    annex = pdf_of(source_of(ANNEX, annex_values(evidence, specimen)), DAY)
    every = [*papers[:1], Paper("Evidence", evidence["dates"]["send_on"], (f"{ref}-evidence.pdf", annex)), *papers[1:]]
    parts = [_pages_of(paper, ref, specimen) for paper in every]
    counts = [_count(part) for part in parts]
    front = _front(contents, ref, every, [0] * len(every), specimen)
    starts = [_count(front) + 1 + sum(counts[:n]) for n in range(len(every))]
    front = _front(contents, ref, every, starts, specimen)
    return _bound([front, *parts], f"Bundle of the case {ref}")


def _front(contents: Contents, ref: str, papers: Sequence[Paper], starts: Sequence[int], specimen: bool) -> bytes:
    values = {
        "ref": ref, "specimen": specimen, "facts": _legible(contents.facts), "chronology": _legible(contents.chronology),
        "proof": _legible(contents.proof),
        "index": _legible([(p.title, p.on, str(start)) for p, start in zip(papers, starts, strict=True)]),
        "since": _legible([
            (unit["location_id"], RETURNS[unit["provider_type"]], window["month"], window["outcome"], window["late_on"] or "",
             "relied on" if window["relied_on"] else "")
            for unit in contents.since for window in unit["windows"]
        ]),
    }  # fmt: skip
    return pdf_of(source_of(FRONT, values), DAY)


def _legible(rows: Sequence[Sequence[object]]) -> list[list[str]]:
    return [[legible(cell) for cell in row] for row in rows]


def _pages_of(paper: Paper, ref: str, specimen: bool) -> bytes:
    """Return a paper as a PDF; what cannot be opened as one stands as a slip that names the file."""
    name, content = paper.file
    try:
        if _count(content):
            _bound([content], "trial")
            return content
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, TypeError, KeyError, AttributeError):
        pass  # encrypted, broken, or no PDF
    values = {
        "ref": ref, "specimen": specimen, "title": legible(paper.title), "name": legible(name), "size": f"{len(content):,}",
        "sha256": legible(hashlib.sha256(content).hexdigest()),
    }  # fmt: skip
    return pdf_of(source_of(SLIP, values), DAY)


def _count(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def _bound(parts: Sequence[bytes], title: str) -> bytes:
    """Return all parts as one PDF, each page numbered at its top, without anything active."""
    with pikepdf.new() as bound:
        for part in parts:
            with pikepdf.open(io.BytesIO(part)) as document:
                bound.pages.extend(document.pages)
        stamp = pdf_of(source_of(STAMP, {"pages": str(len(bound.pages))}), DAY)
        with pikepdf.open(io.BytesIO(stamp)) as numbers:
            for page, number in zip(bound.pages, numbers.pages, strict=True):
                for active in ("/Annots", "/AA"):
                    if active in page.obj:
                        del page.obj[active]
                _stamp(bound, page, number)
        bound.docinfo["/Title"] = title
        sink = io.BytesIO()
        bound.save(sink, deterministic_id=True)
    return sink.getvalue()


def _stamp(bound: pikepdf.Pdf, page: pikepdf.Page, number: pikepdf.Page) -> None:
    """Print a number over the top right of a page, under a name that is the same every time."""
    name = page.add_resource(
        bound.copy_foreign(number.as_form_xobject()), pikepdf.Name.XObject, pikepdf.Name.BundlePage
    )
    _, _, right, top = (float(edge) for edge in page.mediabox)
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(f"\nQ q 1 0 0 1 {right - A4_WIDE:.3f} {top - A4_HIGH:.3f} cm {name} Do Q".encode())
