"""Letters made and checked by worker processes that can be stopped: a letter that fails is named, the rest go on."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from reports.letters.check import Expected, problems_of
from reports.letters.setting import pdf_of

LETTERS_A_WORKER = 10  # fewer are not worth the start of one more process


@dataclass(frozen=True, slots=True)
class Order:
    """One letter to be made: its source, its date, where its file goes, what it has to show; and, where there is one, its
    evidence as a paper."""

    ref: str
    source: str
    day: dt.date
    path: Path
    expected: Expected
    annex_source: str = ""
    annex_path: Path | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one letter: the facts of its file and of its annex, or what is wrong with it (then there is no file)."""

    ref: str
    pages: int = 0
    size: int = 0
    sha256: str = ""
    annex_size: int = 0
    annex_sha256: str = ""
    problems: tuple[str, ...] = ()


Letters = Callable[[Sequence[Order], int], Iterable[Made]]  # what became of each letter, in the order given


def make(order: Order) -> Made:
    """Set one letter, check it, and write its file if nothing is wrong with it."""
    import typst

    try:
        pdf = pdf_of(order.source, order.day)
        annex = pdf_of(order.annex_source, order.day) if order.annex_path else b""
    except typst.TypstError as error:
        return Made(order.ref, problems=(" ".join(str(error).split())[:300],))
    pages, problems = problems_of(pdf, order.expected)
    if problems:
        return Made(order.ref, pages, len(pdf), problems=tuple(problems))
    order.path.write_bytes(pdf)
    if order.annex_path:
        order.annex_path.write_bytes(annex)
    digest, annex_digest = hashlib.sha256(pdf).hexdigest(), hashlib.sha256(annex).hexdigest()
    return Made(order.ref, pages, len(pdf), digest, len(annex), annex_digest)


def make_all(orders: Sequence[Order], workers: int, seconds: int) -> Iterator[Made]:
    """Yield what became of each letter, in the order given, whatever the number of workers.

    A letter that takes longer than `seconds`, or whose process dies, is tried once more; after that it has a problem.
    """
    from pebble import ProcessExpired, ProcessPool

    wanted = max(1, min(workers, -(-len(orders) // LETTERS_A_WORKER)))
    with ProcessPool(max_workers=wanted, context=get_context("spawn")) as pool:
        futures = [pool.schedule(make, args=[order], timeout=seconds) for order in orders]
        for order, future in zip(orders, futures, strict=True):
            try:
                yield future.result()
                continue
            except (TookTooLong, ProcessExpired):
                again = pool.schedule(make, args=[order], timeout=seconds)
            try:
                yield again.result()
            except TookTooLong:
                yield Made(order.ref, problems=(f"it could not be made in {seconds} seconds",))
            except ProcessExpired as error:
                yield Made(order.ref, problems=(f"the process that made it ended with {error.exitcode}",))
