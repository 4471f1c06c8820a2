"""Where credits stand: who wrote it, as the page tells machines and readers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, permutations
from typing import Any

from selectolax.lexbor import LexborNode

from newshouse.parse.apart import is_apart, stands_apart
from newshouse.parse.byline_chunks import is_signature
from newshouse.parse.byline_words import PREFIX, without_prefix
from newshouse.parse.bylines import MAX_PEOPLE, is_desk, named_in
from newshouse.parse.closing import signature
from newshouse.parse.document import Document, text_in
from newshouse.parse.elements import Block
from newshouse.parse.jsonld import resolve
from newshouse.parse.moments import moments_in
from newshouse.parse.names import UPPER, is_full, is_headline, is_role
from newshouse.parse.statements import PARTS
from newshouse.parse.words import letters, plain
from newshouse.records import Author, Wire
from newshouse.sources.model import Source

_MAX_BYLINE_CHARS = 200
_MAX_WORDS_EACH = 12
_MAX_LINKS = 400
_MAX_LINKED = 8


@dataclass(frozen=True, slots=True)
class Credits:
    """Who wrote it: people, the agency if there is one, the line as printed, and where that came from.

    `credit`: everybody, people or not, as the statement that was believed names them.
    """

    authors: tuple[Author, ...] = ()
    credit: tuple[str, ...] = ()
    wire: Wire | None = None
    byline: str | None = None
    byline_origin: str | None = None
    origin: str | None = None
    credit_origin: str | None = None
    wire_origin: str | None = None


def credits(
    document: Document,
    source: Source | None = None,
    feed_authors: tuple[str, ...] = (),
    byline: tuple[str, str] | None = None,
    closing: tuple[str, ...] = (),
) -> Credits:
    """The first statement that names people; any statement may name the agency.

    The byline is the line that readers see; without one, the names as the page states them to machines. `byline`: the
    line and its origin, where it is known better. `closing`: the lines at the end of the text, which may be signed.
    """
    own = own_names(document, source)
    if byline:
        named, (line, told) = named_in([byline[0]], own), byline
        found = Credits(named.people[:MAX_PEOPLE], named.credit, named.wire, line, told, told, told, told)
        return _whole(found)
    marked = document.found.credited[:_MAX_LINKS]
    lines = _printed_lines(document, marked)
    printed = next((line for line in lines if _speaks_of_authors(line, own)), None)
    found = Credits(byline=printed, byline_origin="html" if printed else None)
    for values, origin in _offers(document, marked, printed, feed_authors):
        if found.authors and origin not in _STATED_TO_MACHINES:
            break
        named = named_in(values, own)
        told_wire = found.wire is not None
        if named.wire and not found.wire:
            found = replace(found, wire=named.wire, wire_origin=origin)
        # A line that only begins like a byline is believed where no line is marked as one.
        guessed = origin == "text" and (told_wire or found.byline_origin not in _GUESSED_BESIDE)
        if named.people and not found.authors and not guessed and not (told_wire and origin == "html"):
            found = replace(
                found,
                authors=named.people[:MAX_PEOPLE],
                origin=origin,
                credit=named.credit,
                credit_origin=origin,
            )
        elif named.credit and not found.credit and not guessed:
            found = replace(found, credit=named.credit, credit_origin=origin)
        told_late = origin == "text" and found.origin == "text" and named.people
        if (told_late or not found.byline) and (line := ", ".join(dict.fromkeys(filter(None, map(_stated, values))))):
            found = replace(found, byline=line[:_MAX_BYLINE_CHARS], byline_origin=origin)
    if not found.byline and (desk := next(filter(is_desk, lines), None)):
        found = replace(found, byline=desk, byline_origin="html")
    return _whole(_signed_at_end(_as_printed(found, own), closing, own))


def _signed_at_end(found: Credits, closing: tuple[str, ...], own: frozenset[str]) -> Credits:
    """With the people by whom the text is signed at its end, where nothing else names any."""
    line = None if found.authors else signature(closing)
    named = named_in([line], own) if line else None
    if not line or not named or not named.people:
        return found
    found = replace(found, authors=named.people, origin="text")
    if not found.byline:
        found = replace(found, byline=line, byline_origin="text")
    return found if found.credit else replace(found, credit=named.credit, credit_origin="text")


def _whole(found: Credits) -> Credits:
    """Without anybody that is told apart, the line as it is stated is the credit."""
    if found.credit or not found.byline or found.byline_origin == "text" or not is_signature(found.byline):
        return found
    return replace(found, credit=(without_prefix(found.byline),), credit_origin=found.byline_origin)


def _as_printed(found: Credits, own: frozenset[str]) -> Credits:
    """The people of the printed line where it tells more than what machines are told: a full name, or more names."""
    if not found.byline or found.byline_origin != "html" or found.origin is None:
        return found
    named = named_in([found.byline], own)
    stated, shown = [{letters(author.name): author.name for author in some} for some in (found.authors, named.people)]
    account = len(stated) == 1 and " " not in found.authors[0].name and found.authors[0].name.isascii()
    more = [name for spelled, name in shown.items() if spelled not in stated]
    fuller = account or (stated.keys() < shown.keys() and not any(s in letters(n) for s in stated for n in more))
    if not (more and fuller and all(map(is_full, more))):
        return found
    return replace(found, authors=named.people, origin="html", credit=named.credit, credit_origin="html")


def _speaks_of_authors(line: str, own: frozenset[str]) -> bool:
    named = named_in([line], own)
    if len(line.split()) > _MAX_WORDS_EACH * max(1, len(named.people)) and not PREFIX.match(line):
        return False  # a sentence or a teaser
    return bool(named.people or named.wire) or _is_signed_by_house(PREFIX.sub("", line), own)


def _is_signed_by_house(line: str, own: frozenset[str]) -> bool:
    """Whether a line is the publisher's name, alone or beside the word for a desk: "Redacción Diario del Puerto"."""
    first, _, behind = line.partition(" ")
    before, _, last = line.rpartition(" ")
    return (
        letters(line) in own
        or (letters(behind) in own and is_desk(first.title()))
        or (letters(before) in own and is_desk(last.title()))
    )


