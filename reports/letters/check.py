"""Our own check of a letter before it enters a batch, with other libraries than the one that set it.

Rules: GOV.UK Notify letter specification v2.4 and PDF/UA-1. One line a failure: page, refusal word, what and where in mm.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pikepdf
import pypdfium2

from pipeline.enforce.addresses import MOST

MM = 72 / 25.4
WIDE, HIGH, NEAR = 210, 297, 2
PRINTABLE = (15, 5, 195, 292)
BLANK = (
    (15, 30, 24.6, 95),
    (120, 30, 125, 95),
    (15, 30, 125, 39.5),
    (15, 66.3, 125, 95),
    (125, 92.8, 195, 95),
)  # the last: contacts that run into the text
ADDRESS_BOX = (21.6, 36.5, 123, 69.3)
PAPER = b"\xff"  # anything that is not white is ink
FONT = re.compile(r"/[A-Z]{6}\+LiberationSans(-Bold)?")
PAINTING = "S s f F f* B B* b b* sh Do Tj TJ ' \" INLINE"
UA_1 = re.compile(rb"pdfuaid:part(>|=.)1\b")
TITLE = re.compile(rb"<dc:title>.{0,80}<rdf:li[^>]*>[^<]+<", re.DOTALL)
CATALOG = frozenset(
    ("/Type", "/Pages", "/Lang", "/MarkInfo", "/Metadata", "/Outlines", "/PageLabels", "/StructTreeRoot", "/ViewerPreferences",
     "/Version", "/Names", "/Dests")
)  # fmt: skip
PAGE = frozenset(
    ("/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Contents", "/StructParents",
     "/Tabs", "/Group", "/Rotate")
)  # fmt: skip
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a letter has to show: its address lines, words that stand somewhere in it, and whether it is a specimen."""

    address_lines: tuple[str, ...]
    words: tuple[str, ...]
    specimen: bool
    most_pages: int
    most_bytes: int


def problems_of(pdf: bytes, expected: Expected) -> tuple[int, list[str]]:
    """Return the number of pages of a letter, and what is wrong with it: nothing, for one that may be sent."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            problems = [*_container(document, pdf, expected), *_fonts(document), *_tags(document)]
            pages = len(document.pages)
        with pypdfium2.PdfDocument(pdf) as shown:
            problems += _shown(shown, expected)
    except (pikepdf.PdfError, pypdfium2.PdfiumError) as error:
        return 0, [f"unable-to-read-the-file: {error}"]
    return pages, problems


def _container(document: pikepdf.Pdf, pdf: bytes, expected: Expected) -> Iterator[str]:
    """Yield what is wrong with the file as such: size, pages, and anything active in it."""
    root = document.Root
    if document.is_encrypted:
        yield "unable-to-read-the-file: it is encrypted"
    if len(pdf) > expected.most_bytes or not 1 <= len(document.pages) <= expected.most_pages:
        yield f"letter-too-long: {len(document.pages)} pages, {len(pdf):,} bytes"
    for key in sorted(set(map(str, root)) - CATALOG):
        yield f"active-content: {key}"
    if "/Names" in root and set(map(str, root.Names)) - {"/Dests"}:
        yield "active-content: /Names"
    if "/Outlines" in root and any("/A" in entry for entry in _outline(root.Outlines)):
        yield "active-content: /Outlines"
    for number, page in enumerate(document.pages, 1):
        box = [float(edge) for edge in page.mediabox]
        wide, high = (box[2] - box[0]) / MM, (box[3] - box[1]) / MM
        if abs(wide - WIDE) > NEAR or abs(high - HIGH) > NEAR or int(page.get("/Rotate", 0)):
            yield f"page {number}: letter-not-a4-portrait-oriented: {wide:.0f} x {high:.0f} mm"
        for key in sorted(set(map(str, page.obj)) - PAGE):
            yield f"page {number}: active-content: {key}"
        if "/XObject" in page.resources:
            yield f"page {number}: active-content: a picture or a form"


def _outline(node: Any) -> Iterator[Any]:
    """Yield the entries of an outline, deepest ones too."""
    entry = node.get("/First")
    while isinstance(entry, pikepdf.Dictionary):
        yield entry
        yield from _outline(entry)
        entry = entry.get("/Next")


def _fonts(document: pikepdf.Pdf) -> Iterator[str]:
    """Yield the fonts that are not ours, not embedded, drawn by commands, or that cannot be read back as text."""
    for number, page in enumerate(document.pages, 1):
        for font in page.resources.get("/Font", pikepdf.Dictionary()).values():
            name = str(font.get("/BaseFont", ""))
            inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            described = inner.get("/FontDescriptor", pikepdf.Dictionary())
            if not any(key in described for key in ("/FontFile", "/FontFile2", "/FontFile3")):
                yield f"page {number}: font-not-embedded: {name}"
            if str(font.get("/Subtype", "")) == "/Type3" or "/ToUnicode" not in font or not FONT.fullmatch(name):
                yield f"page {number}: font-not-ours: {name}"


def _tags(document: pikepdf.Pdf) -> Iterator[str]:
    """Yield what a reader of PDF/UA would miss (a subset that a machine can check)."""
    root = document.Root
    described = root.Metadata.read_bytes() if "/Metadata" in root else b""
    if not (UA_1.search(described) and TITLE.search(described)):
        yield "not-accessible: its metadata lack the title or PDF/UA-1"
    if "/StructTreeRoot" not in root or "/MarkInfo" not in root or not bool(root.MarkInfo.get("/Marked", False)):
        yield "not-accessible: it is not tagged"
        return
    shows_title = "/ViewerPreferences" in root and bool(root.ViewerPreferences.get("/DisplayDocTitle", False))
    if str(root.get("/Lang", "")) != "en-GB" or not shows_title:
        yield "not-accessible: its language is not en-GB, or its title is not shown"
    if "/ParentTree" not in root.StructTreeRoot:
        yield "not-accessible: it has no parent tree"
    elements = list(_elements(root.StructTreeRoot))
    levels = [int(kind[2:]) for kind, _ in elements if re.fullmatch(r"/H[1-6]", kind)]
    if levels[:1] != [1] or any(after > before + 1 for before, after in zip(levels, levels[1:], strict=False)):
        yield f"not-accessible: its headings are of levels {levels}"
    if any(kind == "/TH" and not _has_scope(element) for kind, element in elements):
        yield "not-accessible: a heading cell of a table has no scope"
    for number, page in enumerate(document.pages, 1):
        if untagged := _untagged(page):
            yield f"page {number}: not-accessible: {untagged} paint operations are neither tagged nor artefacts"


def _elements(node: pikepdf.Object) -> Iterator[tuple[str, pikepdf.Object]]:
    """Yield the elements of the structure tree in reading order, each with its kind."""
    kids = node.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield str(kid.S), kid
            yield from _elements(kid)


def _has_scope(element: pikepdf.Object) -> bool:
    attributes = element.get("/A")
    listed = list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]
    return any(isinstance(one, pikepdf.Dictionary) and "/Scope" in one for one in listed)


def _untagged(page: pikepdf.Page) -> int:
    depth = untagged = 0
    for instruction in pikepdf.parse_content_stream(page, f"BDC BMC EMC {PAINTING}"):
        name = str(instruction.operator)
        if name == "EMC":
            depth -= 1
        elif name in ("BDC", "BMC"):
            depth += 1
        elif depth == 0:
            untagged += 1
    return untagged


def _shown(document: pypdfium2.PdfDocument, expected: Expected) -> Iterator[str]:
    """Yield what is wrong with the letter as it is seen and read."""
    texts = []
    for number, page in enumerate(document, 1):
        text = page.get_textpage()
        texts.append(_words(text.get_text_range()))
        if number == 1:
            yield from _window(text, page.get_height(), expected.address_lines)
        yield from _ink(page, number)
        if expected.specimen and "SPECIMEN" not in texts[-1]:
            yield f"page {number}: no-specimen: a demonstration has to say SPECIMEN on every page"
        if "NOTIFY" in texts[-1]:
            yield f"page {number}: notify-tag-found-in-content"
    whole = "".join(texts).replace(" ", "")
    for words in expected.words:
        if _words(words).replace(" ", "") not in whole:
            yield f"text-missing: {words}"
    for number, text in enumerate(texts, 1):
        if f"Page {number} of {len(texts)}" not in text:
            yield f"page {number}: text-missing: Page {number} of {len(texts)}"


def _words(text: str) -> str:
    """Return text as it is read: single blanks, no invisible characters; PDFium gives a mark for a hyphen at a line's end."""
    return " ".join(re.sub("[\ufffe\x02]", "-", re.sub("[\u00ad\u200b]", "", text)).split())


