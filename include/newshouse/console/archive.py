"""`newshouse archive`: look into the WARC files, and hand a piece of them over."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

from rich.console import Console

from newshouse.archive.index import Entry, read_day, surt, warc_files
from newshouse.archive.reader import ArchivedResponse, read_response
from newshouse.archive.shelf import Archive, file_on_disk, on_disk
from newshouse.archive.verify import verify
from newshouse.archive.wacz import export
from newshouse.archive.walk import Found, walk
from newshouse.console.bars import watching
from newshouse.errors import ConfigError
from newshouse.layout import DataLayout
from newshouse.settings import Settings
from newshouse.storage.files import replacing

_PLACE = re.compile(r"(?P<file>[\w-]+/[^/]+\.warc(\.gz)?):(?P<offset>\d+)", re.ASCII)


def verify_archive(settings: Settings, day: date | None, out: Console, err: Console, *, as_json: bool) -> int:
    """Read every record and name what is damaged. Returns 1 if anything is.

    Raises:
        ConfigError: there is no archive of that day.
    """
    archive = _on_disk(settings, day)
    files = [path for folder in _days(archive, day) for path in warc_files(folder)]
    with watching(err) as watch:
        bar = watch("verify")
        verdict = verify(DataLayout(settings.data).archive, files, lambda done: bar(done, len(files)) if bar else None)
    if as_json:
        out.print_json(json.dumps(asdict(verdict)))
    else:
        for fault in verdict.faults:
            out.print(f"{fault.warc_file} at byte {fault.offset}: {fault.why}", markup=False, soft_wrap=True)
        well = "all well" if not verdict.faults else f"{len(verdict.faults)} damaged"
        out.print(f"{verdict.files} files, {verdict.records} whole records, {well}")
    return 1 if verdict.faults else 0


def list_archive(settings: Settings, day: date | None, url: str | None, out: Console, *, as_json: bool) -> int:
    """Print the captured URLs, one a line, in the order of the index.

    Args:
        url: only URLs that begin like this one, whatever the scheme and `www`.

    Raises:
        ConfigError: there is no archive of that day.
    """
    wanted = surt(url) if url else ""
    for folder in _days(_on_disk(settings, day), day):
        for entry in read_day(folder):
            if not surt(entry.url).startswith(wanted):
                continue
            place = f"{folder.name}/{entry.warc_file}:{entry.offset}"
            row = asdict(entry) | {"captured_at": entry.captured_at.isoformat(), "warc_file": place.rpartition(":")[0]}
            text = f"{entry.captured_at:%Y-%m-%dT%H:%M:%SZ} {entry.status or '-':>3} {entry.mime} {entry.url}  {place}"
            out.print(json.dumps(row) if as_json else text, markup=False, soft_wrap=True)
    return 0


def extract(settings: Settings, wanted: str, output: Path | None, *, headers: bool) -> int:
    """Write one archived response: its decoded body, or all of it.

    Args:
        wanted: a URL, whose latest capture is taken, or FILE:OFFSET as `list` prints it.
        headers: status and headers before the body.

    Raises:
        ConfigError: nothing fits.
        StorageError: the archive is damaged; the message names file and offset.
    """
    response = _find(settings, wanted)
    data = (_head(response) if headers else b"") + response.body
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return 0
    with replacing(output.absolute()) as draft:
        draft.write_bytes(data)
    return 0


def export_wacz(
    settings: Settings, output: Path, day: date | None, run: str | None, out: Console, *, as_json: bool
) -> int:
    """Write a WACZ file of a day, a run or everything.

    Raises:
        ConfigError: nothing fits.
    """
    archive = _on_disk(settings, day)
    files = [path for folder in _days(archive, day) for path in warc_files(folder)]
    files = [path for path in files if run is None or path.name.startswith(f"{run}-")]
    title = f"Newshouse {run or day or 'archive'}"
    done = export(archive, files, output, title=title, created_at=settings.now())
    if as_json:
        out.print_json(json.dumps({"file": str(output.absolute())} | asdict(done)))
    else:
        told = f"{output}: {done.files} files, {done.captures} captures, {done.pages} pages"
        out.print(told, markup=False, soft_wrap=True)
    return 0


def _on_disk(settings: Settings, day: date | None) -> Path:
    """The archive, with the files of the day on this disk: what is asked here is asked of whole files."""
    return on_disk(DataLayout(settings.data).archive, day.isoformat() if day else None)


def _days(archive: Path, day: date | None) -> list[Path]:
    """The folders of the archive, oldest first."""
    folders = sorted(folder for folder in archive.glob("*/") if day is None or folder.name == day.isoformat())
    if not folders:
        raise ConfigError(f"{archive}: nothing archived{f' on {day}' if day else ' yet'}.")
    return folders


def _find(settings: Settings, wanted: str) -> ArchivedResponse:
    if place := _PLACE.fullmatch(wanted):
        return _at(DataLayout(settings.data).archive, place["file"], int(place["offset"]))
    archive = _on_disk(settings, None)
    folder, entry = _latest(archive, wanted)
    return read_response(archive, f"{folder.name}/{entry.warc_file}", entry.offset, entry.length)


def _at(archive: Archive, name: str, offset: int) -> ArchivedResponse:
    path = file_on_disk(archive, name)
    if not path.is_file():
        raise ConfigError(f"{name}: not in the archive. See what is: newshouse archive list")
    found = next(walk(path, offset), None)
    return read_response(archive, name, offset, found.length if isinstance(found, Found) else 0)


def _latest(archive: Path, url: str) -> tuple[Path, Entry]:
    """The last capture of a URL; one that answered before one that did not."""
    key = surt(url)
    found = [(folder, entry) for folder in _days(archive, None) for entry in read_day(folder) if surt(entry.url) == key]
    if not found:
        raise ConfigError(f"{url}: not in the archive. See what is: newshouse archive list")
    return max(found, key=lambda pair: (pair[1].status in (None, 200, 304), pair[1].captured_at))


def _head(response: ArchivedResponse) -> bytes:
    lines = [f"HTTP {response.status}"] if response.status else []
    lines += [f"{name}: {value}" for name, value in response.http_headers]
    return "\r\n".join([*lines, "", ""]).encode()
