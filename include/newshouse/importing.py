"""Bring in article dumps: archive each file, then the same corridor as the daily run.

The files take the place of discover and fetch: each is a candidate, and its bytes go to the archive before anything
reads them, so that a row from a dump can be traced and re-made like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from newshouse import pipeline
from newshouse.archive.ledger import Ledger
from newshouse.desk import desk_for
from newshouse.errors import ConfigError
from newshouse.forget.tombstones import buried
from newshouse.ids import article_id, digest, stable_id
from newshouse.layout import DataLayout
from newshouse.lineage.trace import whole_run
from newshouse.plan import Manifest
from newshouse.progress import Progress
from newshouse.records import Candidate, Capture
from newshouse.report import Tally
from newshouse.settings import Settings
from newshouse.sources.imported import IMPORTED
from newshouse.sources.load import load_sources
from newshouse.storage.files import storage_errors
from newshouse.summary import RunSummary

CONTENT_TYPES = {".txt": "text/plain", ".md": "text/markdown", ".markdown": "text/markdown"}
BATCH = "00"


def import_files(
    settings: Settings,
    paths: Sequence[Path],
    source_id: str | None = None,
    watch: Callable[[str], Progress | None] = lambda _: None,
) -> RunSummary:
    """Take text and markdown files (folders are searched) through parse, validate, load and publish.

    The run id is made of the files' content, so that importing the same files again changes nothing.

    Raises:
        ConfigError: a path does not exist or holds no such file, the source is unknown, or all was forgotten.
        StorageError: a file cannot be read, or the data folder not be written.
    """
    source_id = source_id or IMPORTED.id
    _check_source(settings, source_id)
    contents = {path: _read(path) for path in sorted(set(_files(paths)))}
    _refuse_forgotten(settings, contents)
    run_id = "import-" + stable_id(source_id, *sorted(map(digest, contents.values())))[:16]
    manifest_path = DataLayout(settings.data).run(run_id).manifest
    if not manifest_path.exists():
        Manifest(run_id, settings.now(), {BATCH: (source_id,)}).write(manifest_path)
    with whole_run(settings, run_id, closes=False):
        _archive(settings, run_id, source_id, contents)
        for stage in (pipeline.parse, pipeline.validate):
            stage(settings, run_id, BATCH, watch(stage.__name__))
        pipeline.load(settings, run_id)
        pipeline.publish(settings)
    return pipeline.settle(settings, run_id)


def _check_source(settings: Settings, source_id: str) -> None:
    known = load_sources(settings.sources) if source_id != IMPORTED.id else {}
    if source_id != IMPORTED.id and source_id not in known:
        raise ConfigError(
            f"--source {source_id}: no such source in {settings.sources}. It has {', '.join(known)}. "
            "Name another folder with --sources, or leave --source out."
        )


def _refuse_forgotten(settings: Settings, contents: dict[Path, bytes]) -> None:
    """Leave out texts that were forgotten: not even the archive gets them again."""
    ids = buried(DataLayout(settings.data))
    for path, body in list(contents.items()):
        if article_id(_urn(body)) in ids:
            del contents[path]
    if not contents:
        raise ConfigError("nothing to import: all of these texts were forgotten, and do not come back.")


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        found = [p for p in path.rglob("*") if p.is_file() and _readable(p)] if path.is_dir() else [path]
        if not path.exists():
            raise ConfigError(f"{path}: no such file or folder.")
        if not found or not _readable(found[0]):
            raise ConfigError(f"{path}: nothing to import. Readable are {', '.join(CONTENT_TYPES)} files.")
        yield from found


def _readable(path: Path) -> bool:
    return path.suffix.lower() in CONTENT_TYPES


def _read(path: Path) -> bytes:
    with storage_errors(path):
        return path.read_bytes()


def _archive(settings: Settings, run_id: str, source_id: str, contents: Mapping[Path, bytes]) -> None:
    """Play discover and fetch: the same files and reports, each text once."""
    desk = desk_for(settings, run_id, BATCH)
    if desk.done("fetch"):
        return
    unique = {digest(body): (path, body) for path, body in sorted(contents.items(), reverse=True)}
    wanted = [_candidate(settings, source_id, path, body) for path, body in unique.values()]
    repeats = len(contents) - len(unique)
    listed = Tally(in_count=len(contents), out_count=len(unique), duplicate_count=repeats)
    desk.finish_discover(wanted, [], [], {source_id: listed})
    with desk.ledger("fetch") as ledger:
        captures = [
            _record(ledger, candidate, run_id, path, body)
            for candidate, (path, body) in zip(wanted, unique.values(), strict=True)
        ]
    size = sum(len(body) for _, body in unique.values())
    fetched = Tally(in_count=len(unique), out_count=len(unique), bytes=size)
    desk.finish_fetch(captures, [], {source_id: fetched})


def _candidate(settings: Settings, source_id: str, path: Path, body: bytes) -> Candidate:
    return Candidate(source_id, f"file:{path.name}", _urn(body), settings.now(), via_kind="import")


def _urn(body: bytes) -> str:
    return f"urn:{digest(body)}"


def _record(ledger: Ledger, candidate: Candidate, run_id: str, path: Path, body: bytes) -> Capture:
    capture = Capture(
        fetch_id=stable_id(run_id, "import", candidate.url_key),
        run_id=run_id,
        batch=BATCH,
        source_id=candidate.source_id,
        purpose="import",
        url=candidate.url,
        url_key=candidate.url_key,
        outcome="fetched",
        requested_at=candidate.discovered_at,
        attempts=1,
    )
    return ledger.record_resource(capture, body, content_type=CONTENT_TYPES[path.suffix.lower()])
