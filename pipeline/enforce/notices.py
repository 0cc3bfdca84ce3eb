"""Who is due a notice of intent for a month, on which misses it relies, and who is held and why (RULES 5)."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pipeline.assess.assessment import Judgement, last_seq
from pipeline.enforce.addresses import plain, problem_of
from pipeline.enforce.earlier import Earlier, Place, load_relied_before
from pipeline.enforce.fees import oldest_fee
from pipeline.enforce.grounds import SQL, Address, Fee, Grounds, pounds
from pipeline.enforce.names import Names, names_of
from pipeline.enforce.public_places import place_of, public_places
from pipeline.record.facts import Facts, sql
from pipeline.rules.parameters import InForce
from pipeline.rules.windows import LONDON, month_text


class HeldReason(StrEnum):
    """Why a provider due a notice gets no letter, in the order tried; the first that applies is the reason."""

    PUBLIC_BODY = "public_body"
    NEEDS_DECISION = "needs_decision"
    MANUAL_HOLD = "manual_hold"
    OPEN_CASE = "open_case"
    DEREGISTERED = "deregistered"
    NOT_IN_REGISTER = "not_in_register"
    NOT_OWED = "not_owed"
    OWNER_CHANGED = "owner_changed"
    NO_FRESH_WINDOWS = "no_fresh_windows"
    SUPPLIED_LATE = "supplied_late"
    SETTINGS_MISSING = "settings_missing"
    AMOUNT_UNKNOWN = "amount_unknown"
    ADDRESS_INCOMPLETE = "address_incomplete"
    UNPRINTABLE = "unprintable"
    LETTER_REFUSED = "letter_refused"


@dataclass(frozen=True, slots=True)
class Miss:
    """A missed window that a notice relies on; `late_on` is the day the data was supplied after all, if it was."""

    month: dt.date
    opens_on: dt.date
    closes_on: dt.date
    late_on: dt.date | None


@dataclass(frozen=True, slots=True)
class DueUnit:
    """A unit due, with the misses relied on, oldest first; `left_out` says why it is not in the letter."""

    location_id: str
    location_name: str
    provider_type: str
    local_authority: str
    reason: str
    left_out: HeldReason | None
    misses: tuple[Miss, ...]

    @property
    def key(self) -> tuple[str, str]:
        """What a unit is known by."""
        return self.location_id, self.provider_type


@dataclass(frozen=True, slots=True)
class Held:
    """Why there is no letter: the reason, and all that is to be said of it and of further reasons."""

    reason: HeldReason
    detail: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A provider due a notice: the units its letter is about, and what the letter needs, or why there is none."""

    ref: str
    provider_id: str
    provider_name: str
    services_total: int
    units: tuple[DueUnit, ...]
    left_out: tuple[DueUnit, ...]
    fee: Fee | None
    address: Address | None
    held: Held | None

    @property
    def key(self) -> str:
        """What the provider is known by: its id, or the unit whose provider is unknown."""
        unit = (*self.units, *self.left_out)[0]
        return self.provider_id or f"{unit.location_id} {unit.provider_type}"

    @property
    def address_lines(self) -> list[str]:
        """What stands in the window: the addressee, and the lines of the address."""
        name = plain(self.provider_name)
        lines = self.address.lines if self.address else ()
        return [name, *(lines[1:] if lines and lines[0].casefold() == name.casefold() else lines)]

    @property
    def amount_pence(self) -> int | None:
        """The amount of the penalty (reg 3), or None where it is unknown."""
        return self.fee.amounts[0] if self.fee is not None and len(self.fee.amounts) == 1 else None


