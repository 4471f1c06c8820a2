"""An Article as the columns of `articles` that it fills."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from newshouse.ids import stable_id
from newshouse.parse import PARSER_VERSION
from newshouse.parse.words import word_count
from newshouse.records import Article, Moment


def columns(article: Article) -> dict[str, Any]:
    """Column name to value. What only the capture tells (address, file, source) is not among them."""
    body = article.body
    return {
        "canonical_url": article.canonical_url,
        "title": article.title,
        "subtitle": article.subtitle,
        "section": article.section,
        "tags": list(article.tags),
        "genre": article.genre,
        **_moment("published", article.published),
        **_moment("modified", article.modified),
        "byline": article.byline,
        "authors": _structs(article.authors, ("name", "role", "organisation")),
        "credit": list(article.credit),
        "dateline": _struct(article.dateline, ("place", "agency", "date_text")),
        "media": _structs(article.media, ("type", "url", "alt", "caption", "credit")),
        "wire": _struct(article.wire, ("agency", "evidence")),
        "body": body,
        "paragraphs": _structs(article.paragraphs, ("kind", "text")),
        "language": article.language,
        "language_confidence": article.language_confidence,
        "word_count": word_count(body),
        "access": article.access,
        "access_evidence": article.access_evidence,
        "rights": _struct(article.rights, ("robots", "noarchive", "tdm_reservation", "licence")),
        "extractor": article.extractor,
        "confidence": article.confidence,
        "template": article.template,
        "link_density": article.link_density,
        "parser_version": PARSER_VERSION,
        "field_origin": sorted(article.field_origin.items()),
        "content_hash": _content_hash(article, body),
        "quality_flags": list(article.quality_flags),
    }


def _content_hash(article: Article, body: str) -> str:
    """What the page itself says. A feed stops listing an article after some days, and that is no change of it."""
    published = article.published.at.isoformat() if article.published else None
    stated = {"title": article.title, "subtitle": article.subtitle, "byline": article.byline, "published_at": published}
    own = (value if value and article.field_origin.get(name) != "feed" else "" for name, value in stated.items())
    return stable_id(*own, body)


def _moment(name: str, moment: Moment | None) -> dict[str, Any]:
    if moment is None:
        return {}
    return {
        f"{name}_at": moment.at,
        f"{name}_at_raw": moment.raw,
        f"{name}_at_precision": moment.precision,
        f"{name}_at_utc_offset_min": moment.utc_offset_min,
        f"{name}_at_origin": moment.origin,
    }


def _struct(record: Any, names: tuple[str, ...]) -> dict[str, Any] | None:
    return None if record is None else {name: getattr(record, name) for name in names}


def _structs(records: Iterable[Any], names: tuple[str, ...]) -> list[dict[str, Any] | None]:
    return [_struct(record, names) for record in records]
