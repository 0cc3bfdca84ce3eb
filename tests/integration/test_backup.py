"""A backup holds all that cannot be made again, and a home made of it goes on where the other stopped."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.enforcement import BATCH, Office
from tests.worlds import Inbox, tree_bytes


@pytest.fixture
def office(asc: Command, inbox: Inbox, home: Path) -> Office:
    """A month with a batch that was approved and issued, and a case that went on."""
    office = Office(asc, inbox, home)
    office.due(1)
    office.write()
    office.run()
    office.approve()
    office.issue()
    office.record("NOI-2024-12-0001", "call", "2025-01-08")
    assert asc("remind", "--as-at", "2025-01-08", "--home", home).code == 0
    return office


def kept(home: Path) -> dict[str, bytes]:
    """Return every file of a home but the register and the facts, which are compared by what they say."""
    return {name: data for name, data in tree_bytes(home).items() if not name.startswith(("register", "facts", "lock"))}


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_a_restored_home_is_the_same_and_goes_on(
    office: Office, tmp_path: Path, to: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    made = office.said("backup", "--to", tmp_path / "backups", "--home", office.home, "--json")
    before, case = kept(office.home), office.case("NOI-2024-12-0001", "2025-01-09")
    office.home.rename(tmp_path / "lost")
    if to == "postgresql":
        new_database = request.getfixturevalue("postgres")
        monkeypatch.setenv("ASC_REGISTER_URL", new_database())
    answer = office.said("restore", made["path"], "--home", office.home, "--json")
    assert answer["problems"] == [] and kept(office.home) == before
    assert office.case("NOI-2024-12-0001", "2025-01-09") == case
    assert office.asc("verify", "--expect", made["head"], "--home", office.home).code == 0
    assert office.notices("show", BATCH)["state"] == "issued"
    office.record("NOI-2024-12-0001", "note", "2025-01-10", "--because", "after the restore")
    again = office.asc("restore", made["path"], "--home", office.home)
    assert again.code == 2 and "not empty" in again.err
    if to == "postgresql":
        other = office.asc("restore", made["path"], "--home", tmp_path / "other")
        assert other.code == 2 and "register is not empty" in other.err


def test_a_backup_of_an_unchanged_home_is_the_same_file(office: Office, tmp_path: Path) -> None:
    first = office.said("backup", "--to", tmp_path / "backups", "--home", office.home, "--json")
    again = office.said("backup", "--to", tmp_path / "backups", "--home", office.home, "--json")
    elsewhere = office.said("backup", "--to", tmp_path / "others", "--home", office.home, "--json")
    assert first["is_new"] and not again["is_new"] and again["path"] == first["path"]
    assert Path(elsewhere["path"]).read_bytes() == Path(first["path"]).read_bytes()
    office.record("NOI-2024-12-0001", "note", "2025-01-10", "--because", "one more row")
    assert office.said("backup", "--to", tmp_path / "backups", "--home", office.home, "--json")["is_new"]


def test_a_backup_that_was_cut_or_changed_is_refused_and_leaves_nothing(office: Office, tmp_path: Path) -> None:
    path = Path(office.said("backup", "--to", tmp_path / "backups", "--home", office.home, "--json")["path"])
    whole = path.read_bytes()
    place = whole.index(b'"kind":"approval"')
    spoilt = [
        whole[: len(whole) // 2],
        whole[:place] + b"X" + whole[place + 1 :],
        b"no tar",
        with_member(whole, "../outside"),
    ]
    for content in spoilt:
        path.write_bytes(content)
        answer = office.asc("restore", path, "--home", tmp_path / "new")
        assert answer.code == 3 and "not a whole backup" in answer.err, answer.err
        assert not (tmp_path / "new").exists() and not (tmp_path / "outside").exists()


def with_member(whole: bytes, name: str) -> bytes:
    """Return a backup with one file more."""
    file = io.BytesIO(whole)
    with tarfile.open(fileobj=file, mode="a") as tar:
        tar.addfile(tarfile.TarInfo(name), io.BytesIO())
    return file.getvalue()


def test_a_register_that_does_not_chain_is_refused(office: Office, tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(office.home / "register.sqlite") as database:
        database.execute("UPDATE event SET body = '{}' WHERE no = 2")
    database.close()
    made = office.asc("backup", "--to", tmp_path / "backups", "--home", office.home, "--json")
    assert made.code == 1 and "row 2" in json.loads(made.out)["problems"][0] and "keep the one before" in made.err
    answer = office.asc("restore", json.loads(made.out)["path"], "--home", tmp_path / "new")
    assert answer.code == 1 and "row 2" in answer.err and "Traceback" not in answer.err
    assert not (tmp_path / "new").exists() and not list(tmp_path.glob(".new*"))


def test_what_lies_on_another_disk_is_in_the_backup(office: Office, tmp_path: Path) -> None:
    elsewhere = tmp_path / "disk"
    (office.home / "releases").rename(elsewhere)
    (office.home / "releases").symlink_to(elsewhere)
    path = office.said("backup", "--to", tmp_path / "backups", "--home", office.home, "--json")["path"]
    mounted = tmp_path / "mounted"
    mounted.mkdir()
    (tmp_path / "new").symlink_to(mounted)
    assert office.asc("restore", path, "--home", tmp_path / "new").code == 0
    assert tree_bytes(mounted / "releases") == tree_bytes(elsewhere)


@pytest.mark.parametrize("register", [b"x", b"{}", b"5", b"\xff\xfe"])
def test_a_tar_that_only_looks_like_a_backup_is_refused(asc: Command, tmp_path: Path, register: bytes) -> None:
    import hashlib

    path = tmp_path / "looks.tar"
    sums = f"{hashlib.sha256(register).hexdigest()}  register.jsonl\n".encode()
    with tarfile.open(path, "w") as tar:
        for name, content in (("SHA256SUMS", sums), ("register.jsonl", register)):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    answer = asc("restore", path, "--home", tmp_path / "new")
    assert answer.code == 3 and "Traceback" not in answer.err and not list(tmp_path.glob("*new*"))


def test_no_backup_is_made_while_a_run_goes_on(office: Office, tmp_path: Path) -> None:
    from pipeline.record.home import Home

    with Home(office.home).held("a test"):
        assert office.asc("backup", "--to", tmp_path / "backups", "--home", office.home).code == 75
    assert not list((tmp_path / "backups").glob("*"))
    assert office.asc("backup", "--to", tmp_path / "backups", "--home", tmp_path / "nowhere").code == 2
    assert json.loads(office.asc("cases", "list", "--home", office.home, "--json").out)
