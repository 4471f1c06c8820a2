"""What sending needs, opened once a job: settings, channels, where secrets come from, and what was told.

A channel that fails is not asked again in the same job. What was told is noted after each message.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from newshouse.alerts.config import Alerts, load_alerts
from newshouse.alerts.deliver import Secret, deliver
from newshouse.alerts.due import Told
from newshouse.alerts.message import Message
from newshouse.errors import ConfigError, PermanentError, RefusedError, StorageError, TransientError
from newshouse.layout import DataLayout
from newshouse.records import CheckResult
from newshouse.settings import PREFIX, Settings
from newshouse.sources.load import load_sources
from newshouse.sources.model import Source
from newshouse.warehouse.alerts import record_told
from newshouse.warehouse.incidents import checks_of
from newshouse.warehouse.publish import publish


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one channel: what the other side said, or why it did not arrive."""

    channel: str
    title: str
    said: str | None = None
    failure: str | None = None

    def __str__(self) -> str:
        return f"{self.channel}: {self.title}: {self.said if self.failure is None else f'NOT SENT: {self.failure}'}"


def alerts_of(settings: Settings) -> Alerts:
    """What alerts.yaml says.

    Raises:
        ConfigError: there is none, or it is wrong.
    """
    if settings.alerts is None:
        raise ConfigError(f"{PREFIX}ALERTS is not set: name the file that says who is told. See docs/alerts.md.")
    return load_alerts(settings.alerts)


@dataclass(slots=True)
class Office:
    """What sending needs: settings, channels, and where secrets come from. Opened once a job."""

    settings: Settings
    secret: Secret
    alerts: Alerts = field(init=False)
    sources: dict[str, Source] = field(init=False)
    layout: DataLayout = field(init=False)
    _dead: set[str] = field(default_factory=set)
    _unnoted: list[Told] = field(default_factory=list)
    _checks: dict[str, list[CheckResult]] = field(default_factory=dict)
    _wrote: bool = False

    def __post_init__(self) -> None:
        self.alerts = alerts_of(self.settings)
        self.sources = load_sources(self.settings.sources)
        self.layout = DataLayout(self.settings.data)

    def tell(self, channel: str, message: Message, told: Sequence[Told]) -> list[Delivery]:
        """Send, and note what arrived. What cannot be noted is noted with what follows, or by `finish`."""
        sent = self._send(channel, message)
        if any(delivery.failure is None for delivery in sent):
            self._unnoted += told
            with suppress(StorageError):
                self._note()
        return sent

    def _note(self) -> None:
        record_told(self.layout, self._unnoted)
        self._unnoted.clear()
        self._wrote = True

    def _send(self, channel: str, message: Message) -> list[Delivery]:
        """Send. A channel that failed is not asked again in this job: what is due stays due.

        A channel that refused this message has not failed: it is asked for the next one.
        """
        if channel in self._dead:
            return []
        try:
            said = deliver(self.alerts.channels[channel], message, self.secret, self.settings.now)
        except (TransientError, PermanentError) as error:
            if not isinstance(error, RefusedError):
                self._dead.add(channel)
            return [Delivery(channel, message.title, failure=str(error))]
        return [Delivery(channel, message.title, said)]

    def checks(self, run_id: str) -> list[CheckResult]:
        """Those of a run, read once."""
        if run_id not in self._checks:
            self._checks[run_id] = checks_of(self.layout, run_id)
        return self._checks[run_id]

    def finish(self) -> None:
        """Show what was told in the published database, if something was.

        Raises:
            StorageError: what was told cannot be noted or shown.
        """
        if self._unnoted:
            self._note()
        if self._wrote:
            publish(self.layout, self.sources)
