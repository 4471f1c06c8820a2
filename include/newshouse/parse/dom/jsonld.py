"""schema.org data in `<script type="application/ld+json">`, read by hand, broken blocks included.

Publishers put one object, a list, an @graph or several objects in a row there, escape HTML entities, leave trailing
commas and raw line breaks. What `json` cannot read is mended, then the plain facts are picked out of the ruins.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from newshouse.parse.words import letters, plain

Node = dict[str, Any]

ARTICLE_TYPES = frozenset(
    [
        "newsarticle",
        "article",
        "reportagenewsarticle",
        "opinionnewsarticle",
        "analysisnewsarticle",
        "backgroundnewsarticle",
        "reviewnewsarticle",
        "asktpublicnewsarticle",
        "satiricalarticle",
        "liveblogposting",
        "blogposting",
        "report",
        "techarticle",
        "review",
        "advertisercontentarticle",
        "scholarlyarticle",
        "socialmediaposting",
        "medicalscholarlyarticle",
    ]
)
_MAX_NODES = 2_000
_COMPOUND = (dict, list)
_MAX_DEPTH = 12
_MAX_CHARS = 2_000_000
# Below these keys lie other articles: teasers, lists, the site itself.
_OTHERS = frozenset(
    [
        "itemlistelement",
        "haspart",
        "ispartof",
        "relatedlink",
        "citation",
        "mentions",
        "about",
        "liveblogupdate",
        "comment",
    ]
)
_DECODER = json.JSONDecoder(strict=False)  # publishers leave raw line breaks in strings
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*+(?:;\s*+)?$"
)
_TRAILING_COMMA = re.compile(r",(\s*[\]}])")
_BETWEEN_OBJECTS = re.compile(r"[\s,;]+")
_FACTS = "headline|name|datePublished|dateModified|dateCreated|description|articleSection|inLanguage|articleBody|url"
_FACT = re.compile(rf'"({_FACTS}|@type)"\s*:\s*\[?\s*"((?:[^"\\]|\\.)*)"')
_AUTHORS = re.compile(r'"author"\s*:\s*(\[.{0,2000}?\]|\{.{0,600}?\}|"[^"]{1,200}")', re.DOTALL)
_NAMES = re.compile(r'"name"\s*:\s*"((?:[^"\\]|\\.){1,200})"')


def read_blocks(blocks: Iterable[str]) -> list[Node]:
    """All schema.org objects of a page in document order, nested ones after their parents. Never raises."""
    nodes: list[Node] = []
    for block in blocks:
        for value in _values(block[:_MAX_CHARS]):
            if isinstance(value, _COMPOUND):
                _gather(value, nodes, others=False, depth=0)
            if len(nodes) > _MAX_NODES:
                return nodes[:_MAX_NODES]
    return nodes


def types(node: Node) -> set[str]:
    """Its types, lower case, without the schema.org address."""
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return {_type(str(name)) for name in names if name}


@lru_cache(maxsize=1_000)
def _type(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower()


def main_article(nodes: list[Node], url: str, title: str | None) -> Node | None:
    """The node that describes this page's own article, or None."""
    found = [node for node in nodes if not node.get("_other") and types(node) & ARTICLE_TYPES]
    if not found:
        return None
    path = letters(url.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0])

    def rank(item: tuple[int, Node]) -> tuple[bool, bool, int, int]:
        position, node = item
        own = {letters(address.split("?")[0].split("#")[0]) for address in addresses(node)}
        headline = letters(plain(node.get("headline")))
        same_title = bool(headline and title and headline in letters(title))
        filled = sum(bool(node.get(key)) for key in ("headline", "author", "datePublished", "articleBody"))
        return path in own, same_title, filled, -position

    return max(enumerate(found), key=rank)[1]


def addresses(node: Node) -> Iterator[str]:
    """The addresses that a node gives itself."""
    for key in ("url", "@id", "mainEntityOfPage"):
        value = node.get(key)
        for item in value if isinstance(value, list) else [value]:
            target = item.get("@id") or item.get("url") if isinstance(item, dict) else item
            if isinstance(target, str):
                yield target


def resolve(value: Any, nodes: list[Node]) -> list[Any]:
    """A property as a list; what has an `@id` is completed by the node of that id: by all it says, or the role."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    return [_referred(item, nodes) for item in items[:100]]


_ROLES = frozenset(("jobTitle", "affiliation", "worksFor"))


def _referred(item: Any, nodes: list[Node]) -> Any:
    if not isinstance(item, dict) or "@id" not in item or ("name" in item and _ROLES & item.keys()):
        return item
    same = (node for node in nodes if node.get("@id") == item["@id"] and node.get("name"))
    return max(same, key=len, default={}) | item


def _gather(value: Any, nodes: list[Node], others: bool, depth: int) -> None:
    """Add the objects of a list or object, itself before what lies below it."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value[:_MAX_NODES]:
            if isinstance(item, _COMPOUND):
                _gather(item, nodes, others, depth + 1)
        return
    if "@type" in value or "@id" in value:
        nodes.append(value | {"_other": True} if others else value)
    for key, item in value.items():
        if isinstance(item, _COMPOUND):
            _gather(item, nodes, others or key.lower() in _OTHERS, depth + 1)


def _values(block: str) -> list[Any]:
    try:
        return [_DECODER.decode(block)]
    except (ValueError, RecursionError):
        return _mended(block)


def _mended(block: str) -> list[Any]:
    text = _WRAPPING.sub("", _WRAPPING.sub("", block)).strip().rstrip(";")
    if "&quot;" in text and '"' not in text:
        text = html.unescape(text)
    for candidate in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            return [_DECODER.decode(candidate)]
        except (ValueError, RecursionError):
            continue
    return _several(text) or _salvaged(text)


def _several(text: str) -> list[Any]:
    """Objects written one after the other, up to the first that cannot be read."""
    position = 0
    found: list[Any] = []
    while position < len(text) and len(found) < 100:
        try:
            value, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        found.append(value)
        gap = _BETWEEN_OBJECTS.match(text, position)
        position = gap.end() if gap else position
    return found


def _salvaged(text: str) -> list[Node]:
    """The first of each plain fact in a block that is not JSON at all."""
    node: Node = {}
    for match in _FACT.finditer(text[:200_000]):
        node.setdefault(match[1], _unescaped(match[2]))
    if stated := _AUTHORS.search(text[:200_000]):
        names = _NAMES.findall(stated[1]) or ([stated[1].strip('"')] if stated[1].startswith('"') else [])
        node["author"] = [{"@type": "Person", "name": _unescaped(name)} for name in names]
    return [node | {"_salvaged": True}] if "@type" in node else []


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text
