"""Which elements stand beside the text, by what their names say, and which names are not believed."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable
from functools import cached_property

from newshouse.parse.dom.elements import Block, Element
from newshouse.parse.text.containers import summed

_LINK_LIST = 0.6
LISTS = frozenset(("ul", "ol", "table"))
"""What is left out where it is a list of links."""
_IN_FIGURES = frozenset(("table", "blockquote"))
# Short names that stand on sections of the text nearly as often as beside it.
_DOUBTFUL = frozenset(("embed", "embedded", "info", "menu", "print", "slider"))
_RESTORE = 0.4
_RESTORE_WORD = 0.7


class Outside:
    """What stands beside the text of a page. `known`: whether the articleBody holds a block."""

    def __init__(self, blocks: list[Block], good: list[Block], known: Callable[[Block], bool]) -> None:
        self._blocks, self._good = blocks, good
        self._restored = _wrongly_named(good, known)  # what knows the page is not kept, so that no cycle is left
        self._found: dict[Element, bool] = {}

    def holds(self, element: Element) -> bool:
        """Whether it or an ancestor is named as something beside the text, and rightly so."""
        found = self._found.get(element)
        if found is None:
            above = element.parent
            if above is not None and element.tag in _IN_FIGURES and above.said.word == "figure":
                above = above.parent  # no picture
            found = self._found[element] = (
                (element.said.is_out and not self._is_believed(element))
                or (element.tag in LISTS and is_of_links(element))
                or (above is not None and self.holds(above))
            )
        return found

    def trust_frames_of(self, container: Element, head: str) -> None:
        """What holds both the headline (its letters) and the text is their frame, whatever its names say."""
        if not self.holds(container):
            return
        heads = [b.element for b in self._blocks if b.is_heading and b.letters and b.letters == head]
        frames = [e for e in container.chain() if any(one.is_below(e) for one in heads)]
        self._found = dict.fromkeys(frames, False)

    def _is_believed(self, element: Element) -> bool:
        """Whether it is text although its names mean something else."""
        if self._restored and not self._restored.isdisjoint(_names_of(element)):
            return True
        return element.said.word in _DOUBTFUL and self._is_section(element)

    def _is_section(self, element: Element) -> bool:
        """Whether it holds a good block and a heading."""
        good, heads = (bisect(some, element.last) - bisect(some, element.order - 1) for some in self._orders)
        return good > 0 and heads > 0

    @cached_property
    def _orders(self) -> tuple[list[int], list[int]]:
        """The places of the elements of good blocks, and of headings."""
        heads = sorted(block.element.order for block in self._blocks if block.is_heading)
        return sorted(block.element.order for block in self._good), heads


def _wrongly_named(good: list[Block], known: Callable[[Block], bool]) -> set[tuple[str, str]]:
    """Names that mean junk but stand on so much of the good text that they cannot."""
    values = [(block.element, len(block.text) * (3 if known(block) else 1)) for block in good]
    total = sum(value for _, value in values)
    held: dict[tuple[str, str], int] = {}
    sums = summed(values)
    names = {element: _names_of(element) for element in sums if _may_be_text(element)}
    for element, own in names.items():
        above = {name for outer in element.chain()[1:] for name in names.get(outer, ())}
        for name in own:
            if name not in above:  # or the same text would count twice
                held[name] = held.get(name, 0) + sums[element]
    least = {"names": _RESTORE * total, "word": _RESTORE_WORD * total}
    return {name for name, chars in held.items() if chars >= least[name[0]]}


def _names_of(element: Element) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("names", element.names), ("word", element.said.word)


def is_of_links(element: Element) -> bool:
    """Whether most of its text lies in links."""
    return element.link_chars > _LINK_LIST * element.chars


def _may_be_text(element: Element) -> bool:
    """Whether it is named as something beside the text, but not as a comment or notice."""
    said = element.said
    return said.is_out and not said.is_never
