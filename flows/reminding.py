"""Reminders while a window is open: on its opening morning, and two working days before it closes; one file an authority."""

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

from flows.alerts import Alerts
from flows.inbox import BY, take_in_inbox
from flows.opening import writing
from flows.operations import Operations, operations_of
from flows.settings import calendar_of, parameters
from flows.step import Step
from pipeline.assess.assessment import Judgement, assess
from pipeline.assess.not_yet import not_yet
from pipeline.errors import Damaged
from pipeline.intake.ingest import Stores
from pipeline.record.archive import digest_of
from pipeline.record.decisions import decisions_in_force
from pipeline.record.home import Home
from pipeline.rules.windows import COLLECTION_BEGAN, Window, add_months, month_text, newest_opened, window_for
from reports.lists.reminder import reminder_book, reminder_name, to_remind
from reports.lists.services import services_of
from reports.release import SUMS, Artefact, damage, promote

KIND = "reminder"  # of the register's events; the subject is the month
WORKING_DAYS_BEFORE = 2  # the close


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder of a window: which (opening or closing), where its files are, how many services they name."""

    month: str
    which: str
    folder: Path
    services: int
    is_new: bool


def reminder_due(home: Home, day: dt.date) -> tuple[Window, str] | None:
    """Return the window that is open on a day, and which of its reminders belongs to that day."""
    days, values = calendar_of(home), parameters()
    for month in (newest_opened(day, values), add_months(newest_opened(day, values), -1)):
        if month < COLLECTION_BEGAN:
            return None
        window = window_for(month, days, values)  # the one before may be open still, where DHSC extended it
        if window.opens_on <= day <= window.closes_on:
            is_closing = day >= days.before(window.closes_on, WORKING_DAYS_BEFORE)
            return window, "closing" if is_closing else "opening"
    return None


def remind(home: Home, day: dt.date, moment: dt.datetime, step: Step) -> Reminder | None:
    """Make the reminder that belongs to a day, unless it was made; for the closing one the inbox is taken in first.

    None outside every window, and where nothing is known of any service. Where a window was extended after its closing
    reminder, there is another one before the new close.
    """
    with Alerts(home, day, moment).of("remind", "reminders could not be made"):
        return step("remind", lambda: _remind(home, operations_of(home.made()), day, moment))


def _remind(home: Home, operations: Operations, day: dt.date, moment: dt.datetime) -> Reminder | None:
    due = reminder_due(home, day)
    if due is None:
        return None
    if due[1] == "closing":
        take_in_inbox(home, operations, moment)
    with writing(home, moment) as (stores, staging):
        return _made(stores, home, staging, *due, day, moment)


def _made(
    stores: Stores, home: Home, staging: Path, window: Window, which: str, day: dt.date, moment: dt.datetime
) -> Reminder | None:
    month = month_text(window.month)
    name = which if which == "opening" else f"closing-{window.closes_on}"
    target = home.root / "reminders" / month / name
    known = {event.body["name"]: event.body for event in stores.register.events(KIND, month)}
    if name in known or (which == "opening" and known):
        if name in known and (problems := damage(target)):
            raise Damaged(f"reminders/{month}/{name}: {problems[0]}")
        return Reminder(month, which, target, known[name]["services"] if name in known else 0, is_new=False)
    files, count = _files(stores, home, window, which, day)
    if not files:
        return None
    staged = staging / name
    staged.mkdir(mode=0o700)
    for file in files:
        (staged / file.path).write_bytes(file.content)
    target.parent.parent.mkdir(mode=0o700, exist_ok=True)
    promote(staged, target.parent.parent, month, name)
    if problems := damage(target):  # a killed run left it, and somebody changed it
        raise Damaged(f"reminders/{month}/{name}: {problems[0]}")
    body = {"name": name, "services": count, "sums_sha256": digest_of(target / SUMS), "by": BY}
    stores.register.append(KIND, month, body, moment)
    return Reminder(month, which, target, count, is_new=True)


def _files(stores: Stores, home: Home, window: Window, which: str, day: dt.date) -> tuple[list[Artefact], int]:
    """Return a workbook for every authority and their SHA256SUMS, and how many services they name.

    Whom to remind on the opening morning are those listed for the month before; later, those who had not submitted when an
    export was taken inside the window.
    """
    before = add_months(window.month, -1)
    judgement = Judgement(before, day, calendar_of(home), stores.parameters, decisions_in_force(stores.register))
    assess(stores.facts, judgement)
    taken_at, units = not_yet(stores.facts, window) if which == "closing" else ({}, set())
    services = services_of(stores.facts, judgement)
    if not services:  # nothing was ever taken in
        return [], 0
    wanted = to_remind(services, taken_at, units)
    in_force = judgement.parameters.on(before)
    files = []
    for place in replace(judgement, month=window.month).authorities.all:
        own = [service for service in wanted if service.la_code == place.la_code]
        files.append(Artefact(reminder_name(place, window), reminder_book(place, window, in_force, own, taken_at)))
    files.sort(key=lambda file: file.path)
    sums = "".join(f"{file.entry['sha256']}  {file.path}\n" for file in files)
    return [*files, Artefact(SUMS, sums.encode())], len(wanted)
