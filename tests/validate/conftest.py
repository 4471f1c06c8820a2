"""Parsed rows for the tests of validate: a sound one, and tables of variations of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from newshouse.schemas import ARTICLES
from newshouse.validate.row import SOUND_ROW

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
MakeTable = Callable[..., pa.Table]


def _record(number: int, changes: dict[str, Any]) -> dict[str, Any]:
    sound = asdict(SOUND_ROW)
    record = sound | {
        "article_id": f"{number:032x}",
        "url": f"https://harbour-post.example/{number}",
        "final_url": f"https://harbour-post.example/{number}",
        "domain": "harbour-post.example",
        "paragraphs": [{"kind": "text", "text": text} for text in sound["paragraphs"]],
        "authors": [{"name": name, "role": None, "organisation": None} for name in sound["authors"]],
        "word_count": 47,
        "confidence": 0.9,
        "parser_version": "1",
        "field_origin": [("title", "jsonld"), ("body", "trafilatura")],
        "content_hash": f"{number:064x}",
        "quality_flags": [],
        "warc_file": "2026-11-23/daily-00-fetch.warc.gz",
        "warc_offset": number * 1000,
        "warc_length": 999,
        "run_id": "daily",
    }
    return record | changes


@pytest.fixture
def make_table() -> MakeTable:
    """`make_table({}, {"title": None})`: one row for each argument, sound but for the given columns."""

    def make(*changes: dict[str, Any]) -> pa.Table:
        return ARTICLES.arrow([_record(number, change) for number, change in enumerate(changes)], "parse")

    return make


@pytest.fixture
def now() -> datetime:
    """The time of the validation."""
    return NOW
