"""Bylines -> people. An agency becomes `Wire`; the publisher's own name is nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

from selectolax.lexbor import LexborNode

from newshouse.parse.agencies import agencies_in
from newshouse.parse.document import Document
from newshouse.parse.jsonld import resolve, types
from newshouse.parse.words import letters, plain, tidy
from newshouse.records import Author, Wire
from newshouse.sources.model import Source

_MAX_AUTHORS = 40
_MAX_NAME_CHARS = 70
_MAX_BYLINE_CHARS = 200
_MAX_WORDS_EACH = 12
_PREFIX = re.compile(
    r"^(?:(?:written |reported |posted |published |story |words |text |analysis |opinion |exclusive |review |"
    r"report )?by|von|"
    r"ein(?:e)? \w{4,20} von|par|por|di|da|door|"
    r"av|af|przez|autor(?:en|in|es|a|e)?|auteurs?|authors?|text|texte?|quelle|fotos? und text|redacci[óo]n|"
    r"reporting by|"
    r"tekst|autore|"
    r"مقال|كتب|كتبت|بقلم|إعداد|الكاتب|文|撰文|글|取材・文|執筆|記者|编辑|作者|автор|автори|текст)(?=[\s::：/／])\s*[:：/／]?\s*",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:[;|•·、，،/／\n]|\s(?:and|und|et|y|och|og|en|ed|with|mit|avec|con|com|ve|и|та|및|と)\s|&|\s(?:e|"
    r"i)\s(?=[A-ZÀ-Þ])|\sو(?=\w))\s*",
)
_EMAIL = re.compile(r"[<(\[]?\b[\w.+-]+@[\w-]+\.[\w.]+\b[>)\]]?")
_HANDLE = re.compile(r"\s*\(?@\w+\)?")
_WHEN = re.compile(
    r"[\s,|·•–—-]*(?:\b(?:on|am|le|el|il|published|updated|posted)\b[\s:]*)?(?:(?:mon|tues?|wed(?:nes)?|"
    r"thu(?:rs)?|fri|sat(?:ur)?|"
    r"sun)(?:day)?,?\s+)?(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}(?:st|nd|rd|th|\.)?\s+[^\W\d_]{3,9}\.?,?\s+\d{4}|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}|\d+\s*min(?:ute)?s?\b).*$",
    re.IGNORECASE,
)
_PARENTHESES = re.compile(r"\s*[(（\[【]([^()（）\[\]【】]{1,80})[)）\]】]\s*")
_ASIAN_ROLE = re.compile(
    r"^(?P<name>[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·\s]{2,20}?)\s*(?P<role>(?:\S{0,8})?(?:기자|특파원|논설위원|선임기자|에디터|"
    r"PD|인턴기자|記者|特派員|編集委員|論説委員|记者|通讯员))$"
)
_ASIAN_ROLE_FIRST = re.compile(
    r"^(?P<role>(?:본지|本報|本报|本社|編集委員|特派員|記者|记者|기자))[\s・:：]*(?P<name>[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·]{2,12})$"
)
_ROLE = re.compile(
    r"\b(?:editor|correspondent|reporter|writer|journalist|columnist|producer|contributor|critic|analyst|chief|bureau|"
    r"photographer|director|fellow|professor|author|presenter|specialist|redakteur(?:in)?|chefredakteur(?:in)?|"
    r"korrespondent(?:in)?|journalistin|ressortleiter(?:in)?|reporterin|autorin|volontär(?:in)?|journaliste|"
    r"correspondante?|"
    r"r[ée]dact(?:eur|rice)|envoy[ée]e? sp[ée]ciale?|chroniqueu(?:r|se)|corresponsal|periodista|redactora?|giornalista|"
    r"inviat[oa]|redaktör|journalisten|مراسل|مراسلة|محرر|محررة|صحفي|كاتب|corrispondente|коррес\w+|журналіст\w*|"
    r"журналист\w*|"
    r"Ph\.?D|M\.?D)\b",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"\b(?:news|times|post|press|agency|agencies|staff|desk|newsroom|team|redaktion|redaction|rédaction|"
    r"redacci[óo]n|redazione|"
    r"redaktionen|redactie|redação|editorial|editors|zeitung|nachrichten|tagblatt|magazin|magazine|gmbh|inc|ltd|llc|"
    r"media|"
    r"network|radio|tv|television|online|digital|service|services|wire|wires|daily|herald|tribune|gazette|journal|"
    r"guardian|"
    r"chronicle|observer|institute|university|foundation|ministry|group|company|agence|agencia|agenzia|ajansı|haber|"
    r"correspondents|reporters|contributors|admin|administrator|webmaster|guest|autor|author|anonymous|unknown|"
    r"wikipedia|"
    r"newsletter|podcast|studio|council|association|society|centre|center|board|communications|www|com|blog|"
    r"partners?)\b"
    r"|편집|취재팀|뉴스|신문|일보|新聞|編集部|編集局|通信|报|社$|هيئة التحرير|فريق|وكالات|وكالة|редакц",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\s*(?:,\s*|\s)(?:in|à|aus|en|from|reporting from)\s+[A-ZÀ-Þ][\w'’. -]{2,40}$")
_NAME = re.compile(r"^[^\W\d_][\w'’`´.\-‐‑\s\u00b7・]*$")
_TITLES = re.compile(r"^(?:mr|mrs|ms|herr|frau)\b\.?\s*", re.IGNORECASE)
_JUNIOR = re.compile(r"^(?:jr|sr|ii|iii|iv|phd|ph\.d|md|m\.d|esq)\.?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Credits:
    """Who wrote it: people, the agency if there is one, the line as printed, and where that came from."""

    authors: tuple[Author, ...] = ()
    wire: Wire | None = None
    byline: str | None = None
    byline_origin: str | None = None
    origin: str | None = None
    wire_origin: str | None = None


def credits(
    document: Document,
    source: Source | None = None,
    feed_authors: tuple[str, ...] = (),
    byline: tuple[str, str] | None = None,
) -> Credits:
    """The first statement that names people; any statement may name the agency.

    The byline is the line that readers see; without one, the names as the page states them to machines. `byline`: the
    line and its origin, where it is known better.
    """
    own = own_names(document, source)
    if byline:
        people, wire = _people([byline[0]], own)
        return Credits(tuple(people[:_MAX_AUTHORS]), wire, *byline, byline[1], byline[1])
    printed = next((line for line in _printed_lines(document) if _speaks_of_authors(line, own)), None)
    found = Credits(byline=printed, byline_origin="html" if printed else None)
    for values, origin in _offers(document, printed, feed_authors):
        if found.authors and origin not in _STATED_TO_MACHINES:
            break
        people, wire = _people(values, own)
        if wire and not found.wire:
            found = replace(found, wire=wire, wire_origin=origin)
        guessed = origin == "text" and (found.wire or found.byline)
        if people and not found.authors and not guessed and not (found.wire and origin == "html"):
            found = replace(found, authors=tuple(people[:_MAX_AUTHORS]), origin=origin)
        if not found.byline and (line := ", ".join(filter(None, map(_stated, values)))):
            found = replace(found, byline=line[:_MAX_BYLINE_CHARS], byline_origin=origin)
    return found


def _speaks_of_authors(line: str, own: frozenset[str]) -> bool:
    people, wire = _people([line], own)
    if len(line.split()) > _MAX_WORDS_EACH * max(1, len(people)) and not _PREFIX.match(line):
        return False  # a sentence or a teaser
    return bool(people or wire) or letters(_PREFIX.sub("", line)) in own


_STATED_TO_MACHINES = frozenset(("jsonld", "meta"))


def own_names(document: Document, source: Source | None) -> frozenset[str]:
    """What the publisher is called (letters only): by the page, by its address, by the source file."""
    host = document.host
    names = {*document.site_names, host, host.removeprefix("www."), *host.split(".")[-2:-1]}
    names |= {source.name, source.id} if source else set()
    return frozenset(letters(name) for name in names) - {""}


def _stated(value: Any) -> str | None:
    text = plain(value.get("name") if isinstance(value, dict) else value)
    if not text or text.startswith(("http://", "https://", "www.")) or not any(char.isalpha() for char in text):
        return None
    return text


def _printed_lines(document: Document) -> Iterator[str]:
    """Lines that the mark-up calls byline or author, the most explicit first."""
    for selector in _BYLINE_SELECTORS:
        for node in document.tree.css(selector)[:5]:
            text = tidy(node.text(separator=" "))
            if 1 < len(text) <= _MAX_BYLINE_CHARS and not document.is_inside(node, _NOT_BYLINES):
                yield text


_NOT_BYLINES = frozenset(("figure", "figcaption", "aside", "footer", "nav"))
_BYLINE_SELECTORS = (
    ".byline", "[class*=byline i]", "[itemprop~=author]", "[rel~=author]", "[class*=writer i]", "[class*=reporter i]",
    "[class*=author-name i]", ".author", "[class*=author i]", "address",
)  # fmt: skip


def split_byline(line: str, own: Iterable[str] = ()) -> tuple[list[Author], Wire | None]:
    """People and agency of one printed line, e.g. "By Lee Min-hyung, Kim Yoo-chul". `own`: the publisher's names."""
    return _people([line], frozenset(letters(name) for name in own))


