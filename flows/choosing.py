"""Which release an order comes to: one that is published already, or a new one with its batch in its place (CONTRACT 6)."""

from dataclasses import dataclass, replace
from typing import Any

from pipeline.assess.assessment import Judgement
from pipeline.enforce.batches import latest_number, records_of
from pipeline.enforce.cases import cases_of
from pipeline.enforce.earlier import Place, place_of
from pipeline.record.register import Events
from pipeline.rules.windows import add_months, month_text
from reports.release import release_id


@dataclass(frozen=True, slots=True)
class Chosen:
    """A release: its id, its id but for notices of later months, all it is made of, the place of its batch, whether it was
    published before, and whether it could be made again."""

    release: str
    core: str
    made_of: dict[str, Any]
    place: Place
    is_published: bool
    can_be_made: bool = True


def chosen_release(register: Events, judgement: Judgement, made_of: dict[str, Any], replaces: str) -> Chosen:
    """Return the release of an order; a batch that it replaces counts no more.

    It is one published before, where nothing of which its id is made differs: notices of its own month that were approved
    since do not count then, nor do those of later months. Otherwise its batch comes after those approved.
    """
    month = judgement.month
    within = judgement.parameters.on(month).number("notice_within_windows")
    cases, records = cases_of(register), records_of(register, month_text(month))
    if replaces in records:
        records[replaces] = replace(records[replaces], is_replaced=True)
        cases = {ref: case for ref, case in cases.items() if case.opening["batch"] != replaces}
    published = {e.subject: e.body for e in register.events("release") if e.body["month"] == month_text(month)}
    newest = latest_number(records.values()) + 1

    def at(number: int, later: bool) -> tuple[Place, dict[str, Any], str]:
        place = place_of(number, month, add_months(month, 1 - within), cases, records, later)
        made = {**made_of, **place.made_of}
        return place, made, release_id(made)

    approved = {record.number: record.approval["release"] for record in records.values() if not record.is_replaced}
    for number in range(1, newest + 1):
        _, _, core = at(number, later=False)
        for release, body in published.items():
            if body.get("core", release) == core and (number == newest or approved.get(number) == release):
                for place, made, name in (at(number, later=False), at(number, later=True)):
                    if name == release:
                        return Chosen(release, core, made, place, True)
                place, made, _ = at(number, later=False)
                return Chosen(release, core, made, place, True, can_be_made=False)
    place, made, release = at(newest, later=True)
    return Chosen(release, at(newest, later=False)[2], made, place, False)
