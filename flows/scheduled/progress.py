"""How far a long stage is, as Prefect shows it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact


@contextmanager
def progress_of(key: str, description: str) -> Iterator[Callable[[float], None]]:
    """Show a stage as begun, and yield what is told of its share done, from 0 to 1."""
    shown = create_progress_artifact(0.0, key=key, description=description)
    assert isinstance(shown, UUID)

    def progress(share: float) -> None:
        update_progress_artifact(shown, round(100 * share, 1))

    yield progress
