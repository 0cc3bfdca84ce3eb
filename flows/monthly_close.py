"""The monthly run as a Prefect flow: the steps of `run_month`, one task a stage. It decides nothing itself."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from prefect import flow, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.due import due_months
from flows.made_of import Order
from flows.run_month import run_month
from flows.settings import london_day
from flows.step import Answer
from pipeline.record.home import Home
from pipeline.rules.windows import parse_month


def as_task(stage: str, work: Callable[[], Answer]) -> Answer:
    """Carry a stage out as a task of its own; its answer stays in this process."""
    answer: Answer = task(name=stage.replace(" ", "-"), cache_policy=NO_CACHE, persist_result=False)(work)()
    return answer


def run_name() -> str:
    """Return what a run is called: by its month, or as the one that closes what is due."""
    month = runtime.flow_run.parameters.get("month")
    return f"monthly-{month}" if month else f"monthly-due-{_today()}"


def _today() -> dt.date:
    return london_day(runtime.flow_run.scheduled_start_time)


@flow(name="monthly-close", flow_run_name=run_name, log_prints=False)
def monthly_close(
    home: Path = Path("var"), inbox: Path | None = None, month: str | None = None, as_at: dt.date | None = None
) -> State[Any] | list[str]:
    """Publish a month, or every month that is due on the day the run was scheduled for, oldest first.

    Returns the release ids; ends as Skipped where nothing is due, and as Failed with the message of a refusal.
    """
    day = as_at or _today()
    moment = runtime.flow_run.scheduled_start_time
    kept = Home(home)
    months = [month] if month else [one.month for one in due_months(kept, day, moment)]
    releases = []
    for name in months:
        order = Order(kept, parse_month(name), day, "monthly-close", [inbox] if inbox else [])
        releases.append(run_month(order, moment, as_task).release)
    return releases if months else Completed(name="Skipped", message=f"Nothing is due on {day}.")
