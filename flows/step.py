"""How a stage of a run is carried out, and how long it took."""

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

Answer = TypeVar("Answer")


class Step(Protocol):
    """How one stage is carried out: `plain` calls it; a scheduler may watch it."""

    def __call__(self, stage: str, work: Callable[[], Answer]) -> Answer: ...


def plain(stage: str, work: Callable[[], Answer]) -> Answer:
    """Carry a stage out."""
    return work()


class Timed:
    """Carries stages out and notes how long each took."""

    def __init__(self, step: Step, seconds: dict[str, float]) -> None:
        self._step, self._seconds = step, seconds

    def __call__(self, stage: str, work: Callable[[], Answer]) -> Answer:
        began = time.perf_counter()
        try:
            return self._step(stage, work)
        finally:
            self._seconds[stage] = round(time.perf_counter() - began, 3)
