"""The WARC file and the journal of one stage of one batch. Kill the writer anywhere: what it finished stays.

Order of writing: the WARC records, then one journal line, both unbuffered. On opening, a torn journal line is
dropped and the WARC file is cut back to where the last whole line says it ended: both tell the same story.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Sequence
from dataclasses import asdict, replace
from io import FileIO
from pathlib import Path
from types import TracebackType

from newshouse.archive import journal as journal_file
from newshouse.archive import members
from newshouse.archive.exchange import Exchange
from newshouse.errors import StorageError
from newshouse.files import storage_errors, sync
from newshouse.ids import digest
from newshouse.records import Candidate, Capture


class Ledger:
    """Append-only store of exchanges. Thread-safe; one process at a time.

    Attributes:
        archive: the folder that `Capture.warc_file` is relative to.
    """

    def __init__(self, archive: Path, warc: Path, journal: Path) -> None:
        self.archive = archive
        self._warc_path, self._journal_path = warc, journal
        self._warc_name = warc.relative_to(archive).as_posix()
        self._lock = threading.RLock()
        self._captures: dict[str, Capture] = {}
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

    def record(
        self, capture: Capture, exchanges: Sequence[Exchange] = (), candidate: Candidate | None = None
    ) -> Capture:
        """Store an exchange: a request and response record a hop, then what was known of the URL.

        Args:
            capture: without its WARC pointer.
            exchanges: the hops, the last one is the answer; empty when no response came.
            candidate: kept as a metadata record.

        Returns:
            The capture with its WARC pointer. When the id is already here, the first one: an exchange happens once.

        Raises:
            StorageError: the disk is full, read-only or broken; nothing of this exchange stays.
        """
        with self._lock:
            if known := self._captures.get(capture.fetch_id):
                return known
            writing = _Writing(self._warc_name, self._warc_end, capture)
            for hop in exchanges:
                record, response_id = members.response(hop)
                writing.point_at(record)
                writing.add(members.request(hop, response_id))
            if exchanges and candidate:
                text = json.dumps(asdict(candidate), default=str, ensure_ascii=False)
                writing.add(members.metadata(exchanges[-1].url, exchanges[-1].requested_at, response_id, text))
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
            writing = _Writing(self._warc_name, self._warc_end, capture)
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
        with storage_errors(self._warc_path):
            entries = journal_file.read(self._journal_path)
            warc = FileIO(self._warc_path, "ab")
            warc_size = warc.seek(0, os.SEEK_END)
            for entry in entries:
                # A power cut may keep the journal's last lines and lose the WARC's: those are fetched again.
                if entry.warc_name == self._warc_name:
                    if entry.warc_end > warc_size:
                        break
                    self._warc_end = entry.warc_end
                self._journal_end = entry.line_end
                self._captures[entry.capture.fetch_id] = entry.capture
            self._journal.truncate(self._journal_end)
            warc.truncate(self._warc_end)
        return warc

    def _commit(self, writing: _Writing) -> Capture:
        warc_end = self._warc_end + len(writing.records)
        line = journal_file.to_line(writing.capture, self._warc_name, warc_end)
        try:
            with storage_errors(self._warc_path):
                _write_all(self._warc, writing.records)
                _write_all(self._journal, line)
        except BaseException:
            self._warc.truncate(self._warc_end)
            self._journal.truncate(self._journal_end)
            raise
        self._warc_end = warc_end
        self._journal_end += len(line)
        self._captures[writing.capture.fetch_id] = writing.capture
        return writing.capture


class _Writing:
    """The records of one exchange on their way to the end of the file."""

    def __init__(self, warc_name: str, start: int, capture: Capture) -> None:
        self.capture = capture
        self.records = bytearray()
        self._name, self._start = warc_name, start

    def add(self, record: bytes) -> None:
        """Append a record; the first record of a file is its warcinfo."""
        if self._start == 0 and not self.records:
            self.records += members.warcinfo(self._name.rpartition("/")[2], self.capture.requested_at)
        self.records += record

    def point_at(self, record: bytes) -> None:
        """Append a record and let the capture point at it."""
        self.add(record)
        offset = self._start + len(self.records) - len(record)
        self.capture = replace(self.capture, warc_file=self._name, warc_offset=offset, warc_length=len(record))


def _write_all(handle: FileIO, data: bytes | bytearray) -> None:
    """Unbuffered, so that after an error nothing waits to be written later."""
    view = memoryview(data)
    while view:
        view = view[handle.write(view) :]