def _offers(
    document: Document, printed: str | None, feed_authors: tuple[str, ...]
) -> Iterator[tuple[Sequence[Any], str]]:
    """What could name authors, the most explicit first, with its origin."""
    node, tree = document.article_node or {}, document.tree
    yield resolve(node.get("author"), document.nodes), "jsonld"
    yield resolve(node.get("creator"), document.nodes), "jsonld"
    meta = (name for key in _AUTHOR_META for name in document.meta.get(key, ()))
    yield [name for name in meta if not name.startswith(("http", "www."))], "meta"
    yield [_microdata_name(item) for item in _neighbours(tree.css("[itemprop~=author]"))], "microdata"
    yield [tidy(link.text(separator=" ")) for link in _neighbours(tree.css("[rel~=author]"))], "html"
    yield [printed] if printed else [], "html"
    yield feed_authors, "feed"
    profiles = [a for a in tree.css("a[href]")[:_MAX_LINKS] if _PROFILE.search(a.attributes["href"] or "")]
    yield [tidy(link.text(separator=" ")) for link in _neighbours(profiles)], "text"
    yield _lines_by_name(document), "text"


_AUTHOR_META = (
    "author",
    "article:author",
    "og:article:author",
    "byl",
    "parsely-author",
    "dc.creator",
    "sailthru.author",
    "article:author_name",
    "cxenseparse:author",
    "dcterms.creator",
    "citation_author",
    "dd:author",
    "articleauthor",
)


