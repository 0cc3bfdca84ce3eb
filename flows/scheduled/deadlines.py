"""The flow `deadlines`: what has to be done about notices, and what was done of late, as events."""

import datetime as dt
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.deadlines import deadlines as look_up
from flows.deadlines import done_since
from flows.scheduled.running import as_tried_task, ended, home_of, named_by_day, scheduled_day, shout
from flows.scheduled.shown import announce, show_deadlines
from flows.settings import now

TOLD_FOR = dt.timedelta(
    days=7
)  # an act of a person is told by the run after it; later runs tell it again, under the same id


@flow(name="deadlines", flow_run_name=named_by_day, log_prints=False, on_crashed=[shout], on_cancellation=[shout])
def deadlines(home: Path | None = None, as_at: dt.date | None = None) -> State[Any]:
    """Tell what waits on the day the run was scheduled for; ends as Skipped where nothing does."""
    kept, day, moment = home_of(home), as_at or scheduled_day(), now()

    def work() -> State[Any]:
        found = look_up(kept, day, moment, as_tried_task)
        for act in done_since(kept, moment - TOLD_FOR):
            announce(
                f"asc.{act.name}",
                f"asc.batch.{act.batch}",
                {"batch": act.batch},
                once=act.batch,
            )
        show_deadlines(found)
        return Completed(message=found.text) if found.text else Completed(name="Skipped", message="Nothing waits.")

    return ended(work)
