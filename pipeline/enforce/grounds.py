"""What is known about providers due a notice: public bodies, fees, addresses."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.enforce.addresses import postal_lines
from pipeline.intake.blanks import tidy
from pipeline.record.decisions import Decisions
from pipeline.record.facts import Facts, sql
from pipeline.rules.notice_dates import Method

SQL = "pipeline.enforce"


@dataclass(frozen=True, slots=True)
class Fee:
    """The annual fee of one provider in the newest file that states it; `amounts` are whole pence, one if it is clear."""

    amounts: tuple[int, ...]
    as_at: dt.date
    scheme: str
    source: str
    file: str
    sha256: str
    row: int


@dataclass(frozen=True, slots=True)
class Address:
    """Where a provider is served, without its name, and who says so."""

    lines: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is known on the planned sending day, by provider id."""

    send_on: dt.date
    public_bodies: Mapping[str, str]  # basis
    fees: Mapping[str, Fee]
    addresses: Mapping[str, tuple[Address, ...]]  # more than one: they contradict each other
    recorded: frozenset[str]  # providers with an address recorded for service by the method


def grounds_of(facts: Facts, decisions: Decisions, send_on: dt.date, method: Method) -> Grounds:
    """Return what known files and decisions say of every provider on the planned sending day (RULES 5 to 7)."""
    asked = {"send_on": send_on, "method": method.value}
    bodies: dict[str, str] = {}
    for provider_id, basis in facts.query(sql(SQL, "sql/public_body.sql")):
        bodies[provider_id] = "; ".join(filter(None, [bodies.get(provider_id), basis]))
    for provider_id, body in decisions.provider_kinds.items():
        bodies.pop(provider_id, None)
        if body["decision"] == "public_body":
            bodies[provider_id] = f"{body['because']} (decided by {body['by']})"
    fees = {
        provider_id: Fee(tuple(amounts), *rest)
        for provider_id, amounts, *rest in facts.query(sql(SQL, "sql/fee.sql"), asked)
    }
    recorded = frozenset(row[0] for row in facts.query(sql(SQL, "sql/service_address.sql"), asked))
    return Grounds(send_on, bodies, fees, _addresses(facts, asked), recorded)


def _addresses(facts: Facts, asked: Mapping[str, object]) -> dict[str, tuple[Address, ...]]:
    """Return the address recorded for service of each provider, else the one the CQC register gives it."""
    found: dict[str, dict[tuple[str, ...], str]] = {}
    for provider_id, *parts, file, as_at in facts.query(sql(SQL, "sql/provider_address.sql")):
        source = f"CQC register of {as_at} ({file})"
        found.setdefault(provider_id, {}).setdefault(tuple(postal_lines(parts)), source)
    recorded: dict[str, dict[tuple[str, ...], str]] = {}
    for provider_id, address, source, as_at in facts.query(sql(SQL, "sql/service_address.sql"), asked):
        words = f"recorded for service on {as_at} ({source})"
        recorded.setdefault(provider_id, {}).setdefault(tuple(postal_lines(_split(address))), words)
    return {
        provider_id: tuple(
            Address(lines, source) for lines, source in sorted(lines_of.items()) if lines or len(lines_of) == 1
        )
        for provider_id, lines_of in (found | recorded).items()
    }


def _split(address: str) -> list[str]:
    """Return the lines of an address kept in one cell: at its line breaks, or at its commas where it has none."""
    text = tidy(address)
    return re.split(r"[\r\n]+" if re.search(r"[\r\n]", text) else ",", text)


def pounds(pence: int) -> str:
    """Return an amount as 1,234.00."""
    return f"{pence // 100:,}.{pence % 100:02d}"
