"""Input files, byte for byte, each under its SHA-256; never changed, never deleted."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Damaged
from pipeline.record.home import sync_folder


@dataclass(frozen=True, slots=True)
class Archive:
    """The archive below a folder: `<aa>/<sha256>`."""

    root: Path

    def path(self, sha256: str) -> Path:
        """Return where the bytes of a digest lie."""
        return self.root / sha256[:2] / sha256

    def turned(self, sha256: str) -> Path:
        """Return the folder in which the rows of a workbook are kept once it was opened; it can be made again."""
        return self.root / "turned" / sha256

    def add(self, source: Path) -> str:
        """Keep the bytes of a file and return their SHA-256; bytes already held are not written again."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        incoming = self.root / f".incoming-{os.getpid()}"
        with source.open("rb") as reader, incoming.open("wb") as writer:
            shutil.copyfileobj(reader, writer, 1 << 20)
            writer.flush()
            os.fsync(writer.fileno())
        sha256 = digest_of(incoming)
        target = self.path(sha256)
        if target.exists():
            incoming.unlink()
            return sha256
        target.parent.mkdir(mode=0o700, exist_ok=True)
        incoming.chmod(0o600)
        incoming.rename(target)
        sync_folder(target.parent)
        return sha256

    def checked(self, sha256: str) -> Path:
        """Return where the bytes of a digest lie, having read them; raises Damaged if they are missing or changed."""
        path = self.path(sha256)
        if not path.exists():
            raise Damaged(f"archive/{sha256[:2]}/{sha256} is missing")
        if digest_of(path) != sha256:
            raise Damaged(f"archive/{sha256[:2]}/{sha256} was changed")
        return path

    def held(self) -> Iterator[Path]:
        """Yield every file of the archive, sorted."""
        return iter(sorted(path for path in self.root.glob("??/*") if path.is_file()))

    def damaged(self) -> list[Path]:
        """Return the files whose bytes no longer fit their name."""
        return [path for path in self.held() if digest_of(path) != path.name]


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file as hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
