"""Mail by the server of the settings (SMTP); its password comes from a file that only its owner reads."""

import errno
import smtplib
import ssl
from email.message import EmailMessage

from flows.operations import MailSettings

SECONDS = 20  # that a server may take to answer
OF_ONE_MESSAGE = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused)


def send(mail: MailSettings, message: EmailMessage) -> None:
    """Hand one message to the server; raises OSError (as smtplib does) where it does not take it."""
    if mail.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            mail.host, mail.port, timeout=SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=SECONDS)
    with server:
        if mail.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if mail.user:
            server.login(mail.user, password_of(mail))
        server.send_message(message)


def password_of(mail: MailSettings) -> str:
    """Return the password in `mail.password_file`; raises OSError where others may read it, or nobody can."""
    path = mail.password_file
    if path is None:
        return ""
    if path.stat().st_mode & 0o077:
        raise PermissionError(errno.EPERM, "mail.password_file can be read by others: chmod 600", str(path))
    return path.read_text(encoding="utf-8").strip()


def why(fault: OSError) -> str:
    """Return why a message was not taken, without the addresses and words of its answer."""
    codes = [str(fault.smtp_code)] if isinstance(fault, smtplib.SMTPResponseException) else []
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        codes = sorted({str(code) for code, _ in fault.recipients.values()})
    return " ".join([type(fault).__name__, *codes, *([fault.strerror] if fault.strerror and not codes else [])])
