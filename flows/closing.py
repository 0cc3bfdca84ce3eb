"""What a morning does: publish every month that is due, oldest first, or say what it waits for."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from flows.alerts import Alert, Alerts, of_fault, said_in_short
from flows.due import Due, due_months, due_windows, next_run_day
from flows.inbox import BY, take_in_inbox
from flows.made_of import Order
from flows.operations import operations_of
from flows.run_month import Published
from flows.settings import calendar_of
from flows.step import Step
from pipeline.errors import without_addresses
from pipeline.intake.ingest import Taken
from pipeline.record.home import Home
from pipeline.rules.windows import month_text

OWN_LIST = "it was set aside and not taken in. Take it out of the inbox; what an officer found out is no answer of Capacity Tracker."
NEXT_MORNING = "The next morning's run tries again; `asc-compliance monthly` does so at once."


@dataclass(slots=True)
class Closing:
    """What a morning came to: what was published, the month that waits for inputs, if one does, and whether they should
    have come by now; `reason` says it in words without names."""

    reason: str = ""
    taken: list[Taken] = field(default_factory=list)
    published: list[Published] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)  # lists of our own that came back
    waits: Due | None = None
    is_late: bool = False

    @property
    def state(self) -> str:
        """Waiting, Published or Skipped."""
        return "Waiting" if self.waits else "Published" if self.published else "Skipped"


def close_due(
    home: Home, day: dt.date, moment: dt.datetime, publish: Callable[[Order], Published], step: Step
) -> Closing:
    """Publish the months due on a day, oldest first, from the inbox; the first that has to wait, or fails, ends it.

    Whatever a person has to know is an alert: a refusal, a stopped check, a fault (which are raised on), and exports that
    have not come so many working days after the close.
    """
    alerts, closing = Alerts(home, day, moment), Closing()
    try:
        _close(closing, home, day, moment, publish, step)
    except Exception as fault:
        subject = "the monthly run published " + ("no more" if closing.published else "nothing")
        alerts.tell(of_fault("monthly-close", subject, _text(closing, said_in_short(fault))))
        raise
    else:
        if closing.is_late:
            alerts.tell(Alert("monthly-close waiting", "exports have not come", _text(closing, closing.reason)))
    finally:
        for name in closing.set_aside:
            alerts.tell(
                Alert(
                    f"own list {name}", "a list that we published came back", f"{without_addresses(name)}: {OWN_LIST}"
                )
            )
        alerts.mail_waiting()
    return closing


def _text(closing: Closing, reason: str) -> str:
    done = ", ".join(month_text(published.month) for published in closing.published)
    return "\n".join([reason, *([f"Published before that: {done}."] if done else []), NEXT_MORNING])


def _close(
    closing: Closing, home: Home, day: dt.date, moment: dt.datetime, publish: Callable[[Order], Published], step: Step
) -> None:
    operations, days = operations_of(home), calendar_of(home.made())
    if not step("look up", lambda: due_windows(home, day)):
        closing.reason = f"Nothing is due on {day}. The next run day is {next_run_day(day, days)}."
        return
    closing.taken, closing.set_aside = step("take in inbox", lambda: take_in_inbox(home, operations, moment))
    for due in step("look again", lambda: due_months(home, day, moment)):
        if due.missing:
            closing.waits = due
            closing.reason = f"{due.month}, due since {due.window.run_on}, waits for: {'; '.join(due.missing)}."
            patience = operations.inbox.alert_after_working_days
            closing.is_late = day >= days.after(due.window.closes_on, patience)
            return
        closing.published.append(publish(Order(home, due.window.month, day, BY)))
    closing.reason = f"Published {', '.join(month_text(published.month) for published in closing.published)}."
