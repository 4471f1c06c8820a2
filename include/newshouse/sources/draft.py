"""Draft the file of a new source from a homepage: what the page says is filled in, the rest is left to a person.

A value that nothing states stays empty with a TODO, and `load_sources` will ask for it by file and line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urljoin, urlsplit

import yaml
from protego import Protego
from selectolax.lexbor import LexborHTMLParser

from newshouse.discover.autodiscovery import find_feeds
from newshouse.discover.feeds import parse_feed
from newshouse.discover.listing import Feed, Sitemap
from newshouse.discover.page import Page
from newshouse.discover.sitemaps import read_sitemap
from newshouse.errors import ConfigError
from newshouse.sources import codes
from newshouse.urls import absolute, registrable_domain

Probe = Callable[[str], bytes | None]

# Country codes that are sold to the whole world, and that Google Search therefore treats as generic
# (Search Central, "Managing multi-regional sites"): they say nothing about a place.
_GENERIC = {
    *("ad", "ai", "as", "bz", "cc", "cd", "co", "dj", "fm", "io", "la"),
    *("me", "ms", "nu", "sc", "sr", "su", "tv", "tk", "ws"),
}
_COUNTRY_OF = {"uk": "GB"}  # the only country code domain in use that differs from ISO 3166-1
_NEWS_SITEMAPS = ("/sitemap_news.xml", "/news-sitemap.xml", "/sitemap-news.xml")
_MOST_PROBES = 5  # of one kind: large publishers list hundreds of archive files
_TEXT_CHARACTERS = 120


def draft_source(homepage: str, body: bytes, probe: Probe) -> str:
    """The YAML text of a source file, to be saved as `<id>.yaml`.

    Args:
        homepage: absolute http(s) address, after redirects.
        body: HTML of the homepage, content-decoded.
        probe: fetches an address politely and gives its body; None when there is none.

    Raises:
        ConfigError: `homepage` is not an http(s) address.
    """
    try:
        homepage = absolute(homepage, homepage)
    except ValueError as error:
        raise ConfigError(f"{error}. Give the whole address, such as https://example.com/.") from error
    page = Page.read(body, homepage).tree
    country = _country(homepage)
    return "\n".join(
        [
            f"# Drafted from {homepage}",
            "# Fill in what is marked TODO, then run: newshouse sources check. The id must be the name of this file.",
            f"id: {_slug(homepage)}",
            _fact("name", _name(page), "as the page calls itself", "what readers call it"),
            _fact("country", country, "from the address", "two capital letters, ISO 3166-1; the address is silent"),
            _fact("language", _language(page), "from <html lang>", "two small letters, ISO 639-1; the page is silent"),
            _fact("timezone", _zone(country), "the only one of the country", _zone_advice(country)),
            f"homepage: {_written(homepage)}",
            *_list("feeds", _feeds(homepage, body, probe)),
            *_list("sitemaps", dict.fromkeys(_sitemaps(homepage, probe), "")),
            "politeness:",
            "  delay_seconds: 3",
            "tags: []",
            "verified: false  # true once a run has shown that the addresses work",
            "",
        ]
    )


def _slug(homepage: str) -> str:
    name = registrable_domain(homepage)
    label = name if re.fullmatch(r"[0-9.]+|\[.*\]", name) else name.split(".")[0]
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-") or "source"


def _name(page: LexborHTMLParser) -> str | None:
    for selector in ('meta[property="og:site_name"]', 'meta[name="application-name"]', "title"):
        node = page.css_first(selector)
        stated = (node.attributes.get("content") if node.tag == "meta" else node.text()) if node else None
        if name := _one_line(stated):
            return name
    return None


def _language(page: LexborHTMLParser) -> str | None:
    node = page.css_first("html")
    stated = (node.attributes.get("lang") or "") if node else ""
    code = re.split("[-_]", stated.strip().lower())[0]
    return code if code in codes.languages() else None


def _country(homepage: str) -> str | None:
    domain = str(urlsplit(homepage).hostname).rstrip(".").rpartition(".")[2]
    code = _COUNTRY_OF.get(domain, domain.upper())
    return code if domain not in _GENERIC and code in codes.countries() else None


def _zone(country: str | None) -> str | None:
    zones = codes.zones_of(country) if country else ()
    return zones[0] if len(zones) == 1 else None


def _zone_advice(country: str | None) -> str:
    zones = codes.zones_of(country) if country else ()
    return f"IANA name: {', '.join(zones)}" if zones else "IANA name, such as Asia/Seoul"


def _feeds(homepage: str, body: bytes, probe: Probe) -> dict[str, str]:
    """Address -> title. Declared feeds are believed; mere links that look like feeds are looked at."""
    found = find_feeds(body, homepage)
    declared = [feed for feed in found if feed.is_declared]
    kept = declared or [feed for feed in found[:_MOST_PROBES] if _is_feed(probe(feed.url), feed.url)]
    return {feed.url: _one_line(feed.title) for feed in kept}


def _is_feed(body: bytes | None, url: str) -> bool:
    return body is not None and isinstance(parse_feed(body, url), Feed)


def _sitemaps(homepage: str, probe: Probe) -> list[str]:
    """News sitemaps if there are any, else the first few of robots.txt; each has been seen to be a sitemap."""
    listed = list(dict.fromkeys(_listed(homepage, probe)))
    news = [url for url in listed if "news" in urlsplit(url).path.lower()]
    guesses = [] if news else [urljoin(homepage, path) for path in _NEWS_SITEMAPS]
    for urls in (news, guesses, listed):
        if found := [url for url in urls[:_MOST_PROBES] if _is_sitemap(probe(url), url)]:
            return found
    return []


def _listed(homepage: str, probe: Probe) -> Iterator[str]:
    robots = probe(urljoin(homepage, "/robots.txt")) or b""
    for line in Protego.parse(robots.decode("utf-8", "replace")).sitemaps:
        try:
            yield absolute(line, homepage)
        except ValueError:
            continue  # a line that is no address offers nothing to draft


def _is_sitemap(body: bytes | None, url: str) -> bool:
    return body is not None and isinstance(read_sitemap(body, url), Sitemap)


def _fact(key: str, value: str | None, origin: str, advice: str) -> str:
    return f"{key}: {_written(value)}  # {origin}" if value else f"{key}:  # TODO: {advice}"


def _list(key: str, titles: Mapping[str, str]) -> list[str]:
    """The addresses, each with its title as a comment."""
    items = [f"  - {_written(url)}" + (f"  # {title}" if title else "") for url, title in titles.items()]
    return [f"{key}:", *items] if items else [f"{key}: []  # none found"]


def _one_line(text: str | None) -> str:
    """What YAML and a terminal can show on one line of bearable length."""
    visible = "".join(c for c in text or "" if c.isprintable() or c.isspace())
    return " ".join(visible.split())[:_TEXT_CHARACTERS]


def _written(text: str) -> str:
    """The text as a YAML value on one line, in quotes where it needs them."""
    return str(yaml.safe_dump(text, allow_unicode=True, width=float("inf"))).split("\n")[0]
