"""Each channel against a real server, also one that refuses, is slow, busy or away."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import re
import socket
import ssl
import threading
import traceback
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from newshouse.alerts import mail, post, slack, webhook
from newshouse.alerts.config import Channel, Email, Slack, Webhook
from newshouse.alerts.deliver import MOST_TRIES, deliver
from newshouse.alerts.message import Message, News, about_failure, about_incidents, about_nothing
from newshouse.errors import NewshouseError, PermanentError, TransientError
from newshouse.records import CheckResult
from newshouse.sources.model import Source

from .conftest import LOGIN, NOW, OpenOffice, PostOffice, Receiver, incident

EVIL = (
    "Sport\r\nBcc: all@example.org\r\n\r\n<!channel> <https://evil.example|your bank> @here & *bold* <script>x</script>"
)
SOURCE = Source("post", "The Post", "GB", "en", "Europe/London", "https://post.example", owner="ada")
CHECK = CheckResult(
    "volume_drop", "daily-0", "all", "post", "volume_drop", "history", "critical", "fail", NOW, 3.0, "9 or more"
)


def message(kind: str = "opened", **changes: Any) -> Message:
    one = incident(**changes)
    news = News("alert-1" if kind == "opened" else "alert-2", kind, one)  # type: ignore[arg-type]
    checks = {one.incident_id: [replace(CHECK, detail=changes.get("summary"))]}
    return about_incidents(
        [news], checks=checks, sources={"post": SOURCE}, dashboard="https://news.example/newshouse", now=NOW
    )


def send(channel: Channel, told: Message | None = None, **secrets: str) -> str:
    return deliver(channel, told or message(), secrets.get, lambda: NOW)


def to_slack(receiver: Receiver, told: Message | None = None) -> dict[str, Any]:
    assert send(Slack("desk", "URL"), told, URL=receiver.url) == "200 ok"
    body: dict[str, Any] = json.loads(receiver.got[-1].body)
    return body


def test_a_message_says_what_where_since_when_how_far_who_and_where_to_read_on() -> None:
    text = mail.plain(message())
    for wanted in (
        "critical: The Post (post), delivery",
        "volume_drop: 3, expected 9 or more",
        "since: 2026-11-25 06:30 UTC",
        "owner: ada",
        "https://news.example/newshouse/incidents/post0123456789ab",
    ):
        assert wanted in text


# Slack


def test_slack_gets_blocks_with_a_link(receiver: Receiver) -> None:
    body = to_slack(receiver)
    assert receiver.got[0].path == "/services/T000/B000/very-secret"
    assert body["blocks"][0]["text"] == {
        "type": "plain_text",
        "text": "critical: The Post (post), delivery",
        "emoji": False,
    }
    assert "<https://news.example/newshouse/incidents/post0123456789ab|Open it>" in json.dumps(body)


def test_foreign_text_in_slack_neither_pings_nor_links(receiver: Receiver) -> None:
    body = to_slack(receiver, message(summary=EVIL, source_id="post<!here>"))
    assert (body["parse"], body["link_names"], body["unfurl_links"]) == ("none", False, False)
    for text in (body["text"], *_mrkdwn(body["blocks"])):
        own_links_gone = text.replace("<https://news.example/", "")
        assert "<" not in own_links_gone, text
    assert "@here" not in json.dumps(body, ensure_ascii=False)
    assert all("\r" not in text and "Bcc" not in text.splitlines() for text in _mrkdwn(body["blocks"]))


def _mrkdwn(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["text"]] if node.get("type") == "mrkdwn" else []
        assert not own or node["verbatim"] is True
        return own + [text for value in node.values() for text in _mrkdwn(value)]
    return [text for item in node for text in _mrkdwn(item)] if isinstance(node, list) else []


def test_a_long_message_stays_within_what_slack_takes() -> None:
    news = [News(str(n), "opened", incident(f"s{n}", summary="x" * 5000, incident_id=f"{n:016}")) for n in range(200)]
    many = about_incidents(news, checks={}, sources={}, dashboard="https://news.example", now=NOW)
    body = slack.render(many)
    assert len(body["blocks"]) <= 50
    assert all(len(block["text"]["text"]) <= 3000 for block in body["blocks"] if "text" in block)
    assert len(body["blocks"][0]["text"]["text"]) <= 150
    assert many.title == "200 incidents, 200 of them critical"


# HTTP


def test_a_busy_server_is_asked_again(receiver: Receiver) -> None:
    receiver.answers = [(500, {}, b"oops"), (429, {"Retry-After": "0"}, b"slow down")]
    assert send(Slack("desk", "URL"), URL=receiver.url) == "200 ok"
    assert len(receiver.got) == 3


def test_a_server_that_stays_busy_is_left_for_the_next_run(receiver: Receiver) -> None:
    receiver.answers = [(503, {}, b"")] * 9
    with pytest.raises(TransientError, match=r"http_503: 127\.0\.0\.1 said 503"):
        send(Slack("desk", "URL"), URL=receiver.url)
    assert len(receiver.got) == MOST_TRIES


@pytest.mark.parametrize("wanted", ["3600", format_datetime(NOW + timedelta(hours=1))])
def test_a_server_that_asks_for_a_long_pause_is_not_asked_again(receiver: Receiver, wanted: str) -> None:
    receiver.answers = [(429, {"Retry-After": wanted}, b"")]
    with pytest.raises(TransientError) as raised:
        send(Slack("desk", "URL"), URL=receiver.url)
    assert raised.value.retry_after_seconds == 3600
    assert len(receiver.got) == 1


def test_a_refusal_is_final_and_says_what_the_server_said(receiver: Receiver) -> None:
    receiver.answers = [(404, {}, b"no_service\r\n\x1b[31m")]
    with pytest.raises(PermanentError, match=r"http_404: 127\.0\.0\.1 said 404 no_service \[31m"):
        send(Slack("desk", "URL"), URL=receiver.url)
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    "answer",
    [
        "No route for {path}",
        "no_service {upper}",
        '{{"path": "\\\\/services\\\\/T000\\\\/B000\\\\/very-secret"}}',
        "unknown token: very-secret",
        "Cannot POST {path}?key=s3%20cr3t",
        "bad key 's3 cr3t'",
    ],
)
def test_what_a_server_repeats_of_a_secret_address_is_not_told(receiver: Receiver, answer: str) -> None:
    path = "/services/T000/B000/very-secret"
    receiver.answers = [(404, {}, answer.format(path=path, upper=path.upper()).encode())]
    with pytest.raises(PermanentError, match=r"\*\*\*") as raised:
        send(Slack("desk", "URL"), URL=f"{receiver.url}?key=s3%20cr3t")
    for secret in ("very-secret", "t000", "b000", "s3 cr3t", "s3%20cr3t"):
        assert secret not in str(raised.value).lower()


def test_a_short_path_leaves_the_answer_as_it_is(receiver: Receiver) -> None:
    receiver.answers = [(404, {}, b"nothing in /in")]
    with pytest.raises(PermanentError, match="404 nothing in /in"):
        send(Webhook("pager", url=f"http://127.0.0.1:{receiver.port}/in"))


def test_a_certificate_that_nobody_vouches_for_is_named_and_not_tried_again(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    tries = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    tries.append(connection)
                    with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True):
                        pass

        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(PermanentError, match=r"encryption: 127\.0\.0\.1: self-signed certificate") as raised:
            send(Webhook("pager", url=f"https://127.0.0.1:{server.getsockname()[1]}/very-secret"))
    assert "very-secret" not in str(raised.value)
    assert len(tries) == 1


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.answers = [(307, {"Location": f"{receiver.url}/elsewhere"}, b"")]
    with pytest.raises(PermanentError, match="redirect"):
        send(Webhook("pager", url=receiver.url))
    assert len(receiver.got) == 1


def test_a_slow_server_is_not_waited_for(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "TIMEOUTS_SECONDS", (5.0, 0.3))
    receiver.delay_seconds = 1.5
    with pytest.raises(TransientError, match="timeout"):
        send(Slack("desk", "URL"), URL=receiver.url)


def test_an_answer_that_drips_is_not_read_to_its_end(receiver: Receiver) -> None:
    receiver.drip_seconds = 0.1
    receiver.answers = [(200, {}, b"o" * 600)]  # a minute
    said = send(Slack("desk", "URL"), URL=receiver.url)
    assert said.startswith("200 o")
    assert len(said) < 60


def test_a_secret_address_is_in_no_error_and_in_no_traceback(receiver: Receiver) -> None:
    closed = socket.create_server(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()
    receiver.answers = [(403, {}, b"no")]
    bad = ("http://[", f"http://127.0.0.1:{port}/very-secret", f"http://127.0.0.1:{receiver.port}/very-secret", "x:/s")
    for url in bad:
        with pytest.raises(NewshouseError) as raised:
            send(Slack("desk", "URL"), URL=url)
        assert "very-secret" not in "".join(traceback.format_exception(raised.value))


def test_a_secret_that_is_not_set_is_named() -> None:
    with pytest.raises(PermanentError, match="SLACK_URL is not set"):
        send(Slack("desk", "SLACK_URL"))


# webhook


def test_a_webhook_gets_json_with_a_signature_that_its_receiver_can_check(receiver: Receiver) -> None:
    send(Webhook("pager", url_from="URL", secret_from="KEY"), URL=receiver.url, KEY="s3cret")
    (got,) = receiver.got
    stamp, body = got.headers["X-Newshouse-Timestamp"], json.loads(got.body)
    expected = hmac.new(b"s3cret", stamp.encode() + b"." + got.body, hashlib.sha256).hexdigest()
    assert got.headers["X-Newshouse-Signature"] == f"v1={expected}"
    assert int(stamp) == int(NOW.timestamp())
    assert got.headers["X-Newshouse-Delivery"] == body["id"] == "alert-1"
    assert (body["version"], body["kind"], body["severity"]) == (1, "opened", "critical")
    (one,) = body["incidents"]
    assert (one["source_id"], one["owner"], one["cause"]) == ("post", "ada", "delivery")
    assert one["checks"] == [{"name": "volume_drop", "value": 3.0, "expected": "9 or more", "detail": None}]


def test_a_webhook_without_a_secret_is_not_signed(receiver: Receiver) -> None:
    send(Webhook("pager", url=receiver.url))
    assert "X-Newshouse-Signature" not in receiver.got[0].headers


def test_text_that_is_no_text_still_goes_out(receiver: Receiver) -> None:
    send(Webhook("pager", url=receiver.url), message(summary="half a \ud83d surrogate"))
    assert json.loads(receiver.got[0].body)["incidents"][0]["incident_id"]


# mail


def to(office: PostOffice, **changes: Any) -> Email:
    given = {"host": "127.0.0.1", "port": office.port, "security": "none", "sender": "newshouse@example.org"}
    return Email("mail", **given | {"to": ("ada@example.org", "bo@example.org")} | changes)


def test_a_mail_is_plain_and_html_and_says_who_it_is_for(open_office: OpenOffice) -> None:
    office = open_office()
    assert send(to(office)) == "accepted"
    ((recipients, got),) = office.got
    assert recipients == ["ada@example.org", "bo@example.org"]
    assert got["Subject"] == "[Newshouse] critical: The Post (post), delivery"
    assert got["List-Id"] == "Newshouse alerts <newshouse-alerts.example.org>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in got.iter_parts()] == ["text/plain", "text/html"]
    plain, html = (part.get_content() for part in got.iter_parts())
    assert "volume_drop: 3, expected 9 or more" in plain
    assert '<a href="https://news.example/newshouse/incidents/post0123456789ab">' in html


def test_foreign_text_sets_no_header_and_is_no_markup(open_office: OpenOffice) -> None:
    office = open_office()
    send(to(office), message(summary=EVIL, source_id=EVIL, cause="delivery"))
    send(to(office), about_failure("news_daily x", "fetch", f"TransientError: {EVIL}", None, now=NOW))
    for recipients, got in office.got:
        assert recipients == ["ada@example.org", "bo@example.org"]
        assert got["Bcc"] is None
        assert got.defects == []
        plain, html = (part.get_content() for part in got.iter_parts())
        assert not [line for line in plain.splitlines() if line.startswith("Bcc")]
        assert "<script" not in html
        assert "<https" not in html


def test_the_mails_of_one_incident_are_one_thread(open_office: OpenOffice) -> None:
    office = open_office()
    for kind in ("opened", "worse", "resolved"):
        send(to(office), message(kind))
    first, worse, resolved = (got for _, got in office.got)
    assert first["References"] is None
    assert worse["In-Reply-To"] == worse["References"] == resolved["References"] == first["Message-ID"]
    assert len({first["Message-ID"], worse["Message-ID"]}) == 2


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # it sees STARTTLS alone, not TLS
@pytest.mark.parametrize("tls", [True, False], ids=["tls", "starttls"])
def test_a_login_goes_over_an_encrypted_connection(
    open_office: OpenOffice, certificate: Path, monkeypatch: pytest.MonkeyPatch, tls: bool
) -> None:
    office = open_office(certificate=certificate, tls=tls)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    user, password = (part.decode() for part in LOGIN)
    channel = to(office, security="tls" if tls else "starttls", user=user, password_from="PASSWORD")
    assert send(channel, PASSWORD=password) == "accepted"
    assert office.logins == [LOGIN[0]]

    wrong = "-".join(("not", "this", "one"))  # in pieces, because a traceback quotes this file
    with pytest.raises(PermanentError, match=r"login: 127\.0\.0\.1:\d+ said 535") as raised:
        send(channel, PASSWORD=wrong)
    assert wrong not in "".join(traceback.format_exception(raised.value))
    assert len(office.got) == 1


def test_a_password_that_cannot_be_sent_is_an_error_that_does_not_show_it(
    open_office: OpenOffice, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = open_office(certificate=certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(PermanentError, match="must be ASCII"):
        send(to(office, security="starttls", user="newshouse", password_from="PASSWORD"), PASSWORD="schlüssel")


def test_names_of_a_long_domain_stay_in_one_piece(open_office: OpenOffice) -> None:
    office = open_office()
    domain = ".".join(["a-department-with-a-long-name"] * 4) + ".example"
    for told in (message(), message("worse")):
        send(to(office, sender=f"n@{domain}"), told)
    first, second = (raw.decode() for raw in office.raw)
    (name,) = re.findall(r"^Message-ID: (<\S+>)\r?$", first, re.MULTILINE)
    assert re.findall(r"^(?:References|In-Reply-To): (.+?)\r?$", second, re.MULTILINE) == [name, name]
    assert f"<newshouse-alerts.{domain}>" in first
    assert "=?" not in second


def test_a_certificate_that_nobody_vouches_for_is_refused(open_office: OpenOffice, certificate: Path) -> None:
    office = open_office(certificate=certificate)
    with pytest.raises(PermanentError, match=r"encryption: .*certificate"):
        send(to(office, security="starttls"))
    assert office.got == []


def test_a_server_without_encryption_is_refused_where_some_is_asked_for(open_office: OpenOffice) -> None:
    office = open_office()
    with pytest.raises(PermanentError, match="encryption"):
        send(to(office, security="starttls"))
    assert office.got == []


def test_a_mail_server_that_asks_to_come_later_is_tried_again_and_then_left(open_office: OpenOffice) -> None:
    office = open_office()
    office.refusal = "451 busy, try later"
    with pytest.raises(TransientError, match="said 451 busy"):
        send(to(office))


def test_a_mail_server_that_refuses_is_final(open_office: OpenOffice) -> None:
    office = open_office()
    office.refusal = "554 go away"
    with pytest.raises(PermanentError, match=r"smtp: .* said 554 go away"):
        send(to(office))


def test_one_refused_recipient_of_two_is_named_and_the_other_gets_it(open_office: OpenOffice) -> None:
    office = open_office()
    office.stranger = "bo@example.org"
    assert send(to(office)) == "accepted, except for bo@example.org"
    assert office.got[0][0] == ["ada@example.org"]
    with pytest.raises(PermanentError, match=r"recipients: .* said 550"):
        send(to(office, to=("bo@example.org",)))


def test_a_mail_server_that_is_away_or_silent_is_left_for_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        channel = Email("mail", "127.0.0.1", "n@example.org", ("a@example.org",), silent.getsockname()[1], "none")
        with pytest.raises(TransientError, match=r"connection: 127\.0\.0\.1:\d+: .*timed out"):
            send(channel)
    with pytest.raises(TransientError, match=r"connection: 127\.0\.0\.1:\d+: .*refused"):
        send(channel)


def test_a_test_message_says_that_nothing_is_wrong(receiver: Receiver) -> None:
    send(Webhook("pager", url=receiver.url), about_nothing("pager", None, now=NOW))
    assert json.loads(receiver.got[0].body)["kind"] == "test"
    assert webhook.VERSION == 1
