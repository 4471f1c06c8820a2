"""The WARC file and the journal of one stage of one batch. Kill the writer anywhere: what it finished stays.

Order of writing: the WARC records, then one journal line, both unbuffered. On opening, a torn journal line is
dropped and the WARC file is cut back to where the last whole line says it ended: both tell the same story.

A file that has grown to `ROTATE_BYTES` is followed by the next one: `x.warc.gz`, `x-001.warc.gz`, `x-002.warc.gz`, …
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from io import FileIO
from pathlib import Path
from types import TracebackType

from newshouse.archive import journal as journal_file
from newshouse.archive import members
from newshouse.archive.exchange import Exchange
from newshouse.archive.revisits import answer
from newshouse.errors import StorageError
from newshouse.files import storage_errors, sync
from newshouse.ids import digest
from newshouse.records import Candidate, Capture, Original

ROTATE_BYTES = 1_000_000_000  # WARC 1.1, annex C: files of 1 GB at most are easy to handle


class Ledger:
    """Append-only store of exchanges. Thread-safe; one process at a time.

    Attributes:
        archive: the folder that `Capture.warc_file` is relative to.
    """

    def __init__(self, archive: Path, warc: Path, journal: Path) -> None:
        self.archive = archive
        self._first_path, self._warc_path, self._journal_path = warc, warc, journal
        self._number = 0
        self._lock = threading.RLock()
        self._captures: dict[str, Capture] = {}
        self._waits: dict[str, datetime] = {}
        self._warc_end = self._journal_end = 0
        self._journal = self._open_locked(journal)
        try:
            self._warc = self._recover()
        except BaseException:
            self._journal.close()
            raise

    @classmethod
    def open(cls, *, archive: Path, warc: Path, journal: Path) -> Ledger:
        """Open or create, healing what a crash left behind.

        Raises:
            StorageError: not writable, another process writes it, or the journal is damaged in its middle.
        """
        with storage_errors(journal):
            journal.parent.mkdir(parents=True, exist_ok=True)
        with storage_errors(warc):
            warc.parent.mkdir(parents=True, exist_ok=True)
        return cls(archive, warc, journal)

    def find(self, fetch_id: str) -> Capture | None:
        """The exchange of this id, if it is finished."""
        with self._lock:
            return self._captures.get(fetch_id)

    def captures(self) -> list[Capture]:
        """All exchanges in the order they were finished."""
        with self._lock:
            return list(self._captures.values())

    def waits(self) -> dict[str, datetime]:
        """Hosts that asked to be left alone, and until when (UTC), also before a crash."""
        with self._lock:
            return dict(self._waits)

    def note_wait(self, host: str, until: datetime) -> None:
        """Remember what a host asked for before its exchange is finished: a crash must not make us impolite.

        Raises:
            StorageError: as `record`.
        """
        with self._lock:
            self._append(journal_file.wait_line(host, until))
            self._waits[host] = until

    @property
    def _warc_name(self) -> str:
        return self._warc_path.relative_to(self.archive).as_posix()

    def record(
        self,
        capture: Capture,
        exchanges: Sequence[Exchange] = (),
        candidate: Candidate | None = None,
        original: Original | None = None,
    ) -> Capture:
        """Store an exchange: a request and response record a hop, then what was known of the URL.

        Args:
            capture: without its WARC pointer.
            exchanges: the hops, the last one is the answer; empty when no response came.
            candidate: kept as a metadata record.
            original: the last hop says that this capture's payload has not changed; it is not stored again then.

        Returns:
            The capture with its WARC pointer. When the id is already here, the first one: an exchange happens once.

        Raises:
            StorageError: the disk is full, read-only or broken; nothing of this exchange stays.
        """
        with self._lock:
            if known := self._captures.get(capture.fetch_id):
                return known
            writing = self._begin(capture)
            for hop in exchanges:
                record = answer(self.archive, hop, original if hop is exchanges[-1] else None)
                writing.point_at(record)
                writing.add(members.request(hop, record.record_id))
            if exchanges and candidate:
                text = json.dumps(_shown(candidate), default=str, ensure_ascii=False)
                writing.add(members.metadata(hop.url, hop.requested_at, record.record_id, text))
            return self._commit(writing)

    def record_resource(
        self, capture: Capture, body: bytes, *, content_type: str, target: str | None = None
    ) -> Capture:
        """Store an imported file as a `resource` record.

        Args:
            capture: without WARC pointer, size and digest.
            body: the file's bytes.
            content_type: its media type.
            target: URI of the record; default ``urn:sha256:…`` of the bytes.

        Raises:
            StorageError: as `record`.
        """
        payload_digest = digest(body)
        capture = replace(capture, body_bytes=len(body), payload_digest=payload_digest, content_type=content_type)
        with self._lock:
            if known := self._captures.get(capture.fetch_id):
                return known
            writing = self._begin(capture)
            writing.point_at(
                members.resource(target or f"urn:{payload_digest}", capture.requested_at, body, content_type)
            )
            return self._commit(writing)

    def close(self) -> None:
        """Sync both files to the disk and let another process open them."""
        with self._lock, storage_errors(self._warc_path):
            for handle in (self._warc, self._journal):
                if not handle.closed:
                    os.fsync(handle.fileno())
                    handle.close()
            sync(self._warc_path.parent)
            sync(self._journal_path.parent)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open_locked(self, path: Path) -> FileIO:
        with storage_errors(path):
            handle = FileIO(path, "ab")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.close()
            raise StorageError(f"{path}: another process is writing it. Wait for it, or end it first.") from error
        return handle

    def _recover(self) -> FileIO:
        with storage_errors(self._first_path):
            for entry in journal_file.read(self._journal_path):
                if isinstance(entry, journal_file.Wait):
                    self._waits[entry.host], self._journal_end = entry.until, entry.line_end
                    continue
                path = self.archive / entry.warc_name
                if path in (self._warc_path, following := self._numbered(self._number + 1)):
                    # A power cut may keep the journal's last lines and lose the WARC's: those are fetched again.
                    if entry.warc_end > (path.stat().st_size if path.exists() else 0):
                        break
                    self._number += path == following
                    self._warc_path, self._warc_end = path, entry.warc_end
                self._journal_end = entry.line_end
                self._captures[entry.capture.fetch_id] = entry.capture
            self._journal.truncate(self._journal_end)
            self._numbered(self._number + 1).unlink(missing_ok=True)  # begun, and nothing in it was finished
            warc = FileIO(self._warc_path, "ab")
            warc.truncate(self._warc_end)
        return warc

    def _numbered(self, number: int) -> Path:
        stem = self._first_path.name.removesuffix(".warc.gz")
        return self._first_path.with_name(f"{stem}-{number:03d}.warc.gz") if number else self._first_path

    def _begin(self, capture: Capture) -> _Writing:
        """Start an exchange, in the next file when this one is full. All its records lie in one file."""
        if self._warc_end >= ROTATE_BYTES:
            with storage_errors(self._warc_path):
                following = FileIO(self._numbered(self._number + 1), "wb")
                os.fsync(self._warc.fileno())
                self._warc.close()
            self._number += 1
            self._warc, self._warc_path, self._warc_end = following, self._numbered(self._number), 0
        return _Writing(self._warc_name, self._warc_end, capture)

    def _commit(self, writing: _Writing) -> Capture:
        warc_end = self._warc_end + len(writing.records)
        try:
            with storage_errors(self._warc_path):
                _write_all(self._warc, writing.records)
            self._append(journal_file.to_line(writing.capture, self._warc_name, warc_end))
        except BaseException:
            self._warc.truncate(self._warc_end)
            raise
        self._warc_end = warc_end
        self._captures[writing.capture.fetch_id] = writing.capture
        return writing.capture

    def _append(self, line: bytes) -> None:
        try:
            with storage_errors(self._journal_path):
                _write_all(self._journal, line)
        except BaseException:
            self._journal.truncate(self._journal_end)
            raise
        self._journal_end += len(line)


class _Writing:
    """The records of one exchange on their way to the end of the file."""

    def __init__(self, warc_name: str, start: int, capture: Capture) -> None:
        self.capture = capture
        self.records = bytearray()
        self._name, self._start = warc_name, start

    def add(self, record: members.Record) -> None:
        """Append a record; the first record of a file is its warcinfo."""
        if self._start == 0 and not self.records:
            self.records += members.warcinfo(self._name.rpartition("/")[2], self.capture.requested_at).data
        self.records += record.data

    def point_at(self, record: members.Record) -> None:
        """Append a record and let the capture point at it."""
        self.add(record)
        length = len(record.data)
        offset = self._start + len(self.records) - length
        self.capture = replace(self.capture, warc_file=self._name, warc_offset=offset, warc_length=length)


def _shown(candidate: Candidate) -> dict[str, object]:
    return {field.name: getattr(candidate, field.name) for field in fields(candidate)}


def _write_all(handle: FileIO, data: bytes | bytearray) -> None:
    """Unbuffered, so that after an error nothing waits to be written later."""
    view = memoryview(data)
    while view:
        view = view[handle.write(view) :]
