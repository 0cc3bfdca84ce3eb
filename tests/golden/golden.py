"""The hand-made month published whole, and a line for each of its files. `python -m tests.golden.golden` writes them anew.

A workbook is a zip, whose bytes depend on the zlib of the machine: its line is the digest of what is inside.
"""

import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from flows.demo.files import write_settings
from tests.worlds import release_of, tree_bytes

HERE = Path(__file__).parent
LINES = HERE / "SHA256SUMS"
INBOX = HERE.parent / "hand" / "inbox"


def published(home: Path) -> list[str]:
    """Publish the hand-made month in a new home, and return the lines of its files, sorted by path."""
    home.mkdir()
    write_settings(home / "settings.toml")
    order = ["run", "--month", "2024-12", "--inbox", INBOX, "--home", home, "--as-at", "2024-12-17"]
    subprocess.run([Path(sys.executable).parent / "asc-compliance", *map(str, order)], check=True, capture_output=True)
    files = tree_bytes(release_of(home))
    return [f"{digest(path, data)}  {path}" for path, data in sorted(files.items()) if not is_about_others(path)]


def digest(path: str, data: bytes) -> str:
    """Return the SHA-256 of a file, or of what a workbook holds."""
    if not path.endswith(".xlsx"):
        return hashlib.sha256(data).hexdigest()
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        inside = b"".join(name.encode() + b"\0" + book.read(name) for name in sorted(book.namelist()))
    return hashlib.sha256(inside).hexdigest()


def is_about_others(path: str) -> bool:
    """Say whether a file holds the digests of all files, workbooks among them."""
    return path in ("manifest.json", "SHA256SUMS")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        LINES.write_text("\n".join(published(Path(folder) / "home")) + "\n", encoding="utf-8")
