"""The hand-over: a batch as it was approved, and its dispatch as it was issued, each as one ZIP of the same bytes."""

import zipfile
from pathlib import Path

from flows.opening import register_of
from pipeline.enforce.batches import records_of
from pipeline.errors import Damaged, UnlawfulStep
from pipeline.record.archive import digest_of
from pipeline.record.home import Home
from reports.batches import batch_named
from reports.dispatch import dispatch_folder
from reports.release import SUMS, damage

STAMP = (1980, 1, 1, 0, 0, 0)  # the day every member is dated: the first that a ZIP knows


def packs_of(home: Home, name: str, out: Path) -> list[tuple[Path, str]]:
    """Write the ZIP of a batch and, where it is issued, that of its dispatch; return each with its SHA-256."""
    register = register_of(home)
    try:
        published = batch_named(home.releases, name, records_of(register))
    finally:
        register.close()
    record = published.record
    if record is None:
        raise UnlawfulStep(name, "pack", "nobody has approved it")
    if published.damage or published.checksum != record.approval["checksum"]:
        raise Damaged(f"{name} is not as it was approved")
    made = [_zipped(published.folder, out / f"{name}-batch.zip", name)]
    if record.issue is not None:
        dispatch = dispatch_folder(home.releases, published.month, name)
        if damage(dispatch) or digest_of(dispatch / SUMS) != record.issue["dispatch_sums"]:
            raise Damaged(f"the dispatch of {name} is not as it was issued")
        made.append(_zipped(dispatch, out / f"{name}-dispatch.zip", f"{name}-dispatch"))
    return made


def _zipped(folder: Path, target: Path, root: str) -> tuple[Path, str]:
    """Write a folder into a ZIP, its files in order of their paths; letters are packed already, so nothing is pressed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.new")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as pack:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            member = zipfile.ZipInfo(f"{root}/{path.relative_to(folder)}", STAMP)
            member.external_attr, member.create_system = 0o600 << 16, 3
            pack.writestr(member, path.read_bytes())
    beside.replace(target)
    return target, digest_of(target)
