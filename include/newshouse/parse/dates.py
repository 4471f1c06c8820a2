"""First publication and last change of an article: the most explicit statement that can be true."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from newshouse.parse.document import Document
from newshouse.parse.moments import find_moment, moment_in_url, read_moment
from newshouse.parse.words import plain, tidy
from newshouse.records import Candidate, Moment

# A page cannot be published after it was captured; clocks differ and zones are forgotten by up to a day.
_TOLERANCE = timedelta(hours=26)
_PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "parsely-pub-date", "datepublished",
    "sailthru.date", "pubdate", "publishdate", "publish-date", "publish_date", "article.published", "dc.date.issued",
    "dcterms.created", "dcterms.issued", "cxenseparse:recs:publishtime", "date", "dc.date", "dcterms.date",
    "originalpublicationdate", "published_time_telegram", "article:published", "last-published", "bt:pubdate",
    "article_date_original", "citation_publication_date", "rnews:datepublished", "created", "article:created_time",
    "publication_date", "date.created", "vr:published_time", "iso-8601-publish-date", "published-date",
)  # fmt: skip
_NAMED_PUBLISHED = re.compile(r"(?<!un)publish(?!er)|pub-?_?date")
_MODIFIED_META = (
    "article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified", "lastmod", "last-modified",
    "dcterms.modified", "dc.date.modified", "article.updated", "revision_date", "updated_time", "article:updated_time",
    "cxenseparse:recs:articlemodified", "modified",
)  # fmt: skip


def published(
    document: Document, captured_at: datetime, candidate: Candidate | None, zone: str | None
) -> Moment | None:
    """First publication. The page is believed before the feed."""
    found = list(_possible(_published(document, zone), captured_at))
    if (first := next(iter(found), None)) is not None:
        return _sharper(first, found)
    elsewhere = (
        feed_moment(candidate, captured_at),
        moment_in_url(document.url),
        next(_possible(_printed(document, zone), captured_at), None),
    )
    return next(filter(None, elsewhere), None)


def modified(document: Document, captured_at: datetime, first: Moment | None, zone: str | None) -> Moment | None:
    """Last change as the publisher states it; None if that is not after the publication."""
    found = _possible(_modified(document, zone), captured_at)
    moment = next((moment for moment in found if not first or _not_before(moment, first)), None)
    return None if moment and first and moment.at == first.at else moment


def feed_moment(candidate: Candidate | None, captured_at: datetime) -> Moment | None:
    """What the feed said, unless it lies in the future."""
    if not candidate or not candidate.feed_published_at or not candidate.feed_published_raw:
        return None
    stated = read_moment(candidate.feed_published_raw, "feed")
    offset = stated.utc_offset_min if stated else None
    at = candidate.feed_published_at
    moment = Moment(at, candidate.feed_published_raw, stated.precision if stated else "second", offset, "feed")
    return moment if at <= captured_at + _TOLERANCE else None


def _published(document: Document, zone: str | None) -> Iterator[Moment | None]:
    node = document.article_node or {}
    yield read_moment(plain(node.get("datePublished")), "jsonld", zone)
    for name in _PUBLISHED_META:
        yield read_moment(document.meta_first(name), "meta", zone)
    for name in document.meta:
        if _NAMED_PUBLISHED.search(name):
            yield read_moment(document.meta_first(name), "meta", zone)
    yield _microdata(document, "datePublished", zone)
    yield read_moment(plain(node.get("dateCreated")), "jsonld", zone)
    for other in document.nodes:
        if not other.get("_other"):
            yield read_moment(plain(other.get("datePublished") or other.get("uploadDate")), "jsonld", zone)
    yield from _time_elements(document, zone, modified=False)


def _modified(document: Document, zone: str | None) -> Iterator[Moment | None]:
    node = document.article_node or {}
    yield read_moment(plain(node.get("dateModified")), "jsonld", zone)
    for name in _MODIFIED_META:
        yield read_moment(document.meta_first(name), "meta", zone)
    yield _microdata(document, "dateModified", zone)
    yield from _time_elements(document, zone, modified=True)


def _printed(document: Document, zone: str | None) -> Iterator[Moment | None]:
    """Dates printed near the headline, or in small elements that are named after a date."""
    yield find_moment(document.title_tag or "", "text", zone)
    for block in document.near_headline:
        if len(block.text) <= _LABEL_CHARS:
            yield find_moment(block.text, "text", zone)
    for node in document.tree.css(_DATE_ELEMENTS)[:40]:
        text = tidy(node.text(separator=" "))
        if len(text) <= _LABEL_CHARS and not document.is_inside(node, _NOT_DATED):
            yield find_moment(text, "text", zone)
    for block in document.below_headline:
        if len(block.text) <= _BARE_CHARS:
            yield find_moment(block.text, "text", zone)


_BARE_CHARS = 32  # a line that holds a date and hardly anything beside it
_LABEL_CHARS = 160
_DATE_ELEMENTS = (
    "[class*=date i], [id*=date i], [class*=publish i], [class*=posted i], [class*=time i], [class*=meta i], "
    "[class*=byline i], [class*=info i]"
)
_NOT_DATED = frozenset(("footer", "nav", "aside"))


def _microdata(document: Document, name: str, zone: str | None) -> Moment | None:
    node = document.itemprop(name)
    if node is None:
        return None
    attributes = node.attributes
    raw = attributes.get("datetime") or attributes.get("content") or node.text(separator=" ")[:200]
    return read_moment(raw, "microdata", zone)


def _time_elements(document: Document, zone: str | None, *, modified: bool) -> Iterator[Moment | None]:
    for node in document.tree.css("time")[:20]:
        attributes = node.attributes
        words = " ".join(filter(None, (attributes.get("class"), attributes.get("itemprop")))).lower()
        is_change = any(word in words for word in ("modif", "updat"))
        if is_change == modified:
            yield read_moment(attributes.get("datetime") or tidy(node.text(separator=" ")), "text", zone)


def _possible(moments: Iterable[Moment | None], captured_at: datetime) -> Iterator[Moment]:
    return (moment for moment in moments if moment and moment.at <= captured_at + _TOLERANCE)


def _sharper(first: Moment, others: list[Moment]) -> Moment:
    """A statement of the same day with a clock is better than the bare day."""
    if first.precision in ("second", "minute", "hour"):
        return first
    same_day = (m for m in others if m.precision in ("second", "minute") and abs(m.at - first.at) < timedelta(hours=38))
    return next((m for m in same_day if m.raw[:10] == first.raw[:10]), first)


def _not_before(moment: Moment, first: Moment) -> bool:
    slack = timedelta(days=1) if "day" in (moment.precision, first.precision) else timedelta(0)
    return moment.at >= first.at - slack
