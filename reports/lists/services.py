"""The judged services of a month, as the rows every list is made from."""

import datetime as dt
from typing import NamedTuple

from pipeline.assess.assessment import LISTED, SQL, Judgement
from pipeline.record.facts import Facts, sql
from pipeline.rules.windows import month_text


class Service(NamedTuple):
    """One reporting unit with its status for the month; blank texts and None where nothing is known."""

    la_code: str | None
    local_authority: str | None
    region: str | None
    location_id: str
    location_name: str
    provider_id: str
    provider_name: str
    provider_type: str
    registration_status: str
    registered_on: dt.date | None
    user_count: int | None
    postcode: str
    telephone: str
    outcome: str
    status: str
    reason: str
    run_all: int
    misses_within: int
    windows_missed: list[dt.date]  # counted, of the last windows, oldest first
    last_submitted: dt.date | None
    last_outcomes: list[str]  # of the last windows, oldest first; for listed services only

    @property
    def is_listed(self) -> bool:
        """Whether the service stands on at-risk lists."""
        return self.status in LISTED

    @property
    def missed_months(self) -> str:
        """The counted missed months of the last windows, oldest first."""
        return ";".join(month_text(month) for month in self.windows_missed)


# in the order of the fields, but for the last three, which are worked out
COLUMNS = ", ".join(Service._fields[:-3])


def services_of(facts: Facts, judgement: Judgement) -> list[Service]:
    """Return every service of the judged month, in the order of CONTRACT 5."""
    months: list[dt.date] = [month for (month,) in facts.query("SELECT window_month FROM window_calendar ORDER BY seq")]
    shown = _last_outcomes(facts, judgement)
    return [
        Service._make(
            (
                *row,
                [months[seq - 1] for seq in seqs or ()],
                months[last - 1] if last else None,
                shown.get(unit_no, []),
            )
        )
        for unit_no, seqs, last, *row in facts.query(
            f"SELECT unit_no, seqs_missed, last_submitted_seq, {COLUMNS} FROM service"
        )
    ]


def _last_outcomes(facts: Facts, judgement: Judgement) -> dict[int, list[str]]:
    within = judgement.parameters.on(judgement.month).number("notice_within_windows")
    limits: dict[str, object] = {
        "month": judgement.month,
        "within": within,
        "listed": [status.value for status in LISTED],
    }
    outcomes: dict[int, list[str]] = {}
    for unit_no, outcome in facts.query(sql(SQL, "sql/last_outcomes.sql"), limits):
        outcomes.setdefault(unit_no, []).append(outcome)
    return outcomes