_STATED_TO_MACHINES = frozenset(("jsonld", "meta"))
_GUESSED_BESIDE = (None, "text", *_STATED_TO_MACHINES)


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


def _printed_lines(document: Document, marked: list[LexborNode]) -> list[str]:
    """Lines that the mark-up calls byline or author, the most explicit first."""
    ranked: dict[int, list[LexborNode]] = {}
    for node in marked:
        same = ranked.setdefault(_rank(node), [])
        if len(same) < _MAX_SAME:
            same.append(node)
    lines: list[str] = []
    for _, same in sorted(ranked.items()):
        texts = {node.mem_id: text_in(node) for node in same}
        nodes = [
            node
            for node in same
            if 1 < len(texts[node.mem_id]) <= _MAX_BYLINE_CHARS and not stands_apart(node, document.frames)
        ]
        found = [texts[node.mem_id] for node in nodes]
        apart = not any(one in other for one, other in permutations(found, 2))
        if (
            len(found) > 1
            and apart
            and len(_neighbours(nodes)) == len(found)
            and sum(map(len, found)) < _MAX_BYLINE_CHARS
        ):
            lines.append("; ".join(found))
        lines += found
    return lines


_MAX_SAME = 5


def _rank(node: LexborNode) -> int:
    """How plainly an element says that it names the author: 0 most."""
    attributes = node.attributes
    named = (attributes.get("class") or "").lower()
    words = named.split()
    signs = (
        "byline" in words,
        "byline" in named,
        _is_author(node, "itemprop"),
        _is_author(node, "rel"),
        "writer" in named,
        "reporter" in named,
        "author-name" in named,
        "author" in words,
        "author" in named,
    )
    return signs.index(True) if True in signs else len(signs)


def _is_author(node: LexborNode, attribute: str) -> bool:
    return "author" in (node.attributes.get(attribute) or "").split()


