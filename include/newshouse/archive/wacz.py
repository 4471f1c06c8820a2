"""Hand over a piece of the archive as one WACZ file, which replay tools open in a browser.

The format: https://specs.webrecorder.net/wacz/1.1.1/
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from newshouse import __version__
from newshouse.archive.index import Entry, entries_of
from newshouse.errors import ConfigError
from newshouse.ids import stable_id
from newshouse.storage.files import replacing

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same input gives the same file
_COPY_BYTES = 1024 * 1024
_PAGE_TYPES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Exported:
    """What went into the file."""

    files: int
    captures: int
    pages: int


def export(archive: Path, files: Iterable[Path], output: Path, *, title: str, created_at: datetime) -> Exported:
    """Write a WACZ file of these archive files, and of those that their revisits refer to.

    Args:
        created_at: UTC, written into the package.

    Raises:
        ConfigError: there is nothing to export, two files have the same name, or the output is not called ``.wacz``.
        StorageError: a file is missing or cannot be read, or the output cannot be written.
    """
    if output.suffix != ".wacz":
        raise ConfigError(f"{output}: the name must end in .wacz, by which replay tools know the format.")
    by_name, entries = _gather(archive, files)
    if not by_name:
        raise ConfigError(f"{archive}: no archive file matches. See what there is: newshouse archive list")
    lines = sorted(entry.line(with_original=False) for entry in entries)
    pages = [entry for entry in entries if entry.status == 200 and entry.mime in _PAGE_TYPES]
    with replacing(output.absolute()) as draft, zipfile.ZipFile(draft, "w") as package:
        writer = _Package(package)
        for name, path in sorted(by_name.items()):
            with path.open("rb") as stream:
                writer.add(f"archive/{name}", iter(partial(stream.read, _COPY_BYTES), b""))
        writer.add("indexes/index.cdx.gz", [gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0)])
        writer.add("pages/pages.jsonl", [_pages(pages).encode()], squeeze=True)
        writer.finish(title, created_at)
    return Exported(len(by_name), len(entries), len(pages))


def _gather(archive: Path, files: Iterable[Path]) -> tuple[dict[str, Path], list[Entry]]:
    waiting, by_name = list(files), dict[str, Path]()
    entries: list[Entry] = []
    while waiting:
        path = waiting.pop(0)
        if by_name.setdefault(path.name, path) != path:
            raise ConfigError(f"{path} and {by_name[path.name]} have the same name. Export them one by one.")
        found = list(entries_of(path))
        entries += found
        referred = {archive / entry.original_file for entry in found if entry.original_file}
        waiting += sorted(referred - set(by_name.values()) - set(waiting))
    return by_name, entries


def _pages(pages: Iterable[Entry]) -> str:
    rows: list[dict[str, str]] = [{"format": "json-pages-1.0", "id": "pages", "title": "All pages"}]
    rows += [_page(page) for page in pages]
    return "".join(json.dumps(row) + "\n" for row in rows)


def _page(page: Entry) -> dict[str, str]:
    moment = f"{page.captured_at:%Y-%m-%dT%H:%M:%SZ}"
    # The id may be left out, but py-wacz reads the file as a table of the columns of the first row.
    return {"id": stable_id(page.url, moment)[:12], "url": page.url, "ts": moment}


class _Package:
    """The parts of a WACZ file with their digests. WARC files and the index are seekable, so they lie uncompressed."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self._resources: list[dict[str, str | int]] = []

    def add(self, path: str, chunks: Iterable[bytes], *, squeeze: bool = False) -> None:
        """Write one part and take its digest."""
        info = zipfile.ZipInfo(path, _EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED if squeeze else zipfile.ZIP_STORED
        digest, size = hashlib.sha256(), 0
        with self._package.open(info, "w", force_zip64=True) as part:
            for chunk in chunks:
                part.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        name = path.rpartition("/")[2]
        self._resources.append({"name": name, "path": path, "hash": f"sha256:{digest.hexdigest()}", "bytes": size})

    def finish(self, title: str, created_at: datetime) -> None:
        """Write the list of parts, and the digest of the list."""
        package = {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": title,
            "created": f"{created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "software": f"Newshouse/{__version__}",
            "resources": self._resources,
        }
        text = json.dumps(package, indent=2).encode()
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}
        self._package.writestr(zipfile.ZipInfo("datapackage.json", _EPOCH), text)
        self._package.writestr(zipfile.ZipInfo("datapackage-digest.json", _EPOCH), json.dumps(digest))
