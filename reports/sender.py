"""Who sends notices and is asked about lists."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends notices, as configured; there is no default for any of it (RULES 6)."""

    sender_name: str
    sender_address: str
    signatory_name: str
    signatory_title: str
    contact_phone: str
    contact_email: str
    representations_address: str
    representations_email: str
    specimen: bool