def _offers(
    document: Document, marked: list[LexborNode], printed: str | None, feed_authors: tuple[str, ...]
) -> Iterator[tuple[Sequence[Any], str]]:
    """What could name authors, the most explicit first, with its origin."""
    node, tree = document.article_node or {}, document.tree
    yield resolve(node.get("author"), document.nodes), "jsonld"
    yield resolve(node.get("creator"), document.nodes), "jsonld"
    meta = (name for key in _AUTHOR_META for name in document.meta.get(key, ()))
    yield [name for name in meta if not name.startswith(("http", "www."))], "meta"
    yield _shared_label(document), "meta"
    items = [node for node in marked if _is_author(node, "itemprop")]
    yield [_microdata_name(item) for item in _neighbours(items)], "microdata"
    links = [node for node in marked if _is_author(node, "rel")]
    yield list(map(_with_role, _neighbours(links))), "html"
    yield [printed] if printed else [], "html"
    yield feed_authors, "feed"
    profiles = [a for a in tree.css("a[href]")[:_MAX_LINKS] if _PROFILE.search(a.attrs.get("href") or "")]
    linked = dict.fromkeys(map(_with_role, _neighbours(profiles)))
    yield list(linked) if len(linked) <= _MAX_LINKED else [], "text"  # more are a list of columnists
    near = _line_near_headline(document)
    yield [near] if near else [], "text"
    credit = next(_credit_lines(document), None) or _name_beside_date(document)
    yield [credit] if credit else [], "text"


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


def _shared_label(document: Document) -> list[str]:
    """What content systems show with a shared link: `twitter:label1` "Written by", `twitter:data1` the name."""
    for number in ("1", "2"):
        label = document.meta_first(f"twitter:label{number}")
        if label and PREFIX.fullmatch(f"{label} "):
            return list(document.meta.get(f"twitter:data{number}", ()))
    misc = (name for name in document.meta if name.startswith("twitter:misc:"))
    return [document.meta[name][0] for name in misc if PREFIX.fullmatch(f"{name.rsplit(':', 1)[-1]} ")]


def _with_role(link: LexborNode) -> str:
    """The name that links to a profile, with the role that stands beside it: `<li><a>Ines Falk</a> Reporter</li>`."""
    name, parent = text_in(link), link.parent
    if parent is None or parent.tag not in _LISTED:
        return name
    whole = text_in(parent)
    rest = whole.removeprefix(name).strip(" ,|–—-")
    return f"{name}, {rest}" if whole != rest and len(rest) <= _MAX_ROLE_CHARS and is_role(rest) else name


_LISTED = frozenset(("li", "dd", "span", "p", "div"))
_MAX_ROLE_CHARS = 60


def _line_near_headline(document: Document) -> str | None:
    """The line that begins like a byline near the headline, whatever its mark-up says."""
    headline = document.headline
    near = [(block, block.text) for block in document.near_headline]
    for (block, text), (_, following) in pairwise([*near, (None, "")]):
        line = None
        if len(text) <= 100 and (match := _BYLINE_TEXT.match(text)):
            line = match["signed"] or text[match.start("byline") :]
        elif len(text) <= 20 and len(following) <= 100 and PREFIX.fullmatch(f"{text} "):
            line = following
        if line and block and headline and not is_apart(block, headline):
            return line
    return None


def _name_beside_date(document: Document) -> str | None:
    """A full name that stands alone right below the headline, with the date before or behind it."""
    lines = [_name_line(block) for block in document.below_headline[:5]]
    for before, line, behind in zip(["", *lines], lines, [*lines[1:], ""], strict=False):
        first, *others = map(str.strip, PARTS.split(line))
        if _may_be_name(first, document.host) and any(map(_is_dated, others or (before, behind))):
            return ", ".join((first, *(other for other in others[:1] if is_role(other))))
    return None


def _name_line(block: Block) -> str:
    is_line = len(block.text) <= _MAX_NAME_LINE_CHARS and not block.link_chars
    return block.text if is_line and block.element.nearest(_FORMS) is None else ""


