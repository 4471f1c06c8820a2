"""One parse of a page, shared by everything that reads it: the lexbor DOM, meta elements, links and JSON-LD."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from newshouse.parse.dom.appended import own_blocks
from newshouse.parse.dom.blocks import read_blocks as page_blocks
from newshouse.parse.dom.charset import as_utf8
from newshouse.parse.dom.elements import HEADINGS, Block
from newshouse.parse.dom.found import MACHINE, SOUGHT, Found
from newshouse.parse.dom.jsonld import Node, main_article, read_blocks, types
from newshouse.parse.dom.markup import bounded, cut
from newshouse.parse.words import letters, plain, tidy, unescaped
from newshouse.urls import absolute

_MAX_TITLE_CHARS = 2_000
_MAX_READ_CHARS = 10_000  # white space included; hundreds of elements may lie around one text
_KICKERS = ", ".join(
    f"[class*={word} i]" for word in ("kicker", "overline", "eyebrow", "roofline", "dachzeile", "topline")
)
_FEWEST_TITLE_CHARS = 10
_MAX_H1 = 10
_HOME_PATHS = frozenset(("", "/", "/index.html", "/index.php"))
_MAX_SCRIPTS = 50
_PARAGRAPH_CHARS = 150
_MAX_UNSCRIPTED = 20
_UNSCRIPTED_CHARS = 500  # more than the advice to turn scripts on


@dataclass(frozen=True)
class Document:
    """A page, ready to be read.

    Attributes:
        markup: the page as UTF-8, bounded in size.
        tree: without the elements that hold no mark-up for readers (`found.MACHINE`).
        found: the elements of the tree that fields are read from.
        scripts: the contents of the JSON-LD scripts.
        headers: HTTP headers, names in lower case.
    """

    url: str
    markup: bytes
    tree: LexborHTMLParser
    headers: Mapping[str, str]
    found: Found = field(default_factory=Found)
    scripts: tuple[str, ...] = ()

    @classmethod
    def read(cls, body: bytes, url: str, headers: Mapping[str, str], drop: tuple[str, ...] = ()) -> Document:
        """Decode and parse; take out what the selectors in `drop` match. Never raises on foreign bytes."""
        lower = {name.lower(): value for name, value in headers.items()}
        markup = bounded(as_utf8(cut(body), lower))
        if b"\x00" in markup:
            markup = markup.replace(b"\x00", b"")
        tree = LexborHTMLParser(markup, options=LexborDocumentOptions.WO_EVENTS)  # which only a browser needs
        machine = tree.css(MACHINE)
        scripts = tuple(node.text() for node in machine if _is_jsonld(node))[:_MAX_SCRIPTS]
        for node in machine:
            node.decompose()  # in vain, but harmless, for one inside of another, which went with it
        for selector in drop:
            for node in tree.css(selector):
                if node.parent is not None and node.tag != "html":  # the root cannot go, nor what went with another
                    node.decompose()
        found = Found({node.mem_id: node for node in tree.css(SOUGHT)}.values())  # found once for each part that fits
        return cls(url, markup, tree, lower, found, scripts)

    @cached_property
    def text(self) -> str:
        """The mark-up, decoded."""
        return self.markup.decode("utf-8", "replace")

    def sought(self, tag: str) -> list[LexborNode]:
        """All `meta`, `h1` or `figure` elements; of `link` and `a` those of a licence or the own address, and some."""
        return self.found.by_tag.get(tag, [])

    @property
    def meta(self) -> Mapping[str, Sequence[str]]:
        """Meta elements in order: property, name, itemprop or http-equiv (lower case) to non-empty contents."""
        return self.found.meta

    def meta_first(self, *names: str) -> str | None:
        """The first content of the first of these names that has one."""
        meta = self.meta
        for name in names:
            if name in meta:
                return meta[name][0]
        return None

    @cached_property
    def links(self) -> Mapping[str, str]:
        """`<link rel>` (lower case) to the first absolute address."""
        found: dict[str, str] = {}
        for node in self.sought("link"):
            if target := self.absolute(node.attrs.get("href")):
                for rel in (node.attrs.get("rel") or "").lower().split():
                    found.setdefault(rel, target)
        return found

    @cached_property
    def nodes(self) -> list[Node]:
        """All schema.org objects of the JSON-LD blocks."""
        return read_blocks(self.scripts)

    @cached_property
    def article_node(self) -> Node | None:
        """The JSON-LD object of this page's own article."""
        return main_article(self.nodes, self.url, self.meta_first("og:title") or self.title_tag)

    @cached_property
    def node_types(self) -> frozenset[str]:
        """Types of all JSON-LD objects that are not below another list."""
        return frozenset(name for node in self.nodes if not node.get("_other") for name in types(node))

    @cached_property
    def title_tag(self) -> str | None:
        """The text of `<title>`."""
        node = self.tree.css_first("title")
        return plain(node.text()[:_MAX_TITLE_CHARS]) if node else None

    @cached_property
    def h1(self) -> tuple[str, ...]:
        """The texts of the first few `<h1>`, but for the name of the site."""
        nodes = (node for node in self.sought("h1")[:_MAX_H1] if node.mem_id not in self._names_of_site)
        texts = (_without_kicker(node) for node in nodes)
        return tuple(unescaped(text, is_heading=True) for text in texts if text)

    @cached_property
    def _names_of_site(self) -> frozenset[int]:
        """`mem_id` of the `<h1>` that link to the front page: they hold the name of the site."""
        return frozenset(node.mem_id for node in self.sought("h1")[:_MAX_H1] if self._links_home(node))

    def _links_home(self, heading: LexborNode) -> bool:
        link = heading.css_first("a[href]") or (
            heading.parent if heading.parent and heading.parent.tag == "a" else None
        )
        target = self.absolute(link.attrs.get("href")) if link is not None else None
        if not target or _without_page(target) == _without_page(self.url):
            return False
        parts = urlsplit(target)
        return (parts.hostname or "") == self.host and parts.path in _HOME_PATHS and not parts.query

    @cached_property
    def site_names(self) -> tuple[str, ...]:
        """What the page calls its publisher, most explicit first."""
        names = [self.meta_first("og:site_name"), self.meta_first("application-name")]
        for node in self.nodes:
            if "website" in types(node):
                names += [plain(node.get("name")), plain(node.get("alternateName"))]
            publisher = node.get("publisher")
            if isinstance(publisher, dict):
                names.append(plain(publisher.get("name")))
        return tuple(dict.fromkeys(name for name in names if name))

    @cached_property
    def host(self) -> str:
        """Host name, lower case; empty for an address without one."""
        try:
            return (urlsplit(self.url).hostname or "").lower()
        except ValueError:
            return ""

    @cached_property
    def blocks(self) -> list[Block]:
        """The text blocks of the page in document order, up to the next article where one is appended."""
        stated = self.article_node.get("articleBody") if self.article_node else None
        known = stated if isinstance(stated, str) else None
        is_live = "liveblogposting" in self.node_types
        return own_blocks(self._all_blocks, self.headline, known, url=self.url, is_live=is_live)

    @cached_property
    def _all_blocks(self) -> list[Block]:
        """All text blocks; those for readers without scripts where there are no others."""
        blocks = page_blocks(self.tree)
        if any(block.size >= _PARAGRAPH_CHARS and not block.link_chars for block in blocks):
            return blocks
        for node in self.tree.css("noscript")[:_MAX_UNSCRIPTED]:
            if len(node.text()) >= _UNSCRIPTED_CHARS:
                node.unwrap()
                blocks = []
        return blocks or page_blocks(self.tree)

    @property
    def has_next(self) -> bool:
        """Whether another article is appended to that of this page."""
        return len(self.blocks) < len(self._all_blocks)

    def is_of_next(self, node: LexborNode) -> bool:
        """Whether it stands in an article that is appended to that of this page."""
        at: LexborNode | None = node if self.has_next else None
        while at is not None and at.mem_id not in self._next_ids:
            at = at.parent
        return at is not None

    @cached_property
    def _next_ids(self) -> frozenset[int]:
        after = self._all_blocks[len(self.blocks) :]
        return frozenset(e.node_id for block in after for e in block.element.chain()) - set(self.frames)

    @cached_property
    def headline(self) -> Block | None:
        """The heading that heads the article: the longest one that `<title>` repeats, an h1 before others; else the h1.

        The first h1 alone will not do: on many pages that is the name of the site.
        """
        title = letters(self.title_tag)
        own = [b for b in self._all_blocks if b.tag == "h1" and b.element.node_id not in self._names_of_site]
        told = [head for head in own if len(head.letters) > _FEWEST_TITLE_CHARS and head.letters in title]
        if not told:
            lesser = [block for block in self._all_blocks if block.tag in HEADINGS[1:]]
            # It must be most of the title: a section of the text may well repeat some words of it.
            fewest = max(_FEWEST_TITLE_CHARS, len(title) // 2 if own else 0)
            told = [head for head in lesser if len(head.letters) > fewest and head.letters in title]
        return max(told, key=lambda head: len(head.letters), default=None) or self._first_h1(own)

    def _first_h1(self, own: list[Block]) -> Block | None:
        first = letters(self.h1[0]) if self.h1 else None
        return next((head for head in own if first and head.letters.endswith(first)), None)

    @cached_property
    def frames(self) -> Mapping[int, int]:
        """The elements that hold the headline: `mem_id` to how many levels they lie above it; none without one."""
        chain = self.headline.element.chain() if self.headline else []
        return {element.node_id: level for level, element in enumerate(chain)}

    @property
    def _headline_at(self) -> int | None:
        return self.headline.position if self.headline else None

    @property
    def near_headline(self) -> list[Block]:
        """A few blocks above and a dozen below the headline."""
        at = self._headline_at
        return [] if at is None else self.blocks[max(0, at - 4) : at] + self.blocks[at + 1 : at + 13]

    @property
    def below_headline(self) -> list[Block]:
        """All that follows the headline."""
        return [] if self._headline_at is None else self.blocks[self._headline_at + 1 :]

    def text_of(self, selector: str) -> str | None:
        """The text of the first element that a CSS selector matches."""
        node = self.tree.css_first(selector)
        return (text_in(node) or None) if node is not None else None

    def time_of(self, selector: str) -> str | None:
        """The `datetime` of the first element that a CSS selector matches, else its text."""
        node = self.tree.css_first(selector)
        return (node.attributes.get("datetime") or text_in(node) or None) if node is not None else None

    def itemprop(self, name: str) -> LexborNode | None:
        """The first element with this microdata property."""
        return self.found.properties.get(name)

    def absolute(self, target: str | None) -> str | None:
        """`target` as an absolute http(s) address; None if it is none."""
        try:
            return absolute(target, self.url) if target and len(target) < 8_000 else None
        except ValueError:
            return None


def text_in(node: LexborNode) -> str:
    """The text of an element in one line. Of a whole page inside only the beginning: what is sought is short."""
    return tidy(node.text(separator=" ")[:_MAX_READ_CHARS])


def _without_page(address: str) -> str:
    return address.partition("#")[0].rstrip("/")


def _is_jsonld(node: LexborNode) -> bool:
    return node.tag == "script" and "ld+json" in (node.attributes.get("type") or "").lower()


def _without_kicker(headline: LexborNode) -> str:
    """The text of a heading without the line above it that some put inside: "Unrest in the harbour - Pilots strike"."""
    whole = tidy(headline.text(separator=" ")[:_MAX_TITLE_CHARS])
    for node in headline.css(_KICKERS)[:3]:
        kicker = text_in(node)
        rest = whole.removeprefix(kicker).lstrip(" -–—:|/")
        if kicker and whole.startswith(kicker) and len(rest) >= _FEWEST_TITLE_CHARS:
            whole = rest
    return whole