def _lines_by_name(document: Document) -> list[str]:
    """Lines that begin like a byline near the headline, or anywhere like a credit, whatever the mark-up calls them."""
    near = (b.text for b in document.near_headline if len(b.text) <= 100 and _BYLINE_TEXT.match(b.text))
    short = (b.text for b in document.blocks if len(b.text) <= 80)
    credits = (match["names"] or match["names2"] for text in short if (match := _CREDIT_LINE.search(text)))
    return list(islice(chain(near, credits), 1))


_CREDIT_LINE = re.compile(
    r"^(?:autor(?:in)?(?:[/:*]\s?(?:autor|in))?|author|auteure?|autore|"
    r"redakteur(?:in)?)\s*[:：]?\s+(?P<names>[A-ZÀ-Þ].{3,60})$|"
    r"(?:责编|责任编辑|責任編輯|记者|記者)[:：]\s*(?P<names2>[\u3400-\u9fff、·\s]{2,30})",
    re.IGNORECASE,
)
_BYLINE_TEXT = re.compile(
    r"(?:(?:written|posted|published|reported|story|words|text|article)\s+)?by[\s:]+[A-Z]|(?:Von|Par|Por|Author|"
    r"Autor|Auteur)[\s:]+[A-ZÀ-Þ]"
)


# The address of a person's page: …/author/ines-falk. Lists of all authors have no name at the end.
_PROFILE = re.compile(
    r"/(?:autor(?:en|es|i|in)?|authors?|auteurs?|journalists?|profiles?|redakteure?|staff|people|"
    r"by)/(?:\w+/){0,2}[^\W\d_]+(?:-[^\W\d_]+)+"
)
_MAX_LINKS = 400


def _neighbours(nodes: list[LexborNode]) -> list[LexborNode]:
    """The first and those that stand with it: further down come the authors of comments and other articles."""
    if not nodes:
        return []
    near = {node.mem_id for node in (nodes[0].parent, nodes[0].parent and nodes[0].parent.parent) if node}
    return [
        node
        for node in nodes[:_MAX_AUTHORS]
        if node is nodes[0] or any(at and at.mem_id in near for at in (node.parent, node.parent and node.parent.parent))
    ]


def _microdata_name(node: LexborNode) -> str | None:
    """A person's name; an item with properties but no name among them (an address) is none."""
    if "address" in (node.attributes.get("itemprop") or ""):
        return None
    inner = node.css_first("[itemprop~=name]")
    if inner is None and "itemscope" in node.attributes:
        return None
    chosen = node if inner is None else inner
    return chosen.attributes.get("content") or tidy(chosen.text(separator=" ")) or None


def _people(values: Iterable[Any], own: frozenset[str]) -> tuple[list[Author], Wire | None]:
    people: dict[str, Author] = {}
    wire: Wire | None = None
    for value in values:
        found, agency = _from_node(value, own) if isinstance(value, dict) else _from_line(plain(value) or "", own)
        wire = wire or agency
        for author in found:
            known = people.get(letters(author.name))
            if known is None or (known.role is None and author.role):
                people[letters(author.name)] = author
    return list(people.values()), wire


