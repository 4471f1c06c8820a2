"""No real publisher is asked anything before somebody can be reached about it.

Nobody owns the names that RFC 2606 reserves (the sample newsroom lives under them), this machine is one's own, and
`allow_private` says that the publisher is on one's own network: these need no contact. Everybody else does.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from newshouse.errors import ConfigError
from newshouse.settings import Settings
from newshouse.sources.model import Source

_RESERVED = re.compile(r"(?:^|[.@])(?:example|test|invalid|localhost|example\.(?:com|net|org))\.?$")
_LOOPBACK = re.compile(r"127\.[\d.]+|::1")


def require_contact(url: str, source: Source, settings: Settings) -> None:
    """Refuse to send anything to a real publisher without a contact in the User-Agent.

    Raises:
        ConfigError: no contact is set, or one that cannot be reached because its name is reserved for examples.
    """
    host = (urlsplit(url).hostname or "").lower()
    if source.allow_private or _RESERVED.search(host) or _LOOPBACK.fullmatch(host):
        return
    if not settings.contact:
        raise ConfigError(
            f"{host} is a real site, and nobody could reach you. Set NEWSHOUSE_CONTACT to an e-mail address or URL; "
            "it goes into the User-Agent of every request."
        )
    if _RESERVED.search((urlsplit(settings.contact).hostname or settings.contact).lower()):
        raise ConfigError(f"NEWSHOUSE_CONTACT={settings.contact}: this is an example. Set your own address or URL.")
