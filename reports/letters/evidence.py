"""What a letter rests on, for whoever has to defend it: each window with its evidence, the amount, the address, the rules."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.assess.assessment import Judgement
from pipeline.assess.explain import parameters_used
from pipeline.enforce.grounds import pounds
from pipeline.enforce.notices import DueUnit, Notice
from pipeline.rules.notice_dates import Method, NoticeDates
from pipeline.rules.windows import month_text

Windows = Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]


def evidence_of(
    notice: Notice, judgement: Judgement, windows: Windows, send_on: dt.date, method: Method, dates: NoticeDates,
    calendar: str | None, letter: Mapping[str, object], made_with: str,
) -> dict[str, Any]:  # fmt: skip
    """Return the evidence of one letter; every window is shown as `explain` shows it, and says whether it is relied on.

    `letter` holds every value that the letter shows, so that it can be set again in large print."""
    fee, address = notice.fee, notice.address
    assert fee is not None and address is not None and notice.amount_pence is not None
    return {
        "letter_ref": notice.ref,
        "month": month_text(judgement.month),
        "provider_id": notice.provider_id,
        "provider_name": notice.provider_name,
        "amount": {
            "gbp": pounds(notice.amount_pence), "as_at": fee.as_at.isoformat(), "scheme": fee.scheme, "source": fee.source,
            "file": fee.file, "sha256": fee.sha256, "row": fee.row,
        },
        "address": {"lines": notice.address_lines, "source": address.source},
        "dates": {
            "send_on": send_on.isoformat(), "method": method.value, "given_on": dates.given_on.isoformat(),
            "representations_from": dates.representations_from.isoformat(),
            "representations_until": dates.representations_until.isoformat(), "decide_by": dates.decide_by.isoformat(),
        },
        "units": [_unit(unit, windows) for unit in notice.units],
        "left_out": [
            {"location_id": unit.location_id, "provider_type": unit.provider_type, "location_name": unit.location_name,
             "why": unit.left_out.value if unit.left_out else ""}
            for unit in notice.left_out
        ],
        "parameters": parameters_used(judgement.parameters.on(judgement.month)),
        "calendar_sha256": calendar,
        "made_with": made_with,
        "letter": letter,
    }  # fmt: skip


def _unit(unit: DueUnit, windows: Windows) -> dict[str, Any]:
    relied_on = {month_text(miss.month) for miss in unit.misses}
    return {
        "location_id": unit.location_id,
        "provider_type": unit.provider_type,
        "location_name": unit.location_name,
        "local_authority": unit.local_authority,
        "reason": unit.reason,
        "windows": [{**window, "relied_on": window["month"] in relied_on} for window in windows[unit.key]],
    }
