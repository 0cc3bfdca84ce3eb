"""CSV files: their encoding, their delimiter, their records."""

import codecs
import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from pipeline.errors import InputRefused
from pipeline.intake.findings import Finding
from pipeline.intake.headings import id_headings, normal_heading
from pipeline.intake.sheets import Contents, Row, Sheet
from pipeline.rules.parameters import InForce

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
DELIMITERS = ",;|\t"
CHUNK = 1 << 20
LINE = 8  # cells of the greatest length that a line may hold
HEAD = 100_000  # characters in which the heading row stands


def read_delimited(path: Path, file: str, in_force: InForce) -> Contents:
    """Read a CSV; its encoding is UTF-8 or cp1252, or UTF-16 where it says so, never guessed beyond that."""
    with path.open("rb") as opened:
        start = opened.read(CHUNK)
        opened.seek(-min(2, path.stat().st_size), 2)
        end = opened.read()
    is_wide = start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    is_cut = not set(end if is_wide else end[-1:]) & set(b"\r\n")
    if start.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<":
        raise InputRefused(file, "this is a web page or XML, not a table.", "Export it as CSV or XLSX.")
    encoding, findings = _encoding(path, file, start)
    with path.open(encoding=encoding, newline="") as opened:
        delimiter = _delimiter(opened.read(HEAD))
    sheet = Sheet("", iter(()))
    sheet.rows = _records(path, file, encoding, delimiter, in_force, sheet.spanning)
    return Contents(file, [sheet], findings, is_cut)


def _encoding(path: Path, file: str, start: bytes) -> tuple[str, list[Finding]]:
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        wrong = _undecodable(path, "utf-16")
        if wrong is not None:
            raise InputRefused(file, "not valid UTF-16.", "Export it again.")
        return "utf-16", []
    if start.count(0) > len(start) // 4:
        raise InputRefused(file, "this looks like UTF-16 without its mark.", 'Save it as "CSV UTF-8" and give that.')
    if _undecodable(path, "utf-8") is None:
        return "utf-8-sig", []
    if start.count(b"\r") > start.count(b"\n"):
        raise InputRefused(
            file, "this is text as Excel for Mac writes it (CSV Macintosh), whose letters cannot be told apart.",
            'Save it as "CSV UTF-8 (Comma delimited)" and give that.', row=1,
        )  # fmt: skip
    wrong = _undecodable(path, "cp1252")
    if wrong is None:
        return "cp1252", [Finding("decoded_as_cp1252")]
    line, byte = wrong
    raise InputRefused(
        file, f"a byte that is neither UTF-8 nor Windows text (0x{byte:02x}).", 'Save it as "CSV UTF-8" and give that.',
        row=line,
    )  # fmt: skip


def _undecodable(path: Path, encoding: str) -> tuple[int, int] | None:
    """Return the line and the byte at which a file is not in an encoding, or None if it is."""
    decoder, lines = codecs.getincrementaldecoder(encoding)(), 1
    with path.open("rb") as opened:
        while True:
            chunk = opened.read(CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return lines + bytes(error.object[: error.start]).count(b"\n"), error.object[error.start]
            if not chunk:
                return None
            lines += chunk.count(b"\n")


def _delimiter(text: str) -> str:
    """Return the delimiter that makes a heading row with an id heading of the first lines; a comma if none does."""
    lines = text.lstrip("\ufeff").splitlines()[:40]
    for delimiter in DELIMITERS:
        for line in lines:
            cells = {normal_heading(cell.strip('"')) for cell in line.split(delimiter)}
            if len(cells) > 1 and cells & id_headings():
                return delimiter
    return ","


def _records(
    path: Path, file: str, encoding: str, delimiter: str, in_force: InForce, spanning: set[int]
) -> Iterator[Row]:
    longest, most = in_force.number("cell_characters_most"), in_force.number("rows_most")
    csv.field_size_limit(longest)
    last, first = 0, 1
    with path.open(encoding=encoding, newline="") as opened:
        lines = _Lines(opened, LINE * longest)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            for row in reader:
                if reader.line_num > most:
                    raise InputRefused(file, f"more than {most:,} lines.", "Export less at a time.")
                if reader.line_num > first:  # it spans lines
                    spanning.add(first)
                yield first, row
                last, first = first, reader.line_num + 1
        except csv.Error as error:
            is_last = reader.line_num == first and lines.last[-1:] not in ("\n", "\r")
            if is_last and len(lines.last) < longest:  # cut off inside quotes
                yield first, next(csv.reader([lines.last], delimiter=delimiter))[:-1]
                return
            raise InputRefused(
                file, f"the lines after row {last} cannot be split into cells ({error}).", "Export it again.", row=last
            ) from None


class _Lines:
    """The lines of a file, none longer than allowed, the last one remembered."""

    def __init__(self, opened: TextIO, longest: int) -> None:
        self._opened, self._longest = opened, longest
        self._is_first = True
        self.last = ""

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._opened.readline(self._longest)
        if not line:
            raise StopIteration
        if len(line) == self._longest:
            raise csv.Error("a line longer than any list has")
        if self._is_first:
            line, self._is_first = line.lstrip("\ufeff"), False  # a mark written twice is no part of a heading
        self.last = line
        return line
