"""The CDXJ index of an archive day: which URL was captured when, and where it lies. Derived, rebuilt at will.

A line is ``key timestamp {json}`` as replay tools read it (https://specs.webrecorder.net/cdxj/0.1.0/): key is the URL
turned round (SURT), timestamp is UTC ``YYYYMMDDhhmmss``; lines are sorted by byte value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from newshouse.archive.http import HttpResponse
from newshouse.archive.raw import RawRecord
from newshouse.archive.walk import Damage, Found, walk
from newshouse.errors import StorageError
from newshouse.storage.files import write_text

NAME = "index.cdxj"
_KINDS = ("response", "revisit", "resource")
_WWW = re.compile(r"^www\d*\.")


@dataclass(frozen=True, slots=True)
class Entry:
    """One captured URL.

    Attributes:
        captured_at: UTC, to the second.
        status: None for a resource.
        mime: ``warc/revisit`` for a revisit.
        digest: WARC-Payload-Digest.
        warc_file: relative to the folder of the day.
        offset, length: bytes.
        original_file, original_offset, original_length: of a revisit, where its payload lies; the file is relative to
            the archive folder.
    """

    url: str
    captured_at: datetime
    status: int | None
    mime: str
    digest: str | None
    warc_file: str
    offset: int
    length: int
    original_file: str | None = None
    original_offset: int | None = None
    original_length: int | None = None

    def line(self, *, with_original: bool = True) -> str:
        """As it stands in the index, without line break."""
        fields = {
            "url": self.url,
            "mime": self.mime,
            "status": None if self.status is None else str(self.status),
            "digest": self.digest,
            "length": str(self.length),
            "offset": str(self.offset),
            "filename": self.warc_file,
        }
        if with_original and self.original_file:
            fields["orig.filename"] = self.original_file
            fields["orig.offset"] = str(self.original_offset)
            fields["orig.length"] = str(self.original_length)
        given = {name: value for name, value in fields.items() if value is not None}
        return f"{surt(self.url)} {self.captured_at:%Y%m%d%H%M%S} {json.dumps(given, ensure_ascii=True)}"


def index_day(folder: Path) -> Path:
    """Write the index of one day anew. Damaged records are left out: `verify` names them.

    Raises:
        StorageError: a file is in a format that we do not read, or the index cannot be written.
    """
    write_text(folder / NAME, _lines(folder))
    return folder / NAME


def read_day(folder: Path) -> list[Entry]:
    """The entries of a day in the order of the index, which is made anew where a file is younger.

    Raises:
        StorageError: a file is in a format that we do not read, or the index is damaged.
    """
    path = folder / NAME
    changed_at = max((warc.stat().st_mtime_ns for warc in warc_files(folder)), default=0)
    if path.exists() and path.stat().st_mtime_ns > changed_at:
        lines = path.read_text(encoding="utf-8")
    else:
        lines = _lines(folder)
        with suppress(StorageError):  # who may only read the archive makes it each time
            write_text(path, lines)
    try:
        return [_entry(line) for line in lines.splitlines()]
    except (ValueError, KeyError) as error:
        raise StorageError(f"{path}: damaged index ({error}). Delete it; it is made anew when needed.") from error


def _lines(folder: Path) -> str:
    lines = sorted(entry.line() for path in warc_files(folder) for entry in entries_of(path))
    return "".join(f"{line}\n" for line in lines)


def warc_files(folder: Path) -> list[Path]:
    """The archive files of a day, by name."""
    return sorted(path for path in folder.iterdir() if path.name.endswith((".warc.gz", ".warc")))


def entries_of(path: Path) -> Iterator[Entry]:
    """What one file holds, in the order it was captured."""
    for found in walk(path):
        if isinstance(found, Damage) or found.record.kind not in _KINDS:
            continue
        try:
            yield _describe(path.name, found)
        except ValueError:  # from elsewhere, with a date that is none
            continue


def surt(url: str) -> str:
    """The sort key of a URL: ``http://www.Harbour.example/a?c&b`` -> ``example,harbour)/a?b&c``."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        return url.lower()
    host = ",".join(reversed(_WWW.sub("", (parts.hostname or "").lower()).split(".")))
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = "?" + "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    path = parts.path.rstrip("/") or "/"
    return f"{host}{port}){path}{query}".lower().replace(" ", "%20")


def _describe(name: str, found: Found) -> Entry:
    record, field, http = found.record, found.record.headers.get, found.record.http()
    revisit = record.kind == "revisit"
    return Entry(
        url=record.url,
        captured_at=record.captured_at.replace(microsecond=0),
        status=http.status if http else None,
        mime="warc/revisit" if revisit else _mime(record, http),
        digest=field("warc-payload-digest"),
        warc_file=name,
        offset=found.offset,
        length=found.length,
        original_file=field("warc-refers-to-filename") if revisit else None,
        original_offset=_number(field("warc-refers-to-file-offset")) if revisit else None,
        original_length=_number(field("warc-refers-to-file-length")) if revisit else None,
    )


def _mime(record: RawRecord, http: HttpResponse | None) -> str:
    told = http.header("Content-Type") if http else record.headers.get("content-type")
    return (told or "").partition(";")[0].strip().lower().replace(" ", "") or "unk"


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() else None


def _entry(line: str) -> Entry:
    _, timestamp, text = line.split(" ", 2)
    given = json.loads(text)
    status = given.get("status")
    return Entry(
        url=given["url"],
        captured_at=datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC),
        status=None if status is None else int(status),
        mime=given["mime"],
        digest=given.get("digest"),
        warc_file=given["filename"],
        offset=int(given["offset"]),
        length=int(given["length"]),
        original_file=given.get("orig.filename"),
        original_offset=_number(given.get("orig.offset")),
        original_length=_number(given.get("orig.length")),
    )
