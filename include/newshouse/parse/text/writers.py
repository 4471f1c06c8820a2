"""The lines below a text that tell who wrote it: "Ines Falk covers ports and ferries for the Courier." """

from __future__ import annotations

from collections.abc import Iterable

from newshouse.parse.words import letters
from newshouse.records import Paragraph

_LAST = 4  # lines at the end of a text
_MAX_BEFORE = 40  # characters before the name: "About the author:", "Our correspondent"
_MAX_CHARS, _FEWEST_ABOVE = 700, 4
_FEWEST_PARTS = 2
_NOT_BEFORE = frozenset('"“”„«»「」.!?;(')
_SPEAKS = frozenset(':：“„«"')


def without_writers(paragraphs: tuple[Paragraph, ...], names: Iterable[str]) -> tuple[Paragraph, ...]:
    """The text without such lines, and without the heading above them.

    Whom the title or the text names as well is somebody of the story, and what is said of that person is part of it.

    Args:
        names: of the authors, as the page states them.
    """
    start = max(_FEWEST_ABOVE, len(paragraphs) - _LAST)
    full = [name for name in names if len(name.split()) >= _FEWEST_PARTS]
    told = {at for at in range(start, len(paragraphs)) for name in full if _tells_of(paragraphs[at].text, name)}
    if not told:
        return paragraphs
    story = letters(" ".join(p.text for at, p in enumerate(paragraphs) if at < start))
    if any(letters(name) in story for name in full):
        return paragraphs
    told |= {at - 1 for at in told if paragraphs[at - 1].kind == "subhead"}
    return tuple(paragraph for at, paragraph in enumerate(paragraphs) if at not in told)


def _tells_of(text: str, name: str) -> bool:
    """Whether it is a line that begins with this name, and neither an answer nor a quotation with its speaker."""
    at = text.find(name)
    if not 0 <= at <= _MAX_BEFORE or len(text) > _MAX_CHARS or not _NOT_BEFORE.isdisjoint(text[:at]):
        return False
    behind = text[at + len(name) :].lstrip()
    return behind[:1] not in _SPEAKS
