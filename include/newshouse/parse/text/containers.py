"""The smallest element that holds most of the good text."""

from __future__ import annotations

from collections.abc import Iterable

from newshouse.parse.dom.elements import Element

_MOST = 0.72


def summed(values: Iterable[tuple[Element, int]]) -> dict[Element, int]:
    """Each element with the values of all below it."""
    sums: dict[Element, int] = {}
    for element, value in values:
        sums[element] = sums.get(element, 0) + value
    inner: dict[Element | None, int] = {}
    for element, value in sums.items():
        inner[element.parent] = inner.get(element.parent, 0) + value
    # Paragraphs stand side by side: up go their sums, not each of them.
    for parent, value in inner.items():
        at = parent
        while at is not None:
            sums[at] = sums.get(at, 0) + value
            at = at.parent
    return sums


def container_of(weights: dict[Element, int]) -> Element:
    """Down from the body as long as one child holds most of the good text."""
    children: dict[Element | None, list[Element]] = {}
    for element in weights:
        children.setdefault(element.parent, []).append(element)
    at = children[None][0]  # every chain ends at the body
    while True:
        best = max(children.get(at, ()), key=lambda e: weights[e], default=None)
        if best is None or weights[best] < _MOST * weights[at] or best.tag in ("p", "li", "td", "blockquote"):
            return at
        at = best
