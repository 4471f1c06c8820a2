"""The sample newsroom beside Airflow: served by this process, reached by its children as an HTTP proxy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

from newshouse.errors import ConfigError
from newshouse.settings import SAMPLE_SOURCES, Settings
from newshouse.storage.files import storage_errors, write_text

DAYS_BEFORE = 4  # what the first run finds on line: an archive of several days, not an empty shop
_DAY_SECONDS = 86_400


@contextmanager
def sample_newsroom(settings: Settings, day: date) -> Iterator[Settings]:
    """Serve the sample newsroom on `day`, if these settings ask for it. Gives the settings that reach it.

    The clock is moved by whole days, for the newsroom and for Newshouse alike. Real sources, or a proxy that was
    set by hand, are left as they are.
    """
    if settings.sources != SAMPLE_SOURCES or settings.proxy is not None:
        yield settings
        return
    from newshouse.sample.server import serve  # noqa: PLC0415 -- only needed here

    moved = (day - settings.now().date()).days * _DAY_SECONDS
    settings = replace(settings, clock_offset_seconds=settings.clock_offset_seconds + moved)
    with serve(_epoch(settings, day), settings.now) as newsroom:
        yield replace(settings, proxy=newsroom.proxy_url)


def _epoch(settings: Settings, day: date) -> date:
    """Day 0 of the newsroom: fixed by the first run of this data folder, so that later days tell the same story."""
    path = settings.folder / "newsroom.json"
    with storage_errors(path):
        try:
            return date.fromisoformat(json.loads(path.read_text(encoding="utf-8"))["epoch"])
        except FileNotFoundError:
            epoch = day - timedelta(days=DAYS_BEFORE)
            write_text(path, json.dumps({"epoch": epoch.isoformat()}))
            return epoch
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError(f"{path}: damaged ({error}). Delete it; the newsroom then starts anew.") from error
