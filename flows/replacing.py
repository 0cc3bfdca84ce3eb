"""Drafting a batch anew for another sending day: the old one is replaced, and its approval void."""

import datetime as dt
from dataclasses import replace

from flows.made_of import Order
from flows.opening import register_of
from flows.settings import london_day
from pipeline.enforce import batches, cases
from pipeline.enforce.steps import Stage
from pipeline.errors import UnlawfulStep
from pipeline.record.register import Ledger
from pipeline.rules.windows import parse_month
from reports.batches import batch_named
from reports.release import accepted_in, current, manifest_of


def redraft_order(order: Order, name: str) -> Order:
    """Return the order of the run that drafts a batch anew: its month, with the checks accepted for its release.

    Raises UnlawfulStep for a batch that was issued or replaced before.
    """
    register = register_of(order.home)
    try:
        published = batch_named(order.home.releases, name, batches.records_of(register))
    finally:
        register.close()
    if published.state in ("issued", "replaced"):
        raise UnlawfulStep(name, "redraft", f"it is {published.state}")
    release = current(order.home.releases, published.month) or published.release
    accepted = accepted_in(manifest_of(order.home.releases, published.month, release))
    replaces = name if published.state == "approved" else ""
    return replace(order, month=parse_month(published.month), accepted=accepted, replaces=replaces)


def void_approval(ledger: Ledger, name: str, by: str, why: str, moment: dt.datetime) -> None:
    """Write down that an approved batch is replaced, and that its letters are sent no more."""
    record = batches.records_of(ledger).get(name)
    if record is None or record.state != "approved":
        raise UnlawfulStep(name, "redraft", f"it is {record.state if record else 'not approved'} meanwhile")
    for ref, case in cases.cases_of(ledger).items():
        if case.opening["batch"] == name and case.stage is Stage.APPROVED:
            body = {"event": "replaced", "on": london_day(moment).isoformat(), "by": by, "because": why}
            ledger.append(cases.KIND, ref, body, moment)
    ledger.append(batches.REPLACEMENT, name, {"by": by, "because": why}, moment)
