"""Every way the product says no, with the exit code a caller sees (CONTRACT 3)."""

import errno
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
OF_THE_DISK = NO_ROOM | {errno.EIO, errno.EROFS}
ADDRESS = re.compile(r"[^\s@,;<>\"']+@[^\s@,;<>\"']+")


def without_addresses(text: str) -> str:
    """Return text without e-mail addresses."""
    return ADDRESS.sub("(e-mail)", text)


def speakable(text: str, most: int) -> str:
    """Return what stood in a file as people are shown it: no e-mail address, nothing a terminal obeys, not too long."""
    plain = printable(without_addresses(text[: most + 1]).replace("\n", "\ufffd"))
    return f"{plain[:most]}…" if len(text) > most else plain


def printable(text: str) -> str:
    """Return text in which nothing is left that a terminal obeys: control characters, and marks that turn its direction."""
    return text if text.isprintable() else "".join(map(_printable, text))


def _printable(letter: str) -> str:
    if letter.isprintable() or letter == "\n":
        return letter
    return " " if unicodedata.category(letter) == "Zs" else "\ufffd"


class AscError(Exception):
    """A refusal with a message for the person who must act; `exit_code` is the process's."""

    exit_code = 1

    @property
    def in_short(self) -> str:
        """What is said of it where many read: no value of a file, no name of a person or provider."""
        return str(self)


class UsageError(AscError):
    """The question could not be understood, or cannot be answered yet."""

    exit_code = 2


class InputRefused(AscError):
    """One file was refused whole: nothing of it was taken in."""

    exit_code = 3

    def __init__(
        self,
        file: str,
        problem: str,
        todo: str,
        *,
        sheet: str = "",
        row: int = 0,
        column: str = "",
        value: str = "",
    ) -> None:
        self.file, self.sheet, self.row, self.column, self.value = file, sheet, row, column, value
        problem, value = speakable(problem, 2_000), speakable(value, 100)
        sheet, column = speakable(sheet, 100), speakable(column, 100)
        where = [speakable(file, 300)]
        if sheet:
            where.append(f'sheet "{sheet}"')
        if row:
            where.append(f"row {row}")
        if column:
            where.append(f'column "{column}"')
        if value:
            where.append(f'value "{value}"')
        super().__init__(f"{', '.join(where)}: {problem} Nothing was taken in.\n{todo}")

    @property
    def in_short(self) -> str:
        """Which file was refused, and where in it; no name of a sheet or column, which can be anything."""
        place = speakable(self.file, 300)
        return f"{place}, row {self.row}: refused" if self.row else f"{place}: refused"


class InputsRefused(AscError):
    """Files of a command were refused; the message lists them all at once. `taken` is what was taken in beside them."""

    exit_code = 3

    def __init__(self, refusals: Sequence[InputRefused], taken: Sequence[object] = ()) -> None:
        self.refusals, self.taken = tuple(refusals), tuple(taken)
        super().__init__("\n".join(str(refusal) for refusal in refusals))

    @property
    def in_short(self) -> str:
        """Which files were refused."""
        return "; ".join(refusal.in_short for refusal in self.refusals)


class CheckFailed(AscError):
    """Safety checks stopped publication; the last good release stays current. `taken` is what was taken in before, `skipped` what was
    no input."""

    exit_code = 4

    def __init__(
        self, failures: Sequence[tuple[str, str]], todo: str, taken: Sequence[object] = (), skipped: Sequence[Path] = ()
    ) -> None:
        self.taken, self.skipped = tuple(taken), tuple(skipped)
        self.checks = tuple(name for name, _ in failures)
        lines = [f"{name}: {message}" for name, message in failures]
        super().__init__("\n".join([*lines, "Nothing was published.", todo]))

    @property
    def in_short(self) -> str:
        """Which checks stopped publication."""
        return f"stopped by {', '.join(self.checks)}; nothing was published"


class Damaged(AscError):
    """Something kept is no longer what was written down; nothing is built on it."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}. Nothing was made from it. `asc-compliance verify` says what else is damaged; restore it from a backup."
        )


class UnlawfulStep(AscError):
    """A step that the law or the two-person rule does not allow; it was not recorded."""

    exit_code = 5

    def __init__(self, about: str, step: str, rule: str, ending: str = " Nothing was recorded.") -> None:
        self.about, self.step, self.rule = about, step, rule
        super().__init__(f"{about}: {step} was refused: {rule}.{ending}")


class HomeBusy(AscError):
    """Another run holds this home."""

    exit_code = 75

    def __init__(self, holder: str) -> None:
        super().__init__(f"Another run holds this home ({holder}). Wait until it has ended, then try again.")
