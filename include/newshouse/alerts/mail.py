"""A message as a mail, plain and HTML, through an SMTP server.

The messages of one incident are one thread: each refers to the first (RFC 5322, 3.6.4). Headers are set through
`EmailMessage`, which refuses line breaks; addresses come from alerts.yaml alone.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from html import escape

from newshouse.alerts.config import Email
from newshouse.alerts.inert import inert
from newshouse.alerts.message import Message, Section
from newshouse.errors import PermanentError, RefusedError, TransientError

TIMEOUT_SECONDS = 15.0  # between two bytes
_MOST_SUBJECT = 200
_SHOWN = 120
_NAMES = {"message-id", "in-reply-to", "references", "list-id"}
_COLOURS = {"critical": "#b3261e", "warning": "#a15c00"}


class _WholeNames(EmailPolicy):
    """Leaves names in one piece: a long one would be folded into an encoded word, which no reader of mail resolves."""

    def fold(self, name: str, value: str) -> str:
        """A header as lines."""
        return f"{name}: {value}{self.linesep}" if name.lower() in _NAMES else super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        """The same as bytes; our names are ASCII."""
        return self.fold(name, value).encode("ascii", "surrogateescape")


def send(channel: Email, password: str | None, message: Message) -> str:
    """Send; gives what the server said of those it refused, if of some.

    Raises:
        TransientError: no server, or one that says to try later (4xx).
        PermanentError: a login, sender or recipient refused, or no encryption where some is asked for.
        RefusedError: the text or the size of this mail is refused.
    """
    where = f"{channel.host}:{channel.port}"
    try:
        with _connected(channel) as server:
            if channel.user is not None and password is not None:
                server.login(channel.user, password)
            refused = server.send_message(render(channel, message), channel.sender, list(channel.to))
    # `from None`: a traceback must not show the login.
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise _refusal("recipients", where, code, said) from None
    except smtplib.SMTPDataError as error:
        raise _refusal("smtp", where, error.smtp_code, error.smtp_error, RefusedError) from None
    except smtplib.SMTPResponseException as error:
        reason = "login" if isinstance(error, smtplib.SMTPAuthenticationError) else "smtp"
        raise _refusal(reason, where, error.smtp_code, error.smtp_error) from None
    except (smtplib.SMTPNotSupportedError, ssl.SSLError) as error:
        raise PermanentError("encryption", f"{where}: {inert(str(error), _SHOWN)}") from None
    except UnicodeError:
        raise PermanentError("login", f"{where}: user and password must be ASCII") from None
    except (OSError, smtplib.SMTPException) as error:
        raise TransientError("connection", f"{where}: {inert(str(error), _SHOWN)}") from None
    return f"accepted, except for {', '.join(sorted(refused))}" if refused else "accepted"


@contextmanager
def _connected(channel: Email) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    if channel.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(channel.host, channel.port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(channel.host, channel.port, timeout=TIMEOUT_SECONDS)
    try:
        if channel.security == "starttls":
            server.starttls(context=context)
        yield server
    finally:
        # The mail is accepted by now, or is not: how the server says goodbye changes nothing.
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def _refusal(
    reason: str, where: str, code: int, said: bytes | str, for_good: type[PermanentError] = PermanentError
) -> TransientError | PermanentError:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    detail = f"{where} said {code} {inert(words, _SHOWN)}"
    return TransientError(reason, detail) if 400 <= code < 500 else for_good(reason, detail)


def render(channel: Email, message: Message) -> EmailMessage:
    """The mail."""
    domain = channel.sender.rpartition("@")[2]
    mail = EmailMessage(policy=_WholeNames())
    mail["From"] = f"Newshouse <{channel.sender}>"
    mail["To"] = ", ".join(channel.to)
    mail["Subject"] = inert(f"[Newshouse] {message.title}", _MOST_SUBJECT)
    mail["Date"] = format_datetime(message.at)
    first = f"<{message.thread}@{domain}>"
    if message.kind in ("worse", "reopened", "unmuted", "resolved"):
        mail["Message-ID"] = f"<{message.message_id}.{message.thread}@{domain}>"
        mail["In-Reply-To"] = mail["References"] = first
    else:
        mail["Message-ID"] = first
    mail["List-Id"] = f"Newshouse alerts <newshouse-alerts.{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-Newshouse-Severity"] = message.severity
    mail.set_content(plain(message))
    mail.add_alternative(html(message), subtype="html")
    return mail


def plain(message: Message) -> str:
    """The text."""
    parts = [message.title, *map(_plain_section, message.sections)]
    if message.link and not any(section.link == message.link for section in message.sections):
        parts.append(message.link)
    return "\n\n".join(parts) + "\n"


def _plain_section(section: Section) -> str:
    lines = [section.heading, *(f"  {name}: {value}" for name, value in section.facts)]
    return "\n".join([*lines, f"  {section.link}"] if section.link else lines)


def html(message: Message) -> str:
    """The same for eyes. No picture, no script, nothing from elsewhere."""
    colour = _COLOURS.get(message.severity, "#1f5132")
    parts = [f'<h2 style="color:{colour};margin:0 0 12px">{escape(message.title)}</h2>']
    parts += map(_html_section, message.sections)
    if message.link and not any(section.link == message.link for section in message.sections):
        parts.append(_html_link(message.link))
    body = "\n".join(parts)
    return f'<!doctype html>\n<html lang="en"><body style="font-family:sans-serif">\n{body}\n</body></html>\n'


def _html_section(section: Section) -> str:
    rows = "\n".join(
        f'<tr><td style="color:#666;padding:2px 12px 2px 0;vertical-align:top">{escape(name)}</td>'
        f"<td>{escape(value)}</td></tr>"
        for name, value in section.facts
    )
    link = _html_link(section.link) if section.link else ""
    return f"<h3>{escape(section.heading)}</h3>\n<table>\n{rows}\n</table>\n{link}"


def _html_link(url: str) -> str:
    return f'<p><a href="{escape(url)}">Open it</a></p>'
