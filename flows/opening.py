"""How a home is opened: for one writer at a time, or for reading while a run goes on."""

import contextlib
import datetime as dt
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import sqlalchemy as sa

from flows.room import said_of_the_disk
from flows.settings import parameters
from pipeline.errors import Damaged, HomeBusy, UsageError
from pipeline.intake.ingest import Stores, rebuild
from pipeline.intake.intakes import live_intakes
from pipeline.record.archive import Archive, digest_of
from pipeline.record.facts import Facts, copy_of, new_facts, open_facts, sql
from pipeline.record.home import Home
from pipeline.record.register import Register

SCHEMA = hashlib.sha256(sql("pipeline.record", "facts.sql").encode()).hexdigest()[
    :16
]  # facts of another are made again


def register_of(home: Home) -> Register:
    """Open the home's register, or the one at ASC_REGISTER_URL; raises Damaged if it cannot be read, UsageError for a URL
    that cannot be reached."""
    url = register_url()
    try:
        return Register(url or f"sqlite:///{home.register}")
    except (sa.exc.ArgumentError, ValueError):
        raise UsageError("ASC_REGISTER_URL cannot be read. Write it as postgresql://user@host:5432/name.") from None
    except sa.exc.DatabaseError as error:
        if said_of_the_disk(error) is not None:
            raise
        if url:
            first = str(error.orig).splitlines()[0]
            raise UsageError(f"The register at ASC_REGISTER_URL cannot be reached: {first}") from None
        raise Damaged(f"{home.register.name} cannot be read") from None


def register_url() -> str:
    """Return ASC_REGISTER_URL, or what stands in the file of ASC_REGISTER_URL_FILE (a secret); blank for the home's own."""
    named = os.environ.get("ASC_REGISTER_URL_FILE")
    if not named:
        return os.environ.get("ASC_REGISTER_URL", "")
    try:
        return Path(named).read_text(encoding="utf-8").strip()
    except OSError as fault:
        raise UsageError(f"ASC_REGISTER_URL_FILE: {named} cannot be read ({fault.strerror}).") from None


def has_register(home: Home) -> bool:
    """Say whether there is a register to read."""
    return bool(register_url()) or home.register.exists()


@contextmanager
def writing(home: Home, moment: dt.datetime, anew: bool = False) -> Iterator[tuple[Stores, Path]]:
    """Hold a home and yield its stores and an empty folder; the facts are put in place at the end, also when an
    input was refused, so that they always hold what the register says. With `anew` they are remade first."""
    home.made()
    with contextlib.ExitStack() as held:
        register = register_of(home)
        held.callback(register.close)
        held.enter_context(register.run_alone())
        staging = held.enter_context(home.held(f"process {os.getpid()}, since {moment:%Y-%m-%d %H:%M} UTC"))
        scratch = staging if home.work is None else _emptied(home.work / "staging")
        archive, values = Archive(home.archive), parameters()
        facts = None if anew else _facts_to_write(home, register, scratch)
        fresh = facts is None
        facts = facts or new_facts(scratch / home.facts.name, scratch)
        stores = Stores(archive, register, facts, values)
        if fresh:
            rebuild(stores, moment)
        try:
            yield stores, staging
        finally:
            facts.checkpoint()
            digests = facts.digests()
            facts.close()
            if fresh or register.events("facts")[-1].body["tables"] != digests:
                _put_in_place(home, register, scratch / home.facts.name, digests, moment)


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def _facts_to_write(home: Home, register: Register, scratch: Path) -> Facts | None:
    """Open a copy of the facts, or return None where they are missing or not what the register says."""
    if not home.facts.exists():
        return None
    copy = copy_of(home.facts, scratch)
    facts = None
    try:
        facts = open_facts(copy, scratch)
        if is_true(facts, register):
            return facts
    except duckdb.Error:
        pass
    if facts is not None:
        facts.close()
    for left in scratch.glob(f"{home.facts.name}*"):
        left.unlink()
    return None


def is_true(facts: Facts, register: Register) -> bool:
    """Say whether the facts hold exactly the intakes that count, with the rows the register wrote down."""
    events = register.events("facts")
    wanted = [intake.no for intake in live_intakes(register)]
    try:
        held = [no for (no,) in facts.query("SELECT intake_no FROM core_intake ORDER BY intake_no")]
        return (
            bool(events)
            and held == wanted
            and events[-1].body.get("schema") == SCHEMA
            and events[-1].body["tables"] == facts.digests()
        )
    except duckdb.Error:
        return False


def _put_in_place(
    home: Home, register: Register, staged: Path, digests: dict[str, list[str]], moment: dt.datetime
) -> None:
    """Write down what the facts hold now, and rename them into place."""
    register.append(
        "facts", home.facts.name, {"schema": SCHEMA, "tables": digests, "sha256": digest_of(staged)}, moment
    )
    staged.rename(home.facts)


@contextmanager
def reading(home: Home, moment: dt.datetime) -> Iterator[tuple[Stores, bool]]:
    """Yield a home's stores for reading, and whether a run is going on (then they are as before it).

    Facts that are missing or damaged are made again: in place, or aside where somebody else holds the home.
    """
    if not has_register(home):
        raise UsageError(
            f"{home.root}: nothing has been taken in here yet. Start with `asc-compliance run` or `ingest`."
        )
    home.made()
    busy = home.is_busy()
    with tempfile.TemporaryDirectory(dir=home.facts.parent, prefix=".reading-") as folder:
        register = register_of(home)
        stores = Stores(
            Archive(home.archive), register, _facts_to_read(home, register, Path(folder), moment, busy), parameters()
        )
        try:
            yield stores, busy
        finally:
            stores.facts.close()
            register.close()


def _facts_to_read(home: Home, register: Register, scratch: Path, moment: dt.datetime, busy: bool) -> Facts:
    facts = _opened(home, scratch)
    if facts is not None:
        if busy or is_true(facts, register):
            return facts
        facts.close()
    if not busy:
        with contextlib.suppress(HomeBusy):
            with writing(home, moment, anew=True):
                pass
            return open_facts(home.facts, scratch, read_only=True)
    aside = Stores(Archive(home.archive), register, new_facts(scratch / home.facts.name, scratch), parameters())
    rebuild(aside, moment)
    return aside.facts


def _opened(home: Home, scratch: Path) -> Facts | None:
    """Open the facts for reading, or return None where they are missing or cannot be read."""
    try:
        return open_facts(home.facts, scratch, read_only=True) if home.facts.exists() else None
    except duckdb.Error:
        return None
