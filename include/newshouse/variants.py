"""AMP, mobile and print addresses of an article, folded into the address of the article itself.

Two articles merged are lost, one article seen twice is found later by its content. So an address is folded only where
what is left still names one article: a number of five digits or a slug of three words. Sections called "amp" or
"print", blogs called "m" and the front pages of mobile sites stay what they are.
"""

from __future__ import annotations

import re

from tldextract import TLDExtract

# With the private suffixes: m.blogspot.com is a blog of its own, not the mobile edition of blogspot.com.
_extract = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
_MOBILE_HOST = re.compile(r"(?:m|mobile|amp)\.(?=.)")
_FIRST_SEGMENT = re.compile(r"^/(?:amp|print)(?=/.)")
_LAST_SEGMENT = re.compile(r"(?<=[^/])/(?:amp|print)/?$")
_SUFFIX = re.compile(r"\.(?:amp|print)(?=\.s?html?$|$)")
_SWITCH = re.compile(
    r"(?:(?:amp|print|printable|is_?amp|is_?print|print-?friendly)(?:=(?:1|true|yes|y)?)?"
    r"|(?:outputtype|output|view|display|mode|format|type)=(?:amp|print|printable|mobile))",
    re.IGNORECASE,
)
# A word is tried from its beginning only: a link of a megabyte must not take its square.
_NAMES_AN_ARTICLE = re.compile(r"\d{5}|(?<![^\W_])[^\W_]++(?:[-_][^\W_]++){2}")


def names_an_article(path: str, query: str = "") -> bool:
    """Whether the last parts of a path, or a value of the query, look like one article and not like a list."""
    last = path.rstrip("/").rpartition("/")[2]
    values = [pair.partition("=")[2] for pair in query.split("&")]
    return any(_NAMES_AN_ARTICLE.search(part) for part in (last, *values))


def fold(host: str, path: str, query: str) -> tuple[str, str, str]:
    """The article's own host, path and query (no port, no "?"). Idempotent; returns them as they are when in doubt."""
    while (folded := _fold_once(host, path, query)) != (host, path, query):
        host, path, query = folded
    return folded


def _fold_once(host: str, path: str, query: str) -> tuple[str, str, str]:
    kept = "&".join(pair for pair in query.split("&") if not _SWITCH.fullmatch(pair))
    for pattern, to in ((_FIRST_SEGMENT, ""), (_LAST_SEGMENT, ""), (_SUFFIX, "")):
        shorter = pattern.sub(to, path)
        if shorter != path and names_an_article(shorter, kept):
            return host, shorter, query
    if not names_an_article(path, kept):
        return host, path, query
    return _desktop(host), path, kept


def _desktop(host: str) -> str:
    """m.daily.kr is www.daily.kr, m.sport.daily.kr is sport.daily.kr."""
    if not _MOBILE_HOST.match(host):
        return host
    parts = _extract(host)
    unlisted = "" if parts.suffix else ".".join(host.split(".")[-2:])
    domain = parts.top_domain_under_public_suffix or unlisted
    if domain in ("", host):  # a domain or a blog called "m"
        return host
    rest = _MOBILE_HOST.sub("", host, count=1)
    return f"www.{rest}" if rest == domain else rest
