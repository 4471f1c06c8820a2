"""Choose articles, write them, and finish in one move: the folder is there whole or not at all."""

from __future__ import annotations

import glob
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

import pyarrow as pa

from newshouse.errors import ConfigError
from newshouse.export.card import Contents, card
from newshouse.export.formats import FORMATS
from newshouse.layout import DataLayout
from newshouse.progress import Progress
from newshouse.storage.files import storage_errors, sync
from newshouse.warehouse.query import stream

ROWS_A_FILE = 100_000
_STALE_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Choice:
    """Which articles.

    Attributes:
        since, until: UTC days of publication, both included; an article without a date is in none.
        sources, languages, licences: any of them; empty for all.
        unreserved: leave out what the publisher reserves: TDM reservation, noarchive, noai.
        originals: leave out articles whose body appeared before.
        present: leave out articles that their publisher took down.

    Raises:
        ConfigError: the first day is after the last.
    """

    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    unreserved: bool = False
    originals: bool = False
    present: bool = False

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise ConfigError(f"--since {self.since} is after --until {self.until}.")

    def told(self) -> dict[str, str]:
        """What was chosen, for people."""
        given = {
            "since": self.since and str(self.since),
            "until": self.until and str(self.until),
            "source": ", ".join(self.sources),
            "language": ", ".join(self.languages),
            "licence": ", ".join(self.licences),
            "rights": "unreserved only" if self.unreserved else "",
            "copies": "left out" if self.originals else "",
            "taken down": "left out" if self.present else "",
        }
        return {name: value for name, value in given.items() if value}

    def query(self) -> tuple[str, dict[str, object]]:
        """A SELECT over `articles`, and its parameters."""
        wanted: list[tuple[str, str, object]] = [
            ("published_at >= ($since::DATE)::TIMESTAMP AT TIME ZONE 'UTC'", "since", self.since),
            ("published_at < (($until::DATE) + 1)::TIMESTAMP AT TIME ZONE 'UTC'", "until", self.until),
            ("list_contains($sources, source_id)", "sources", list(self.sources)),
            ("list_contains($languages, language)", "languages", list(self.languages)),
            ("list_contains($licences, rights.licence)", "licences", list(self.licences)),
        ]
        conditions = [condition for condition, _, value in wanted if value]
        if self.unreserved:
            conditions.append(_UNRESERVED)
        if self.originals:
            conditions.append("duplicate_of IS NULL")
        if self.present:
            conditions.append("vanished_at IS NULL")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        values = {name: value for _, name, value in wanted if value}
        return f"SELECT * FROM articles{where}", values  # noqa: S608 - our own words; what was given is bound


_UNRESERVED = (
    "coalesce(rights.tdm_reservation, 0) = 0 AND NOT coalesce(rights.noarchive, false) "
    "AND NOT regexp_matches(coalesce(rights.robots, ''), 'noai', 'i')"
)


def export(
    layout: DataLayout,
    folder: Path,
    form: str,
    choice: Choice,
    *,
    now: datetime,
    rows_a_file: int = ROWS_A_FILE,
    progress: Progress | None = None,
) -> Contents:
    """Write the chosen articles of the published database into a new folder: `data/` and README.md.

    Args:
        form: a key of `formats.FORMATS`.
        now: UTC, for the card.
        progress: told how many articles are done.

    Raises:
        ConfigError: the folder is there already, nothing fits the choice, or no database yet.
        StorageError: the disk is full or read-only; no folder is left behind.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{folder}: is there already. Name a new folder, or move this one away.")
    contents = Contents(form, choice.told(), now)
    with _new_folder(folder) as draft:
        for batch in _writing(draft, contents, layout, choice, rows_a_file):
            contents.take(batch)
            if progress:
                progress(contents.rows, contents.rows)
        if not contents.rows:
            raise ConfigError(
                "no article fits this choice. Leave an option out, or see: newshouse sql 'FROM daily_counts'"
            )
        (draft / "README.md").write_text(card(contents), encoding="utf-8")
    return contents


def _writing(
    draft: Path, contents: Contents, layout: DataLayout, choice: Choice, rows_a_file: int
) -> Iterator[pa.RecordBatch]:
    """Write batch by batch, and give each on."""
    query, values = choice.query()
    with stream(layout, query, values) as reader:
        writer, written = None, 0
        try:
            for batch in reader:
                if writer is None or written >= rows_a_file:
                    if writer is not None:
                        writer.close()
                    name = f"articles-{len(contents.files):05}.{contents.form}"
                    writer, written = FORMATS[contents.form](draft / "data" / name, reader.schema), 0
                    contents.files.append(name)
                writer.write_batch(batch)
                written += batch.num_rows
                yield batch
        finally:
            if writer is not None:
                writer.close()


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """A folder beside it that takes its place at the end of the block."""
    folder = folder.absolute()
    draft = folder.with_name(f".{folder.name}.{uuid4().hex}.tmp")
    with storage_errors(folder):
        _sweep(folder)
        (draft / "data").mkdir(parents=True)
        try:
            yield draft
            for path in (*draft.rglob("*"), draft):
                sync(path)
            if folder.exists():
                folder.rmdir()  # it is empty
            draft.rename(folder)
            sync(folder.parent)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Delete the drafts that exports of this name left behind when they were killed."""
    for draft in folder.parent.glob(f".{glob.escape(folder.name)}.{'[0-9a-f]' * 32}.tmp"):
        with suppress(FileNotFoundError):  # another export has just finished
            newest = max(path.stat().st_mtime for path in (draft, *draft.rglob("*")))
            if time.time() - newest > _STALE_SECONDS:
                shutil.rmtree(draft, ignore_errors=True)
