"""Our check of letters: a good one passes, and each fault of a bad one is named."""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
import typst

from reports.letters.check import Expected, problems_of
from reports.letters.making import Order, make, make_all
from reports.letters.setting import pdf_of
from reports.letters.source import FONTS, NOTICE_OF_INTENT, source_of

DAY = dt.date(2025, 1, 6)
ADDRESS = ("Invented Care Ltd", "1 Invented Road", "Nowhereton", "ZZ99 1AA")
REF = "NOI-2024-12-0001"
VALUES: dict[str, object] = {
    "ref": REF, "specimen": True, "large": False, "sender_name": "Invented Team", "sender_address": "1 Square, Town, ZZ99 1AA",
    "signatory_name": "A. N. Example", "signatory_title": "Head", "contact_phone": "01632 960000",
    "contact_email": "a@invalid.example", "representations_address": "1 Square", "representations_email": "b@invalid.example",
    "address_lines": list(ADDRESS), "contacts": [("Date", ["Monday 6 January 2025"])], "provider_name": ADDRESS[0],
    "amount": "£1,234.00", "fee_words": "scheme 2024/25", "about": "your one registered service.", "services_words": "service",
    "trigger_words": "", "within": "12",
    "services": [{"name": "House", "location_id": "1-9000000001", "local_authority": "Kent", "kind": "Care home return",
                  "not_received": "December 2024", "received": "none", "other": ""}],
    "windows": [{"month": "December 2024", "opens_on": "Sunday 8", "closes_on": "Monday 16"}], "left_out": [],
    "next_window": "x", "given_on": "x", "representations_from": "x", "representations_until": "Thursday 30 January 2025",
    "decide_by": "x",
}  # fmt: skip
EXPECTED = Expected(ADDRESS, (REF, "£1,234.00", "1-9000000001", "December 2024"), True, 10, 2 << 20)


@pytest.fixture(scope="module")
def good() -> bytes:
    return pdf_of(source_of(NOTICE_OF_INTENT, VALUES), DAY)


