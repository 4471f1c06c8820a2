"""Keep the fetcher out of private networks: a page or a redirect must not make it read an intranet.

The check is made on the very address that is connected to, so a name cannot resolve to one thing for the check and
to another for the connection.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from typing import Any
from urllib.parse import urlsplit

from newshouse.errors import PermanentError
from newshouse.fetch.outcomes import PRIVATE_ADDRESS

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Private too, though the standard library says global: IPv4-compatible, local NAT64 and site-local addresses.
_ALSO_PRIVATE = tuple(ipaddress.ip_network(network) for network in ("::/96", "64:ff9b:1::/48", "fec0::/10"))
_INTERNAL_SUFFIXES = (".localhost", ".local", ".internal", ".home.arpa")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """Whether an IP address is on the open internet; so are the addresses that it embeds."""
    ip = ipaddress.ip_address(address)
    return not any(ip in network for network in _ALSO_PRIVATE) and all(
        one.is_global and not one.is_multicast for one in (ip, *_embedded(ip))
    )


def _embedded(ip: Address) -> list[Address]:
    """IPv4 addresses inside an IPv6 one: a gateway would connect to those."""
    if ip.version == 4:
        return []
    inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in _NAT64:
        inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return [address for address in inner if address is not None]


def resolve(host: str, port: int, *, allow_private: bool, limit_seconds: float = 30.0) -> list[str]:
    """The addresses of a host that may be connected to.

    Raises:
        PermanentError: `private_address`, all of them are private.
        socket.gaierror: the name does not resolve, or not in time.
    """
    found = _look_up(host.strip("[]"), port, limit_seconds)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    allowed = [address for address in addresses if allow_private or is_public(address)]
    if not allowed:
        raise _refusal(host, ", ".join(addresses))
    return allowed


def _look_up(host: str, port: int, limit_seconds: float) -> list[Any]:
    """`getaddrinfo` cannot be told to hurry, so it runs in a thread that is left behind when it does not."""
    box: queue.SimpleQueue[list[Any] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            box.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            box.put(error)

    threading.Thread(target=ask, name=f"dns {host}", daemon=True).start()
    try:
        found = box.get(timeout=min(limit_seconds, threading.TIMEOUT_MAX))
    except queue.Empty:
        raise socket.gaierror(socket.EAI_AGAIN, f"no answer in {limit_seconds:.3g} s") from None
    if isinstance(found, Exception):
        raise found
    return found


def check_target(url: str, *, allow_private: bool) -> None:
    """Refuse what can be told from the URL alone; through a proxy, which resolves names itself, that is all we see.

    Raises:
        PermanentError: `private_address`.
    """
    host = (urlsplit(url).hostname or "").rstrip(".")
    if allow_private:
        return
    if host == "localhost" or host.endswith(_INTERNAL_SUFFIXES):
        raise _refusal(host, "a name of this machine or network")
    try:
        public = is_public(host)
    except ValueError:
        return
    if not public:
        raise _refusal(host, host)


def _refusal(host: str, what: str) -> PermanentError:
    return PermanentError(
        PRIVATE_ADDRESS,
        f"{host} is not on the open internet ({what}). Set allow_private in the source if it should be.",
    )
