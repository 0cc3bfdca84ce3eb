"""What stops publication: each check is one query in checks/, with its limit in the parameters (CONTRACT 2)."""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline import reference
from pipeline.assess.assessment import PROVIDER_TYPES, SQL, Judgement, last_seq
from pipeline.record.acceptances import Acceptance
from pipeline.record.facts import Facts, Row, sql
from pipeline.rules.parameters import InForce

LIMITS = (
    "population_fall_share", "unknown_jump_points", "missed_jump_points", "missed_jump_ratio", "rows_refused_share",
    "looks_filtered_type_units", "looks_filtered_months", "whole_least", "register_least", "contradicts_share",
    "contradicts_rows_least", "population_short_share", "rewritten_share", "rewritten_cells_least", "missed_share_most",
    "nobody_missed_least", "nobody_missed_windows",
)  # fmt: skip
DIGEST = re.compile(r"[0-9a-f]{64}")  # of a register: its file is named in the detail
UNTYPED = ("authority-unmatched", "authority-empty", "register-fall", "rows-refused")  # they look at no provider type
PREVIOUS_COLUMNS = {
    "la_code": "VARCHAR", "local_authority": "VARCHAR", "provider_type": "VARCHAR", "location_id": "VARCHAR", "status": "VARCHAR",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a check found: of which provider type (blank for none), about what, in words, and its figure: the
    greater, the worse. Of several about one thing the worst is what a person accepts."""

    provider_type: str
    subject: str
    detail: str
    figure: float


@dataclass(frozen=True, slots=True)
class Failure:
    """A check that fired, and all that it found."""

    check: str
    found: tuple[Found, ...]

    @property
    def accept(self) -> list[str]:
        """The words with which a person accepts it: `CHECK`, or `CHECK:TYPE` where it fired for one type only."""
        types = {one.provider_type for one in self.found}
        return [self.check] if types != {next(iter(types))} or "" in types else [f"{self.check}:{types.pop()}"]

    def message(self, most: int, in_force: InForce) -> str:
        """Return what the check says, with up to `most` of the things it found."""
        words = messages()[self.check]
        shown = "; ".join(_said(one) for one in self.found[:most])
        more = f"; and {len(self.found) - most} more" if len(self.found) > most else ""
        return (
            f"{words['says']} {shown}{more}. {words['todo'].format(support=in_force.text('capacity_tracker_support'))}"
        )


def _said(one: Found) -> str:
    kind = one.provider_type if one.subject != one.provider_type else ""
    about = "" if DIGEST.match(one.subject) else one.subject
    return ": ".join(filter(None, [", ".join(filter(None, [kind, about])), one.detail]))


@functools.cache
def messages() -> dict[str, dict[str, str]]:
    """Return check -> what it says and what to do, in the order they are made."""
    return reference.toml("checks.toml")


def acceptable() -> list[str]:
    """Return all that a person can accept: each check, and those that look at provider types for one of them too."""
    typed = [f"{check}:{kind}" for check in messages() if check not in UNTYPED for kind in PROVIDER_TYPES]
    return [*messages(), *typed]


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
    return [
        Failure(
            check,
            tuple(Found(kind, subject, detail, round(float(figure), 6)) for kind, subject, detail, figure in rows),
        )
        for check, rows in answers
        if rows
    ]


def sorted_out(
    fired: Sequence[Failure], asked: Mapping[str, str], standing: Mapping[tuple[str, str], Acceptance]
) -> tuple[list[Acceptance], list[Failure]]:
    """Return what is accepted, with words and figures, and what stops publication.

    A person accepts all that a check finds now (`asked` maps CHECK or CHECK:TYPE to the words); what stands from an earlier
    run of the month goes on accepting while no figure is worse.
    """
    accepted: list[Acceptance] = []
    stopping: list[Failure] = []
    for failure in fired:
        left = []
        for kind, found in _by_type(failure):
            figures: dict[str, float] = {}
            for one in found:
                figures[one.subject] = max(one.figure, figures.get(one.subject, one.figure))
            words = asked.get(f"{failure.check}:{kind}") or asked.get(failure.check)
            before = standing.get((failure.check, kind))
            if words is not None:
                accepted.append(Acceptance(failure.check, kind, words, figures))
            elif before is not None and before.covers(figures):
                accepted.append(Acceptance(failure.check, kind, before.because, figures))
            else:
                left += found
        if left:
            stopping.append(Failure(failure.check, tuple(left)))
    return accepted, stopping


def _by_type(failure: Failure) -> Iterator[tuple[str, list[Found]]]:
    for kind in sorted({one.provider_type for one in failure.found}):
        yield kind, [one for one in failure.found if one.provider_type == kind]
