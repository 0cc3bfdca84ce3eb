"""How a home is opened: for one writer at a time, or for reading while a run goes on."""

import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from flows.settings import parameters
from pipeline.errors import UsageError
from pipeline.intake.ingest import Stores, live_intakes, rebuild
from pipeline.record.archive import Archive, digest_of
from pipeline.record.facts import Facts, copy_of, new_facts, open_facts
from pipeline.record.home import Home
from pipeline.record.register import Register


def register_of(home: Home) -> Register:
    """Open the home's register, or the one at ASC_REGISTER_URL."""
    return Register(os.environ.get("ASC_REGISTER_URL") or f"sqlite:///{home.register}")


@contextmanager
def writing(home: Home, moment: dt.datetime, anew: bool = False) -> Iterator[tuple[Stores, Path]]:
    """Hold a home and yield its stores and an empty folder; the facts are put in place at the end, also when an
    input was refused, so that they always hold what the register says. With `anew` they are remade first."""
    home.made()
    with home.held(f"process {os.getpid()}, since {moment:%Y-%m-%d %H:%M} UTC") as staging:
        register = register_of(home)
        archive, values = Archive(home.archive), parameters()
        facts = None if anew else _facts_to_write(home, register, staging)
        fresh = facts is None
        facts = facts or new_facts(staging / home.facts.name, staging)
        stores = Stores(archive, register, facts, values)
        if fresh:
            rebuild(stores)
        try:
            yield stores, staging
        finally:
            digests = facts.digests()
            facts.close()
            if fresh or register.events("facts")[-1].body["tables"] != digests:
                _put_in_place(home, register, staging / home.facts.name, digests, moment)
            register.close()


def _facts_to_write(home: Home, register: Register, staging: Path) -> Facts | None:
    """Open a copy of the facts, or return None where they are missing or not what the register says."""
    if not home.facts.exists():
        return None
    copy = copy_of(home.facts, staging)
    facts = None
    try:
        facts = open_facts(copy, staging)
        if is_true(facts, register):
            return facts
    except duckdb.Error:
        pass
    if facts is not None:
        facts.close()
    for left in staging.glob(f"{home.facts.name}*"):
        left.unlink()
    return None


def is_true(facts: Facts, register: Register) -> bool:
    """Say whether the facts hold exactly the intakes that count, with the rows the register wrote down."""
    events = register.events("facts")
    wanted = [intake.no for intake in live_intakes(register)]
    held = [no for (no,) in facts.query("SELECT intake_no FROM core_intake ORDER BY intake_no")]
    return bool(events) and held == wanted and events[-1].body["tables"] == facts.digests()


def _put_in_place(
    home: Home, register: Register, staged: Path, digests: dict[str, list[str]], moment: dt.datetime
) -> None:
    """Write down what the facts hold now, and rename them into place."""
    register.append("facts", home.facts.name, {"tables": digests, "sha256": digest_of(staged)}, moment)
    staged.rename(home.facts)


@contextmanager
def reading(home: Home, moment: dt.datetime) -> Iterator[tuple[Stores, bool]]:
    """Yield a home's stores for reading, and whether a run is going on (then they are as before it)."""
    if not home.facts.exists() and not home.register.exists():
        raise UsageError(
            f"{home.root}: nothing has been taken in here yet. Start with `asc-compliance run` or `ingest`."
        )
    busy = home.is_busy()
    if not busy:
        _heal(home, moment)
    with tempfile.TemporaryDirectory(dir=home.root, prefix=".reading-") as scratch:
        register = register_of(home)
        facts = open_facts(home.facts, Path(scratch), read_only=True)
        try:
            yield Stores(Archive(home.archive), register, facts, parameters()), busy
        finally:
            facts.close()
            register.close()


def _heal(home: Home, moment: dt.datetime) -> None:
    """Remake facts that are missing or not what the register says."""
    register = register_of(home)
    try:
        if home.facts.exists():
            with tempfile.TemporaryDirectory(dir=home.root, prefix=".reading-") as scratch:
                facts = open_facts(home.facts, Path(scratch), read_only=True)
                try:
                    if is_true(facts, register):
                        return
                finally:
                    facts.close()
    except duckdb.Error:
        pass
    finally:
        register.close()
    with writing(home, moment):
        pass
