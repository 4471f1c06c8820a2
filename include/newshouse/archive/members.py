"""Build WARC 1.1 records (ISO 28500:2017) as bytes, one gzip member each."""

from __future__ import annotations

import base64
import hashlib
import uuid
import zlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal

from newshouse import __version__
from newshouse.archive.exchange import Exchange, Headers

_GZIP = 16  # added to the bits of the window
_COMPRESSION = 6  # 9 takes twice as long for one percent
_RECOMPRESSION = 1  # what came compressed does not get smaller, however long one tries
_LINE_BREAKS = str.maketrans({"\r": " ", "\n": " ", "\x00": " "})
# Bodies are stored without their transfer encoding, so a reader must not find the header that promises it.
_RENAMED = {"transfer-encoding": "X-Archive-Orig-Transfer-Encoding"}
_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"  # WARC 1.1, 6.7
Profile = Literal["identical-payload-digest", "server-not-modified"]


@dataclass(frozen=True, slots=True)
class Record:
    """A record, ready to be appended to a file.

    Attributes:
        data: one gzip member.
        record_id: ``<urn:uuid:…>``, for the records that go with it.
    """

    data: bytes
    record_id: str


@dataclass(frozen=True, slots=True)
class Target:
    """The record that a revisit refers to: it holds the payload.

    Attributes:
        date: its WARC-Date, as written there.
        payload_digest: its WARC-Payload-Digest.
        warc_file: relative to the archive folder, as in `Capture`.
        warc_offset, warc_length: bytes.
    """

    record_id: str
    url: str
    date: str
    payload_digest: str
    warc_file: str
    warc_offset: int
    warc_length: int


@lru_cache(256)  # all records of an exchange bear the same
def warc_date(moment: datetime) -> str:
    """ISO 8601 in UTC with microseconds, as WARC 1.1 allows."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def payload_digest(payload: bytes) -> str:
    """As WARC files say it by custom: ``sha1:`` and Base32."""
    return "sha1:" + base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()


def warcinfo(file_name: str, moment: datetime) -> Record:
    """The record that opens a file: who wrote it."""
    text = f"software: Newshouse/{__version__}\r\nformat: WARC File Format 1.1\r\n"
    return _record("warcinfo", moment, {"WARC-Filename": file_name}, text.encode(), "application/warc-fields")


def response(exchange: Exchange) -> Record:
    """The response record of an exchange."""
    headers = _of(exchange) | {
        "WARC-Truncated": exchange.truncated,
        "WARC-Payload-Digest": payload_digest(exchange.body),
    }
    level = _RECOMPRESSION if exchange.header("Content-Encoding") else _COMPRESSION
    block = _status(exchange) + exchange.body
    return _record("response", exchange.requested_at, headers, block, _HTTP_RESPONSE, level)


def revisit(exchange: Exchange, target: Target, profile: Profile) -> Record:
    """A response whose payload is in the archive already: its headers, and where the payload lies.

    The last three fields are an extension (WARC 1.1, 5: "may be extended"); Heritrix writes the first two likewise.
    """
    headers = _of(exchange) | {
        "WARC-Profile": _PROFILE + profile,
        "WARC-Payload-Digest": target.payload_digest,
        "WARC-Refers-To": target.record_id,
        "WARC-Refers-To-Target-URI": target.url,
        "WARC-Refers-To-Date": target.date,
        "WARC-Refers-To-Filename": target.warc_file,
        "WARC-Refers-To-File-Offset": str(target.warc_offset),
        "WARC-Refers-To-File-Length": str(target.warc_length),
    }
    return _record("revisit", exchange.requested_at, headers, _status(exchange), _HTTP_RESPONSE)


def request(exchange: Exchange, response_id: str) -> Record:
    """The request record that belongs to a response."""
    headers = {"WARC-Target-URI": exchange.url, "WARC-Concurrent-To": response_id}
    block = _head(f"GET {exchange.request_target} HTTP/1.1", exchange.request_headers)
    return _record("request", exchange.requested_at, headers, block, "application/http; msgtype=request")


def metadata(url: str, moment: datetime, response_id: str, json_text: str) -> Record:
    """What was known of the URL before it was fetched."""
    headers = {"WARC-Target-URI": url, "WARC-Concurrent-To": response_id}
    return _record("metadata", moment, headers, json_text.encode(), "application/json")


def resource(url: str, moment: datetime, body: bytes, content_type: str) -> Record:
    """A file that came without HTTP."""
    headers = {"WARC-Target-URI": url, "WARC-Payload-Digest": payload_digest(body)}
    return _record("resource", moment, headers, body, content_type)


_HTTP_RESPONSE = "application/http; msgtype=response"


def _of(exchange: Exchange) -> dict[str, str | None]:
    return {"WARC-Target-URI": exchange.url, "WARC-IP-Address": exchange.ip_address}


def _status(exchange: Exchange) -> bytes:
    line = f"{exchange.http_version} {exchange.status} {exchange.reason}".strip()
    return _head(line, exchange.headers)


def _head(start_line: str, headers: Headers) -> bytes:
    """Headers as they came but for line breaks. They were read as Latin-1, so the bytes are the server's own."""
    lines = [start_line.translate(_LINE_BREAKS)]
    lines += [f"{_RENAMED.get(name.lower(), name)}: {value.translate(_LINE_BREAKS)}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def _record(
    kind: str,
    moment: datetime,
    headers: dict[str, str | None] | dict[str, str],
    block: bytes,
    content_type: str,
    level: int = _COMPRESSION,
) -> Record:
    record_id = f"<urn:uuid:{uuid.uuid4()}>"
    first = {"WARC-Type": kind, "WARC-Record-ID": record_id, "WARC-Date": warc_date(moment)}
    last = {
        "WARC-Block-Digest": payload_digest(block),
        "Content-Type": content_type,
        "Content-Length": str(len(block)),
    }
    fields = (first | headers | last).items()
    lines = [f"{name}: {value.translate(_LINE_BREAKS)}" for name, value in fields if value is not None]
    head = "\r\n".join(["WARC/1.1", *lines, "", ""]).encode("utf-8", "replace")
    return Record(_packed(head + block + b"\r\n\r\n", level), record_id)


def _packed(data: bytes, level: int) -> bytes:
    """One gzip member. A window larger than the data finds nothing more, and costs ten times what a request takes."""
    bits = min(max(len(data).bit_length(), 10), zlib.MAX_WBITS)
    packer = zlib.compressobj(level, zlib.DEFLATED, bits | _GZIP, bits - 7)
    return packer.compress(data) + packer.flush()
