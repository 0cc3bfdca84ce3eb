"""Telling the approvers which batches wait for them; approving and issuing stay a person's commands."""

import datetime as dt

from flows.alerts import Alert, Alerts
from flows.opening import register_of
from flows.operations import Operations
from flows.signatures import approvers_of, drafted_settings, how
from pipeline.enforce.batches import records_of
from pipeline.record.home import Home
from reports.batches import PublishedBatch, batches


def tell_approvers(home: Home, operations: Operations, day: dt.date, moment: dt.datetime) -> list[str]:
    """Tell the approvers of every batch with letters that nobody approved yet, and return the batches' ids.

    A batch is told once a day, until it is approved or drafted anew.
    """
    alerts = Alerts(home.made(), operations, day, moment)
    with alerts.of("tell-approvers", "the approvers could not be told"):
        register = register_of(home)
        waiting = [batch for batch in batches(home.releases, records_of(register)) if _waits(batch)]
        for batch in waiting:
            signs = bool(approvers_of(drafted_settings(register, home, batch.release)))
            text = _text(batch, day, signs)
            alerts.tell(Alert(f"approve {batch.checksum[:16]}", f"{batch.name} waits for approval", text, "approvers"))
        register.close()
    return [batch.name for batch in waiting]


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
