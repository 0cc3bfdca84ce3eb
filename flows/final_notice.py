"""What a final notice needs beside its case: the fee as it is now (reg 3), and how it is paid and appealed (reg 6(3))."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flows.sender import setting
from flows.settings import calendar_of
from pipeline.assess.assessment import Judgement
from pipeline.enforce.cases import Case
from pipeline.enforce.grounds import Fee, grounds_of, pounds
from pipeline.enforce.standing import units_now
from pipeline.errors import InputRefused, UnlawfulStep, UsageError
from pipeline.intake.ingest import Stores
from pipeline.record.decisions import decisions_in_force
from pipeline.record.home import Home
from pipeline.rules.notice_dates import MOST_DAYS, Method, final_notice_dates
from pipeline.rules.parameters import Parameters
from pipeline.rules.windows import newest_opened
from reports.letters.case_letters import Penalty
from reports.letters.wording import fee_words
from reports.lists.authority import day_words

REQUIRED = {
    "payment.details": "how a penalty is paid: to whom, and where",
    "payment.days": "the days for payment, from the day after a final notice is given",
    "appeal.chamber": "the chamber of the First-tier Tribunal that hears an appeal",
    "appeal.address": "where an appeal is sent",
}


def missing_for_final(settings: Mapping[str, Any]) -> list[str]:
    """Return the settings that a final notice lacks; it has no default for any of them."""
    texts = [key for key in REQUIRED if key != "payment.days" and not setting(settings, key)]
    return texts + ([] if pay_days(settings) else ["payment.days"])


def pay_days(settings: Mapping[str, Any]) -> int | None:
    """Return the days for payment, None where none are configured; raises InputRefused for what is no number of days."""
    table = settings.get("payment", {})
    days = table.get("days") if isinstance(table, dict) else None
    if days is None or days == "":
        return None
    if isinstance(days, bool) or not str(days).isdecimal() or not 1 <= int(days) <= MOST_DAYS:
        raise InputRefused("settings.toml", f"payment.days is {days!r}.", "Write a number of days, as days = 28.")
    return int(days)


def fee_on(stores: Stores, home: Home, case: Case, day: dt.date) -> tuple[Fee, tuple[str, ...]]:
    """Return the provider's fee and the lines of its address as they are known on a day (no lines, where they are not clear);
    raises UnlawfulStep where no fee is known, or two are."""
    judgement = Judgement(
        newest_opened(day, stores.parameters), day, calendar_of(home), stores.parameters, decisions_in_force(stores.register)
    )  # fmt: skip
    units_now(stores.facts, judgement, [(location_id, kind) for location_id, kind, _ in case.windows])
    grounds = grounds_of(stores.facts, judgement.decisions, day, Method.POST)
    fee, addresses = grounds.fees.get(case.provider_id), grounds.addresses.get(case.provider_id, ())
    if fee is None or len(fee.amounts) != 1:
        raise UnlawfulStep(
            case.ref, "final_notice", "the provider's fee is not known on that day (reg 3): add it to provider_fees"
        )
    return fee, addresses[0].lines if len(addresses) == 1 else ()


def amount_now(stores: Stores, home: Home, case: Case, day: dt.date) -> tuple[Fee, tuple[str, ...]]:
    """Return the fee that a final notice states, and where it goes; raises UnlawfulStep where it is not the one that the
    notice stated, or that a person has looked at since."""
    fee, lines = fee_on(stores, home, case, day)
    if pounds(fee.amounts[0]) != pounds_of(case.amount):
        raise UnlawfulStep(
            case.ref, "final_notice",
            f"the fee is {pounds(fee.amounts[0])} now, and the notice said {pounds_of(case.amount)}: record `final_notice` to have "
            "it put under review, then `reviewed` (reg 3)",
        )  # fmt: skip
    return fee, lines


def pounds_of(text: str) -> str:
    """Return an amount such as 1234.00 as 1,234.00."""
    return f"{Decimal(text):,.2f}"


def penalty_of(
    settings: Mapping[str, Any], home: Home, parameters: Parameters, fee: Fee, send_on: dt.date, method: Method
) -> Penalty:
    """Return the words of a final notice; raises UsageError where a setting is missing."""
    if missing := missing_for_final(settings):
        raise UsageError(f"No final notice can be made: the settings lack {', '.join(missing)}.")
    in_force, days = parameters.on(send_on), pay_days(settings)
    dates = final_notice_dates(send_on, method, calendar_of(home), in_force, days)
    words = {name: day_words(day) for name, day in dates.items() if day is not None}
    return Penalty(
        f"\u00a3{pounds(fee.amounts[0])}", fee_words(fee), setting(settings, "payment.details"), str(days), words["pay_by"],
        words["given_on"], setting(settings, "appeal.chamber"), setting(settings, "appeal.address"),
        str(in_force.number("appeal_days")), words["appeal_until"],
    )  # fmt: skip
