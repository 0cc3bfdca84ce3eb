"""A compound file (the container of .xls and of encrypted workbooks), made by hand."""

import struct
from collections.abc import Mapping

SECTOR, FREE, END, FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
NO_STREAM = 0xFFFFFFFF


def entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    """Return one entry of the directory."""
    letters = (name + "\0").encode("utf-16-le")
    head = letters.ljust(64, b"\0") + struct.pack("<HBB", len(letters), kind, 1)
    return head + struct.pack("<III", NO_STREAM, right, child) + bytes(36) + struct.pack("<IQ", start, size)


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file of these streams; each is made long enough to need no sector of its own kind."""
    ordered = sorted(streams.items(), key=lambda one: (len(one[0]), one[0].upper()))
    padded = {name: data.ljust(4096, b"\0") for name, data in ordered}
    counts = [-(-len(data) // SECTOR) for data in padded.values()]
    directory_sectors = -(-(1 + len(padded)) // 4)
    fat_sectors = 1
    while fat_sectors * 128 < sum(counts) + directory_sectors + fat_sectors:
        fat_sectors += 1
    assert fat_sectors <= 109, "longer files need a table of tables"
    fat = [FAT] * fat_sectors
    fat += [fat_sectors + n + 1 for n in range(directory_sectors - 1)] + [END]
    starts, body = [], b""
    for (_, data), count in zip(padded.items(), counts, strict=True):
        starts.append(len(fat))
        fat += [len(fat) + n + 1 for n in range(count - 1)] + [END]
        body += data.ljust(count * SECTOR, b"\0")
    fat += [FREE] * (fat_sectors * 128 - len(fat))
    entries = entry("Root Entry", 5, NO_STREAM, 1 if padded else NO_STREAM, END, 0)
    for number, (name, data) in enumerate(padded.items(), 1):
        right = number + 1 if number < len(padded) else NO_STREAM
        entries += entry(name, 2, right, NO_STREAM, starts[number - 1], len(data))
    empty = bytes(66) + b"\0\0" + struct.pack("<III", NO_STREAM, NO_STREAM, NO_STREAM) + bytes(48)
    while len(entries) < directory_sectors * SECTOR:
        entries += empty
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, fat_sectors, fat_sectors, 0, 4096, END, 0, END, 0)
    header += b"".join(struct.pack("<I", n if n < fat_sectors else FREE) for n in range(109))
    return header + struct.pack(f"<{len(fat)}I", *fat) + entries + body
