"""Build WARC 1.1 records (ISO 28500:2017) as bytes, one gzip member each."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newshouse import __version__
from newshouse.archive.exchange import Exchange, Headers

_LINE_BREAKS = str.maketrans({"\r": " ", "\n": " ", "\x00": " "})
# Bodies are stored without their transfer encoding, so a reader must not find the header that promises it.
_RENAMED = {"transfer-encoding": "X-Archive-Orig-Transfer-Encoding"}


class _RawHead(StatusAndHeaders):  # type: ignore[misc]  # warcio ships no types
    """Headers as they came: warcio alone would percent-encode whatever is not ASCII."""

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        lines = [f"{self.protocol} {self.statusline}", *(f"{name}: {value}" for name, value in self.headers)]
        self.headers_buff = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def warc_date(moment: datetime) -> str:
    """ISO 8601 in UTC with microseconds, as WARC 1.1 allows."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _record(
    kind: str,
    url: str,
    payload: bytes,
    warc_headers: Mapping[str, str | None],
    *,
    content_type: str = "",
    http: _RawHead | None = None,
) -> tuple[bytes, str]:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="WARC/1.1")
    record = writer.create_warc_record(
        url,
        kind,
        payload=io.BytesIO(payload),
        length=len(payload),
        warc_content_type=content_type,
        warc_headers_dict={name: value for name, value in warc_headers.items() if value is not None},
        http_headers=http,
    )
    writer.write_record(record)
    return buffer.getvalue(), record.rec_headers.get_header("WARC-Record-ID")


def _head(start_line: str, protocol: str, headers: Headers) -> _RawHead:
    clean = [(_RENAMED.get(name.lower(), name), value.translate(_LINE_BREAKS)) for name, value in headers]
    return _RawHead(start_line.translate(_LINE_BREAKS), clean, protocol=protocol)


def warcinfo(file_name: str, moment: datetime) -> bytes:
    """The record that opens a file: who wrote it."""
    text = f"software: Newshouse/{__version__}\r\nformat: WARC File Format 1.1\r\n"
    headers = {"WARC-Date": warc_date(moment), "WARC-Filename": file_name}
    return _record("warcinfo", "", text.encode(), headers, content_type="application/warc-fields")[0]


def response(exchange: Exchange) -> tuple[bytes, str]:
    """The response record, and its record id for those that go with it."""
    headers = {
        "WARC-Date": warc_date(exchange.requested_at),
        "WARC-IP-Address": exchange.ip_address,
        "WARC-Truncated": exchange.truncated,
    }
    http = _head(f"{exchange.status} {exchange.reason}".strip(), exchange.http_version, exchange.headers)
    return _record("response", exchange.url, exchange.body, headers, http=http)


def request(exchange: Exchange, response_id: str) -> bytes:
    """The request record that belongs to a response."""
    headers = {"WARC-Date": warc_date(exchange.requested_at), "WARC-Concurrent-To": response_id}
    http = _head(f"{exchange.request_target} HTTP/1.1", "GET", exchange.request_headers)
    return _record("request", exchange.url, b"", headers, http=http)[0]


def metadata(url: str, moment: datetime, response_id: str, json_text: str) -> bytes:
    """What was known of the URL before it was fetched."""
    headers = {"WARC-Date": warc_date(moment), "WARC-Concurrent-To": response_id}
    return _record("metadata", url, json_text.encode(), headers, content_type="application/json")[0]


def resource(url: str, moment: datetime, body: bytes, content_type: str) -> bytes:
    """A file that came without HTTP."""
    return _record("resource", url, body, {"WARC-Date": warc_date(moment)}, content_type=content_type)[0]