def _window(text: pypdfium2.PdfTextPage, height: float, lines: Sequence[str]) -> Iterator[str]:
    left, top, right, bottom = (edge * MM for edge in ADDRESS_BOX)
    found = text.get_text_bounded(left, height - bottom, right, height - top)
    shown = [line for line in found.splitlines() if _words(line)]
    if len(shown) > MOST:
        yield f"page 1: too-many-address-lines: {len(shown)} lines stand in the window, broken ones counted"
    if _words(found).replace(" ", "") != _words(" ".join(lines)).replace(" ", ""):
        yield f'page 1: address-not-in-window: it shows "{_words(found)}"'


def _ink(page: pypdfium2.PdfPage, number: int) -> Iterator[str]:
    """Yield the places of ink outside the printable area, and on page 1 in the zones to be left blank (72 dpi)."""
    bitmap = page.render(scale=1, grayscale=True, may_draw_forms=False)
    data, stride, high, wide = bytes(bitmap.buffer), bitmap.stride, bitmap.height, bitmap.width
    x0, y0, x1, y1 = PRINTABLE
    zones: list[Box] = [(0, 0, WIDE, y0), (0, y1, WIDE, HIGH), (0, 0, x0, HIGH), (x1, 0, WIDE, HIGH)]
    for zone in zones + (list(BLANK) if number == 1 else []):
        x0, y0, x1, y1 = (round(edge * MM) for edge in zone)
        x1, y1 = min(x1, wide), min(y1, high)
        if x1 - x0 < y1 - y0:
            strips = ((x, data[y0 * stride + x : y1 * stride : stride]) for x in range(x0, x1))
            places = ((x, y0 + len(strip) - len(left)) for x, strip in strips if (left := strip.lstrip(PAPER)))
        else:
            strips = ((y, data[y * stride + x0 : y * stride + x1]) for y in range(y0, y1))
            places = ((x0 + len(strip) - len(left), y) for y, strip in strips if (left := strip.lstrip(PAPER)))
        for x, y in islice(places, 1):
            yield f"page {number}: content-outside-printable-area: ink at {x / MM:.0f}, {y / MM:.0f} mm"
