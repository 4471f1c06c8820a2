"""The WARC file and the journal of one stage of one batch. Kill the writer anywhere: what it finished stays.

Order of writing: the WARC records, then one journal line, both unbuffered. On opening, a torn journal line is
dropped and the WARC file is cut back to where the last whole line says it ended: both tell the same story.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from types import TracebackType

from newshouse.archive import journal as journal_file
from newshouse.archive import members
from newshouse.archive.exchange import Exchange
from newshouse.archive.journal import Journal
from newshouse.archive.members import Record
from newshouse.archive.revisits import answer
from newshouse.archive.shelf import Archive
from newshouse.archive.warcfile import WarcFile
from newshouse.ids import digest
from newshouse.records import Candidate, Capture, Original
from newshouse.storage.files import storage_errors


class Ledger:
    """Append-only store of exchanges. Thread-safe; one process at a time.

    Attributes:
        archive: the folder that `Capture.warc_file` is relative to.
    """

    def __init__(self, archive: Archive, warc: Path, journal: Path) -> None:
        self.archive = archive
        self._lock = threading.Lock()
        self._captures: dict[str, Capture] = {}
        self._warc = WarcFile(archive / "", warc)
        self._journal = Journal(journal)
        try:
            self._recover(journal)
        except BaseException:
            self._journal.close()
            raise

    @classmethod
    def open(cls, *, archive: Archive, warc: Path, journal: Path) -> Ledger:
        """Open or create, healing what a crash left behind.

        Raises:
            StorageError: not writable, another process writes it, or the journal is damaged in its middle.
        """
        for path in (journal, warc):
            with storage_errors(path):
                path.parent.mkdir(parents=True, exist_ok=True)
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
        records: list[Record] = []
        response = None
        for hop in exchanges:
            response = answer(self.archive, hop, original if hop is exchanges[-1] else None)
            records += response, members.request(hop, response.record_id)
        if response and candidate:
            last, text = exchanges[-1], json.dumps(_shown(candidate), default=str, ensure_ascii=False)
            records.append(members.metadata(last.url, last.requested_at, response.record_id, text))
        return self._keep(capture, records, response)

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
        resource = members.resource(target or f"urn:{payload_digest}", capture.requested_at, body, content_type)
        return self._keep(capture, [resource], resource)

    def close(self) -> None:
        """Sync both files to the disk and let another process open them."""
        with self._lock:
            self._warc.close()
            self._journal.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _recover(self, journal: Path) -> None:
        end = 0
        for entry in journal_file.read(journal):
            if not self._warc.recall(entry.warc_name, entry.warc_end):
                break  # a power cut kept the journal's last lines and lost the WARC's: those are fetched again
            self._captures[entry.capture.fetch_id] = entry.capture
            end = entry.line_end
        self._journal.cut(end)
        self._warc.open()

    def _keep(self, capture: Capture, records: Sequence[Record], pointed: Record | None) -> Capture:
        """Append all records of one exchange to one file. They come packed: here everybody else waits."""
        with self._lock:
            if known := self._captures.get(capture.fetch_id):
                return known
            self._warc.make_room()
            data, start = bytearray(), self._warc.end
            if records and start == 0:  # the first record of a file says who wrote it
                data += members.warcinfo(self._warc.name.rpartition("/")[2], capture.requested_at).data
            for record in records:
                if record is pointed:
                    offset, length = start + len(data), len(record.data)
                    capture = replace(capture, warc_file=self._warc.name, warc_offset=offset, warc_length=length)
                data += record.data
            with self._warc.appended(data) as warc_end:
                self._journal.append(journal_file.to_line(capture, self._warc.name, warc_end))
            self._captures[capture.fetch_id] = capture
            return capture


def _shown(candidate: Candidate) -> dict[str, object]:
    return {field.name: getattr(candidate, field.name) for field in fields(candidate)}