def changed(pdf: bytes, change: Callable[[pikepdf.Pdf], None], **how: object) -> bytes:
    """Return a letter after a change made with pikepdf."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        document.save(made, **how)
    return made.getvalue()


def painted(x: float, y: float, page: int = 0, tagged: bool = True) -> Callable[[pikepdf.Pdf], None]:
    """Return a change that draws a small black square at a place in mm from the top left corner."""

    def change(document: pikepdf.Pdf) -> None:
        left, top = x * 72 / 25.4, 841.9 - y * 72 / 25.4
        paint = f"q 0 g {left:.2f} {top:.2f} 4 4 re f Q"
        text = f"/Artifact BMC {paint} EMC" if tagged else paint
        document.pages[page].contents_add(document.make_stream(text.encode()))

    return change


def test_a_good_letter_passes(good: bytes) -> None:
    assert problems_of(good, EXPECTED) == (2, [])


@pytest.mark.parametrize("page", [0, 1])
@pytest.mark.parametrize(("x", "y"), [(5, 150), (200, 150), (100, 2), (100, 296)])
def test_ink_outside_the_printable_area_is_refused(good: bytes, x: float, y: float, page: int) -> None:
    (problem,) = problems_of(changed(good, painted(x, y, page)), EXPECTED)[1]
    assert problem.startswith(f"page {page + 1}: content-outside-printable-area")


@pytest.mark.parametrize(("x", "y"), [(18, 60), (122, 60), (60, 34), (60, 85)])
def test_ink_around_the_address_is_refused_on_the_first_page_alone(good: bytes, x: float, y: float) -> None:
    (problem,) = problems_of(changed(good, painted(x, y)), EXPECTED)[1]
    assert problem.startswith("page 1: content-outside-printable-area")
    assert problems_of(changed(good, painted(x, y, page=1)), EXPECTED)[1] == []


def pages(count: int) -> Callable[[pikepdf.Pdf], None]:
    return lambda document: [document.pages.append(document.pages[1]) for _ in range(count)] and None


def sideways(document: pikepdf.Pdf) -> None:
    document.pages[1].mediabox = [0, 0, 842, 595]


def script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def attachment(document: pikepdf.Pdf) -> None:
    document.attachments["x.txt"] = b"x"


def link(document: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="http://invalid.example")
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
    document.pages[0].Annots = document.make_indirect(pikepdf.Array([note]))


def language(document: pikepdf.Pdf) -> None:
    document.Root.Lang = "fr"


def untitled(document: pikepdf.Pdf) -> None:
    del document.Root.Metadata


def untagged(document: pikepdf.Pdf) -> None:
    del document.Root.StructTreeRoot


def parentless(document: pikepdf.Pdf) -> None:
    del document.Root.StructTreeRoot.ParentTree


def other_font(document: pikepdf.Pdf) -> None:
    for font in document.pages[0].resources.Font.values():
        font.BaseFont = pikepdf.Name("/ABCDEF+Comic")


def loose_font(document: pikepdf.Pdf) -> None:
    for font in document.pages[0].resources.Font.values():
        del font.DescendantFonts[0].FontDescriptor["/FontFile2"]


FAULTS: dict[str, tuple[Callable[[pikepdf.Pdf], None], str]] = {
    "eleven pages": (pages(9), "letter-too-long"),
    "a page sideways": (sideways, "letter-not-a4-portrait-oriented"),
    "a script": (script, "active-content"),
    "an attachment": (attachment, "active-content"),
    "a link": (link, "active-content"),
    "paint without a tag": (painted(100, 200, tagged=False), "not-accessible"),
    "another language": (language, "not-accessible"),
    "no title": (untitled, "not-accessible"),
    "no tags": (untagged, "not-accessible"),
    "no parent tree": (parentless, "not-accessible"),
    "a font of others": (other_font, "font-not-ours"),
    "a font that is not inside": (loose_font, "font-not-embedded"),
}


@pytest.mark.parametrize(("change", "word"), FAULTS.values(), ids=list(FAULTS))
def test_each_fault_is_named(good: bytes, change: Callable[[pikepdf.Pdf], None], word: str) -> None:
    assert any(word in problem for problem in problems_of(changed(good, change), EXPECTED)[1])


def test_an_encrypted_letter_is_refused(good: bytes) -> None:
    locked = changed(good, lambda document: None, encryption=pikepdf.Encryption(owner="x", user=""))
    assert any("unable-to-read-the-file" in problem for problem in problems_of(locked, EXPECTED)[1])


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing", b"PK\x03\x04"])
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    assert problems_of(data, EXPECTED)[1][0].startswith("unable-to-read-the-file")


@pytest.mark.parametrize(
    ("expected", "word"),
    [
        (replace(EXPECTED, address_lines=("Somebody Else", *ADDRESS[1:])), "address-not-in-window"),
        (replace(EXPECTED, address_lines=(*ADDRESS, "More")), "address-not-in-window"),
        (replace(EXPECTED, words=("£1,235.00",)), "text-missing: £1,235.00"),
        (replace(EXPECTED, most_pages=1), "letter-too-long"),
        (replace(EXPECTED, most_bytes=1000), "letter-too-long"),
    ],
)
def test_a_letter_that_does_not_show_what_it_should_is_refused(good: bytes, expected: Expected, word: str) -> None:
    assert any(word in problem for problem in problems_of(good, expected)[1])


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"specimen": False}, "no-specimen"),
        ({"signatory_title": "NOTIFY"}, "notify-tag-found-in-content"),
        ({"address_lines": ["A"] * 14}, "content-outside-printable-area"),
        ({"address_lines": ["Word " * 17, *"ABCDEF"]}, "too-many-address-lines"),
        ({"services": [{**VALUES["services"][0], "not_received": "x" * 400}]}, "content-outside-printable-area"),
    ],
    ids=["no specimen", "a tag of Notify's", "a long address", "a line that breaks", "a long word"],
)
def test_a_letter_of_bad_values_is_refused(values: dict[str, object], word: str) -> None:
    pdf = pdf_of(source_of(NOTICE_OF_INTENT, {**VALUES, **values}), DAY)
    assert any(word in problem for problem in problems_of(pdf, EXPECTED)[1])


def test_a_letter_set_without_accessibility_is_refused() -> None:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    compiler = typst.Compiler(root=str(FONTS.parent), font_paths=fonts)
    pdf = compiler.compile(source_of(NOTICE_OF_INTENT, VALUES).encode(), format="pdf", pdf_tags=False)
    assert isinstance(pdf, bytes)
    assert any("not-accessible" in problem for problem in problems_of(pdf, EXPECTED)[1])


def test_a_letter_that_takes_too_long_is_stopped_and_the_rest_are_made(tmp_path: Path) -> None:
    source = source_of(NOTICE_OF_INTENT, VALUES)
    endless = "#for a in range(20000) { for b in range(20000) { let c = a * b } }"
    orders = [
        Order("NOI-2024-12-0001", source, DAY, tmp_path / "1.pdf", EXPECTED),
        Order("NOI-2024-12-0002", endless, DAY, tmp_path / "2.pdf", EXPECTED),
        Order("NOI-2024-12-0003", source, DAY, tmp_path / "3.pdf", EXPECTED),
    ]
    first, stopped, last = make_all(orders, 1, 3)
    assert first.problems == last.problems == () and first.sha256 == last.sha256 and len(first.sha256) == 64
    assert stopped.problems == ("it could not be made in 3 seconds",)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.pdf", "3.pdf"]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("#nonsense", "unknown variable"),
        ("= x\n*open", "unclosed"),
        ('#read("/etc/passwd")', "not found"),
        ("\u0628", "could not be displayed"),
    ],
)
def test_a_letter_that_cannot_be_set_says_why(tmp_path: Path, source: str, says: str) -> None:
    styled = (
        f'#set document(title: "x")\n#set text(font: "Liberation Sans", fallback: false, lang: "en")\n= Title\n{source}'
    )
    made = make(Order(REF, styled, DAY, tmp_path / "x.pdf", EXPECTED))
    assert made.sha256 == "" and not list(tmp_path.iterdir())
    assert says in made.problems[0]
