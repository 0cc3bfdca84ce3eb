"""Telling the approvers which batches wait for them; approving and issuing stay a person's commands."""

import datetime as dt

from flows.alerts import Alert, Alerts
from flows.opening import register_of
from flows.operations import operations_of
from flows.signatures import approvers_of, drafted_settings, how
from flows.step import Step
from pipeline.enforce.batches import records_of
from pipeline.errors import Damaged
from pipeline.record.home import Home
from reports.batches import PublishedBatch, whole_batches


def tell_approvers(home: Home, day: dt.date, moment: dt.datetime, step: Step) -> list[str]:
    """Tell the approvers of every batch with letters that nobody approved yet, and return the batches' ids.

    A batch is told once a day, until it is approved or drafted anew. One that is damaged keeps no other from being told;
    then Damaged is raised.
    """
    alerts = Alerts(home, day, moment)
    with alerts.of("tell-approvers", "the approvers could not be told of every batch"):
        waiting, damaged = step("look up", lambda: _waiting(home, day))
        for alert in waiting.values():
            alerts.tell(alert)
        if damaged:
            raise damaged[0]
    return list(waiting)


def _waiting(home: Home, day: dt.date) -> tuple[dict[str, Alert], list[Damaged]]:
    """Return the alert for each batch that waits, and what is damaged."""
    operations_of(home.made())  # broken settings are told, and not passed over
    waiting: dict[str, Alert] = {}
    register = register_of(home)
    try:
        found, damaged = whole_batches(home.releases, records_of(register))
        for batch in found:
            if _waits(batch):
                signs = bool(approvers_of(drafted_settings(register, home, batch.release)))
                text = _text(batch, day, signs)
                subject = f"{batch.name} waits for approval"
                waiting[batch.name] = Alert(f"approve {batch.checksum[:16]}", subject, text, "approvers")
    finally:
        register.close()
    return waiting, damaged


def _waits(batch: PublishedBatch) -> bool:
    return batch.state == "draft" and batch.summary["letters"] > 0


def _text(batch: PublishedBatch, day: dt.date, signs: bool) -> str:
    summary = batch.summary
    lines = [
        f"{batch.name}: draft notices of intent for {batch.month}, letters: {summary['letters']}, held: {summary['held']}, "
        f"pages: {summary['pages']}; planned to be sent by {summary['method']} on {summary['send_on']}.",
        f"Checksum: {batch.checksum}",
        f"Look at it:   asc-compliance notices show {batch.name}",
    ]
    approve = f'asc-compliance notices approve {batch.name} --by "YOUR NAME"'
    if signs:
        lines += [how("approve", batch.checksum), f"Approve it:   {approve} --signature approve.sig"]
    else:
        lines.append(f"Approve it:   {approve}")
    lines.append("Whoever prepared it cannot approve it. Nothing is sent before a person issues it.")
    if dt.date.fromisoformat(summary["send_on"]) < day:
        lines.append(
            f"The planned day has passed. Plan another first: asc-compliance notices redraft {batch.name} --send-on DATE"
        )
    return "\n".join(lines)
