"""The flow `alarm`: tells the operators of a run that failed, crashed or is late, and could not tell them itself."""

from pathlib import Path

from prefect import flow

from flows.alerts import tell_of_trouble
from flows.scheduled.running import home_of


@flow(name="alarm", log_prints=False)
def alarm(flow_name: str, run_name: str, state: str, home: Path | None = None) -> None:
    """Tell of a run; the server starts this by the trigger of its deployment."""
    tell_of_trouble(home_of(home), flow_name, f"The run {run_name} is {state}.")
