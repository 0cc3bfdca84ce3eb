"""The judged services of a month, as the rows every list is made from."""

import datetime as dt
from dataclasses import dataclass

from pipeline.assess.assessment import LISTED
from pipeline.record.facts import Facts
from pipeline.rules.windows import month_text

COLUMNS = (
    "la_code", "local_authority", "region", "location_id", "location_name", "provider_id", "provider_name", "provider_type",
    "registration_status", "registered_on", "user_count", "postcode", "telephone", "outcome", "status", "reason", "run",
    "misses_within", "windows_missed", "last_submitted", "last_outcomes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Service:
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
    run: int
    misses_within: int
    windows_missed: list[dt.date] | None
    last_submitted: dt.date | None
    last_outcomes: list[str]

    @property
    def is_listed(self) -> bool:
        """Whether the service stands on at-risk lists."""
        return self.status in LISTED

    @property
    def missed_months(self) -> str:
        """The counted missed months of the last windows, oldest first."""
        return ";".join(month_text(month) for month in self.windows_missed or [])


def services_of(facts: Facts) -> list[Service]:
    """Return every service of the judged month, in the order of CONTRACT 5."""
    return [Service(*row) for row in facts.query(f"SELECT {', '.join(COLUMNS)} FROM service")]
