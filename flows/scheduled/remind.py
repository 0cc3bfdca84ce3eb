"""The flow `remind`: the reminder that belongs to the day, while a window is open."""

import datetime as dt
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows import reminding
from flows.scheduled.running import as_tried_task, ended, home_of, named_by_day, scheduled_day, shout
from flows.scheduled.shown import announce
from flows.settings import now


@flow(name="remind", flow_run_name=named_by_day, log_prints=False, on_crashed=[shout], on_cancellation=[shout])
def remind(home: Path | None = None, as_at: dt.date | None = None) -> State[Any]:
    """Make the reminder of the day the run was scheduled for; ends as Skipped outside every window, or where it was made."""
    kept, day, moment = home_of(home), as_at or scheduled_day(), now()

    def work() -> State[Any]:
        made = reminding.remind(kept, day, moment, as_tried_task)
        if made is None or not made.is_new:
            return Completed(name="Skipped", message=f"No reminder is to be made on {day}.")
        announce(
            f"asc.reminder.{made.which}", f"asc.window.{made.month}", {"month": made.month, "services": made.services}
        )
        return Completed(message=f"The {made.which} reminder of {made.month} names {made.services} services.")

    return ended(work)
