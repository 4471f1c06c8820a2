"""The way back: from a WARC pointer to the bytes that a server sent."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from fastwarc import ArchiveIterator, WarcRecord, WarcRecordType

from newshouse.archive.content_encoding import UnknownEncodingError, decode
from newshouse.archive.members import Target
from newshouse.errors import DamagedRecordError, StorageError

# The fetcher has already refused larger bodies; this guards archives from elsewhere.
_MAX_BODY_BYTES = 256 * 1024 * 1024
_KINDS = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.revisit


@dataclass(frozen=True, slots=True)
class ArchivedResponse:
    """One response, resource or revisit record.

    Attributes:
        url: WARC-Target-URI.
        status: None for a `resource` record.
        http_headers: in the order sent; for a `resource` record its Content-Type only.
        body: content encoding undone.
        captured_at: WARC-Date, UTC. A revisit has the URL and the time of its own, the rest from what it refers to.
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
    """Read one `response`, `resource` or `revisit` record; a revisit gives the body of what it refers to.

    Raises:
        StorageError: the file is missing, the record is damaged, or something else lies there; the message names the
            file and the offset.
    """
    with _naming(archive, warc_file, offset):
        record = _record(archive, warc_file, offset, length)
        if record.record_type != WarcRecordType.revisit:
            return _response(record)
        target = _referred(record)
        url, captured_at = target_uri(record), record.record_date
    return replace(_original(archive, target), url=url, captured_at=captured_at)


def find_original(archive: Path, warc_file: str, offset: int, length: int) -> Target:
    """The record that holds the payload: the one at this place, or the one that the revisit there refers to.

    Raises:
        StorageError: as `read_response`.
    """
    with _naming(archive, warc_file, offset):
        record = _record(archive, warc_file, offset, length)
        if record.record_type == WarcRecordType.revisit:
            target = _referred(record)
        else:
            record_id, date = record.headers.get("WARC-Record-ID") or "", record.headers.get("WARC-Date") or ""
            payload_digest = record.headers.get("WARC-Payload-Digest") or ""
            return Target(record_id, target_uri(record), date, payload_digest, warc_file, offset, length)
    _original(archive, target)
    return target


def target_uri(record: WarcRecord) -> str:
    """WARC-Target-URI without the angle brackets that some writers put around it."""
    return (record.headers.get("WARC-Target-URI") or "").strip("<>")


def _original(archive: Path, target: Target) -> ArchivedResponse:
    place = target.warc_file, target.warc_offset
    with _naming(archive, *place):
        record = _record(archive, *place, target.warc_length)
        if record.record_type == WarcRecordType.revisit:
            raise ValueError("a revisit refers to another revisit")
        return _response(record)


def _referred(record: WarcRecord) -> Target:
    """What a revisit says of its original.

    Raises:
        ValueError: it does not say where that lies, as in archives from elsewhere.
    """
    field = record.headers.get
    names = ("", "-Target-URI", "-Date", "-Filename", "-File-Offset", "-File-Length")
    record_id, url, date, warc_file, offset, length = (field(f"WARC-Refers-To{name}") or "" for name in names)
    if not (warc_file and offset.isdecimal() and length.isdecimal()):
        raise ValueError(f"it refers to {url or 'another record'} without saying where that lies")
    digest = field("WARC-Payload-Digest") or ""
    return Target(record_id, url, date, digest, warc_file, int(offset), int(length))


@contextmanager
def _naming(archive: Path, warc_file: str, offset: int) -> Iterator[None]:
    where = f"{archive / warc_file} at byte {offset}"
    try:
        yield
    except FileNotFoundError as error:
        raise StorageError(f"{where}: the archive file is missing. Restore it from a backup.") from error
    except EOFError as error:
        raise DamagedRecordError(f"{where}: the file ends too early. Restore it from a backup.") from error
    except (OSError, ValueError, OverflowError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # the disk speaks, not the record
            raise StorageError(f"{where}: {error.strerror}. Is the archive mounted, and yours to read?") from error
        raise DamagedRecordError(f"{where}: unreadable WARC record ({error}). Restore it from a backup.") from error


def _record(archive: Path, warc_file: str, offset: int, length: int) -> WarcRecord:
    path = archive / warc_file
    if not path.resolve().is_relative_to(archive.resolve()):
        raise ValueError("it lies outside of the archive")
    with path.open("rb") as handle:
        handle.seek(offset)
        data = handle.read(length)
    if len(data) < length:
        raise EOFError
    for record in ArchiveIterator(io.BytesIO(data), record_types=_KINDS, parse_http=False, verify_digests=True):
        return record
    raise ValueError("no whole response, resource or revisit record there")


def _response(record: WarcRecord) -> ArchivedResponse:
    url = target_uri(record)
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
