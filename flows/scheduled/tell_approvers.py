"""The flow `tell-approvers`: which batches wait for a person; it waits for nothing itself."""

import datetime as dt
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows import telling
from flows.scheduled.running import as_tried_task, ended, home_of, named_by_day, scheduled_day, shout
from flows.settings import now


@flow(name="tell-approvers", flow_run_name=named_by_day, log_prints=False, on_crashed=[shout], on_cancellation=[shout])
def tell_approvers(home: Path | None = None, as_at: dt.date | None = None) -> State[Any]:
    """Tell the approvers of every batch that nobody approved yet, once a day; ends as Skipped where there is none."""
    kept, day, moment = home_of(home), as_at or scheduled_day(), now()

    def work() -> State[Any]:
        names = telling.tell_approvers(kept, day, moment, as_tried_task)
        if not names:
            return Completed(name="Skipped", message="No batch waits for approval.")
        return Completed(message=f"Waiting for approval: {', '.join(names)}.")

    return ended(work)
