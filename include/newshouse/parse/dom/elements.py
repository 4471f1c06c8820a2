"""What the walk down a page makes: its block-level elements and the runs of text in them."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

from selectolax.lexbor import LexborNode

from newshouse.parse.dom.furniture import NEWSLETTER, Said, Verdict, said
from newshouse.parse.words import letters, size

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_HEADINGS = frozenset(HEADINGS)
FRAMES = frozenset(("article", "main"))
LINKED = 0.65
"""A block with a larger share of its text in links is a link."""
MAX_DEPTH = 200
"""No deeper goes the walk: nesting beyond reason is left out."""
_MAX_LEVELS = MAX_DEPTH + 2  # of elements, with the body and the row of a table
_LEVELS_IN_LINK = 3
_NOWHERE = urlsplit("")
_MAX_BOX = 400  # characters that a box with an invitation holds


class Element:
    """A block-level element.

    Attributes:
        order, last: place in document order, its own and that of the last element below it.
        chars, link_chars: characters of text below it, and how many of them lie in links.
    """

    __slots__ = ("_is_never", "_node", "_said", "chars", "last", "link_chars", "order", "parent", "tag")

    def __init__(self, tag: str, parent: Element | None, order: int, node: LexborNode) -> None:
        self.tag = tag
        self.parent = parent
        self.order = self.last = order
        self.chars = self.link_chars = 0
        self._node = node
        self._said: Said | None = None
        self._is_never: bool | None = None

    @property
    def said(self) -> Said:
        """What its names say about it. Asked of few elements only, hence read late."""
        if self._said is None:
            self._said = said(self.tag, self._node.attributes)
        return self._said

    def call_newsletter(self) -> None:
        """It asks for an e-mail address: whatever the names of the box around it, it is none of the text."""
        box = self
        while box.parent is not None and box.parent.chars <= _MAX_BOX:
            box = box.parent
        if box.parent is not None and box.chars <= _MAX_BOX:
            box._said = NEWSLETTER

    @property
    def verdict(self) -> Verdict:
        """The verdict of its names."""
        return self.said.verdict

    @property
    def is_never_text(self) -> bool:
        """Whether it stands among comments, notices or the like."""
        if self._is_never is None:
            above = self.parent is not None and self.parent.is_never_text
            self._is_never = above or self.said.is_never
        return self._is_never

    @property
    def names(self) -> str:
        """Class and id as they are written."""
        attributes = self._node.attributes
        return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"

    @property
    def node_id(self) -> int:
        """`mem_id` of its node in the DOM."""
        return self._node.mem_id

    @property
    def is_bold(self) -> bool:
        """Whether all its text is set in bold type."""
        nodes = [node for node in self._node.iter(include_text=True) if not node.is_empty_text_node]
        return bool(nodes) and all(node.tag in ("b", "strong") for node in nodes)

    @property
    def is_pictured(self) -> bool:
        """Whether it holds a picture."""
        return self._node.css_first("img") is not None

    def leads_within(self, url: str) -> bool:
        """Whether its first link leads to a place of the page at `url`: "#entry-7", "?entry=7", "…/live#entry-7".

        Where addresses of articles differ by what stands behind the question mark, that is another article.
        """
        own, to = self._ways(url)
        if (own.netloc, own.path) != (to.netloc, to.path):
            return False
        return to.fragment != "" if own.query == to.query else not own.query and own.path.strip("/") != ""

    def leads_off(self, url: str) -> bool:
        """Whether its first link leads from the page at `url` to another site; those of one house share a name."""
        own, to = self._ways(url)
        return (
            to.scheme.startswith("http") and own.netloc != "" and _names_of(own.netloc).isdisjoint(_names_of(to.netloc))
        )

    def _ways(self, url: str) -> tuple[SplitResult, SplitResult]:
        """`url`, and the address to which its first link leads from there, or the link that it stands in."""
        link = self._node.css_first("a[href]")
        at = None if link is not None else self._node.parent
        for _ in range(_LEVELS_IN_LINK):
            if link is None and at is not None:
                link, at = (at, None) if at.tag == "a" else (None, at.parent)
        try:
            address = (link.attributes.get("href") or "") if link is not None else ""
            return urlsplit(url), urlsplit(urljoin(url, address))
        except ValueError:
            return _NOWHERE, _NOWHERE

    @property
    def tag_behind(self) -> str:
        """The tag of the element that stands right behind it on the page, whether it shows text or not; "" for none."""
        at = self._node.next
        while at is not None and not at.is_element_node:
            at = at.next
        return (at.tag or "") if at is not None else ""

    def holds_before(self, selector: str) -> bool:
        """Whether the element right before it on the page, text aside, matches or holds what matches."""
        at = self._node.prev
        while at is not None and not at.is_element_node:
            at = at.prev
        return at is not None and (at.css_matches(selector) or at.css_first(selector) is not None)

    def chain(self, levels: int = _MAX_LEVELS) -> list[Element]:
        """This element and its ancestors, innermost first; at most so many."""
        found: list[Element] = []
        at: Element | None = self
        while at is not None and len(found) < levels:
            found.append(at)
            at = at.parent
        return found

    def is_below(self, other: Element) -> bool:
        """Whether `other` is this element or one of its ancestors."""
        return other.order <= self.order <= other.last

    def nearest(self, tags: frozenset[str]) -> Element | None:
        """The closest of this element and its ancestors with such a tag."""
        at: Element | None = self
        while at is not None:
            if at.tag in tags:
                return at
            at = at.parent
        return None


class Block:
    """A run of text between two block boundaries.

    Attributes:
        element, tag: the element that it stands in directly.
        link_chars, link_share: how many of its characters lie in links, and 0 to 1.
        size: its length, in which a character that says more counts for more.
        broken: cut out of a longer run at line breaks.
        is_heading: its tag is one of `HEADINGS`.
    """

    __slots__ = (
        "_letters", "broken", "element", "is_heading", "link_chars", "link_share", "position", "size", "tag", "text",
    )  # fmt: skip

    def __init__(self, element: Element, text: str, link_chars: int, position: int, broken: bool = False) -> None:
        self.element = element
        self.tag = tag = element.tag
        self.text = text
        self.link_chars = link_chars
        self.position = position
        self.broken = broken
        self.size = len(text) if text.isascii() else size(text)
        self.link_share = link_chars / len(text)
        self.is_heading = tag in _HEADINGS
        self._letters: str | None = None

    @property
    def is_linked_heading(self) -> bool:
        """Whether it is the headline of another page."""
        return self.is_heading and self.link_share > LINKED

    @property
    def letters(self) -> str:
        """Letters and digits only, lower case."""
        if self._letters is None:
            self._letters = letters(self.text)
        return self._letters


_OF_MANY = frozenset(
    ("www", "m", "amp", "news", "blog", "shop", "co", "com", "net", "org", "gov", "edu", "ac", "or", "ne")
)


def _names_of(host: str) -> frozenset[str]:
    """What the hosts of one house have in common: "courier" of www.courier.example and edition.courier.com."""
    *names, _top = host.lower().partition(":")[0].split(".")
    return frozenset(names) - _OF_MANY