def _may_be_name(text: str, host: str) -> bool:
    words = text.split()
    if len(words) not in _NAME_WORDS or not is_full(text) or text.isupper() or is_role(text) or is_headline(words):
        return False
    return _JOINING.isdisjoint(words) and not any(letters(word) in host for word in words)


def _is_dated(line: str) -> bool:
    return any(moment.precision not in ("year", "month") for _, moment in moments_in(line, "text"))


_FORMS = frozenset(("form",))
_JOINING = frozenset(("and", "und", "et", "y", "e", "og", "och", "en"))
_MAX_NAME_LINE_CHARS, _NAME_WORDS = 90, (2, 3)


def _credit_lines(document: Document) -> Iterator[str]:
    """Lines anywhere that are nothing but a credit."""
    short = (block.text for block in document.blocks if len(block.text) <= 80)
    found = [match for text in short if (match := _CREDIT_LINE.match(text) or _chinese_credit(text))]
    found.sort(key=_names_editor)
    return (match["names"] for match in found)


def _chinese_credit(text: str) -> re.Match[str] | None:
    return None if text.isascii() else _CHINESE_CREDIT.search(text)


def _names_editor(credit: re.Match[str]) -> bool:
    """Whether it is the editor in charge, who stands on every page of some publishers, also on those of authors."""
    return credit[0].startswith(_EDITORS)


_EDITORS = ("责编", "责任编辑", "責任編輯")


_CREDIT_LINE = re.compile(
    r"(?:autor(?:in)?(?:[/:*]\s?(?:autor|in))?|author(?:\(s\))?|auteure?|autore|written by|article by|posted by|"
    r"redakteur(?:in)?)\s*[:：]?\s+(?P<names>[A-ZÀ-Þ].{3,60})$",
    re.IGNORECASE,
)
_CHINESE_CREDIT = re.compile(r"(?:责编|责任编辑|責任編輯|作者|记者|記者)[:：]\s*(?P<names>[\u3400-\u9fff、·\s]{2,30})")
_BYLINE_TEXT = re.compile(
    r"(?:.{0,30}\d{4}\W{1,3})?"  # the date may stand before it
    rf"(?P<byline>(?i:(?:written|posted|published|reported|story|words|text|article)\s+)?(?:by|By|BY)[\s:]+[{UPPER}]|"
    rf"(?:[Vv]on|[Pp]ar|[Pp]or|Author|Autor|Auteur|[Dd]i|[Dd]oor|[Aa]v|[Aa]f|Tekst|Texte?)[\s:]+[{UPPER}]|"
    r"מאת[\s:]+[א-ת]|Γράφ(?:ει|ουν)[\s:]+(?:(?:ο|η|οι)\s)?[\u0386-\u03ab]|"
    # A name in the genitive, and nothing else in the line but the date.
    r"(?P<signed>(?:Του|Της|Των)\s[\u0386-\u03ab]\w+\s[\u0386-\u03ab]\w+(?=\s*(?:$|[|,•·/]))|[\uac00-\ud7af]{2,4}\s\S{0,4}기자(?=\s|$)))"
)


# The address of a person's page: …/author/ines-falk. Lists of all authors have no name at the end.
_PROFILE = re.compile(
    r"/(?:autor(?:en|es|i|in)?|authors?|auteurs?|journalists?|profiles?|redakteure?|staff|people|producers|"
    r"by)/(?:\w+/){0,2}[^\W\d_]+(?:-[^\W\d_]+)+"
)


def _neighbours(nodes: list[LexborNode]) -> list[LexborNode]:
    """The first and those that stand with it: further down come the authors of comments and other articles."""
    if not nodes:
        return []
    near = {node.mem_id for node in (nodes[0].parent, nodes[0].parent and nodes[0].parent.parent) if node}
    return [
        node
        for node in nodes[:MAX_PEOPLE]
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
    return chosen.attributes.get("content") or text_in(chosen) or None
