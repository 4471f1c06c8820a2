"""The way back: from a WARC pointer to the bytes that a server sent."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fastwarc import ArchiveIterator, WarcRecord, WarcRecordType

from newshouse.archive.content_encoding import UnknownEncodingError, decode
from newshouse.errors import StorageError

# The fetcher has already refused larger bodies; this guards archives from elsewhere.
_MAX_BODY_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ArchivedResponse:
    """One response or resource record.

    Attributes:
        url: WARC-Target-URI.
        status: None for a `resource` record.
        http_headers: in the order sent; for a `resource` record its Content-Type only.
        body: content encoding undone.
        captured_at: WARC-Date, UTC.
    """

    url: str
    status: int | None
    http_headers: list[tuple[str, str]]
    body: bytes
    captured_at: datetime

    def header(self, name: str) -> str | None:
        """The first header of this name, whatever its case; None when absent."""
        return next((value for key, value in self.http_headers if key.lower() == name.lower()), None)


def read_response(archive: Path, warc_file: str, offset: int, length: int) -> ArchivedResponse:
    """Read one `response` or `resource` record.

    Raises:
        StorageError: the file is missing, the record is damaged, or something else lies there; the message names the
            file and the offset.
    """
    where = f"{archive / warc_file} at byte {offset}"
    try:
        with (archive / warc_file).open("rb") as handle:
            handle.seek(offset)
            data = handle.read(length)
        if len(data) < length:
            raise StorageError(f"{where}: the file ends too early. Restore it from a backup.")
        for record in _records(data):
            return _response(record)
    except FileNotFoundError as error:
        raise StorageError(f"{where}: the archive file is missing. Restore it from a backup.") from error
    except (OSError, ValueError, OverflowError) as error:
        raise StorageError(f"{where}: unreadable WARC record ({error}). Restore it from a backup.") from error
    raise StorageError(f"{where}: no whole response or resource record there. Restore the file from a backup.")


def _records(data: bytes) -> Iterator[WarcRecord]:
    kinds = WarcRecordType.response | WarcRecordType.resource
    return iter(ArchiveIterator(io.BytesIO(data), record_types=kinds, parse_http=False, verify_digests=True))


def _response(record: WarcRecord) -> ArchivedResponse:
    url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    if record.record_type == WarcRecordType.resource:
        content_type = record.headers.get("Content-Type") or "application/octet-stream"
        headers = [("Content-Type", content_type)]
        return ArchivedResponse(url, None, headers, record.reader.read(), record.record_date)
    record.parse_http(auto_decode="transfer")
    headers = list(record.http_headers.to_tuples())
    raw = record.reader.read()
    encoding = ", ".join(value for name, value in headers if name.lower() == "content-encoding")
    try:
        body = decode(raw, encoding, _MAX_BODY_BYTES).body
    except UnknownEncodingError:
        body = raw
    return ArchivedResponse(url, record.http_headers.status_code, headers, body, record.record_date)
