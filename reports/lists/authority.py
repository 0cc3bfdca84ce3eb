"""What one authority's officers open: one CSV a provider type, in Capacity Tracker's words (CONTRACT 5)."""

import datetime as dt
import re
from collections.abc import Sequence

from pipeline.rules.parameters import InForce
from pipeline.rules.windows import Window, add_months, month_text
from reports.lists.services import Service

TYPE_WORDS = {"care_home": "Care Home", "home_care": "Home Care"}
WINDOW = "Window "  # before a month in a CSV, which Excel would turn into a date; a workbook says the month as text
LAST_WINDOW = "Last window submitted"
ANSWERS = {"submitted": "Yes", "missed": "No"}
Cells = list[object]


def file_name(slug: str, provider_type: str, month: dt.date) -> str:
    """Return the name of an authority's CSV for one provider type."""
    return f"at-risk-{slug}-{provider_type.replace('_', '-')}-{month_text(month)}.csv"


def headings(month: dt.date, in_force: InForce) -> list[str]:
    """Return the headings; a bare "Jan 24" would be turned into a date by Excel, so windows say Window."""
    within = in_force.number("notice_within_windows")
    months = [add_months(month, n) for n in range(1 - within, 1)]
    return [
        "CQC Location ID", "Location", "Provider", "Provider Type", "Local Authority", "Registration Status", "User Count",
        *(window_words(m) for m in months),
        "Status", "Reason", "Windows missed in a row", LAST_WINDOW, "Postcode", "Telephone",
        "Next window opens", "Next window closes", "What to do",
    ]  # fmt: skip


def rows(services: Sequence[Service], following: Window, in_force: InForce) -> list[Cells]:
    """Return the rows of the listed services of one authority and type; `following` is the next month's window."""
    within = in_force.number("notice_within_windows")
    return [
        [
            s.location_id, s.location_name, s.provider_name, TYPE_WORDS[s.provider_type], s.local_authority,
            s.registration_status, s.user_count,
            *([""] * (within - len(s.last_outcomes)) + [ANSWERS.get(outcome, "") for outcome in s.last_outcomes]),
            status_words(s, in_force), s.reason, s.run_all, window_words(s.last_submitted) if s.last_submitted else "",
            s.postcode, telephone(s.telephone), following.opens_on, following.closes_on, what_to_do(s, following, in_force),
        ]
        for s in services
    ]  # fmt: skip


def window_words(month: dt.date) -> str:
    """Return "Window Nov 24" for November 2024."""
    return f"{WINDOW}{month:%b %y}"


def status_words(service: Service, in_force: InForce) -> str:
    """Return the status as officers read it; that a notice is due is not told before it is given."""
    if service.status != "notice_due":
        return {"at_risk": "At risk", "watch": "Watch"}[service.status]
    if service.run_all >= in_force.number("notice_run"):
        return f"Missed {service.run_all} in a row"
    return f"Missed {service.misses_within} of {in_force.number('notice_within_windows')}"


def what_to_do(service: Service, following: Window, in_force: InForce) -> str:
    """Return the officer's next step for one service."""
    dates = f"from {day_words(following.opens_on)} to {day_words(following.closes_on)}"
    steps = [f"Ask the provider to update Capacity Tracker {dates}, even if only with a nil return."]
    if service.user_count is not None and service.user_count <= in_force.number("user_count_advice_up_to"):
        users = "no registered user" if service.user_count == 0 else "one registered user"
        steps.append(f"It has {users}: ask it to register more, for cover.")
    support = in_force.text("capacity_tracker_support")
    steps.append(f"If it has closed, ask the provider to tell CQC, and tell {support}.")
    return " ".join(steps)


def day_words(day: dt.date) -> str:
    """Return "Wednesday 8 January 2025"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def telephone(text: str) -> str:
    """Return a number that Excel leaves alone: its leading 0 back, and a blank after the first five digits."""
    digits = re.sub(r"[ ()-]", "", text)
    if re.fullmatch(r"[1-37][0-9]{9}", digits):
        digits = f"0{digits}"
    return f"{digits[:5]} {digits[5:]}" if re.fullmatch(r"0[0-9]{9,10}", digits) else text
