"""The one search of a page: the elements that fields are read from, each looked at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from selectolax.lexbor import LexborNode

from newshouse.parse.words import plain

# Out of the tree before anything else is sought, so that every search passes over less. Of rare elements that hold bare
# text the walk takes care: to seek each of them here takes as long as to read a byline.
MACHINE = "script, style, svg, template, object"
# To look for a word in all classes is the dearest part: two that end alike are one look, and few classes hold it.
_CREDITED = (
    "[class*=byline i], [class*=author i], [class*=ter i]:is([class*=writer i], [class*=reporter i]), "
    "[data-testid*=byline i], [data-component*=byline i], [data-link-name*=byline i], address"
)
# One search for all: each passes over the whole tree, which costs more than most of what it asks there. What it asks of
# an attribute that few elements have is asked behind the attribute itself. Other links are style sheets and the like.
SOUGHT = (
    "meta, h1, figure, time, abbr.published, [itemprop], [property*=date i], "
    f"[rel]:is([rel~=canonical i], [rel~=license i], [rel~=tag], [rel~=author]), {_CREDITED}"
)
_RDFA_DATES = ("datepublished", "datecreated", "datemodified")
_META_NAMES = ("property", "name", "itemprop", "http-equiv")
_NAMED_BYLINE = ("data-testid", "data-component", "data-link-name")
_MAX_VALUES = 200

Attributes = Mapping[str, str | None]


class Found:
    """What the search found, in page order.

    Attributes:
        by_tag: all `meta`, `h1` and `figure` elements; of `link` and `a` those of a licence, a tag,
            an author or the own address.
        dated: `<time>`, its forerunner `<abbr class=published>`, and the dates of RDFa that have a value.
        credited: what the mark-up calls byline or author, once for each sign of it.
        properties: the first element of each microdata property.
        meta: property, name, itemprop or http-equiv (lower case) to the non-empty contents.
    """

    def __init__(self, nodes: Iterable[LexborNode] = ()) -> None:
        self.by_tag: dict[str, list[LexborNode]] = {}
        self.dated: list[LexborNode] = []
        self.credited: list[LexborNode] = []
        self.properties: dict[str, LexborNode] = {}
        self.meta: dict[str, list[str]] = {}
        for node in nodes:
            tag, attributes = node.tag or "", node.attributes
            self.by_tag.setdefault(tag, []).append(node)
            if tag == "meta":
                self._add_meta(attributes)
            if _is_dated(tag, attributes):
                self.dated.append(node)
            if named := attributes.get("itemprop"):
                for name in named.split():
                    self.properties.setdefault(name, node)
            elif tag == "meta":
                continue  # most of all; and none of them names an author in another way
            self.credited += [node] * _credits(tag, attributes)

    def _add_meta(self, attributes: Attributes) -> None:
        names = {name.strip().lower() for name in map(attributes.get, _META_NAMES) if name}
        stated = (attributes.get("content") or attributes.get("value")) if names else None
        if stated and (content := plain(stated)):
            for name in names:
                values = self.meta.setdefault(name, [])
                if len(values) < _MAX_VALUES:
                    values.append(content)


def _is_dated(tag: str, attributes: Attributes) -> bool:
    if tag == "time":
        return True
    if tag == "abbr" and "published" in (attributes.get("class") or "").split():
        return True
    named = attributes.get("property")
    if not named or "content" not in attributes:
        return False
    named = named.lower()
    return named.endswith(_RDFA_DATES) or named == "dc:date"


def _credits(tag: str, attributes: Attributes) -> int:
    """How many signs there are that an element names the author."""
    count = int(tag == "address")
    if named := attributes.get("class"):
        named = named.lower()
        count += ("byline" in named) + ("author" in named) + ("writer" in named) + ("reporter" in named)
    for key in ("itemprop", "rel"):
        if (value := attributes.get(key)) and "author" in value.split():
            count += 1
    for key in _NAMED_BYLINE:
        if (value := attributes.get(key)) and "byline" in value.lower():
            count += 1
    return count
