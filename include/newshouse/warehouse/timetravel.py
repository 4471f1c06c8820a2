"""The warehouse as it was: its views on a day, and the way back to a day.

A version of a table can be read as long as its data files are there: a week after they were replaced (`vacuum`), and
never again after `newshouse forget` took rows out of them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path

from newshouse.errors import ConfigError
from newshouse.layout import DataLayout
from newshouse.schemas import ARTICLES, TABLES, Table
from newshouse.sources.model import Source
from newshouse.warehouse.publish import publish_snapshots
from newshouse.warehouse.reading import at_version, whole
from newshouse.warehouse.restoring import RESTORED, Restored, take_back
from newshouse.warehouse.tables import Snapshot, snapshot


def end_of(day: date) -> datetime:
    """The last moment of a UTC day."""
    return datetime.combine(day, time.max, UTC)


def as_of(layout: DataLayout, moment: datetime) -> list[Snapshot]:
    """Every table as it was committed at a moment (UTC).

    Raises:
        ConfigError: that is before the first load, or the files of that day are gone; the message says since when the
            past can be read.
    """
    found = [_version_at(layout, table, moment) for table in TABLES.values()]
    if all(now.delta is None for now in found):
        raise ConfigError(f"nothing was loaded by {moment:%Y-%m-%d %H:%M} UTC. {_since(layout)}")
    for now in found:
        if not whole(now):
            raise ConfigError(
                f"{now.table.name} of {moment:%Y-%m-%d %H:%M} UTC is not on the disk any more: files are kept for a "
                f"week after they were replaced, and less where something was forgotten. {_since(layout)}"
            )
    return found


@contextmanager
def database_as_of(layout: DataLayout, moment: datetime, sources: Mapping[str, Source]) -> Iterator[Path]:
    """A database of the views of that moment, for as long as the block lasts.

    Raises:
        ConfigError: see `as_of`.
    """
    with tempfile.TemporaryDirectory(prefix="newshouse-as-of-") as folder:
        path = Path(folder) / layout.database.name
        publish_snapshots(path, as_of(layout, moment), sources)
        yield path


def restore(layout: DataLayout, moment: datetime) -> list[Restored]:
    """Commit articles, revisions, rejections and fetches as they were at a moment; what came after stays in history.

    It is a commit like any other: it is made again if a load was faster, and can itself be taken back by a restore to
    a moment before it. A version that holds what was forgotten since is not on the disk any more, so nothing of it
    comes back. Checks, runs and tombstones are facts about the past and stay.

    Raises:
        ConfigError: see `as_of`.
        StorageError: the disk is full or read-only; see `restoring.take_back`.
    """
    return take_back(layout, {now.table.name: now.version for now in as_of(layout, moment) if now.table in RESTORED})


def _version_at(layout: DataLayout, table: Table, moment: datetime) -> Snapshot:
    """The last version committed by then; an empty table where it was made later, or not yet."""
    now = snapshot(layout, table)
    commits = _commits(now)
    last = next((number for number, at in commits if at <= moment), None)
    # Old entries of a log go (`maintenance`): that the table was made later is known only while its first is there.
    if last is None and (now.delta is None or 0 in dict(commits)):
        return Snapshot(table, None, now.folder)
    found = None if last is None else at_version(layout, table, last)
    if found is None:
        past = _since(layout)
        raise ConfigError(f"{table.name}: its log does not reach back to {moment:%Y-%m-%d %H:%M} UTC. {past}")
    return found


def _commits(now: Snapshot) -> list[tuple[int, datetime]]:
    """Versions and when they were committed (UTC), the newest first."""
    history = [] if now.delta is None else now.delta.history()
    return [(entry["version"], datetime.fromtimestamp(entry["timestamp"] / 1000, UTC)) for entry in history]


def _since(layout: DataLayout) -> str:
    """Since when all of `articles` can be read."""
    now = snapshot(layout, ARTICLES)
    oldest: datetime | None = None
    for number, at in _commits(now):
        version = at_version(layout, ARTICLES, number)
        if version is None or not whole(version):
            break
        oldest = at
    return f"The past can be read since {oldest:%Y-%m-%d %H:%M} UTC." if oldest else "There is no past yet."
