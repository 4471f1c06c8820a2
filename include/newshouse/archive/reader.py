"""The way back: from a WARC pointer to the bytes that a server sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from newshouse.archive import raw
from newshouse.archive.content_encoding import Decoded, UnknownEncodingError, decode
from newshouse.archive.members import Target
from newshouse.archive.raw import RawRecord
from newshouse.archive.shelf import Archive, Shelf, read_bytes
from newshouse.errors import DamagedRecordError, ForgottenRecordError, StorageError

# The fetcher has already refused larger bodies; this guards archives from elsewhere.
_MAX_BODY_BYTES = 256 * 1024 * 1024
_MAX_RECORD_BYTES = 1024**3


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


def read_response(archive: Archive, warc_file: str, offset: int, length: int) -> ArchivedResponse:
    """Read one `response`, `resource` or `revisit` record; a revisit gives the body of what it refers to.

    Raises:
        StorageError: the file is missing, the record is damaged, or something else lies there; the message names the
            file and the offset.
    """
    with _naming(archive, warc_file, offset):
        record = _record(archive, warc_file, offset, length)
        if record.kind != "revisit":
            return _response(record)
        target, captured_at = _referred(record), record.captured_at
    return replace(_original(archive, target), url=record.url, captured_at=captured_at)


def find_original(archive: Archive, warc_file: str, offset: int, length: int) -> Target:
    """The record that holds the payload: the one at this place, or the one that the revisit there refers to.

    Raises:
        StorageError: as `read_response`.
    """
    with _naming(archive, warc_file, offset):
        record = _record(archive, warc_file, offset, length)
        if record.kind == "revisit":
            target = _referred(record)
        else:
            field = record.headers.get
            record_id, date, digest = (field(f"warc-{name}", "") for name in ("record-id", "date", "payload-digest"))
            return Target(record_id, record.url, date, digest, warc_file, offset, length)
    _original(archive, target)
    return target


def _original(archive: Archive, target: Target) -> ArchivedResponse:
    place = target.warc_file, target.warc_offset
    with _naming(archive, *place):
        record = _record(archive, *place, target.warc_length)
        if record.kind == "revisit":
            raise ValueError("a revisit refers to another revisit")
        return _response(record)


def _referred(record: RawRecord) -> Target:
    """What a revisit says of its original.

    Raises:
        ValueError: it does not say where that lies, as in archives from elsewhere.
    """
    field = record.headers.get
    names = ("", "-target-uri", "-date", "-filename", "-file-offset", "-file-length")
    record_id, url, date, warc_file, offset, length = (field(f"warc-refers-to{name}", "") for name in names)
    if not (warc_file and offset.isdecimal() and length.isdecimal()):
        raise ValueError(f"it refers to {url or 'another record'} without saying where that lies")
    digest = field("warc-payload-digest", "")
    return Target(record_id, url, date, digest, warc_file, int(offset), int(length))


@contextmanager
def _naming(archive: Archive, warc_file: str, offset: int) -> Iterator[None]:
    place = archive.place(warc_file) if isinstance(archive, Shelf) else archive / warc_file
    where = f"{place} at byte {offset}"
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


def _record(archive: Archive, warc_file: str, offset: int, length: int) -> RawRecord:
    path = archive / warc_file
    if not path.resolve().is_relative_to((archive / "").resolve()):
        raise ValueError("it lies outside of the archive")
    data = read_bytes(archive, warc_file, offset, length)
    if len(data) < length:
        raise EOFError
    if data.startswith(b"\x1f\x8b"):
        unpacked = decode(data, "gzip", _MAX_RECORD_BYTES)
        if unpacked.too_large or not unpacked.complete:
            raise ValueError("a damaged gzip member")
        data = unpacked.body
    record = raw.read(data)
    if record.is_forgotten:
        raise ForgottenRecordError(f"{path} at byte {offset}: this record was forgotten on purpose.")
    if record.kind not in ("response", "resource", "revisit"):
        raise ValueError(f"no response, resource or revisit but a {record.kind} record")
    return record


def _response(record: RawRecord) -> ArchivedResponse:
    captured_at = record.captured_at
    http = record.http()
    if http is None:
        headers = [("Content-Type", record.headers.get("content-type", "application/octet-stream"))]
        return ArchivedResponse(record.url, None, headers, record.block, captured_at)
    encoding = ", ".join(value for name, value in http.headers if name.lower() == "content-encoding")
    try:
        decoded = decode(http.body, encoding, _MAX_BODY_BYTES)
    except UnknownEncodingError:
        decoded = Decoded(http.body)
    if decoded.too_large:
        raise ValueError(f"its body is larger than {_MAX_BODY_BYTES} bytes")
    body = decoded.body
    return ArchivedResponse(record.url, http.status, http.headers, body, captured_at)
