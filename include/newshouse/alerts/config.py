"""alerts.yaml: the channels there are, and who is told what on which of them.

The records are the one list of keys. Secrets never stand in the file: a key that ends in `_from` names the environment
variable that holds one.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from newshouse.errors import ConfigError
from newshouse.settings import PREFIX
from newshouse.sources.codes import nearest
from newshouse.sources.model import Source
from newshouse.sources.rules import Line, Positive, Rule, Slug, Url
from newshouse.sources.strict import Problem, Reading, read_record

SEVERITIES = ("warning", "critical")  # what opens an incident
SECURITIES = ("starttls", "tls", "none")
_ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?"


def _is_variable(text: str) -> bool:
    return re.fullmatch(r"[A-Z][A-Z0-9_]*", text) is not None and not text.startswith(PREFIX)


Variable = Annotated[
    str,
    Rule(f"the name of an environment variable, not of {PREFIX}…, such as 'SLACK_URL'", _is_variable),
]
Address = Annotated[
    str, Rule("an e-mail address in ASCII, such as 'ada@example.org'", lambda v: re.fullmatch(_ADDRESS, v) is not None)
]
Host = Annotated[str, Rule("a host name or address", lambda v: re.fullmatch(r"[A-Za-z0-9.:-]{1,253}", v) is not None)]
Port = Annotated[int, Rule("a port, 1 to 65535", lambda v: 1 <= v <= 65535)]
Severity = Annotated[str, Rule("'warning' or 'critical'", lambda v: v in SEVERITIES, lambda: SEVERITIES)]
Security = Annotated[str, Rule("'starttls', 'tls' or 'none'", lambda v: v in SECURITIES, lambda: SECURITIES)]


@dataclass(frozen=True, slots=True)
class Slack:
    """A Slack channel, by an incoming webhook. Its address is the secret."""

    name: Slug
    url_from: Variable


@dataclass(frozen=True, slots=True)
class Email:
    """Mail through an SMTP server.

    Attributes:
        security: ``starttls`` (port 587), ``tls`` from the first byte (465) or ``none`` (25).
        user, password_from: for servers that ask for a login; both or neither.

    Raises:
        ValueError: half a login, or one that would go over the network in the clear.
    """

    name: Slug
    host: Host
    sender: Address
    to: tuple[Address, ...]
    port: Port = 587
    security: Security = "starttls"
    user: Line | None = None
    password_from: Variable | None = None

    def __post_init__(self) -> None:
        if not self.to:
            raise ValueError("to: name at least one address.")
        if (self.user is None) != (self.password_from is None):
            raise ValueError("user and password_from belong together: give both or neither.")
        if self.user is not None and self.security == "none" and not _is_loopback(self.host):
            raise ValueError("a password without encryption: set security to 'starttls' or 'tls'.")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Any HTTP server that takes JSON.

    Attributes:
        url, url_from: one of them; the second where the address itself is a secret.
        secret_from: the key of the signature; without one, messages are not signed.

    Raises:
        ValueError: no address, or two.
    """

    name: Slug
    url: Url | None = None
    url_from: Variable | None = None
    secret_from: Variable | None = None

    def __post_init__(self) -> None:
        if (self.url is None) == (self.url_from is None):
            raise ValueError("give url or url_from, one of them.")


Channel = Slack | Email | Webhook


@dataclass(frozen=True, slots=True)
class Route:
    """Who is told what.

    Attributes:
        to: names of channels.
        severity: this and worse.
        owners, sources, tags: only incidents of such sources. What concerns no single source (a batch, a failed task)
            goes to routes that name none of the three.
        resolved: tell the end, too.
        digest: send the state of these sources as well, with the first assessment of each UTC day.

    Raises:
        ValueError: it leads nowhere.
    """

    to: tuple[Slug, ...]
    severity: Severity = "warning"
    owners: tuple[Line, ...] = ()
    sources: tuple[Slug, ...] = ()
    tags: tuple[Line, ...] = ()
    resolved: bool = True
    digest: bool = False

    def __post_init__(self) -> None:
        if not self.to:
            raise ValueError("to: name at least one channel.")

    @property
    def whole(self) -> bool:
        """It takes every source."""
        return not (self.owners or self.sources or self.tags)

    def takes(self, source_id: str | None, source: Source | None) -> bool:
        """Whether it is about this source; None for what concerns no single one."""
        if self.whole:
            return True
        if source_id is None or (self.sources and source_id not in self.sources):
            return False
        owner, tags = (source.owner, source.tags) if source else (None, ())
        return not (self.owners and owner not in self.owners) and not (self.tags and not set(tags) & set(self.tags))

    def hears(self, severity: str) -> bool:
        """Whether this is bad enough."""
        return severity in SEVERITIES and SEVERITIES.index(severity) >= SEVERITIES.index(self.severity)


@dataclass(frozen=True, slots=True)
class Alerts:
    """The whole file.

    Attributes:
        dashboard: address of the dashboard as readers reach it, for links; in Airflow it ends in /newshouse.
        most_messages: more incidents than this for one channel at once become one message.
    """

    routes: tuple[Route, ...]
    dashboard: Url | None = None
    most_messages: Positive = 5
    slack: tuple[Slack, ...] = ()
    email: tuple[Email, ...] = ()
    webhook: tuple[Webhook, ...] = ()

    @property
    def channels(self) -> dict[str, Channel]:
        """By name."""
        every: tuple[Channel, ...] = (*self.slack, *self.email, *self.webhook)
        return {channel.name: channel for channel in every}


def kind_of(channel: Channel) -> str:
    """``slack``, ``email`` or ``webhook``."""
    return type(channel).__name__.lower()


def load_alerts(path: Path) -> Alerts:
    """Read alerts.yaml.

    Raises:
        ConfigError: it is missing or wrong. One line a problem, all at once: ``file:line: key: what is wrong``.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8. Save the file as UTF-8.") from error
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}. Set {PREFIX}ALERTS to a file that can be read.") from error
    reading = read_record(text, Alerts)
    problems = sorted([*reading.problems, *_misfits(reading)])
    if reading.record is None or problems:
        raise ConfigError("\n".join(f"{path}:{problem}" for problem in problems))
    return reading.record


def _misfits(reading: Reading[Alerts]) -> Iterator[Problem]:
    """Names of channels that do not fit together."""
    names: dict[str, int] = {}
    for key, found in reading.found.items():
        if re.fullmatch(r"(slack|email|webhook)\[\d+\]\.name", key):
            if found.value in names:
                yield Problem(
                    found.line, key, f"{found.value!r} is the name of the channel in line {names[found.value]}."
                )
            names.setdefault(found.value, found.line)
    for key, found in reading.found.items():
        if re.fullmatch(r"routes\[\d+\]\.to\[\d+\]", key) and found.value not in names and reading.record:
            near = nearest(found.value, names)
            hint = f"Nearest channel: {near}." if near else f"Channels: {', '.join(names) or 'none'}."
            yield Problem(found.line, key, f"there is no channel {found.value!r}. {hint}")
