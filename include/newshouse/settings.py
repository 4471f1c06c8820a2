"""Settings: one frozen record read from `NEWSHOUSE_*` environment variables, defaults that work on a laptop.

Nothing else in the package reads the environment. An unknown `NEWSHOUSE_*` name is an error that names the nearest
valid one, so that a typo never goes unnoticed.
"""

from __future__ import annotations

import difflib
import math
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newshouse import __version__
from newshouse.errors import ConfigError
from newshouse.storage.bucket import SCHEME, Bucket

PREFIX = "NEWSHOUSE_"
PACKAGE_ROOT = Path(__file__).resolve().parent
SAMPLE_SOURCES = PACKAGE_ROOT / "sample" / "sources"
MAX_BATCHES = 64
_CONTACT = re.compile(r"(?:mailto:)?[^\s@]+@[^\s@]+|https?://[^\s/]+\S*")
PLACEHOLDER_CONTACT = "set-me@example.org"  # of .env.example
_LONGEST_SECONDS, _LONGEST_HOURS = 1e9, 1e6  # 32 and 114 years: no day comes out that a calendar does not know
_OPENLINEAGE = ("OPENLINEAGE_URL", "OPENLINEAGE_CONFIG", "OPENLINEAGE__TRANSPORT")
RIGHTS_POLICIES = ("obey", "record")
# What delta-rs (`\`, `#`, %41, control characters, bytes that are no UTF-8) and DuckDB (`?`) read as another path.
_NO_FOLDER = re.compile(r"[\x00-\x1f\x7f\\#?\ud800-\udfff]|%[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a person may set. Each field `x` is read from `NEWSHOUSE_X`.

    Attributes:
        data: root of everything Newshouse writes: a folder, or a bucket (`s3://bucket/prefix`) for the tables and the
            archive. The store is reached with AWS_ENDPOINT_URL, AWS_REGION and the usual credentials of AWS.
        local: beside a bucket, the folder on this machine for what need not lie there. Default: `data/s3/…`.
        sources: folder of source files. Default: the bundled sample newsroom.
        contact: e-mail or URL put into the User-Agent, so that a publisher can reach whoever crawls.
        proxy: HTTP proxy for all requests; None for direct connections. The sample newsroom is reached this way.
        batches: how many batches a run is split into, 1 to 64. Sources of one host share a batch.
        threads: requests under way at the same time within a batch.
        hosts: hosts visited side by side within a batch; most of them rest at any time.
        delay_seconds: least time between two requests to one host, unless the source or robots.txt asks for more.
        connect_timeout_seconds, read_timeout_seconds: for one connection attempt, and between two bytes.
        exchange_timeout_seconds: for one whole exchange, against servers that drip.
        max_body_bytes: a larger body, after decompression, is refused.
        max_bytes_a_second: of all bodies together, in all processes on one data folder; 0 for no limit.
        max_attempts: tries of one URL, the first included.
        max_retry_after_seconds: a server that asks for a longer pause is left for a later run.
        backoff_seconds: pause before the second try; it doubles with each further one.
        revisit_hours: ages at which a known article is looked at again, comma-separated.
        max_articles: articles fetched per source and run.
        max_articles_per_host: the same for a host that several sources share.
        rights: what publishers reserve (TDM-Reservation, ai.txt, noai, noarchive) is noted in each row with
            ``record``; with ``obey`` such pages are rejected, and no bytes of them are kept.
        alerts: the file that says who is told of incidents, and how; None for nobody.
        clock_offset_seconds: added to the clock; only the sample newsroom's days are moved with it.
        airflow_url: where Airflow's UI is, for the links of the dashboard where it runs alone.
        task_log: where the log of the task that runs this lies, below that; the DAGs set it.
    """

    data: Path | Bucket = Path("data")
    local: Path | None = None
    sources: Path = SAMPLE_SOURCES
    contact: str | None = None
    proxy: str | None = None
    batches: int = 4
    threads: int = 32
    hosts: int = 256
    delay_seconds: float = 2.0
    connect_timeout_seconds: float = 10.0
    read_timeout_seconds: float = 20.0
    exchange_timeout_seconds: float = 60.0
    max_body_bytes: int = 16 * 1024 * 1024
    max_bytes_a_second: int = 0
    max_attempts: int = 3
    max_retry_after_seconds: float = 60.0
    backoff_seconds: float = 1.0
    revisit_hours: tuple[float, ...] = (1.0, 24.0, 168.0)
    max_articles: int = 500
    max_articles_per_host: int = 2000
    rights: str = "record"
    alerts: Path | None = None
    clock_offset_seconds: float = 0.0
    airflow_url: str | None = None
    task_log: str | None = None

    def __post_init__(self) -> None:
        if isinstance(self.data, Bucket) and self.local is not None:
            object.__setattr__(self, "data", replace(self.data, local=self.local.absolute()))
        _check_folder(str(self.folder.absolute()))
        _check_folder(os.path.realpath(self.folder))  # delta-rs follows links, DuckDB does not
        if not 1 <= self.batches <= MAX_BATCHES:
            raise ConfigError(f"{PREFIX}BATCHES={self.batches}: must be between 1 and {MAX_BATCHES}.")
        for name in ("threads", "hosts", "max_body_bytes", "max_attempts", "max_articles", "max_articles_per_host"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{PREFIX}{name.upper()}={getattr(self, name)}: must be at least 1.")
        if self.max_bytes_a_second < 0:
            raise ConfigError(f"{PREFIX}MAX_BYTES_A_SECOND={self.max_bytes_a_second}: must be 0 (no limit) or more.")
        for field in fields(self):
            if field.name.endswith(("_seconds", "_hours")):
                _check_times(field.name, getattr(self, field.name))
        if self.contact is not None:
            _check_contact(self.contact)
        if self.proxy is not None:
            _check_proxy(self.proxy)
        if self.rights not in RIGHTS_POLICIES:
            raise ConfigError(f"{PREFIX}RIGHTS={self.rights}: must be {' or '.join(RIGHTS_POLICIES)}.")

    def now(self) -> datetime:
        """The current time (UTC), moved by `clock_offset_seconds`."""
        return datetime.now(UTC) + timedelta(seconds=self.clock_offset_seconds)

    @property
    def folder(self) -> Path:
        """The data folder on this machine."""
        return self.data.local if isinstance(self.data, Bucket) else self.data

    @property
    def user_agent(self) -> str:
        """Who we are: name, version and how to reach whoever runs this."""
        return f"Newshouse/{__version__} (+{self.contact})" if self.contact else f"Newshouse/{__version__}"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None, *, data: str | None = None) -> Settings:
        """Read the environment.

        Args:
            data: a data root in place of the one that the environment names.

        Raises:
            ConfigError: an unknown `NEWSHOUSE_*` name or an unreadable value; the message names both.
        """
        env = os.environ if env is None else env
        given = {k: v for k, v in env.items() if k.startswith(PREFIX)}
        known = {f"{PREFIX}{f.name.upper()}": f.name for f in fields(cls)}
        for key in given:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1, cutoff=0.75)
                hint = f" Did you mean {near[0]}?" if near else f" Valid names: {', '.join(sorted(known))}."
                raise ConfigError(f"{key}: no such setting.{hint}")
        values = {known[key]: _read(known[key], key, value) for key, value in given.items() if value != ""}
        if data := data or values.get("data"):
            values["data"] = data_root(data, env)
        return cls(**values)

    def as_env(self) -> dict[str, str]:
        """What `from_env` reads back as these settings, for a child process. Paths are made absolute."""
        values = {f"{PREFIX}{f.name.upper()}": getattr(self, f.name) for f in fields(self)}
        if isinstance(self.data, Bucket):
            values[f"{PREFIX}LOCAL"] = self.data.local
        return {key: _written(value) for key, value in values.items() if value is not None}


def secret(name: str) -> str | None:
    """The environment variable `name`, which a file names because it must not hold the value itself.

    Without the line end that a value read from a file may have.
    """
    return os.environ.get(name, "").strip("\r\n") or None


def openlineage_namespace() -> str | None:
    """The namespace of our jobs where OpenLineage is configured, by its own variables; None where it is not."""
    if os.environ.get("OPENLINEAGE_DISABLED", "").strip().lower() == "true":
        return None
    if any(value and key.startswith(_OPENLINEAGE) for key, value in os.environ.items()):
        return os.environ.get("OPENLINEAGE_NAMESPACE") or "newshouse"
    return None


def data_root(text: str, env: Mapping[str, str] | None = None) -> Path | Bucket:
    """Read a data root: a folder, or an address that begins with `s3://`.

    Raises:
        ConfigError: the address of a bucket is none, or is one of another kind of store.
    """
    env = os.environ if env is None else env
    if text.startswith(SCHEME):
        if env.get("AWS_S3_ALLOW_UNSAFE_RENAME"):
            raise ConfigError("AWS_S3_ALLOW_UNSAFE_RENAME: unset it. Of two loads at once it would lose one.")
        endpoint = env.get("AWS_ENDPOINT_URL_S3") or env.get("AWS_ENDPOINT_URL") or None
        region = env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION") or None
        return Bucket.at(text, endpoint=endpoint, region=region)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:/", text):  # also s3:/bucket, which would become a folder `s3:`
        raise ConfigError(f"{PREFIX}DATA={text.partition(':')[0]}:/…: must be a folder or {SCHEME}bucket/prefix.")
    return _path(text)


def _check_folder(folder: str) -> None:
    if found := _NO_FOLDER.search(folder):
        raise ConfigError(
            f"data folder {folder!r}: {found[0]!r} cannot stand in its path, because the tables would be looked for "
            "elsewhere. Choose another folder, or rename this one; if it has data, run newshouse publish then."
        )


def _check_times(name: str, value: float | tuple[float, ...]) -> None:
    """NaN above all: it is neither more nor less than any pause, so a pause of NaN would be none."""
    for number in value if isinstance(value, tuple) else (value,):
        if not math.isfinite(number):
            raise ConfigError(f"{PREFIX}{name.upper()}={number}: must be a finite number.")
        if abs(number) > (longest := _LONGEST_HOURS if name.endswith("_hours") else _LONGEST_SECONDS):
            raise ConfigError(f"{PREFIX}{name.upper()}={number}: must be at most {longest:,.0f}.")
        if name.endswith("timeout_seconds") and number <= 0:
            raise ConfigError(f"{PREFIX}{name.upper()}={number}: must be more than 0.")
        if name != "clock_offset_seconds" and number < 0:
            raise ConfigError(f"{PREFIX}{name.upper()}={number}: must be 0 or more.")


def _check_contact(contact: str) -> None:
    if contact == PLACEHOLDER_CONTACT:
        raise ConfigError(f"{PREFIX}CONTACT={contact}: is the example. Set an e-mail address or URL that reaches you.")
    if not (contact.isascii() and contact.isprintable() and contact.strip()):
        raise ConfigError(
            f"{PREFIX}CONTACT={contact!r}: must be printable ASCII, because it is sent as an HTTP header. "
            "Write a URL percent-encoded and a domain in Punycode (xn--…)."
        )
    if not _CONTACT.fullmatch(contact.strip()):
        raise ConfigError(f"{PREFIX}CONTACT={contact}: must be an e-mail address or URL that reaches you.")


def _check_proxy(proxy: str) -> None:
    """A proxy that nothing can be sent through would make every address a bad one, and each would be given up."""
    try:
        parts = urlsplit(proxy)
        is_right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, a broken IPv6 address
        is_right = False
    if not is_right:
        shown = f"…@{proxy.rpartition('@')[2]}" if "@" in proxy else proxy
        raise ConfigError(f"{PREFIX}PROXY={shown}: must be an address such as http://proxy.example.org:3128.")


def _written(value: Any) -> str:
    if isinstance(value, Bucket):
        return value.url
    if isinstance(value, Path):
        return str(value.absolute())
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _hours(text: str) -> tuple[float, ...]:
    return tuple(sorted(float(part) for part in text.split(",")))


def _path(text: str) -> Path:
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as error:
        raise ConfigError(f"{text}: nobody has that home folder. Write the whole path.") from error


_READERS: Mapping[str, Callable[[str], Any]] = {
    "data": str,
    "local": _path,
    "sources": _path,
    "alerts": _path,
    "contact": str,
    "proxy": str,
    "airflow_url": str,
    "task_log": str,
    "revisit_hours": _hours,
    "batches": int,
    "threads": int,
    "hosts": int,
    "max_body_bytes": int,
    "max_bytes_a_second": int,
    "max_attempts": int,
    "max_articles": int,
    "max_articles_per_host": int,
    "rights": str,
}

_EXPECTED: Mapping[Callable[[str], Any], str] = {
    int: "a whole number, such as 8",
    float: "a number, such as 2.5",
    _hours: "hours with commas between them, such as 1,24,168",
}
_SHOWN_CHARACTERS = 40  # of a wrong value


def _read(name: str, key: str, value: str) -> Any:
    reader = _READERS.get(name, float)
    try:
        return reader(value)
    except ValueError as error:
        shown = value if len(value) <= _SHOWN_CHARACTERS else f"{value[:_SHOWN_CHARACTERS]}…"
        raise ConfigError(f"{key}={shown!r}: must be {_EXPECTED[reader]}.") from error
