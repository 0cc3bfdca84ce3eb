"""The flow `monthly-close`: publish every month that is due, oldest first, or say what it waits for."""

import datetime as dt
import sys
from pathlib import Path
from typing import Any

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.closing import Closing, close_due
from flows.due import due_windows
from flows.made_of import Order
from flows.operations import operations_of
from flows.run_month import Published, run_month
from flows.scheduled.letters import shared_out
from flows.scheduled.running import as_month, as_task, as_tried_task, ended, home_of, scheduled_day, shout
from flows.scheduled.shown import announce, show_month
from flows.settings import now
from pipeline.rules.windows import month_text


def run_name() -> str:
    """Return what a run is called: by the months it is to close, or by the day on which none is due."""
    given = runtime.flow_run.parameters
    day = dt.date.fromisoformat(str(given.get("as_at") or scheduled_day()))
    try:
        months = [month_text(window.month) for window in due_windows(home_of(given.get("home")), day)]
    except Exception:  # the run itself says what is wrong
        months = []
    return f"monthly-{'-and-'.join(months)}" if months else f"monthly-none-{day}"


@flow(name="monthly-close", flow_run_name=run_name, log_prints=False, on_crashed=[shout], on_cancellation=[shout])
def monthly_close(home: Path | None = None, as_at: dt.date | None = None) -> State[Any]:
    """Close what is due on the day the run was scheduled for; ends as Completed, Skipped, Waiting, Busy, Stopped, Refused or
    Failed, with the reason."""
    kept, day, moment = home_of(home), as_at or scheduled_day(), now()

    def work() -> State[Any]:
        def publish(order: Order) -> Published:
            month = month_text(order.month)
            announce("asc.window.closed", f"asc.window.{month}", {"month": month})
            with shared_out(operations_of(kept).letters.dask) as letters:
                published = as_month(f"close {month}", lambda: run_month(order, moment, as_task, letters))
            try:
                show_month(published)
                payload = {"month": month, "release": published.release, **published.manifest["counts"]["notices"]}
                announce("asc.release.published", f"asc.release.{month}", payload)
            except Exception as fault:  # the month is out; the register says so, and that is what the next run reads
                sys.stderr.write(f"{month} is published, and could not be shown: {type(fault).__name__}\n")
            return published

        return _state(close_due(kept, day, moment, publish, as_tried_task))

    return ended(work)


def _state(closing: Closing) -> State[Any]:
    if closing.is_late:
        return Failed(name="Waiting", message=closing.reason)
    name = {"Published": "Completed"}.get(closing.state, closing.state)
    return Completed(name=name, message=closing.reason)
