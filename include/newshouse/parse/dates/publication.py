"""First publication and last change of an article: the most explicit statement that can be true."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain, islice

from newshouse.parse.dates.day_order import day_comes_first
from newshouse.parse.dates.earlier import printed_earlier, printed_too
from newshouse.parse.dates.local_clock import on_local_clock
from newshouse.parse.dates.moments import moment_in_url, read_moment
from newshouse.parse.dates.printed_dates import printed, printed_changes, time_elements
from newshouse.parse.dates.statements import PARTS, SAYS_SO, ends_as_prose, is_somebodys
from newshouse.parse.dates.zone_signs import in_own_zone
from newshouse.parse.dom.apart import is_apart
from newshouse.parse.dom.document import Document
from newshouse.parse.dom.elements import LINKED
from newshouse.parse.words import plain
from newshouse.records import Candidate, Moment

# A page cannot be published after it was captured; clocks differ and zones are forgotten by up to a day.
_TOLERANCE = timedelta(hours=26)
_PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "parsely-pub-date",
    "sailthru.date", "pubdate", "publishdate", "publish-date", "publish_date", "article.published", "dc.date.issued",
    "dcterms.created", "dcterms.issued", "cxenseparse:recs:publishtime", "date", "dc.date", "dcterms.date",
    "originalpublicationdate", "published_time_telegram", "article:published", "last-published", "bt:pubdate",
    "article_date_original", "rnews:datepublished", "created", "article:created_time",
    "publication_date", "date.created", "vr:published_time", "iso-8601-publish-date", "published-date",
)  # fmt: skip
# Further names; among them `datepublished`, an itemprop that cited works have too.
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
    moment = _first_published(document, captured_at, candidate, zone)
    return moment and on_local_clock(in_own_zone(moment, document, zone), document)


def _first_published(
    document: Document, captured_at: datetime, candidate: Candidate | None, zone: str | None
) -> Moment | None:
    stated = _printed_coarse_last(_possible(_published(document, zone), captured_at))
    if (first := next(stated, None)) is not None:
        if first.origin in _TOLD_TO_MACHINES and (earlier := printed_earlier(first, document, zone)):
            return earlier
        if first.origin == "jsonld" and (other := _told_elsewhere(first, document, zone)):
            return other
        if first.precision in _WITH_CLOCK:
            return first
        if first.precision in _COARSE:
            return next((moment for moment in stated if _lies_within(moment, first)), first)
        return _before_template(first, document, captured_at, zone) or _sharper(first, stated)
    elsewhere: tuple[Callable[[], Moment | None], ...] = (
        lambda: feed_moment(candidate, captured_at),
        lambda: _in_address(document, captured_at, zone),
        lambda: next(_possible(printed(document, zone), captured_at), None),
        lambda: next(_possible(time_elements(document, zone, modified=False, apart=True), captured_at), None),
        lambda: next(_possible(_in_scripts(document, zone), captured_at), None),
        lambda: _last_change(document, captured_at, zone),
    )
    return next((moment for ask in elsewhere if (moment := ask())), None)


def _told_elsewhere(first: Moment, document: Document, zone: str | None) -> Moment | None:
    """What a meta element states, where readers are shown its day and not that of the JSON-LD: two against one.

    Not if that is the day of the last change: some restate an old article as a new one.
    """
    told = read_moment(document.meta_first(*_SAID_PUBLISHED), "meta", zone)
    if told is None or told.at.date() == first.at.date() or not printed_too(told, first, document):
        return None
    changed = read_moment(plain((document.article_node or {}).get("dateModified")), "jsonld", zone)
    return None if changed and changed.at.date() == told.at.date() else told


_SAID_PUBLISHED = ("article:published_time", "og:article:published_time", "parsely-pub-date", "sailthru.date")


def _in_address(document: Document, captured_at: datetime, zone: str | None) -> Moment | None:
    """The day that the address carries, with the clock that the page prints for the same day."""
    day = moment_in_url(document.url, day_first=day_comes_first(document))
    if day is None:
        return None
    shown = _possible(printed(document, zone), captured_at)
    clocks = (moment for moment in islice(shown, _MAX_PRINTED) if moment.precision in _WITH_CLOCK)
    of_day = (moment for moment in clocks if _wall_day(moment) == day.at.date() and moment.origin == "text")
    return next((moment for moment in of_day if _is_of_article(moment, document)), day)


def _is_of_article(moment: Moment, document: Document) -> bool:
    """Whether it is said to be of the publication, or stands alone between the headline and the text: comments, other
    articles and what is to take place on that day have clocks as well.
    """
    head = document.headline
    lines = [b for b in document.blocks if moment.raw in b.text and not b.is_heading and not b.link_share > LINKED]
    lines = [b for b in lines if head is None or not is_apart(b, head)]
    top = set(_top(document))
    told = (block for block in lines if SAYS_SO.match(block.text))
    if any(block.position in top or not is_somebodys(block.text) for block in told):
        return True
    parts = (part for block in lines if block.position in top for part in PARTS.split(block.text))
    return any(_OF_ARTICLE.match(part.partition(moment.raw)[0]) for part in parts if moment.raw in part)


def _top(document: Document) -> Iterator[int]:
    """The places of the blocks around the headline, down to the text; one sentence may be a standfirst."""
    sentences = 0
    at = document.headline.position if document.headline else -1
    for block in document.near_headline or document.blocks[:_MAX_TOP]:
        sentences += block.position > at and block.size >= _SENTENCE_CHARS and ends_as_prose(block.text)
        if sentences > 1:
            return
        yield block.position


_SENTENCE_CHARS, _MAX_TOP = 60, 20
# What may stand before it in its line: a day of the week, or a writer.
_OF_ARTICLE = re.compile(r"\W*(?:\w{2,12}\.?,?\s|(?:by|von|par|por|door|di)\s.{2,60})?\W*$", re.IGNORECASE)
_MAX_PRINTED = 10


def _wall_day(moment: Moment) -> date:
    """The calendar day on the clock that stated it."""
    return (moment.at + timedelta(minutes=moment.utc_offset_min or 0)).date()


def _before_template(first: Moment, document: Document, captured_at: datetime, zone: str | None) -> Moment | None:
    """The printed date, where JSON-LD gives a bare day that is no earlier than its last change, and the page an earlier
    one: some content systems fill both in with the day when the whole site was last built.
    """
    if first.origin != "jsonld":
        return None
    changed = next(_possible(_modified(document, zone), captured_at), None)
    if changed is None or changed.at > first.at:
        return None
    shown = next(_possible(printed(document, zone), captured_at), None)
    return shown if shown and shown.origin == "text" and shown.at < first.at - timedelta(days=1) else None


def _last_change(document: Document, captured_at: datetime, zone: str | None) -> Moment | None:
    """Where that is the only time that a page states: it was published by then."""
    changed = next(_possible(_modified(document, zone), captured_at), None)
    return replace(changed, origin="modified") if changed else None


def modified(document: Document, captured_at: datetime, first: Moment | None, zone: str | None) -> Moment | None:
    """Last change as the publisher states it; None if that is not after the publication."""
    stated = chain(_modified(document, zone), printed_changes(document, zone))
    found = _possible(stated, captured_at)
    moment = next((moment for moment in found if not first or _not_before(moment, first)), None)
    if moment is None and first and first.origin == "modified":
        return replace(first, origin="text")
    if moment is None or (first and moment.at == first.at and first.origin != "modified"):
        return None
    moment = in_own_zone(moment, document, zone)
    # A page that shows a local clock for one of its times does so for the other, and searching costs time.
    return moment if first and first.utc_offset_min == 0 else on_local_clock(moment, document)


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
    meta = document.meta
    for name in filter(meta.__contains__, _PUBLISHED_META):
        yield read_moment(document.meta_first(name), "meta", zone)
    for name in meta:
        if "pub" in name and _NAMED_PUBLISHED.search(name):
            yield read_moment(document.meta_first(name), "meta", zone)
    yield _microdata(document, "datePublished", zone)
    yield read_moment(document.meta_first("citation_publication_date"), "meta", zone)  # may be that of a cited work
    yield read_moment(plain(node.get("dateCreated")), "jsonld", zone)
    for other in document.nodes:
        if not other.get("_other"):
            yield read_moment(plain(other.get("datePublished") or other.get("uploadDate")), "jsonld", zone)
    yield from time_elements(document, zone, modified=False)


def _modified(document: Document, zone: str | None) -> Iterator[Moment | None]:
    node = document.article_node or {}
    yield read_moment(plain(node.get("dateModified")), "jsonld", zone)
    for name in filter(document.meta.__contains__, _MODIFIED_META):
        yield read_moment(document.meta_first(name), "meta", zone)
    yield _microdata(document, "dateModified", zone)
    yield from time_elements(document, zone, modified=True)


def _in_scripts(document: Document, zone: str | None) -> Iterator[Moment | None]:
    """What the scripts and data attributes of a page call its publication, if they name one day only."""
    found = [read_moment(raw, "script", zone) for raw in islice(_scripted(document.text), _MAX_SCRIPTED)]
    moments = [moment for moment in found if moment]
    if len({moment.at.date() for moment in moments}) == 1:
        yield moments[0]


def _scripted(text: str) -> Iterator[str]:
    """Values of `datePublished`, `publishedAt`, `publish_date` and the like."""
    for word in ("ublish", "ublication"):
        at = text.find(word)
        while at >= 0:  # a plain search passes over a megabyte of script twenty times quicker than a pattern
            match = _SCRIPTED.match(text, at)
            if match and (match["suffix"] or text[at - 5 : at].lower() == "datep"):
                yield match["value"]
            at = text.find(word, at + 1)


_MAX_SCRIPTED = 50
_SCRIPTED = re.compile(
    r"ubli(?:sh(?:ed)?|cation)(?P<suffix>_?(?:at|on|date|time))?(?:\\*[\"']|&quot;)?\s*[:=]\s*(?:\\*[\"']|&quot;)"
    r"(?P<value>\d{4}-\d\d-\d\d(?:[T ][\d:.]{5,12}(?:Z|[+-]\d\d:?\d\d)?)?)",
    re.IGNORECASE,
)


def _microdata(document: Document, name: str, zone: str | None) -> Moment | None:
    node = document.itemprop(name)
    if node is None:
        return None
    attributes = node.attributes
    raw = attributes.get("datetime") or attributes.get("content") or node.text(separator=" ")[:200]
    return read_moment(raw, "microdata", zone)


def _possible(moments: Iterable[Moment | None], captured_at: datetime) -> Iterator[Moment]:
    return (moment for moment in moments if moment and moment.at <= captured_at + _TOLERANCE)


def _printed_coarse_last(moments: Iterable[Moment]) -> Iterator[Moment]:
    """Bare months and years in print last: they are those of an issue. Those told to machines are the publisher's."""
    coarse: list[Moment] = []
    for moment in moments:
        if moment.precision in _COARSE and moment.origin == "text":
            coarse.append(moment)
        else:
            yield moment
    yield from coarse


_COARSE = ("month", "year")
_TOLD_TO_MACHINES = ("jsonld", "meta", "microdata")


def _lies_within(moment: Moment, coarse: Moment) -> bool:
    """Whether a moment says more, and nothing else, than a bare month or year."""
    if moment.at.year != coarse.at.year or moment.precision in ("year", coarse.precision):
        return False
    return coarse.precision == "year" or moment.at.month == coarse.at.month


def _sharper(first: Moment, others: Iterable[Moment]) -> Moment:
    """A statement of the same day with a clock is better than the bare day."""
    same_day = (m for m in others if m.precision in ("second", "minute") and abs(m.at - first.at) < timedelta(hours=38))
    return next((m for m in same_day if m.raw[:10] == first.raw[:10]), first)


_WITH_CLOCK = ("second", "minute", "hour")


def _not_before(moment: Moment, first: Moment) -> bool:
    slack = timedelta(days=1) if "day" in (moment.precision, first.precision) else timedelta(0)
    return moment.at >= first.at - slack
