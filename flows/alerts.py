"""Alerts: each stands in `alerts.jsonl` of the home first, then goes out by mail; none is lost where mail is down.

A line is a whole alert, or says what became of one (`mail`). The same alert is told once a day. No line holds a name or an
address of a person or provider, or a value of a file.
"""

import datetime as dt
import fcntl
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, BinaryIO

from flows import mail
from flows.operations import Operations, operations_of
from flows.room import said_of_outside
from flows.settings import london_day, now
from pipeline.errors import AscError
from pipeline.record.home import Home

DAYS_TRIED = 7  # after so many days an alert that could not be mailed is left to the file
FILE = "alerts.jsonl"
KEYS = ("id", "day", "at", "to", "subject", "text")  # of a line that is an alert


@dataclass(frozen=True, slots=True)
class Alert:
    """What somebody has to know: `key` says what it is about, `to` who is told (operators, or approvers)."""

    key: str
    subject: str
    text: str
    to: str = "operators"


def said_in_short(fault: Exception) -> str:
    """Return what is said of a refusal or fault where many read it: no value, no name (the command line says all)."""
    if isinstance(fault, AscError):
        return fault.in_short
    return said_of_outside(fault) or f"A fault of asc-compliance: {type(fault).__name__}. The log of the run says more."


def of_fault(key: str, subject: str, text: str) -> Alert:
    """Return the alert of something that went wrong: another fault of the same work is another alert."""
    return Alert(f"{key} {hashlib.sha256(text.encode()).hexdigest()[:8]}", subject, text)


class Alerts:
    """The alerts of a home, as on a day; where its settings cannot be read they are written down, and not mailed."""

    def __init__(self, home: Home, day: dt.date, moment: dt.datetime) -> None:
        home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path, self._day = home.root / FILE, day
        self._at = moment.astimezone(dt.UTC).isoformat(timespec="seconds")
        try:
            self._operations = operations_of(home)
        except AscError:  # the work itself ends with it, and is told
            self._operations = Operations.model_construct()

    def tell(self, alert: Alert) -> bool:
        """Write an alert down, to be mailed, and say whether it is new today.

        Where it cannot be written down it is said on standard error and mailed at once.
        """
        line = {"id": f"{self._day}/{alert.key}", "day": self._day.isoformat(), "at": self._at, "to": alert.to,
                "subject": alert.subject, "text": alert.text}  # fmt: skip
        try:
            with self._file() as file:
                is_new = not any(line["id"] == known["id"] for known in _lines(file))
                if is_new:
                    _append(file, line)
        except OSError as fault:
            sys.stderr.write(f"{FILE} cannot be written ({fault.strerror}). {alert.subject}\n{alert.text}\n")
            with suppress(OSError):
                self._deliver(line)
            return True
        return is_new

    @contextmanager
    def of(self, key: str, subject: str) -> Iterator[None]:
        """Tell of a refusal or fault of the work inside, which is raised on; at the end mail what waits."""
        try:
            yield
        except Exception as fault:
            self.tell(of_fault(key, subject, said_in_short(fault)))
            raise
        finally:
            self.mail_waiting()

    def has_told(self, key: str) -> bool:
        """Say whether an alert of that work was told today."""
        if not self._path.is_file():
            return False
        with self._file() as file:
            return any(line["id"].startswith(f"{self._day}/{key}") for line in _lines(file))

    def mail_waiting(self) -> None:
        """Mail what was not mailed yet; what the server does not take stays, and is tried with the next alerts.

        The file is not held meanwhile: a mail may go out twice, with the same Message-ID, and no other command waits.
        """
        if not self._path.exists():
            return
        try:
            with self._file() as file:
                waiting = self._waiting(_lines(file))
            for line in waiting:
                said = {"id": line["id"], "at": self._at}
                try:
                    became, is_down = self._deliver(line), False
                except OSError as fault:
                    became = {"mail": "failed", "because": mail.why(fault)}
                    is_down = not isinstance(fault, mail.OF_ONE_MESSAGE)
                if became:
                    with self._file() as file:
                        _append(file, {**said, **became})
                if is_down:
                    return  # the server itself
        except OSError as fault:
            sys.stderr.write(f"{FILE} cannot be written ({fault.strerror}).\n")

    def _waiting(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        sent = {line["id"] for line in lines if line.get("mail") == "sent"}
        oldest = (self._day - dt.timedelta(days=DAYS_TRIED)).isoformat()
        found = [line for line in lines if all(isinstance(line.get(key), str) for key in KEYS)]
        return [line for line in found if line["id"] not in sent and line["day"] >= oldest]

    @contextmanager
    def _file(self) -> Iterator[BinaryIO]:
        with self._path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file

    def _deliver(self, line: Mapping[str, str]) -> dict[str, str]:
        """Mail an alert and return what became of it, nothing where there is nobody to mail it to; raises OSError where the
        server does not take it."""
        alerts, sender = self._operations.alerts, self._operations.mail.sender
        addresses = alerts.approvers if line["to"] == "approvers" else alerts.to
        if not (addresses and self._operations.mail.host):
            return {}
        message = EmailMessage()
        message["Subject"] = f"asc-compliance: {line['subject']}"
        message["From"] = sender
        message["To"] = ", ".join(addresses)
        message["Date"] = dt.datetime.fromisoformat(line["at"])
        name = line["id"].replace("/", ".").replace(" ", ".")
        message["Message-ID"] = f"<{name}@{sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(f"{line['text']}\n")
        refused = mail.send(self._operations.mail, message)
        return {
            "mail": "sent",
            **({"because": f"but to {len(refused)} of {len(addresses)}: {refused}"} if refused else {}),
        }


def tell_of_trouble(home: Home, what: str, said: str) -> None:
    """Tell the operators of a run or service that did not do its work; what it told itself that day is not told again."""
    moment = now()
    alerts = Alerts(home, london_day(moment), moment)
    if not alerts.has_told(what):
        alerts.tell(Alert(f"trouble {what}", f"{what} is in trouble", f"{said} The next scheduled run tries again."))
    alerts.mail_waiting()


def _lines(file: BinaryIO) -> list[dict[str, Any]]:
    """Return the lines of the file; one that a kill or a full disk cut off is none."""
    file.seek(0)
    found = []
    for text in file:
        with suppress(ValueError, RecursionError):
            line = json.loads(text)
            if isinstance(line, dict) and isinstance(line.get("id"), str):
                found.append(line)
    return found


def _append(file: BinaryIO, line: Mapping[str, str]) -> None:
    """Put a line at the end; after one that was cut off, on a line of its own."""
    file.seek(0)
    before = file.read()
    is_torn = bool(before) and not before.endswith(b"\n")
    text = json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace")
    file.write(b"\n" * is_torn + text + b"\n")
    file.flush()
    os.fsync(file.fileno())
