"""Real servers on loopback: HTTP and SMTP, which answer as a test asks them to."""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from newshouse.alerts import deliver, post
from newshouse.quality.incidents import Event, Incident
from newshouse.settings import Settings

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
LOGIN = (b"newshouse", b"correct horse")


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "BACKOFF_SECONDS", 0.001)
    monkeypatch.setattr(post, "ANSWER_SECONDS", 0.3)


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """An HTTP server that answers the first requests with `answers`, and all later ones with 200 ok."""

    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    delay_seconds: float = 0.0
    drip_seconds: float = 0.0
    got: list[Request] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/services/T000/B000/very-secret"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    state = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.got.append(Request(self.path, dict(self.headers), body))
            time.sleep(state.delay_seconds)
            status, headers, answer = state.answers.pop(0) if state.answers else (200, {}, b"ok")
            with contextlib.suppress(OSError):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                for byte in answer:
                    self.wfile.write(bytes([byte]))
                    time.sleep(state.drip_seconds)

        do_GET = do_POST  # noqa: N815 -- http.server's name

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()


@dataclass
class PostOffice:
    """An SMTP server that keeps what it accepts.

    `refusal` answers DATA, or mails that hold `dislikes`; `stranger` RCPT of that address.
    """

    port: int
    got: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    refusal: str | None = None
    dislikes: str | None = None
    stranger: str | None = None
    logins: list[bytes] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address == self.stranger:
            return "550 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 -- the same
        if self.refusal:
            return self.refusal
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        if self.dislikes and self.dislikes in str(message.get_body()):
            return "554 5.7.1 this looks like spam"
        self.got.append((list(envelope.rcpt_tos), message))
        self.raw.append(envelope.content)
        return "250 ok"

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login)
        return AuthResult(success=(data.login, data.password) == LOGIN, handled=False)


class _OnAnyPort(Controller):
    """Its first greeting would else be asked of port 0."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


OpenOffice = Callable[..., PostOffice]


@pytest.fixture
def open_office() -> Iterator[OpenOffice]:
    """Start an SMTP server: plain, with STARTTLS and a login, or encrypted from the first byte."""
    running: list[Controller] = []

    def start(*, certificate: Path | None = None, tls: bool = False) -> PostOffice:
        office = PostOffice(0)
        options: dict[str, Any] = {}
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            options = {"ssl_context": context} if tls else {"tls_context": context, "require_starttls": True}
            options |= {"authenticator": office.authenticate, "auth_required": True, "auth_require_tls": not tls}
        controller = _OnAnyPort(office, hostname="127.0.0.1", port=0, **options)
        controller.start()
        running.append(controller)
        office.port = controller.port
        return office

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 that signs itself."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    today = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "loopback.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


def incident(source_id: str | None = "post", **changes: Any) -> Incident:
    """An incident that has just opened."""
    given = {
        "incident_id": f"{source_id if source_id == 'post' else 'batch'}0123456789abcd"[:16],
        "source_id": source_id,
        "cause": "delivery",
        "status": "open",
        "severity": "critical",
        "summary": "volume_drop: 3, expected 9 or more",
        "check_names": ("volume_drop",),
        "days": 1,
        "opened_at": NOW,
        "opened_run_id": "daily-0",
        "last_failed_at": NOW,
        "last_run_id": "daily-0",
        "events": (Event(NOW, "newshouse", "open", "volume_drop: 3, expected 9 or more"),),
    }
    return Incident(**given | changes)


@pytest.fixture
def clocked(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings whose clock stands at NOW."""
    monkeypatch.setattr(Settings, "now", lambda _self: NOW)
    return settings
