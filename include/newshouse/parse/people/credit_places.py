"""Where a page names its authors: what machines are told, marked lines, links to profiles, lines near the headline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any

from selectolax.lexbor import LexborNode

from newshouse.parse.dom.apart import stands_apart
from newshouse.parse.dom.document import Document, text_in
from newshouse.parse.dom.jsonld import resolve
from newshouse.parse.people.byline_words import is_prefix
from newshouse.parse.people.bylines import MAX_PEOPLE, named_in
from newshouse.parse.people.lone_names import name_beside_date
from newshouse.parse.people.names import is_full, is_role
from newshouse.parse.people.near_lines import called_author, labelled_name, line_near_headline
from newshouse.parse.words import ends_sentence, holds_any

MAX_BYLINE_CHARS = 200
"""No longer is a line that names authors."""
MAX_LINKS = 400
"""So many links, and elements that are marked as credits, are looked at."""
_MAX_LINKED = 8


def printed_lines(document: Document, marked: list[LexborNode]) -> list[str]:
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
            if 1 < len(texts[node.mem_id]) <= MAX_BYLINE_CHARS and not stands_apart(node, document.frames)
        ]
        found = [texts[node.mem_id] for node in nodes]
        apart = not any(one in other for one, other in permutations(found, 2))
        if (
            len(found) > 1
            and apart
            and len(_neighbours(nodes)) == len(found)
            and sum(map(len, found)) < MAX_BYLINE_CHARS
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
        _is_author(attributes, "itemprop"),
        _is_author(attributes, "rel"),
        "writer" in named,
        "reporter" in named,
        "author-name" in named,
        "author" in words,
        "author" in named,
    )
    return signs.index(True) if True in signs else len(signs)


def _is_author(attributes: Mapping[str, str | None], name: str) -> bool:
    return "author" in (attributes.get(name) or "").split()


def offers(
    document: Document, marked: list[LexborNode], printed: str | None, feed_authors: tuple[str, ...]
) -> Iterator[tuple[Sequence[Any], str]]:
    """What could name authors, the most explicit first, with its origin."""
    node = document.article_node or {}
    yield resolve(node.get("author"), document.nodes), "jsonld"
    yield resolve(node.get("creator"), document.nodes), "jsonld"
    meta = (name for key in _AUTHOR_META for name in document.meta.get(key, ()))
    yield [name for name in meta if not name.startswith(("http", "www."))], "meta"
    yield _shared_label(document), "meta"
    items = [node for node in marked if _is_author(node.attributes, "itemprop")]
    yield [_microdata_name(item) for item in _neighbours(items)], "microdata"
    links = [node for node in marked if _is_author(node.attributes, "rel")]
    yield list(map(_with_role, _neighbours(links))), "html"
    yield [printed] if printed else [], "html"
    yield feed_authors, "feed"
    linked = dict.fromkeys(map(_with_role, _neighbours(_profiles(document))))
    yield list(linked) if len(linked) <= _MAX_LINKED else [], "text"  # more are a list of columnists
    near = line_near_headline(document)
    yield [near] if near else [], "text"
    called = (line for line in called_author(document) if (named := named_in([line], _NOBODY)).people or named.wire)
    yield list(called), "text"
    credit = next(_credit_lines(document), None) or name_beside_date(document)
    yield [credit] if credit else [], "text"
    labelled = labelled_name(document)
    yield [labelled] if labelled else [], "text"


_NOBODY: frozenset[str] = frozenset()
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
        if label and is_prefix(label):
            return list(document.meta.get(f"twitter:data{number}", ()))
    misc = (name for name in document.meta if name.startswith("twitter:misc:"))
    return [document.meta[name][0] for name in misc if is_prefix(name.rsplit(":", 1)[-1])]


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


def _credit_lines(document: Document) -> Iterator[str]:
    """Lines anywhere that are nothing but a credit."""
    short = (block.text for block in document.blocks if len(block.text) <= 80)
    found = [match for text in short if (match := _credit_line(text))]
    found.sort(key=_names_editor)
    return (match["names"] for match in found)


def _credit_line(text: str) -> re.Match[str] | None:
    match = _CREDIT_LINE.match(text) if text[0] in _FIRST_OF_CREDIT else None
    return match if match or text.isascii() else _CHINESE_CREDIT.search(text)


def _names_editor(credit: re.Match[str]) -> bool:
    """Whether it is the editor in charge, who stands on every page of some publishers, also on those of authors."""
    return credit[0].startswith(_EDITORS)


_EDITORS = ("责编", "责任编辑", "責任編輯")
_CREDIT_LINE = re.compile(
    r"(?:autor(?:in)?(?:[/:*]\s?(?:autor|in))?|author(?:\(s\))?|auteure?|autore|written by|article by|posted by|"
    r"contributors?(?=:)|(?:ein )?(?:blog[ -]?)?(?:artikel|beitrag|bericht|text) von|"
    r"redakteur(?:in)?)\s*[:：]?\s+(?P<names>(?-i:[A-ZÀ-Þ]).{3,60})$",
    re.IGNORECASE,
)
_FIRST_OF_CREDIT = frozenset("awpcebtrAWPCEBTR")  # most lines begin otherwise
_CHINESE_CREDIT = re.compile(r"(?:责编|责任编辑|責任編輯|作者|记者|記者)[:：]\s*(?P<names>[\u3400-\u9fff、·\s]{2,30})")
_PROFILE_STEMS = (
    "/autor", "/author", "/auteur", "/journalist", "/profile", "/redakteur", "/staff", "/people", "/producers",
    "/by", "/@",
)  # fmt: skip
# The address of a person's page: …/author/ines-falk. Lists of all authors have no name at the end.
_PROFILE = re.compile(
    r"/(?:autor(?:en|es|i|in)?|authors?|auteurs?|journalists?|profiles?|redakteure?|staff|people|producers|"
    r"by)/(?:\w+/){0,2}[^\W\d_]+(?:-[^\W\d_]+)+"
)


# Of the site itself, or of a house that hosts writers; elsewhere it is the account of a site: "…/@harbourcourier".
_HANDLE = re.compile(r"(?:https?://(?:[\w-]+\.)?(?:substack|medium)\.com)?/@[\w.-]+/?(?:\?|$)")


def _profiles(document: Document) -> list[LexborNode]:
    """The links to pages of persons."""
    links = [(link, link.attrs.get("href") or "") for link in document.tree.css("a[href]")[:MAX_LINKS]]
    if not holds_any("\n".join(target for _, target in links), _PROFILE_STEMS):
        return []  # as on most pages, and one look at all is quicker than a pattern for each
    return [link for link, target in links if _leads_to_profile(link, target, document)]


def _leads_to_profile(link: LexborNode, target: str, document: Document) -> bool:
    if _PROFILE.search(target):
        return True
    if "/@" not in target or not _HANDLE.match(target):
        return False
    name = text_in(link)
    return is_full(name) and not stands_apart(link, document.frames) and _is_on_top(name, document)


def _is_on_top(name: str, document: Document) -> bool:
    """Whether a short line by the headline holds it; texts name others by their accounts, readers sign with them."""
    lines = (b for b in document.near_headline if b.link_chars and len(b.text) <= len(name) + MAX_BYLINE_CHARS // 2)
    return any(name in block.text and not ends_sentence(block.text) for block in lines)


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
