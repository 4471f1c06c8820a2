"""The files of the index: generations, of which the file `current` names the one in use.

A commit of the index is atomic, and holds a marker that says up to which version of `articles` it goes. So a reader
sees a whole state, and a writer that was killed begins again from the last one. A rebuild writes another generation
beside the one in use and then renames it in; a reader that has the old one open keeps its files.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

import tantivy

from newshouse.errors import ConfigError, StorageError
from newshouse.layout import DataLayout
from newshouse.search.analysis import ANALYZER, NAME
from newshouse.storage.files import storage_errors, write_text

FORMAT = 4  # raise it when the fields or the analysis change: the next update then builds the index anew
_META = "meta.json"  # tantivy's own
_MARKER = "marker"  # takes the place of an article id
_HEAP_BYTES = 256_000_000
_SMALL_HEAP_BYTES = 30_000_000


def _fields() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("article_id", "source_id", "language"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("title", "text", "author"):
        builder.add_text_field(name, tokenizer_name=NAME, stored=name == "text")  # the text, for the passage
    builder.add_integer_field("published", indexed=True, fast=True)
    builder.add_boolean_field("vanished", indexed=True)
    builder.add_boolean_field("copy", indexed=True)
    builder.add_bytes_field("facts", stored=True)  # JSON, for the list of hits
    builder.add_bytes_field("original", stored=True)  # UTF-8: the text, where it is indexed in other characters
    return builder.build()


FIELDS = _fields()


@dataclass(frozen=True, slots=True)
class State:
    """What an index holds: all articles of a version of one Delta table."""

    table_id: str
    version: int
    format: int = FORMAT


class Generation:
    """One generation: open to readers at any time, to one writer at a time (`alone`)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stand_in = None if os.access(path, os.W_OK) else _stand_in(path)
        if self._stand_in:
            weakref.finalize(self, self._stand_in.cleanup)
        self._index = tantivy.Index(FIELDS, self._stand_in.name if self._stand_in else str(path), reuse=True)
        self._index.config_reader(reload_policy="manual")  # else a thread looks for commits, and makes lock files
        self._index.register_tokenizer(NAME, ANALYZER)

    def searcher(self) -> tantivy.Searcher:
        """What was committed when the generation was opened."""
        return self._index.searcher()

    def state(self) -> State | None:
        """What the last commit before it was opened covers; None before the first."""
        searcher = self.searcher()
        found = searcher.search(tantivy.Query.term_query(FIELDS, "article_id", _MARKER), 1).hits
        return State(**json.loads(searcher.doc(found[0][1])["facts"][0])) if found else None

    @contextmanager
    def writing(self, state: State, *, large: bool) -> Iterator[tantivy.IndexWriter]:
        """Give a writer; all of the block becomes visible at its end, together with the new state, or nothing does."""
        if self._stand_in:
            raise StorageError(f"{self.path}: cannot be written. Give this user the right to write there.")
        with storage_errors(self.path), _disk_errors(self.path):
            writer = self._index.writer(_HEAP_BYTES) if large else self._index.writer(_SMALL_HEAP_BYTES, num_threads=1)
            yield writer
            writer.delete_documents_by_term("article_id", _MARKER)
            writer.add_document(tantivy.Document(article_id=_MARKER, facts=json.dumps(asdict(state)).encode()))
            writer.commit()
            writer.wait_merging_threads()


def _stand_in(path: Path) -> tempfile.TemporaryDirectory[str]:
    """A folder of links to the files of one that we may only read: tantivy makes a lock file also to read.

    `meta.json`, which a writer replaces, is a copy: it names files that were there before it was copied.
    """
    folder = tempfile.TemporaryDirectory(prefix="newshouse-search-")
    shutil.copyfile(path / _META, Path(folder.name, _META))
    for file in path.iterdir():
        if file.name != _META and not file.name.endswith(".lock"):
            Path(folder.name, file.name).symlink_to(file.absolute())
    return folder


def opened(layout: DataLayout) -> Generation:
    """The generation in use.

    Raises:
        ConfigError: there is none yet.
        StorageError: it is damaged.
    """
    found = current(layout)
    if found is None:
        raise ConfigError(
            f"{layout.search}: no search index yet. Make one: newshouse publish, or newshouse search --rebuild"
        )
    return found


def current(layout: DataLayout) -> Generation | None:
    """The generation in use; None if there is none yet.

    Raises:
        StorageError: it is damaged.
    """
    while name := _named(layout):
        folder = layout.search / name
        try:
            if not (folder / _META).exists():
                raise ValueError("its meta.json is missing")
            return Generation(folder)
        except (ValueError, OSError) as error:
            if name == _named(layout):  # else a rebuild has just taken its place
                raise StorageError(
                    f"{folder}: damaged index ({error}). Build it anew: newshouse search --rebuild"
                ) from error
    return None


def begin(layout: DataLayout) -> Generation:
    """A new, empty generation beside the one in use. Those that were never finished go. Only while the lock is held."""
    sweep(layout)
    folder = layout.search / f"v{FORMAT}-{uuid4().hex[:12]}"
    with storage_errors(folder), _disk_errors(folder):
        folder.mkdir()
        return Generation(folder)


def take_over(layout: DataLayout, generation: Generation) -> None:
    """Make it the one in use, and delete the others: no text of theirs stays. Only while the lock is held."""
    write_text(_pointer(layout), generation.path.name)
    sweep(layout)


def sweep(layout: DataLayout) -> None:
    """Delete every generation but the one in use. Only while the lock is held."""
    used = _named(layout)
    with storage_errors(layout.search):
        for folder in layout.search.glob("v*-*/"):
            if folder.name != used:
                shutil.rmtree(folder)


def _pointer(layout: DataLayout) -> Path:
    return layout.search / "current"


def _named(layout: DataLayout) -> str:
    try:
        return _pointer(layout).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    """Tantivy gives the system's errors as text."""
    try:
        yield
    except (ValueError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise StorageError(
            f"{path}: the index cannot be written ({error}). The one before is untouched: free the disk or repair the "
            "folder, then newshouse publish"
        ) from error
