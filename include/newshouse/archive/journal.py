"""The journal of a stage: one JSON line an exchange, and how far the WARC file reached when it was written."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from newshouse.errors import StorageError
from newshouse.records import Capture, Redirect

_FIELDS = tuple(field.name for field in fields(Capture))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal.

    Attributes:
        warc_name: the file being written at that moment, relative to the archive folder.
        warc_end: its size after the exchange, bytes.
        line_end: size of the journal after this line, bytes.
    """

    capture: Capture
    warc_name: str
    warc_end: int
    line_end: int


@dataclass(frozen=True, slots=True)
class Wait:
    """A line that says: this host asked to be left alone until then (UTC)."""

    host: str
    until: datetime
    line_end: int


def wait_line(host: str, until: datetime) -> bytes:
    """One line, its line break included."""
    return json.dumps({"wait": host, "until": until.isoformat()}).encode() + b"\n"


def to_line(capture: Capture, warc_name: str, warc_end: int) -> bytes:
    """One line, its line break included."""
    row: dict[str, Any] = {name: getattr(capture, name) for name in _FIELDS}  # asdict() would copy every string
    row["requested_at"] = capture.requested_at.isoformat()
    row["redirects"] = [asdict(hop) for hop in capture.redirects]
    line = json.dumps({"warc": warc_name, "warc_end": warc_end, "capture": row}, ensure_ascii=True)
    return line.encode() + b"\n"


def read(path: Path) -> list[Entry | Wait]:
    """All whole lines. A last line without a line break was torn by a crash and is left out.

    Raises:
        StorageError: a line in the middle is damaged.
    """
    data = path.read_bytes() if path.exists() else b""
    entries: list[Entry | Wait] = []
    end = 0
    for number, line in enumerate(data.splitlines(keepends=True), start=1):
        if not line.endswith(b"\n"):
            break
        end += len(line)
        entries.append(_entry(path, number, line, end))
    return entries


def _entry(path: Path, number: int, line: bytes, end: int) -> Entry | Wait:
    try:
        row: dict[str, Any] = json.loads(line)
        if "wait" in row:
            return Wait(row["wait"], datetime.fromisoformat(row["until"]), end)
        capture = row["capture"]
        capture["requested_at"] = datetime.fromisoformat(capture["requested_at"])
        capture["redirects"] = tuple(Redirect(**hop) for hop in capture["redirects"])
        return Entry(Capture(**capture), row["warc"], row["warc_end"], end)
    except (ValueError, KeyError, TypeError) as error:
        raise StorageError(
            f"{path}:{number}: damaged journal line ({error}). Delete the folder of the run and run it again."
        ) from error
