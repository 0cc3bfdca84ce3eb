"""A real mail server on loopback, which keeps what it is given, and refuses what it is told to refuse."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Mailbox:
    """What a server has taken."""

    host: str = "127.0.0.1"
    port: int = 0
    refuses: str = ""
    unknown: str = ""
    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """Take a recipient, unless it is the unknown one."""
        if address == self.unknown:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 known"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Take a message, unless it is to be refused."""
        if self.refuses:
            return self.refuses
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"

    def settings(self, *to: str, approvers: tuple[str, ...] = ()) -> str:
        """Return the tables of the settings that mail to this server."""
        return (
            f'[mail]\nhost = "{self.host}"\nport = {self.port}\nsecurity = "none"\nsender = "asc@example.org"\n'
            f"[alerts]\nto = {list(to)}\napprovers = {list(approvers)}\n"
        )


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Run a server on a free port."""
    box = Mailbox()
    with socket.create_server((box.host, 0)) as free:
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname=box.host, port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
