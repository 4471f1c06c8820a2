"""Send one message over one channel, and try again where that may help."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from newshouse.alerts import mail, slack, webhook
from newshouse.alerts.config import Channel, Email, Slack
from newshouse.alerts.message import Message, bare
from newshouse.errors import PermanentError, RefusedError, TransientError

Secret = Callable[[str], str | None]
MOST_TRIES = 3
BACKOFF_SECONDS = 1.0  # before the second try; it doubles
_MOST_WAIT_SECONDS = 30.0  # a channel that asks for more is left for the next run


def deliver(channel: Channel, message: Message, secret: Secret, clock: Callable[[], datetime]) -> str:
    """Send; gives what the other side said, in short.

    Where the text of a message is refused, it goes again without what others wrote.

    Args:
        secret: gives the value of what a key ending in `_from` names.
        clock: the current time, UTC; each try is signed anew.

    Raises:
        TransientError: it could not be sent now, in a few tries.
        PermanentError: it will not be sent until somebody changes something.
        RefusedError: the channel does not take this message, not even a bare one.
    """
    try:
        return _patiently(channel, message, secret, clock)
    except RefusedError as error:
        return f"{_patiently(channel, bare(message), secret, clock)} a short form; the whole: {error}"


def _patiently(channel: Channel, message: Message, secret: Secret, clock: Callable[[], datetime]) -> str:
    for attempt in range(MOST_TRIES):
        try:
            return _send(channel, message, secret, clock())
        except TransientError as error:
            wait = error.retry_after_seconds
            wait = BACKOFF_SECONDS * 2**attempt if wait is None else wait
            if attempt + 1 == MOST_TRIES or wait > _MOST_WAIT_SECONDS:
                raise
            time.sleep(wait)
    raise AssertionError("the last try returns or raises")


def _send(channel: Channel, message: Message, secret: Secret, now: datetime) -> str:
    if isinstance(channel, Slack):
        return slack.send(_needed(channel.url_from, secret), message, now)
    if isinstance(channel, Email):
        password = _needed(channel.password_from, secret) if channel.password_from else None
        return mail.send(channel, password, message)
    url = channel.url or _needed(channel.url_from or "", secret)
    return webhook.send(url, _needed(channel.secret_from, secret) if channel.secret_from else None, message, now)


def _needed(name: str, secret: Secret) -> str:
    value = secret(name)
    if value is None:
        raise PermanentError("no_secret", f"{name} is not set: an environment variable, or in Airflow a connection")
    return value
