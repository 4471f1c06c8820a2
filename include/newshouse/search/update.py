"""Bring the index up to the committed `articles`, in one commit.

What changed between two versions of the table is told by its files: rows of files that came, less those that stood in
the same words in files that went. Where the old version cannot be read any more, the index is built anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import tantivy

from newshouse.errors import StorageError
from newshouse.layout import DataLayout
from newshouse.progress import Progress
from newshouse.schemas import ARTICLES
from newshouse.search.analysis import indexed, special
from newshouse.search.index import Generation, State, begin, current, sweep, take_over
from newshouse.storage.files import alone
from newshouse.warehouse.reading import at_version, batches, count
from newshouse.warehouse.tables import Snapshot, snapshot

Row = Mapping[str, Any]

_FACTS = ("article_id", "source_id", "language", "url", "title", "subtitle", "revision", "duplicate_of")
_TIMES = ("published_at", "vanished_at")
_COLUMNS = [*_FACTS, *_TIMES, "body", "final_url", "byline", "authors"]
# What tells two rows of one article apart that are to be found differently.
_SIGNATURE = ["article_id", "revision", "content_hash", "byline", "authors", "duplicate_of", *_TIMES]


def update(layout: DataLayout, *, rebuild: bool = False, progress: Progress | None = None) -> int:
    """Index what was committed since the last update. Running it again changes nothing.

    Args:
        rebuild: build anew from the table, beside the index in use.
        progress: told how many articles are done.

    Returns:
        How many articles were added, replaced or removed.

    Raises:
        StorageError: the disk is full or read-only, or a data file is damaged; the index of before is untouched.
    """
    with alone(layout.search / ".lock"):
        now = snapshot(layout, ARTICLES)
        wanted = State(_table_id(now), now.version)
        found = None if rebuild else _usable(layout)
        if found is not None:
            generation, state = found
            if state == wanted:
                sweep(layout)
                return 0
            if state.table_id == wanted.table_id and (changes := _changes(layout, now, state.version)) is not None:
                return _follow(generation, wanted, now, *changes)
        return _build(layout, wanted, now, progress)


def _usable(layout: DataLayout) -> tuple[Generation, State] | None:
    """The index in use, if this version of Newshouse can go on with it."""
    try:
        generation = current(layout)
        state = generation.state() if generation else None
    except (StorageError, ValueError, TypeError):  # damaged, or of another format: it is derived, so build it anew
        return None
    fresh = State("", 0).format
    return (generation, state) if generation and state and state.format == fresh else None


def _table_id(now: Snapshot) -> str:
    return "" if now.delta is None else str(now.delta.metadata().id)


def _build(layout: DataLayout, wanted: State, now: Snapshot, progress: Progress | None) -> int:
    generation = begin(layout)
    done, total = 0, count(now)
    with generation.writing(wanted, large=True) as writer:
        for batch in batches(now, _COLUMNS):
            _add(writer, batch)
            done += batch.num_rows
            if progress:
                progress(done, total)
    take_over(layout, generation)
    return done


def _changes(layout: DataLayout, now: Snapshot, version: int) -> tuple[set[str], set[str]] | None:
    """Ids that are to be indexed (again), and ids that are not there any more. None where that cannot be told."""
    before = at_version(layout, now.table, version) if 0 <= version <= now.version else None
    if before is None:
        return None
    try:
        files, old_files = set(now.names()), set(before.names())
        rows = _signatures(now.read(_SIGNATURE, only=files - old_files))
        old_rows = _signatures(before.read(_SIGNATURE, only=old_files - files))
    except StorageError:  # vacuumed since
        return None
    same = {tuple(row.values()) for row in old_rows}
    changed = {row["article_id"] for row in rows if tuple(row.values()) not in same}
    return changed, {row["article_id"] for row in old_rows} - {row["article_id"] for row in rows}


def _signatures(rows: pa.Table) -> list[Row]:
    signed: list[Row] = rows.set_column(_SIGNATURE.index("authors"), "authors", _names(rows["authors"])).to_pylist()
    return signed


def _follow(generation: Generation, wanted: State, now: Snapshot, changed: set[str], gone: set[str]) -> int:
    rows = now.pick(_COLUMNS, changed) if changed else None
    with generation.writing(wanted, large=False) as writer:
        for article_id in changed | gone:
            writer.delete_documents_by_term("article_id", article_id)
        for batch in rows.to_batches() if rows is not None else ():
            _add(writer, batch)
    return len(changed | gone)


def _add(writer: tantivy.IndexWriter, rows: pa.RecordBatch) -> None:
    """Column by column as far as it goes: the loop is what a rebuild waits for."""
    texts = pc.binary_join_element_wise(_apart(rows), rows["body"], "\n\n", null_handling="skip")
    people = pc.binary_join_element_wise(rows["byline"], _names(rows["authors"]), " · ", null_handling="skip")
    facts = [_filled(rows, "url", "final_url") if name == "url" else rows[name] for name in _FACTS]
    moments = [pc.cast(rows[name], pa.int64()) for name in _TIMES]
    asked = (pc.fill_null(rows["title"], ""), texts, people)
    marks = tuple(map(special, asked))
    columns = (*facts, *moments, texts, marks[1], *map(_as_indexed, asked, marks))
    for *said, text, is_special, title, words, author in zip(*map(pa.Array.to_pylist, columns), strict=True):
        known = {name: value for name, value in zip((*_FACTS, *_TIMES), said, strict=True) if value is not None}
        original = {"original": text.encode()} if is_special else {}
        writer.add_document(_document(known, title=title, text=words, author=author, **original))


def _apart(rows: pa.RecordBatch) -> pa.Array:
    """Subtitles; none where the body begins with it, else a passage would say it twice."""
    first = pc.list_element(pc.split_pattern(rows["body"], "\n\n", max_splits=1), 0)
    said = pc.fill_null(pc.equal(rows["subtitle"], first), fill_value=False)
    return pc.if_else(said, pa.scalar(None, pa.string()), rows["subtitle"])


def _as_indexed(texts: pa.Array, marks: pa.Array) -> pa.Array:
    return pc.replace_with_mask(texts, marks, pa.array(map(indexed, texts.filter(marks).to_pylist()), pa.string()))


def _document(facts: Row, **fields: Any) -> tantivy.Document:
    if "language" in facts:
        fields["language"] = facts["language"]
    if "published_at" in facts:
        fields["published"] = facts["published_at"] // 1_000_000
    return tantivy.Document(
        article_id=facts["article_id"],
        source_id=facts["source_id"],
        vanished="vanished_at" in facts,
        copy="duplicate_of" in facts,
        facts=json.dumps(facts).encode(),
        **fields,
    )


def _filled(rows: pa.RecordBatch, name: str, other: str) -> pa.Array:
    return pc.coalesce(rows[name], rows[other])


def _names(authors: pa.ChunkedArray | pa.Array) -> pa.Array:
    """The names of the authors of each article, joined."""
    lists = authors.combine_chunks() if isinstance(authors, pa.ChunkedArray) else authors
    names = pc.struct_field(lists.flatten(), "name")
    lengths = pc.fill_null(pc.list_value_length(lists), 0)
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cast(pc.cumulative_sum(lengths), pa.int32())])
    return pc.binary_join(pa.ListArray.from_arrays(offsets, pc.fill_null(names, "")), " · ")
