"""Names, addresses and certificates that cannot be trusted."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from newshouse.fetch import guard

from .web import Web, answer

DAY = datetime.timedelta(days=1)
Authority = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def certificate(
    name: str, days: tuple[int, int], signer: Authority | None = None, alternative: x509.GeneralName | None = None
) -> Authority:
    """A certificate valid between two days from now; signed by itself unless told otherwise."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer[0].subject if signer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + days[0] * DAY)
        .not_valid_after(now + days[1] * DAY)
        .add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
    )
    if alternative is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
    return builder.sign(signer[1] if signer else key, hashes.SHA256()), key


@pytest.fixture
def serve_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Web]]:
    """A TLS web with a certificate from an authority that we trust."""
    authority = certificate("Harbour Authority", (-9, 99))
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes(authority[0].public_bytes(serialization.Encoding.PEM))
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(trusted))
    opened: list[Web] = []

    def serve(days=(-1, 9), address="127.0.0.1", signed=True, versions=None) -> Web:
        subject = x509.IPAddress(ip_address(address))
        cert, key = certificate("harbour.example", days, authority if signed else None, subject)
        pem = tmp_path / f"{len(opened)}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        pem.write_bytes(private + cert.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        if versions:
            context.minimum_version, context.maximum_version = versions
        opened.append(Web(context))
        opened[-1].routes["/a"] = answer(b"<p>safe</p>")
        return opened[-1]

    yield serve
    for web in opened:
        web.close()


@pytest.fixture
def outcome_of(make_fetcher, source) -> Callable[[str], str]:
    return lambda url: make_fetcher().get(url, source=source, purpose="article").outcome


# --- TLS


def test_a_good_certificate_is_accepted(serve_tls, outcome_of) -> None:
    assert outcome_of(f"{serve_tls().url}/a") == "fetched"


@pytest.mark.parametrize(
    "fault",
    [{"days": (-9, -1)}, {"days": (1, 9)}, {"address": "127.0.0.2"}, {"signed": False}],
    ids=["expired", "not yet valid", "of another host", "signed by itself"],
)
def test_a_bad_certificate_is_a_tls_error_and_nothing_is_sent(serve_tls, outcome_of, fault) -> None:
    web = serve_tls(**fault)
    assert outcome_of(f"{web.url}/a") == "tls_error"
    assert web.requests == []


def test_plain_http_where_tls_should_be_is_a_tls_error(web, outcome_of) -> None:
    web.routes["/a"] = answer()
    assert outcome_of(f"https://127.0.0.1:{web.port}/a") == "tls_error"


def test_a_redirect_from_tls_to_a_bad_certificate_is_not_followed(serve_tls, outcome_of) -> None:
    good, bad = serve_tls(), serve_tls(days=(-9, -1))
    good.routes["/a"] = answer(b"", "302 Found", Location=f"{bad.url}/a")
    assert outcome_of(f"{good.url}/a") == "tls_error"
    assert bad.requests == []


def test_a_server_that_falls_silent_in_the_handshake_is_a_timeout(outcome_of) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert outcome_of(f"https://127.0.0.1:{listener.getsockname()[1]}/a") in ("timeout", "robots_unavailable")


def test_a_port_where_nobody_listens_is_refused(outcome_of) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert outcome_of(f"http://127.0.0.1:{port}/a") == "connection_refused"


# --- names


def test_a_resolver_that_changes_its_mind_does_not_lead_inside(web, make_fetcher, source, names, monkeypatch) -> None:
    """Rebinding: public when it is checked, loopback when it is connected to. There is only one question."""
    monkeypatch.setattr(guard, "is_public", lambda address: address == "192.0.2.1")
    names["rebind.example"] = [["127.0.0.1"]]
    web.routes["/a"] = answer()
    capture = make_fetcher().get(
        f"http://rebind.example:{web.port}/a", source=replace(source, allow_private=False), purpose="article"
    )
    assert (capture.outcome, web.requests) == ("private_address", [])


def test_every_new_connection_is_checked_again(web, make_fetcher, source, names, monkeypatch) -> None:
    public = iter([True])
    monkeypatch.setattr(guard, "is_public", lambda address: bool(ip_address(address)) and next(public, False))
    names["rebind.example"] = [["127.0.0.1"]]
    web.routes |= {"/a": answer(), "/b": answer()}
    fetcher, outside = make_fetcher(), replace(source, allow_private=False)
    captures = [
        fetcher.get(f"http://rebind.example:{web.port}{path}", source=outside, purpose="robots")
        for path in ("/a", "/b")
    ]
    assert [capture.outcome for capture in captures] == ["fetched", "private_address"]


def test_of_a_public_and_a_private_address_only_the_public_one_is_used(names) -> None:
    names["both.example"] = [["10.0.0.1", "93.184.215.14"]]
    assert guard.resolve("both.example", 80, allow_private=False) == ["93.184.215.14"]


def test_a_second_address_is_tried_when_the_first_is_dead(web, make_fetcher, source, names) -> None:
    names["two.example"] = [["127.0.0.99", "127.0.0.1"]]
    web.routes["/a"] = answer()
    url = f"http://two.example:{web.port}/a"
    assert make_fetcher().get(url, source=source, purpose="article").outcome == "fetched"


@pytest.mark.parametrize("host", ["no-such-host.example", "a..example", f"{'a' * 64}.example", "xn--a.example"])
def test_a_name_that_does_not_resolve_is_a_dns_failure_or_no_url(make_fetcher, source, monkeypatch, host) -> None:
    def unknown(*args: object, **kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    capture = make_fetcher().get(f"http://{host}/a", source=source, purpose="article")
    assert capture.outcome in ("dns_failure", "bad_url")


def test_a_name_in_another_script_reaches_its_host(web, make_fetcher, source, names) -> None:
    names["xn--brcke-lva.example"] = [["127.0.0.1"]]
    web.routes["/a"] = answer()
    capture = make_fetcher().get(f"http://Brücke.example:{web.port}/a", source=source, purpose="article")
    assert (capture.outcome, capture.host) == ("fetched", f"xn--brcke-lva.example:{web.port}")


def test_an_ipv6_host_is_reached(make_fetcher, source) -> None:
    try:
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6")

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(answer())

    threading.Thread(target=serve, daemon=True).start()
    capture = make_fetcher().get(f"http://[::1]:{listener.getsockname()[1]}/a", source=source, purpose="article")
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    assert capture.outcome == "fetched"


# --- a proxy


def test_a_proxy_that_is_down_says_nothing_about_the_publisher(make_fetcher, source) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    fetcher = make_fetcher(proxy=f"http://127.0.0.1:{port}")
    assert fetcher.get("http://harbour.example/a", source=source, purpose="article").outcome != "connection_refused"


def test_a_proxy_never_sees_a_private_address(web, make_fetcher, source) -> None:
    outside = replace(source, allow_private=False)
    fetcher = make_fetcher(proxy=web.url)
    capture = fetcher.get("http://169.254.169.254/latest", source=outside, purpose="article")
    assert (capture.outcome, web.requests) == ("private_address", [])
