"""Valid files of every kind and form, and the ways in which the world damages them. All names are fictional."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from tests.cases.dirt import (
    AFTER_CLOSE,
    CARE_HOME_HEAD,
    FILES,
    HEAD,
    book_of,
    csv_of,
    extract,
    lines,
    register_csv,
    register_row,
    row,
    stamped,
    uid,
)  # fmt: skip

NAMES = ("Invented House", 'The "Old" Mill', "Rose, Oak & Elm", "Café Grün", "Line\nbreak", "=1+1", "NA")
SAID = ("YYY", "YYN", "YNN", "NNN", "?YY", "Y?N")


@dataclass(frozen=True)
class Seed:
    """A valid file: its name, its bytes."""

    name: str
    data: bytes


def unit_rows(count: int = 12) -> list[list[object]]:
    """Return ordinary rows of a status export."""
    return [row(uid(70, n), NAMES[n % len(NAMES)], SAID[n % len(SAID)]) for n in range(1, count + 1)]


@cache
def seeds() -> tuple[Seed, ...]:
    """Return one valid file of each kind and form."""
    stamps = [stamped(uid(71, n), f"45{600 + n}.39583", f"45{600 + n}.39583") for n in range(1, 9)]
    register = register_csv(*(register_row(uid(70, n)) for n in range(1, 13)))
    rows = unit_rows()
    care = f"care-home-{AFTER_CLOSE}"
    return (
        Seed(f"{care}.csv", csv_of(*rows)),
        Seed(f"bom-{care}.csv", csv_of(*rows, encoding="utf-8-sig")),
        Seed(f"excel-{care}.csv", b"\xff\xfe" + lines([HEAD, *rows], "\t", "\r\n").encode("utf-16-le")),
        Seed(f"windows-{care}.csv", csv_of(*rows, encoding="cp1252")),
        Seed(f"semicolon-{care}.csv", lines([HEAD, *rows], ";", "\r\n").encode()),
        Seed(f"records-{AFTER_CLOSE}.csv", extract(*stamps, head=CARE_HOME_HEAD)),
        Seed("HSCA_Active_Locations_2024-12-16.csv", register),
        Seed("fees-2024-12-01.csv", b"provider_id,annual_fee_gbp,as_at\n1-9800000001,500,2024-12-01\n"),
        Seed("public-2024-12-01.csv", b"provider_id,basis\n1-9800000001,invented\n"),
        Seed("gone-2024-12-16.csv", f"Location ID,HSCA End Date\n{uid(70, 1)},07/12/2024\n".encode()),
        Seed(f"{care}.xlsx", book_of({"README": [["Read me"]], "Export": [HEAD, *rows]})),
        Seed(f"stored-{care}.ods", (FILES / "export-with-hidden-row.ods").read_bytes()),
        Seed(f"stored-{care}.xls", (FILES / "export-with-hidden-row.xls").read_bytes()),
    )


TEXTS = tuple(seed for seed in seeds() if seed.name.endswith(".csv"))
BOOKS = tuple(seed for seed in seeds() if not seed.name.endswith(".csv"))
TOKENS = (b"\x00", b'"', b"'", b",", b";", b"|", b"\t", b"\r", b"\n", b"\r\n", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\x28", b"\x81", b"<",
          b"<!DOCTYPE x>", b"PK\x03\x04", b"%PDF", b"Yes", b"No", b"1", b"0", b"50 %", b"1.23E+09", b"-", "–".encode(), "\u200b".encode(),
          b"24-Nov", b"Nov 24", b"2024-12-17", b"CQC Location ID", b"Total", b"Kent", b"A" * 40_000, b"A" * 140_000, b",," * 2_000)  # fmt: skip


@st.composite
def damages(draw: st.DrawFn, size: int, tokens: Sequence[bytes] = TOKENS) -> list[tuple[str, int, int, bytes]]:
    """Return a few changes to a file of `size` bytes: what, where, how far, and what is put there."""
    place = st.integers(0, max(size - 1, 0))
    change = st.tuples(
        st.sampled_from(["flip", "cut", "put", "double", "end"]),
        place,
        st.integers(1, max(size // 4, 1)),
        st.sampled_from(tokens),
    )
    return draw(st.lists(change, min_size=1, max_size=6))


def damaged(data: bytes, changes: Sequence[tuple[str, int, int, bytes]]) -> bytes:
    """Return bytes with the changes made, one after the other."""
    out = bytearray(data)
    for what, place, length, token in changes:
        at = min(place, len(out))
        if what == "flip" and at < len(out):
            out[at] ^= 1 << (length % 8)
        elif what == "cut":
            del out[at : at + length]
        elif what == "put":
            out[at:at] = token
        elif what == "double":
            out[at:at] = out[at : at + length]
        elif what == "end":
            del out[max(at, 1) :]
    return bytes(out)


def repacked(data: bytes, member: int, changes: Sequence[tuple[str, int, int, bytes]]) -> bytes:
    """Return a workbook with one of the files inside it damaged, packed again as a valid ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = [name for name in old.namelist() if name.endswith((".xml", ".rels"))]
        chosen = names[member % len(names)]
        for name in old.namelist():
            inside = old.read(name)
            new.writestr(name, damaged(inside, changes) if name == chosen else inside)
    return out.getvalue()


def written(folder: Path, name: str, data: bytes) -> Path:
    """Write a file and return where it is."""
    path = folder / name
    path.write_bytes(data)
    return path
