"""The stage files of runs: rows of forgotten articles keep their place, so that counts go on balancing, and lose
everything that they say.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from newshouse.errors import StorageError
from newshouse.forget.target import Target
from newshouse.forget.tombstones import BLANK_HASH, BLANK_URL
from newshouse.ids import article_id
from newshouse.layout import BatchFolder, DataLayout
from newshouse.report import STAGES
from newshouse.schemas import ARTICLES, CANDIDATES, FETCHES, REJECTIONS, Table
from newshouse.storage.files import storage_errors, write_parquet, write_text

_KEPT = frozenset(("warc_file", "warc_offset", "warc_length", "status", "revision"))
_URLS = ("url", "url_key", "final_url", "validated_url", "canonical_url")
Row = dict[str, Any]


def blank_stage_files(layout: DataLayout, target: Target) -> int:
    """Blank the rows of the target in every stage file of its runs. Returns how many rows.

    A stage that is still under way is left alone: what it brings is refused by the load, and forgetting it once more
    finds its files.
    """
    total = 0
    for run_id in sorted(target.runs):
        folder = layout.run(run_id).path
        for batch in sorted(path for path in folder.glob("*/") if path.is_dir()):
            total += _blank_batch(BatchFolder(batch), target)
    return total


def _blank_batch(folder: BatchFolder, target: Target) -> int:
    files: list[tuple[Path, Table]] = [
        (folder.candidates, CANDIDATES),
        (folder.articles, ARTICLES),
        (folder.accepted, ARTICLES),
        *((folder.rejections(stage), REJECTIONS) for stage in STAGES),
        *((folder.fetches(stage), FETCHES) for stage in STAGES),
    ]
    total = sum(_blank_file(path, table, target) for path, table in files if path.exists())
    for stage in STAGES:
        if folder.report(stage).exists() and folder.journal(stage).exists():
            _blank_journal(folder.journal(stage), target)
    return total


def _blank_file(path: Path, table: Table, target: Target) -> int:
    try:
        rows = pq.read_table(path, page_checksum_verification=True)  # it is written anew, with checksums that fit
    except (pa.ArrowInvalid, OSError) as error:
        raise StorageError(f"{path}: unreadable ({error}). Delete it and run its stage again.") from error
    names = [name for name in ("article_id", *_URLS) if name in rows.column_names]
    places = [n for n, row in enumerate(rows.select(names).to_pylist()) if _owns(target, row)]
    if not places:
        return 0
    required = {column.name for column in table.columns if column.required} | _KEPT
    blanked = [_blanked(row, required) for row in rows.take(places).to_pylist()]
    theirs = pa.Table.from_pylist(blanked, schema=rows.schema)
    if theirs.equals(rows.take(places)):
        return 0
    parts, start = [], 0
    for number, place in enumerate(places):
        parts += [rows.slice(start, place - start), theirs.slice(number, 1)]
        start = place + 1
    write_parquet(path, pa.concat_tables([*parts, rows.slice(start)]))
    return len(places)


def _owns(target: Target, row: Mapping[str, Any]) -> bool:
    return row.get("article_id") in target.ids or any(target.owns_url(row.get(name)) for name in _URLS)


def _blanked(row: Row, required: frozenset[str] | set[str]) -> Row:
    kept = {name: value if name in required else None for name, value in row.items()}
    key = row.get("article_id") or article_id(str(row.get("url_key") or row.get("url")))
    kept |= {name: f"{BLANK_URL}{key}" for name in _URLS if kept.get(name)}
    return kept | ({"content_hash": BLANK_HASH} if "content_hash" in kept else {})


def _blank_journal(path: Path, target: Target) -> None:
    with storage_errors(path):
        lines = path.read_text(encoding="utf-8").splitlines()
    fresh = [_blanked_line(line, target) for line in lines]
    if fresh != lines:
        write_text(path, "".join(f"{line}\n" for line in fresh))


def _blanked_line(line: str, target: Target) -> str:
    entry = json.loads(line)
    capture = entry.get("capture")
    if not capture or not _owns(target, capture):
        return line
    required = {column.name for column in FETCHES.columns if column.required} | _KEPT
    entry["capture"] = _blanked(capture, required) | {"redirects": []}
    return json.dumps(entry, ensure_ascii=True)
