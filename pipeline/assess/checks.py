"""What stops publication: each check is one query in checks/, with its limit in the parameters (CONTRACT 2)."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline import reference
from pipeline.assess.assessment import SQL, Judgement, last_seq
from pipeline.record.facts import Facts, Row, sql

LIMITS = ("population_fall_share", "unknown_jump_points", "missed_jump_points", "missed_jump_ratio", "rows_refused_share",
          "looks_filtered_type_units", "looks_filtered_months")  # fmt: skip
PREVIOUS_COLUMNS = {
    "la_code": "VARCHAR", "local_authority": "VARCHAR", "provider_type": "VARCHAR", "location_id": "VARCHAR", "status": "VARCHAR",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Failure:
    """A check that fired: what it found, as pairs of subject and detail."""

    check: str
    found: tuple[tuple[str, str], ...]

    def message(self, most: int) -> str:
        """Return what the check says, with up to `most` of the things it found."""
        words = messages()[self.check]
        shown = "; ".join(f"{subject}: {detail}" for subject, detail in self.found[:most])
        more = f"; and {len(self.found) - most} more" if len(self.found) > most else ""
        return f"{words['says']} {shown}{more}. {words['todo']}"


@functools.cache
def messages() -> dict[str, dict[str, str]]:
    """Return check -> what it says and what to do, in the order they are made."""
    return reference.toml("checks.toml")


def failures(facts: Facts, judgement: Judgement, previous: Sequence[Row]) -> list[Failure]:
    """Return the checks that fire on a judged month.

    `previous` holds (la_code, local_authority, provider_type, location_id, status) of the current release of the last
    earlier month; without one it is empty, and the checks that need it are silent.
    """
    in_force = judgement.parameters.on(judgement.month)
    parameters: dict[str, object] = {
        "month": judgement.month,
        "last_seq": last_seq(facts, judgement.month),
        **{name: in_force.share(name) for name in LIMITS},
    }
    facts.load("previous_service", PREVIOUS_COLUMNS, previous, temp=True)
    answers = [(check, facts.query(sql(SQL, f"checks/{check}.sql"), parameters)) for check in messages()]
    return [Failure(check, tuple((str(a), str(b)) for a, b in rows)) for check, rows in answers if rows]
