"""One captured page -> Article, or the reason why it is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from newshouse.errors import ContractError
from newshouse.parse.collector import paused_collector
from newshouse.parse.dates import publication
from newshouse.parse.dates.moments import moments_in, read_moment
from newshouse.parse.dom.document import Document
from newshouse.parse.facts import access as access_of
from newshouse.parse.facts import headline
from newshouse.parse.facts.dateline import read_dateline, wire_in
from newshouse.parse.facts.language import language
from newshouse.parse.facts.rights import rights
from newshouse.parse.kinds import refusals
from newshouse.parse.media.figures import media
from newshouse.parse.people import authors
from newshouse.parse.people.closing import closing_lines, closing_wire, source_lines
from newshouse.parse.text import gates
from newshouse.parse.text.body import read_body, without_furniture
from newshouse.parse.text.writers import without_writers
from newshouse.parse.words import letters
from newshouse.records import Article, Candidate, Dateline, Media, Moment, NoArticle, Paragraph
from newshouse.sources.model import Override, Source

_NO_OVERRIDE = Override()


@paused_collector()
def parse_page(
    body: bytes,
    url: str,
    captured_at: datetime,
    headers: Mapping[str, str],
    *,
    candidate: Candidate | None = None,
    source: Source | None = None,
) -> Article | NoArticle:
    """Read one page. Pure: the same bytes give the same answer. Never raises on foreign bytes.

    Args:
        body: as received, content-decoded.
        url: where it came from in the end; relative addresses are joined to it.
        captured_at: aware; no date later than this (plus a day of clock error) is believed.
        headers: HTTP response headers.
        candidate: what the feed said: the fallback for date and authors.
        source: the publisher: its name, its time zone, its overrides.

    Raises:
        ContractError: `captured_at` has no time zone.
    """
    if captured_at.tzinfo is None:
        raise ContractError(f"{url}: captured_at {captured_at} has no time zone; give it in UTC")
    headers = {name.lower(): value for name, value in headers.items() if value}
    if refused := refusals.not_a_page(body, headers.get("content-type", "")):
        return refused
    told = (source and source.override(captured_at)) or _NO_OVERRIDE
    document = Document.read(body, url, headers, drop=told.drop)
    access, evidence = access_of.access(document)
    title = _told(document, told.title) or headline.title(document, source)
    stated = headline.subtitle(document, title and title[0], "", shown=False)
    text = read_body(document, title and title[0], stated and stated[0])
    offer = None
    if access != "free":
        begins = gates.offer_at(text.paragraphs)
        offer = gates.gate(document, text.paragraphs, begins)
        text = replace(text, paragraphs=gates.without_gate(text.paragraphs, begins))
    whole = "\n\n".join(paragraph.text for paragraph in text.paragraphs)
    if refused := refusals.no_article(document, whole, access, title and title[0], offer):
        return refused

    if offer and access == "unknown":
        access, evidence = gates.gated_access(offer)
    zone = source.timezone if source else None
    published = _told_moment(document, told.published, zone) or publication.published(
        document, captured_at, candidate, zone
    )
    modified = publication.modified(document, captured_at, published, zone)
    subtitle = (
        _told(document, told.subtitle)
        or _standfirst(text.paragraphs)
        or headline.subtitle(document, title and title[0], _without_lead(text.paragraphs))
    )
    closing = closing_lines(document.blocks, text.paragraphs[-1].text) if text.paragraphs else ()
    fed = candidate.feed_authors if candidate else ()
    opening = text.paragraphs[0].text if text.paragraphs else ""
    byline = _told(document, told.byline)
    credits = authors.credits(document, source, fed, byline=byline, opening=opening, closing=closing)
    pictures = media(document)
    paragraphs = without_furniture(
        text.paragraphs,
        title and title[0],
        subtitle and subtitle[0],
        _printed(credits.byline, pictures and pictures[0]),
    )
    paragraphs = without_writers(paragraphs, [author.name for author in credits.authors])
    paragraphs = paragraphs or text.paragraphs  # of a story told in pictures, the captions
    dateline = _dateline(paragraphs)
    wire, wire_origin = credits.wire, credits.wire_origin
    if wire is None:
        signed = wire_in(dateline, authors.own_names(document, source)) if dateline else None
        # Beside an author, a source near the headline is that of a picture.
        sources = () if credits.authors else source_lines(document.near_headline)
        wire = signed or closing_wire(closing) or closing_wire(sources)
        wire_origin = "text"
    spoken = language(document, whole)
    terms, rights_origin = rights(document)
    canonical = _own_address(document)
    section, tags, genre = headline.section(document), headline.tags(document), headline.genre(document)
    origin = {
        "title": title and title[1],
        "subtitle": subtitle and subtitle[1],
        "section": section and section[1],
        "tags": tags and tags[1],
        "genre": genre and genre[1],
        "published_at": published and published.origin,
        "modified_at": modified and modified.origin,
        "authors": credits.origin if credits.authors else None,
        "credit": credits.credit_origin if credits.credit else None,
        "byline": credits.byline_origin,
        "dateline": "text" if dateline else None,
        "wire": wire_origin if wire else None,
        "media": pictures and pictures[1],
        "canonical_url": canonical and canonical[1],
        "language": spoken and spoken[2],
        "access": _access_origin(evidence),
        "body": "html" if paragraphs else None,
        "rights": rights_origin,
    }
    return Article(
        title=title and title[0],
        paragraphs=paragraphs,
        extractor=text.extractor,
        subtitle=subtitle and subtitle[0],
        section=section and section[0],
        tags=tags[0] if tags else (),
        genre=genre and genre[0],
        published=published,
        modified=modified,
        byline=credits.byline,
        authors=credits.authors,
        credit=credits.credit,
        dateline=dateline,
        media=pictures[0] if pictures else (),
        wire=wire,
        canonical_url=canonical and canonical[0],
        language=spoken and spoken[0],
        language_confidence=spoken and spoken[1],
        access=access,
        access_evidence=evidence,
        rights=terms,
        confidence=text.confidence,
        template=text.template,
        link_density=text.link_density,
        field_origin={name: value for name, value in origin.items() if value},
    )


def _told(document: Document, selector: str | None) -> tuple[str, str] | None:
    """The text of the element that an override names."""
    text = document.text_of(selector) if selector else None
    return (text, "override") if text else None


def _told_moment(document: Document, selector: str | None, zone: str | None) -> Moment | None:
    """The time that the element which an override names states, in print or for machines."""
    raw = document.time_of(selector) if selector else None
    if not raw:
        return None
    return read_moment(raw, "override", zone) or next((m for _, m in moments_in(raw, "override", zone)), None)


def _standfirst(paragraphs: tuple[Paragraph, ...]) -> tuple[str, str] | None:
    """The standfirst that the page prints is better than any description: that may be the slogan of the site."""
    lead = next((paragraph.text for paragraph in paragraphs[:2] if paragraph.kind == "lead"), None)
    return (lead, "html") if lead else None


def _without_lead(paragraphs: tuple[Paragraph, ...]) -> str:
    return "\n".join(paragraph.text for paragraph in paragraphs if paragraph.kind != "lead")


def _printed(byline: str | None, pictures: tuple[Media, ...] | None) -> set[str]:
    """Texts that have a column of their own and must not stand in the body again."""
    texts = {letters(byline)}
    for item in pictures or ():
        texts |= {letters(item.caption), letters(item.credit), letters((item.caption or "") + (item.credit or ""))}
    return texts - {""}


def _dateline(paragraphs: tuple[Paragraph, ...]) -> Dateline | None:
    found = (read_dateline(paragraph.text) for paragraph in paragraphs[:3])
    return next((dateline for dateline in found if dateline), None)


def _own_address(document: Document) -> tuple[str, str] | None:
    """What the page calls its own address, and where. Templates that name the front page on every page are wrong."""
    offers = ((document.links.get("canonical"), "html"), (document.meta_first("og:url"), "meta"))
    at_front = _is_front(document.url)
    joined = ((url, told) for stated, told in offers if (url := document.absolute(stated)))
    return next(((url, told) for url, told in joined if at_front or not _is_front(url)), None)


def _is_front(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.path in ("", "/") and not parts.query


def _access_origin(evidence: str | None) -> str | None:
    if evidence is None:
        return None
    return "meta" if evidence.startswith("content tier") else "html" if evidence.startswith("the page") else "jsonld"