def notices_of(
    facts: Facts, judgement: Judgement, grounds: Grounds, place: Place, missing_settings: Sequence[str]
) -> list[Notice]:
    """Return a notice for each provider with a unit due and no letter in an earlier batch of the month, in order of
    provider id, numbered over all of them.

    A unit whose provider is unknown counts as a provider of its own. `letters + held = providers due` by construction.
    """
    earlier = place.earlier
    of_provider: dict[tuple[str, str], list[DueUnit]] = {}
    names: dict[tuple[str, str], str] = {}
    for provider_id, provider_name, unit in _due_units(facts, judgement, earlier, grounds.send_on):
        if provider_id in place.noticed:
            continue
        key = provider_id, "" if provider_id else f"{unit.location_id} {unit.provider_type}"
        of_provider.setdefault(key, []).append(unit)
        names.setdefault(key, provider_name)
    totals: dict[str, int] = dict(
        facts.query("SELECT provider_id, count(*) FROM service WHERE status <> 'not_required' GROUP BY provider_id")
    )
    known = names_of(facts)
    places, oldest = (
        public_places(facts, judgement, grounds),
        oldest_fee(grounds.send_on, judgement.parameters.on(judgement.month)),
    )
    context = _Context(judgement, grounds, earlier, missing_settings, places, oldest)
    notices = []
    for number, ((provider_id, alone), units) in enumerate(sorted(of_provider.items()), place.first_letter):
        ref = f"NOI-{month_text(judgement.month)}-{number:04d}"
        total = 1 if alone else totals[provider_id]
        given = known.get(provider_id) or Names((), (names[provider_id, alone],))
        notices.append(context.notice(ref, provider_id, given, total, units))
    return notices


def _due_units(
    facts: Facts, judgement: Judgement, earlier: Earlier, send_on: dt.date
) -> Iterator[tuple[str, str, DueUnit]]:
    """Yield provider id, provider name and unit, for each unit due, in order of provider and location id."""
    load_relied_before(facts, earlier)
    in_force = judgement.parameters.on(judgement.month)
    limits: dict[str, object] = {
        "last_seq": last_seq(facts, judgement.month),
        "within": in_force.number("notice_within_windows"),
        "notice_run": in_force.number("notice_run"),
        "notice_misses": in_force.number("notice_misses"),
    }
    for table in ("holder", "due_window"):
        facts.make(table, sql(SQL, f"sql/{table}.sql"), limits)
    misses: dict[tuple[str, str], list[Miss]] = {}
    for location_id, kind, month, opens_on, closes_on, late_at in facts.query(sql(SQL, "sql/relied_on.sql"), limits):
        miss = Miss(month, opens_on, closes_on, _london_day(late_at) if late_at else None)
        misses.setdefault((location_id, kind), []).append(miss)
    for row in facts.query(sql(SQL, "sql/due_unit.sql"), {**limits, "send_on": send_on}):
        provider_id, provider_name, location_id, name, kind, authority, reason, left_out = row
        unit = DueUnit(
            location_id, name, kind, authority or "", reason, HeldReason(left_out) if left_out else None,
            tuple(misses.get((location_id, kind), ())),
        )  # fmt: skip
        yield provider_id, provider_name, unit


def _london_day(moment: dt.datetime) -> dt.date:
    return moment.replace(tzinfo=dt.UTC).astimezone(LONDON).date()


