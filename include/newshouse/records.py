"""What passes between the rooms: one frozen, typed record at each boundary.

Times are timezone-aware UTC. An absent value is None (a null beats a guess); collections are tuples, empty
when there is nothing. `schemas/` holds the same names as table columns.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Precision = Literal["second", "minute", "hour", "day", "month", "year"]
ParagraphKind = Literal["lead", "text", "subhead", "list", "quote", "live_entry", "correction", "table"]
Access = Literal["free", "metered", "paid", "unknown"]
Purpose = Literal["article", "feed", "sitemap", "robots", "page", "rights", "import"]
CandidateReason = Literal["new", "revisit", "updated"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One URL worth fetching, with what the feed or sitemap said about it.

    Attributes:
        url: as listed, made absolute.
        url_key: the normal form that decides sameness (`newshouse.urls.url_key`).
        via: URL of the feed or sitemap that listed it; None for a revisit.
        via_kind: ``rss``, ``atom``, ``jsonfeed``, ``news_sitemap``, ``sitemap``, ``revisit`` (known already) or
            ``import``.
        feed_published_raw: the date exactly as the feed wrote it, even if it lies.
        feed_published_at: the same, parsed (UTC); None when absent or unreadable.
        article_id: set for a revisit, so that a vanished page finds its article.
        etag, last_modified: validators of the last capture, sent back in a conditional GET.
        validated_url: where that capture's body came from, after redirects; None for `url`.
    """

    source_id: str
    url: str
    url_key: str
    discovered_at: datetime
    reason: CandidateReason = "new"
    via: str | None = None
    via_kind: str | None = None
    feed_title: str | None = None
    feed_published_raw: str | None = None
    feed_published_at: datetime | None = None
    feed_authors: tuple[str, ...] = ()
    feed_language: str | None = None
    article_id: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    validated_url: str | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """One hop: the URL asked, the 3xx status, and where it pointed."""

    url: str
    status: int
    location: str


@dataclass(frozen=True, slots=True)
class Original:
    """The last capture of a URL that brought a body: what the next one is compared with, and where its bytes lie.

    Attributes:
        payload_digest: of the decoded body, as in `Capture`.
        warc_file, warc_offset, warc_length: its response or revisit record, as in `Capture`.
    """

    payload_digest: str
    warc_file: str
    warc_offset: int
    warc_length: int

    @classmethod
    def of(cls, digest: str | None, file: str | None, offset: int | None, length: int | None) -> Original | None:
        """None unless all is known."""
        if digest is None or file is None or offset is None or length is None:
            return None
        return cls(digest, file, offset, length)


