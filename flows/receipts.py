"""The receipt of an issued batch: who approved and issued what, how they proved it, and the head of the register then."""

import json
from typing import Any

from pipeline.enforce import batches
from pipeline.record.register import Event, Register


def receipt_of(register: Register, batch: str) -> dict[str, Any]:
    """Return what the receipt of an issued batch says: who approved and issued what, how they proved it, and the head of
    the register when it was written down."""
    (approved,) = register.events(batches.APPROVAL, batch)
    (issued,) = register.events(batches.ISSUE, batch)
    kept = ("checksum", "dispatch_sums", "sent_on", "method", "letters", "taken_out")
    return {
        "batch": batch, **{name: issued.body[name] for name in kept},
        "approved": _who(approved), "issued": _who(issued), "chain_head": register.head_at(issued.no),
    }  # fmt: skip


def _who(event: Event) -> dict[str, Any]:
    return {"by": event.body["by"], "at": event.at, "proof": event.body["proof"], "key": event.body.get("key", "")}


def receipt_bytes(register: Register, batch: str) -> bytes:
    """Return the receipt as it is written: it follows from the register alone."""
    return (json.dumps(receipt_of(register, batch), indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()