def _from_node(node: dict[str, Any], own: frozenset[str]) -> tuple[list[Author], Wire | None]:
    name = node.get("name")
    line = ", ".join(filter(None, map(plain, name))) if isinstance(name, list) else plain(name)
    if not line:
        parts = (plain(node.get("givenName")), plain(node.get("familyName")))
        line = " ".join(filter(None, parts))
    people, wire = _from_line(line or "", own)
    if types(node) & {"organization", "newsmediaorganization", "corporation"} and not wire:
        return [], None
    role, employer = plain(node.get("jobTitle")), node.get("affiliation") or node.get("worksFor")
    organisation = plain(employer.get("name") if isinstance(employer, dict) else employer)
    if len(people) == 1:
        people = [replace(people[0], role=people[0].role or role, organisation=people[0].organisation or organisation)]
    return people, wire


def _from_line(line: str, own: frozenset[str]) -> tuple[list[Author], Wire | None]:
    line = _WHEN.sub("", _HANDLE.sub("", _EMAIL.sub("", line))).strip(" ,|-–—")
    if len(line) > 400 or line.startswith(("http:", "https:", "www.")):
        return [], None
    wire = _wire(line)
    if wire:
        return [], wire
    people: list[Author] = []
    for chunk in _SPLIT.split(_PREFIX.sub("", line)):
        found, agency = _from_chunk(chunk, own)
        people += found
        wire = wire or agency
    return people, wire


def _from_chunk(chunk: str, own: frozenset[str]) -> tuple[list[Author], Wire | None]:
    """One name, or a name with role or organisation after commas, or several names with commas between."""
    people: list[Author] = []
    wire: Wire | None = None
    for bracketed in _PARENTHESES.findall(chunk):
        if letters(bracketed) in own:
            return [], None  # "Deutsche Welle (www.dw.com)"
        wire = wire or _wire(bracketed)
    aside = next((text for text in _PARENTHESES.findall(chunk) if not _wire(text)), None)
    for raw_part in re.split(r"\s*,\s*", _PARENTHESES.sub(" ", chunk)):
        part = _PLACE.sub("", _PREFIX.sub("", tidy(raw_part)).strip(" .:-–—"))
        if part and not people and letters(part) in own:
            return [], wire  # "hessenschau.de, Frankfurt, Germany" is an address
        if agency := _wire(part):
            wire = wire or agency
        elif part:
            _take(people, part, own)
    if aside and len(people) == 1 and letters(aside) not in own and not people[0].role:
        field = "organisation" if _ORGANISATION.search(aside) else "role"
        people[0] = Author(people[0].name, **{field: aside})
    return people, wire


def _take(people: list[Author], part: str, own: frozenset[str]) -> None:
    """Add the person that `part` names, or what it says about the last one."""
    last = people[-1] if people else None
    is_organisation = letters(part) in own or _ORGANISATION.search(part) is not None
    if last and (is_organisation or _ROLE.search(part) or _JUNIOR.match(part)) and not _asian(part):
        people[-1] = _told_more(last, part, is_organisation and letters(part) not in own)
    elif is_organisation:
        return
    elif author := _asian(part):
        people.append(author)
    elif last and " " in last.name and " " not in part and part.isascii():
        return  # a place: "Von Anna Sleegers, Frankfurt"
    elif not _ROLE.search(part) and (name := _name(part)):
        people.append(Author(name))


def _told_more(author: Author, part: str, is_organisation: bool) -> Author:
    if _JUNIOR.match(part):
        return replace(author, name=f"{author.name} {part}")
    if is_organisation:
        return replace(author, organisation=author.organisation or part)
    return replace(author, role=author.role or part) if _ROLE.search(part) else author


def _wire(text: str) -> Wire | None:
    found = agencies_in(_PREFIX.sub("", text))
    return Wire("/".join(dict.fromkeys(found)), text) if found else None


def _asian(part: str) -> Author | None:
    match = _ASIAN_ROLE.match(part) or _ASIAN_ROLE_FIRST.match(part)
    return Author(tidy(match["name"]), role=match["role"]) if match else None


_NOT_NAMES = frozenset(
    re.findall(
        r"\S+",
        "published updated posted veröffentlicht aktualisiert stand publié publicado actualizado nachrichten "
        "quelle source written authors author edited reviewed photo foto more read about contact follow share "
        "comments home news",
    )
)


def _name(part: str) -> str | None:
    part = _TITLES.sub("", part) or part
    words = part.split()
    if not words or letters(words[0]) in _NOT_NAMES:
        return None
    if (
        not 1 <= len(words) <= 6
        or _PREFIX.fullmatch(f"{part} ")
        or len(part) > _MAX_NAME_CHARS
        or not _NAME.match(part)
        or len(letters(part)) < 2
    ):
        return None
    return part.title() if part.isupper() and len(part) > 4 else part


def without_prefix(line: str) -> str:
    """A byline without its "By", "Von", "Par", …"""
    return _PREFIX.sub("", line)
