"""How a flow carries work out: on which day, stage by stage as tasks, and how it ends."""

import datetime as dt
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from prefect import runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Failed
from prefect.task_engine import TaskRunTimeoutError

from flows.alerts import said_in_short, tell_of_trouble
from flows.inbox import StillArriving
from flows.room import is_passing
from flows.settings import home_at, london_day, now
from flows.step import Answer
from pipeline.errors import AscError, CheckFailed, HomeBusy, InputRefused, InputsRefused
from pipeline.record.home import Home

STAGE_SECONDS = 3600  # after which a stage is stopped; the slowest at ten times England's size takes a few minutes
RETRY_DELAYS = [10.0, 60.0]
NAMES: dict[type[Exception], str] = {
    HomeBusy: "Busy", CheckFailed: "Stopped", InputsRefused: "Refused", InputRefused: "Refused",
}  # fmt: skip


class TookTooLong(AscError):
    """A stage was stopped."""

    def __init__(self, stage: str) -> None:
        super().__init__(
            f"The stage {stage} took longer than {STAGE_SECONDS} seconds and was stopped. Nothing was published."
        )


class Stopped(Exception):
    """Stands for a fault in what Prefect keeps: it says no value and no name."""


class MayPass(Stopped):
    """Stands for a fault of input or output that may pass: worth another try."""


def home_of(folder: Path | str | None) -> Home:
    """Return the home of a run: the folder given, else that of ASC_HOME, else `var`."""
    return home_at(Path(folder or os.environ.get("ASC_HOME", "var")).resolve())


def scheduled_day() -> dt.date:
    """Return the day in Europe/London for which the run was scheduled."""
    return london_day(runtime.flow_run.scheduled_start_time or now())


def named_by_day() -> str:
    """Return what a run is called: by its flow and the day it is of."""
    return f"{runtime.flow_run.flow_name}-{runtime.flow_run.parameters.get('as_at') or scheduled_day()}"


def as_task(stage: str, work: Callable[[], Answer]) -> Answer:
    """Carry a stage out as a task of its own, stopped when it takes too long; its answer stays in this process."""
    return _as_task(stage, work, timeout_seconds=STAGE_SECONDS)


def as_tried_task(stage: str, work: Callable[[], Answer]) -> Answer:
    """Carry a stage out as `as_task` does, and try it again where its fault may pass: never for data that was refused."""
    return _as_task(stage, work, timeout_seconds=STAGE_SECONDS, **_tried())


def as_month(stage: str, work: Callable[[], Answer]) -> Answer:
    """Carry out work that has stages of its own, and try it again where its fault may pass."""
    return _as_task(stage, work, **_tried())


def _tried() -> dict[str, Any]:
    return {"retries": len(RETRY_DELAYS), "retry_delay_seconds": RETRY_DELAYS, "retry_condition_fn": _may_pass}


def _as_task(stage: str, work: Callable[[], Answer], timeout_seconds: int | None = None, **options: Any) -> Answer:
    faults: list[Exception] = []
    began = time.monotonic()

    def watched() -> Answer:
        try:
            return work()
        except TaskRunTimeoutError:
            raise
        except Exception as fault:
            took_too_long = timeout_seconds is not None and time.monotonic() - began >= timeout_seconds
            faults.append(TookTooLong(stage) if took_too_long else fault)  # DuckDB says of it that it was interrupted
            stands_for = MayPass if isinstance(fault, StillArriving) or is_passing(fault) else Stopped
            raise stands_for(said_in_short(faults[-1])) from None

    name = stage.replace(" ", "-")
    carried = task(
        name=name,
        task_run_name=name,
        cache_policy=NO_CACHE,
        persist_result=False,
        timeout_seconds=timeout_seconds,
        **options,
    )
    try:
        answer: Answer = carried(watched)()
        return answer
    except TaskRunTimeoutError:
        raise TookTooLong(stage) from None
    except Stopped:
        pass
    raise faults[-1]  # outside, so that it keeps what it came of


async def _may_pass(_task: Any, _run: Any, state: State[Any]) -> bool:
    return isinstance(await state.aresult(raise_on_failure=False), MayPass)


def ended(work: Callable[[], State[Any]]) -> State[Any]:
    """Return the state that work ends in; a refusal or fault is Failed, with words that name nobody.

    What the words leave out stands on standard error of the worker.
    """
    try:
        return work()
    except AscError as refusal:
        sys.stderr.write(f"{refusal}\n")
        return Failed(name=NAMES.get(type(refusal), "Failed"), message=refusal.in_short)
    except Exception as fault:
        traceback.print_exc()
        return Failed(message=said_in_short(fault))


def shout(flow: Any, flow_run: Any, state: State[Any]) -> None:
    """Tell the operators of a run that crashed or was cancelled (a hook)."""
    tell_of_trouble(home_of(flow_run.parameters.get("home")), flow.name, f"The run {flow_run.name} is {state.name}.")
