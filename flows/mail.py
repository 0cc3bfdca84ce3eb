"""Mail by the server of the settings (SMTP); its password comes from a file that only its owner reads."""

import errno
import smtplib
import ssl
import threading
from email.message import EmailMessage

from flows.operations import MailSettings

ANSWER_SECONDS, WHOLE_SECONDS = 20, 60  # that a server may take to answer once, and for all of a message
OF_ONE_MESSAGE = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused)


def send(mail: MailSettings, message: EmailMessage) -> list[str]:
    """Hand one message to the server, and return the codes with which it refused a recipient beside others that it took.

    Raises OSError (as smtplib does) where it does not take the message, in a minute at most.
    """
    answers: list[list[str] | Exception] = []

    def work() -> None:
        try:
            answers.append(_send(mail, message))
        except Exception as fault:  # handed to the caller's thread
            answers.append(fault)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(WHOLE_SECONDS)
    answer = answers[0] if answers else TimeoutError(errno.ETIMEDOUT, "the mail server takes too long")
    if isinstance(answer, OSError):
        raise answer
    if isinstance(answer, ValueError):  # an address or host that cannot be written
        raise OSError(errno.EINVAL, f"mail.host or an address cannot be used ({type(answer).__name__})")
    if isinstance(answer, Exception):
        raise answer
    return answer


def _send(mail: MailSettings, message: EmailMessage) -> list[str]:
    if mail.security == "tls":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=ANSWER_SECONDS, context=context)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=ANSWER_SECONDS)
    with server:
        if mail.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if mail.user:
            server.login(mail.user, password_of(mail))
        return [str(code) for code, _ in server.send_message(message).values()]


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