@dataclass(frozen=True, slots=True)
class _Context:
    """What the reasons of every provider are tried against."""

    judgement: Judgement
    grounds: Grounds
    earlier: Earlier
    missing_settings: Sequence[str]
    public_places: Mapping[tuple[str, str], str]
    oldest_fee: dt.date

    def notice(self, ref: str, provider_id: str, names: Names, total: int, units: Sequence[DueUnit]) -> Notice:
        """Return the notice of one provider, with the first reason that holds it and the rest named in its detail."""
        listed = tuple(unit for unit in units if unit.left_out is None)
        left_out = tuple(unit for unit in units if unit.left_out is not None)
        fee, addresses = self.grounds.fees.get(provider_id), self.grounds.addresses.get(provider_id, ())
        if fee is not None and fee.as_at < self.oldest_fee:
            fee = None
        address = addresses[0] if len(addresses) == 1 else None
        name = names.best[0] if names.best else ""
        notice = Notice(ref, provider_id, name, total, listed, left_out, fee, address, None)
        reasons = list(self._reasons(notice, names, len(addresses)))
        if not reasons:
            return notice
        (reason, detail), rest = reasons[0], reasons[1:]
        further = "; also " + "; ".join(f"{other}: {why}" for other, why in rest) if rest else ""
        return replace(notice, held=Held(reason, detail + further))

    def _reasons(self, notice: Notice, names: Names, addresses: int) -> Iterator[tuple[HeldReason, str]]:
        provider_id, decisions = notice.provider_id, self.judgement.decisions
        if provider_id in self.grounds.public_bodies:
            yield HeldReason.PUBLIC_BODY, self.grounds.public_bodies[provider_id]
        elif provider_id:
            in_force = self.judgement.parameters.on(self.judgement.month)
            if provider_id not in decisions.provider_kinds:
                yield from _undecided(notice, names, self.public_places, in_force)
        if provider_id in decisions.holds:
            body = decisions.holds[provider_id]
            yield HeldReason.MANUAL_HOLD, f"{body['because']} (decided by {body['by']})"
        if provider_id in self.earlier.open_cases:
            yield HeldReason.OPEN_CASE, f"{self.earlier.open_cases[provider_id]} is open"
        if not notice.units:
            yield from _all_left_out(notice)
        elif all(miss.late_on for unit in notice.units for miss in unit.misses):
            days = sorted(miss.late_on for unit in notice.units for miss in unit.misses if miss.late_on)
            yield HeldReason.SUPPLIED_LATE, f"every window relied on was supplied late, the last on {days[-1]}"
        if self.missing_settings:
            yield HeldReason.SETTINGS_MISSING, f"missing: {', '.join(self.missing_settings)}"
        if provider_id and notice.amount_pence is None:
            yield HeldReason.AMOUNT_UNKNOWN, self._no_amount(provider_id)
        if problem := _address_problem(notice, names, addresses):
            yield HeldReason.ADDRESS_INCOMPLETE, problem

    def _no_amount(self, provider_id: str) -> str:
        fee = self.grounds.fees.get(provider_id)
        if fee is None:
            return "no fee is known for the provider on the planned sending day"
        if fee.as_at < self.oldest_fee:
            return f"the newest fee known is as at {fee.as_at}, too long before the planned sending day"
        return f"{len(fee.amounts)} amounts as at {fee.as_at}: {' and '.join(map(pounds, fee.amounts))}"


def _undecided(
    notice: Notice, names: Names, public_places: Mapping[tuple[str, str], str], in_force: InForce
) -> Iterator[tuple[HeldReason, str]]:
    """Yield `needs_decision` where any of its names sounds like a public body's, or its address is one's."""
    place = place_of(notice.address)
    if words := names.words & set(in_force.words("public_body_words")):
        named = " and ".join(f'"{word}"' for word in sorted(words))
        yield HeldReason.NEEDS_DECISION, f"its name holds {named}, and it is in no list of public bodies"
    elif place is not None and place in public_places:
        yield HeldReason.NEEDS_DECISION, f"its address is that of {public_places[place]}, whose company it may be"


def _all_left_out(notice: Notice) -> Iterator[tuple[HeldReason, str]]:
    """Yield the reasons for which units were left out, where none is left, in the order of reasons."""
    for reason in HeldReason:
        out = [unit.location_id for unit in notice.left_out if unit.left_out is reason]
        if out:
            yield reason, ", ".join(out)


def _address_problem(notice: Notice, names: Names, addresses: int) -> str | None:
    if not notice.provider_id:
        units = (*notice.units, *notice.left_out)
        return f"the provider of {units[0].location_id} is not known"
    if len(names.best) > 1:
        return f"{len(names.best)} names of the provider contradict each other: {'; '.join(names.best)}"
    if addresses == 0:
        return "no address of the provider is known: it is not in the CQC register"
    if addresses > 1:
        return f"{addresses} addresses of the provider contradict each other"
    return problem_of(notice.address_lines)
