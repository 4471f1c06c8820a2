from __future__ import annotations

import ipaddress
import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newshouse.errors import PermanentError
from newshouse.fetch.guard import is_public, resolve


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])
def test_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.0.1"),  # noqa: S104
        *("192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1", "fec0::1"),
        *(
            "::ffff:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:0a00:0001::1",
            "2002:7f00:0001::",
            "::10.0.0.1",
            "64:ff9b:1::1",
        ),
    ],
)
def test_everything_else_is_not(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_an_embedded_address_is_judged_like_itself(ip: ipaddress.IPv4Address) -> None:
    if not is_public(str(ip)):
        assert not is_public(f"::ffff:{ip}")
        assert not is_public(f"64:ff9b::{ip}")
        assert not is_public(str(ipaddress.IPv6Address((0x2002 << 112) | (int(ip) << 80))))


def test_of_several_addresses_only_the_public_ones_are_connected_to(names) -> None:
    names["mixed.example"] = ["10.0.0.1", "93.184.215.14"]
    assert resolve("mixed.example", 80, allow_private=False) == ["93.184.215.14"]


def test_private_ones_are_given_to_a_source_that_may(names) -> None:
    names["intranet.example"] = ["10.0.0.1"]
    assert resolve("intranet.example", 80, allow_private=True) == ["10.0.0.1"]
    with pytest.raises(PermanentError, match=r"10\.0\.0\.1.*allow_private"):
        resolve("intranet.example", 80, allow_private=False)


def test_a_resolver_that_hangs_is_left_behind(monkeypatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: released.wait(30))
    with pytest.raises(socket.gaierror, match=r"no answer in 0\.05 s"):
        resolve("harbour.example", 80, allow_private=False, limit_seconds=0.05)
    released.set()
