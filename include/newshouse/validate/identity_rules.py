"""Rules on what names an article: its URL and its title."""

from __future__ import annotations

from newshouse.urls import host_of
from newshouse.validate.row import ParsedRow
from newshouse.validate.rule import Rule


def _url_invalid(row: ParsedRow) -> str | None:
    bad = next((url for url in (row.url, row.final_url) if url is not None and not _is_web_address(url)), None)
    return None if bad is None else f"{bad[:200]!r} is not an http or https address"


def _is_web_address(url: str) -> bool:
    try:
        return bool(host_of(url))
    except ValueError:
        return False


def _url_missing(row: ParsedRow) -> str | None:
    return "the row has no URL" if row.url is None else None


def _title_missing(row: ParsedRow) -> str | None:
    # "—" or "..." is no title either.
    return None if any(map(str.isalnum, row.title or "")) else f"the title is {row.title!r}"


RULES = (
    Rule(
        "url_invalid",
        "The URL is not a web address.",
        "critical",
        "quarantine",
        _url_invalid,
        fails={"url": "htps:/harbour-post.example/ferry"},
        passes={"url": "http://harbour-post.example:8080/ferry?id=7"},
    ),
    Rule(
        "url_missing",
        "There is no URL; only a text dump may lack it.",
        "critical",
        "quarantine",
        _url_missing,
        fails={"url": None},
        passes={"url": "https://harbour-post.example/"},
        dump_action="tag",
    ),
    Rule(
        "title_missing",
        "There is no title; only a text dump may lack it.",
        "critical",
        "quarantine",
        _title_missing,
        fails={"title": " — "},
        passes={"title": "여객선 새 항로"},
        dump_action="tag",
    ),
)