@dataclass(frozen=True, slots=True)
class Capture:
    """One HTTP exchange as it happened, and where its bytes lie. One row of `fetches`.

    Attributes:
        fetch_id: hash of run, batch, purpose and URL, so that a repeated stage gives the same id.
        outcome: ``fetched``, ``unchanged``, ``gone``, or the reason of the failure (`newshouse.fetch.outcomes`).
        status: last HTTP status; None when no response came.
        requested_at: UTC, when the last attempt began. For `fetched` this is the capture time.
        duration_seconds: of the last attempt, to the last byte.
        body_bytes: size of the decoded body.
        retry_after_seconds: what the server asked for, whether seconds or a date.
        warc_file: relative to the archive folder; None when no response came.
        warc_offset, warc_length: bytes; the own gzip member of the response record, or of the revisit record that
            stands for it where the payload is in the archive already.
    """

    fetch_id: str
    run_id: str
    batch: str
    source_id: str
    purpose: Purpose
    url: str
    url_key: str
    outcome: str
    requested_at: datetime
    attempts: int
    final_url: str | None = None
    host: str | None = None
    status: int | None = None
    detail: str | None = None
    duration_seconds: float | None = None
    body_bytes: int | None = None
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    retry_after_seconds: float | None = None
    redirects: tuple[Redirect, ...] = ()
    payload_digest: str | None = None
    warc_file: str | None = None
    warc_offset: int | None = None
    warc_length: int | None = None

    @property
    def original(self) -> Original | None:
        """What the next capture of this URL is compared with; None when this one brought no body."""
        return Original.of(self.payload_digest, self.warc_file, self.warc_offset, self.warc_length)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as somebody stated it.

    Attributes:
        at: UTC. Parts below `precision` are zero.
        raw: the text it was read from.
        precision: the smallest unit that the text gives.
        utc_offset_min: minutes east of UTC, as the text states or a local clock on the page shows; None without either.
        origin: ``jsonld``, ``meta``, ``microdata``, ``feed``, ``url``, ``text``, ``script``; ``modified`` for a first
            publication of which only the last change is stated.
    """

    at: datetime
    raw: str
    precision: Precision
    utc_offset_min: int | None
    origin: str


@dataclass(frozen=True, slots=True)
class Author:
    """A person. An agency is `Wire`; a publisher or desk that signs is in `Article.credit` (docs/decisions/0009)."""

    name: str
    role: str | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Dateline:
    """The line before the first sentence: "SEOUL, July 4 (Yonhap) --"."""

    place: str | None = None
    agency: str | None = None
    date_text: str | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or video. `credit` is split from `caption`; `url` is None in text dumps."""

    type: str
    url: str | None = None
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Wire:
    """The news agency that the text comes from, and the words that say so."""

    agency: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the body: white space collapsed, never empty."""

    kind: ParagraphKind
    text: str


@dataclass(frozen=True, slots=True)
class Rights:
    """What the publisher says about use. `tdm_reservation` is 1 (reserved), 0 or None (silent)."""

    robots: str | None = None
    noarchive: bool | None = None
    tdm_reservation: int | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """What one page says, and where each value came from.

    Attributes:
        published, modified: flattened into `published_at`, `published_at_raw`, … in the tables.
        credit: whom the page says it is by, as stated and in order: people, desks, houses, agencies.
        extractor: what gave the body, e.g. ``trafilatura`` or ``text_dump``.
        confidence: 0 to 1, the F1 score that bodies of such pages reach on average; None when not estimated.
        template: the make of the page; None for a text dump.
        link_density: 0 to 1, the share of the body that lies in links; None when it is not read from mark-up.
        field_origin: column name -> ``jsonld``, ``meta``, ``feed``, ``html``, ``text``, …
        quality_flags: names of row rules that tag without rejecting.
    """

    title: str | None
    paragraphs: tuple[Paragraph, ...]
    extractor: str
    subtitle: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    genre: str | None = None
    published: Moment | None = None
    modified: Moment | None = None
    byline: str | None = None
    authors: tuple[Author, ...] = ()
    credit: tuple[str, ...] = ()
    dateline: Dateline | None = None
    media: tuple[Media, ...] = ()
    wire: Wire | None = None
    canonical_url: str | None = None
    language: str | None = None
    language_confidence: float | None = None
    access: Access = "unknown"
    access_evidence: str | None = None
    rights: Rights = field(default_factory=Rights)
    confidence: float | None = None
    template: str | None = None
    link_density: float | None = None
    field_origin: dict[str, str] = field(default_factory=dict)
    quality_flags: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """The paragraphs joined by a blank line."""
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A drop, kept with its reason. One row of `rejections`.

    Attributes:
        stage: ``discover``, ``fetch``, ``parse`` or ``validate``.
        reasons: machine-readable names, most important first.
        row_json: the parsed row, if there was one, so that it can be released.
    """

    rejection_id: str
    run_id: str
    batch: str
    source_id: str
    stage: str
    reasons: tuple[str, ...]
    rejected_at: datetime
    detail: str | None = None
    url: str | None = None
    url_key: str | None = None
    article_id: str | None = None
    row_json: str | None = None
    warc_file: str | None = None
    warc_offset: int | None = None
    warc_length: int | None = None


@dataclass(frozen=True, slots=True)
class NoArticle:
    """`parse_page`'s answer for a page that holds no article: a named reason, and what gave it away."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check on one source in one run. One row of `checks`.

    Attributes:
        suite: ``rules``, ``great_expectations``, ``pipeline`` or ``history``.
        severity: ``critical``, ``warning`` or ``info``.
        status: ``pass``, ``fail`` or ``error``.
        value: the measured number; `threshold` says in words what was expected.
        failing_ids: at most 100 article ids.
    """

    check_id: str
    run_id: str
    batch: str
    source_id: str | None
    check_name: str
    suite: str
    severity: str
    status: str
    checked_at: datetime
    value: float | None = None
    threshold: str | None = None
    failed_count: int | None = None
    row_count: int | None = None
    failing_ids: tuple[str, ...] = ()
    detail: str | None = None
