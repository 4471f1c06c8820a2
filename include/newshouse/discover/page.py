"""A web page that lists things: its tree, built within bounds, and the address that its links hang on."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newshouse.discover.text import one_line
from newshouse.parse.dom.charset import as_utf8
from newshouse.parse.dom.markup import bounded, cut
from newshouse.urls import absolute

_MAX_TEXT_CHARS = 10_000  # a link may be left open over a whole page, and a thousand may be


@dataclass(frozen=True, slots=True)
class Page:
    """A page, parsed.

    Attributes:
        base: where relative links start from: the address of the page, or its <base href>.
    """

    tree: LexborHTMLParser
    base: str

    @classmethod
    def read(cls, html: bytes, url: str, content_type: str | None = None) -> Page:
        """Decode and parse. What no reader could use, such as 100,000 open elements, is cut. Never raises.

        Args:
            html: as fetched.
            url: its address.
            content_type: the header; only its charset is used.
        """
        tree = LexborHTMLParser(bounded(as_utf8(cut(html), {"content-type": content_type or ""})))
        page = cls(tree, url)
        node = tree.css_first("base[href]")
        return cls(tree, (node and page.address(node)) or url)

    def address(self, node: LexborNode) -> str | None:
        """Where a link leads; None where that is no web address."""
        try:
            return absolute(node.attributes.get("href") or "", self.base)
        except ValueError:
            return None


def words(node: LexborNode) -> str | None:
    """What a link says, on one line; None when it says nothing."""
    return one_line(node.text(deep=True)[:_MAX_TEXT_CHARS])
