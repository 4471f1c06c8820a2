"""URLs: one normal form that decides sameness, and the parts that politeness and provenance count by.

Parsing is the WHATWG algorithm (ada-url), the list of tracking parameters is courlan's.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote_plus

import ada_url
from courlan.clean import TRACKERS_RE
from tldextract import TLDExtract

from newshouse.hostnames import A_LABEL, names_a_host
from newshouse.variants import fold

_DEFAULT_PORTS = {"http:": "80", "https:": "443"}
# An address that the parser gives back as it is; most are, and this look takes a twentieth of its time.
_AS_PARSED = re.compile(
    r"https?://(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/(?!\.|%2[eE])[\w.~!$&()*+,;=:%-]*)+(?:\?[\w.~!$&()*+,;=:%/?-]*)?", re.ASCII
)
_PERCENT = re.compile(r"%[0-9a-fA-F]{2}")
# courlan drops names like these as campaign or user ids, and content systems use them as article numbers. Two
# articles merged into one are lost, one article seen twice is found later by its content: so a number stays.
_ARTICLE_NUMBER = re.compile(r"[ceu]id|gallery\w*|glossary\w*", re.IGNORECASE)
_HOT = 4096  # the URLs under way: each is looked at a dozen times on its way through the fetcher
# The bundled snapshot of the public suffix list: no network, and no cache to write.
_extract = TLDExtract(suffix_list_urls=(), cache_dir=None)


def _parse(url: str, base: str | None = None) -> ada_url.URL:
    try:
        parsed = ada_url.URL(url.strip(), base=base)
    except ValueError as error:
        raise ValueError(f"{url!r}: not a URL") from error
    if parsed.protocol not in _DEFAULT_PORTS:
        raise ValueError(f"{url!r}: not an http or https URL")
    if A_LABEL in parsed.hostname and not names_a_host(parsed.hostname):
        raise ValueError(f"{url!r}: not a URL, its host only pretends to be Punycode")
    return parsed


@lru_cache(_HOT)
def absolute(url: str, base: str) -> str:
    """Join `url` to `base` and normalise, keeping every parameter; the fragment and any password go.

    Raises:
        ValueError: the result is not an http(s) URL.
    """
    if _AS_PARSED.fullmatch(url) and A_LABEL not in url:
        return url
    parsed = _parse(url, base)
    href = str(parsed.href)
    if "#" in href or "@" in href:
        parsed.hash = parsed.username = parsed.password = ""
        href = str(parsed.href)
    return href


def _identifies(pair: str) -> bool:
    """Whether this `name=value` of a query may tell two articles apart."""
    name, _, value = (unquote_plus(part) for part in pair.partition("="))
    if not name and not value:
        return False
    return not TRACKERS_RE.search(name.lower()) or (value.isdecimal() and bool(_ARTICLE_NUMBER.fullmatch(name)))


def url_key(url: str) -> str:
    """The normal form of an article's URL: two URLs with one key are one article. Idempotent.

    A key is compared, never asked for: a mobile address is fetched where it was listed, also where no ``www.`` exists.

    Off go the fragment, credentials, default port, tracking parameters and a dot after the host; AMP, mobile and
    print addresses become the article's own (`newshouse.variants`); parameters are sorted and percent codes written
    in capitals. Scheme, ``www.``, path and its trailing slash stay: publishers do serve different things there, and a
    redirect settles it.

    Raises:
        ValueError: not an http(s) URL.
    """
    parsed = _parse(url)
    query = "&".join(sorted(pair for pair in parsed.search[1:].split("&") if _identifies(pair)))
    host, path, query = fold(parsed.hostname.rstrip("."), parsed.pathname, query)
    address = f"{parsed.protocol}//{host}{f':{parsed.port}' if parsed.port else ''}{path}"
    plain = address + (f"?{query}" if query else "")
    return str(_parse(_PERCENT.sub(lambda code: code[0].upper(), plain)).href)


@lru_cache(_HOT)
def host_of(url: str) -> str:
    """``host:port``, the default port included and a dot after the host not: what politeness counts by.

    Raises:
        ValueError: not an http(s) URL.
    """
    parsed = _parse(url)
    return f"{parsed.hostname.rstrip('.')}:{parsed.port or _DEFAULT_PORTS[parsed.protocol]}"


def registrable_domain(url: str) -> str:
    """The domain that somebody registered, e.g. ``yna.co.kr``.

    Under a top-level domain that the public suffix list does not know: the last two labels. For an IP address or a
    single label: that itself.

    Raises:
        ValueError: not an http(s) URL.
    """
    parsed = _parse(url)
    host = str(parsed.hostname).rstrip(".")
    if parsed.host_type != ada_url.HostType.DEFAULT:
        return host
    parts = _extract(host)
    return parts.top_domain_under_public_suffix or (host if parts.suffix else ".".join(host.split(".")[-2:]))
