"""What a row rule sees: the parsed row as typed values, and the publisher it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from newshouse.parse.words import has_fewer_words
from newshouse.sources.model import Source

TEXT_DUMP = "text_dump"  # `extractor` of a bare text, which may lack URL, title and date


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """One row of `articles.parquet`, cut down to what rules judge.

    Attributes:
        paragraphs: texts only, in order; empty texts are left out.
        kinds: of the paragraphs, in the same order.
        authors: names only.
        credit: as stated; the authors are among them.
        captions: of its pictures and videos, with credits.
        repeated: hashes of texts that many articles of the source hold; see `repeats.py`.
        published_at, modified_at, fetched_at: UTC.
        link_density: 0 to 1, the share of the body that lies in links; None when nobody counted.
        source_name, source_homepage: of the publisher; None when it is not known.
    """

    extractor: str
    fetched_at: datetime
    url: str | None = None
    final_url: str | None = None
    title: str | None = None
    body: str = ""
    paragraphs: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_at_precision: str | None = None
    published_at_utc_offset_min: int | None = None
    modified_at: datetime | None = None
    modified_at_precision: str | None = None
    byline: str | None = None
    authors: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    language: str | None = None
    language_confidence: float | None = None
    access: str | None = None
    link_density: float | None = None
    source_id: str = ""
    source_name: str | None = None
    source_homepage: str | None = None
    repeated: frozenset[int] = frozenset()

    @property
    def is_dump(self) -> bool:
        """The row comes from a text dump, not from a page."""
        return self.extractor == TEXT_DUMP

    def has_fewer_words_than(self, count: int) -> bool:
        """Tell whether the body is that short, without counting the words of a long one."""
        return has_fewer_words(self.body, count)

    @classmethod
    def read(
        cls, record: Mapping[str, Any], source: Source | None, repeated: frozenset[int] = frozenset()
    ) -> ParsedRow:
        """Take the columns of `COLUMNS` from one record of the table."""
        given = {name: record[name] for name in _AS_THEY_ARE}
        paragraphs = [p for p in record["paragraphs"] or () if p and p["text"]]
        media = [m for m in record["media"] or () if m]
        return cls(
            **given,
            body=record["body"] or "",
            paragraphs=tuple(p["text"] for p in paragraphs),
            kinds=tuple(p["kind"] or "text" for p in paragraphs),
            authors=tuple(a["name"] for a in record["authors"] or () if a and a["name"]),
            credit=tuple(record["credit"] or ()),
            captions=tuple(text for m in media for text in (m["caption"], m["credit"]) if text),
            source_name=source.name if source else None,
            source_homepage=source.homepage if source else None,
            repeated=repeated,
        )


def joined(paragraphs: Iterable[str]) -> str:
    """The body that these paragraphs make; empty ones are left out."""
    return "\n\n".join(filter(None, paragraphs))


_CONVERTED = ("body", "paragraphs", "authors", "credit")
_DERIVED = ("kinds", "captions")
_FROM_SOURCE = ("source_name", "source_homepage", "repeated")
_AS_THEY_ARE = tuple(n for n in ParsedRow.__dataclass_fields__ if n not in (*_CONVERTED, *_DERIVED, *_FROM_SOURCE))
COLUMNS = (*_AS_THEY_ARE, *_CONVERTED, "media")


SOUND_ROW = ParsedRow(
    extractor="trafilatura",
    fetched_at=datetime(2026, 11, 23, 6, 0, tzinfo=UTC),
    url="https://harbour-post.example/2026/11/22/ferry-line",
    final_url="https://harbour-post.example/2026/11/22/ferry-line",
    title="New ferry line links both shores from spring",
    body=(
        "The city council voted on Sunday to open a ferry line between the old harbour and the northern shore.\n\n"
        "Two electric boats will cross the bay every twenty minutes, the mayor said after the vote, and a ticket "
        "will cost as much as a ride on the tram."
    ),
    paragraphs=(
        "The city council voted on Sunday to open a ferry line between the old harbour and the northern shore.",
        "Two electric boats will cross the bay every twenty minutes, the mayor said after the vote, and a ticket "
        "will cost as much as a ride on the tram.",
    ),
    published_at=datetime(2026, 11, 22, 18, 30, tzinfo=UTC),
    published_at_precision="second",
    published_at_utc_offset_min=60,
    modified_at=datetime(2026, 11, 22, 19, 0, tzinfo=UTC),
    modified_at_precision="second",
    byline="By Mara Lindqvist",
    authors=("Mara Lindqvist",),
    language="en",
    access="free",
    link_density=0.05,
    source_id="harbour-post",
    source_name="The Harbour Post",
    source_homepage="https://harbour-post.example/",
)
"""A row that no rule minds. The examples of a rule are told as differences from it."""
