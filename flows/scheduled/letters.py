"""The letters of a batch shared out: at most 16 tasks, on threads of this machine or on a Dask cluster."""

import pickle
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.scheduled.progress import progress_of
from flows.settings import workers
from reports.letters.making import Letters, Made, Order, make_all

MOST_TASKS = 16
LETTERS_A_TASK = 100  # fewer are not worth a task, with the process that makes them


@task(name="letters", task_run_name="letters-{place}", cache_policy=NO_CACHE, persist_result=False)
def make_share(place: int, pickled: bytes, seconds: int) -> list[Made]:
    """Make a share of the letters of a batch, in one process that can be stopped; its orders travel as bytes, into which
    neither Prefect nor Dask looks."""
    return list(make_all(pickle.loads(pickled), 1, seconds))


@contextmanager
def shared_out(dask: str) -> Iterator[Letters]:
    """Yield what makes the letters of a batch as tasks; `dask` is the address of a scheduler, or blank for threads."""
    of_the_flow = copy_context()  # not that of the stage, whose open files could not travel to another machine
    with _runner(dask) as runner:

        def letters(orders: Sequence[Order], seconds: int) -> Iterable[Made]:
            shares = _shares(orders)
            futures = [
                of_the_flow.run(
                    runner.submit, make_share, {"place": place, "pickled": pickle.dumps(share), "seconds": seconds}
                )
                for place, share in enumerate(shares, 1)
            ]
            with progress_of("letters", f"{len(orders)} letters in {len(shares)} tasks") as progress:
                for place, future in enumerate(futures, 1):
                    yield from future.result()
                    progress(place / len(futures))

        yield letters


def _runner(dask: str) -> TaskRunner[Any]:
    if not dask:
        return ThreadPoolTaskRunner(max_workers=workers())
    from prefect_dask.task_runners import DaskTaskRunner

    return DaskTaskRunner(address=dask)


def _shares(orders: Sequence[Order]) -> list[Sequence[Order]]:
    """Return the letters in shares of nearly the same size, in their order; as many for each thread."""
    rounds = -(-len(orders) // (LETTERS_A_TASK * workers()))
    count = max(1, min(MOST_TASKS, rounds * workers()))
    size = -(-len(orders) // count)
    return [orders[start : start + size] for start in range(0, len(orders), size)]
