"""The data that a page carries for its scripts, as values.

Next.js keeps them in one JSON (`__NEXT_DATA__`) or in rows that are sent piece by piece (`self.__next_f.push`), Nuxt in
a list whose numbers are places in itself (`__NUXT_DATA__`), others in a variable (`__PRELOADED_STATE__ = {…}`), in a
script of JSON, or in an attribute of the element that they fill. Never raises on foreign mark-up; bounded.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

_IN_SCRIPTS = re.compile(
    r'<script[^>]{0,200}\btype=["\']?application/json[^>]{0,200}>\s*(?=[{\[])|'
    r'<script[^>]{0,200}\bid="?__NEXT_DATA__[^>]{0,200}>\s*(?={)|'
    r"(?:\b__[A-Za-z_]{0,25}(?:STATE|DATA|PROPS|CONTEXT)__|\b__[a-z]{3,20}(?:Context|State|Data)|"
    r"\bFusion\.globalContent)\s*=\s*(?={)"
)
_IN_ATTRIBUTE = re.compile(
    r'\sdata-(?:page|props|react-props|state|article|initial-\w+)="(?P<json>\{[^"]{300,2000000})"'
)
_PUSHED = re.compile(r"\b__next_f\.push\(\s*(?=\[)")
_ROW = re.compile(rb"(?P<id>[0-9a-f]+):(?:T(?P<length>[0-9a-f]+),|(?P<json>[\[{\"][^\n]*)\n|[^\n]*\n)")
_REFERENCE = re.compile(r'"\$(?P<id>[0-9a-f]+)"')
_SIGNS = (
    b"STATE__",
    b"DATA__",
    b"PROPS__",
    b"__next_f",
    b"application/json",
    b"globalContent",
    b"Context =",
    b" data-",
)
_DECODER = json.JSONDecoder(strict=False)
_MAX_STATES, _MAX_CHARS, _MAX_DEPTH, _MAX_PUSHES, _MAX_PLACES = 20, 2_000_000, 40, 500, 50_000
_NO_JSON = object()


def states(markup: bytes, text: str) -> Iterator[Any]:
    """The values in page order, those of rows and attributes last.

    Args:
        markup: the page as UTF-8.
        text: the same, decoded.
    """
    if not any(sign in markup for sign in _SIGNS):
        return
    for count, found in enumerate(_IN_SCRIPTS.finditer(text)):
        if count >= _MAX_STATES:
            break
        state = _decoded(text, found.end())
        if state is not _NO_JSON:
            yield _placed(state) if isinstance(state, list) and "__NUXT_DATA__" in found[0] else state
            yield from _answers(state)
    yield from _rows(text)
    for count, found in enumerate(_IN_ATTRIBUTE.finditer(text)):
        if count >= _MAX_STATES:
            break
        if (state := _decoded(html.unescape(found["json"]), 0)) is not _NO_JSON:
            yield state


def _decoded(text: str, start: int) -> Any:
    try:
        return _DECODER.raw_decode(text[start : start + _MAX_CHARS])[0]
    except (ValueError, RecursionError):
        return _NO_JSON


def _answers(state: Any) -> Iterator[Any]:
    """What a server answered, as JSON in JSON."""
    body = state.get("body") if isinstance(state, dict) else None
    if isinstance(body, str) and body[:1] in ("{", "[") and (answer := _decoded(body, 0)) is not _NO_JSON:
        yield answer


def _rows(text: str) -> Iterator[Any]:
    """The rows of React's stream; long strings are rows of their own, to which others refer by number."""
    pieces: list[str] = []
    for count, found in enumerate(_PUSHED.finditer(text)):
        pushed = _decoded(text, found.end()) if count < _MAX_PUSHES else None
        if isinstance(pushed, list) and len(pushed) > 1 and isinstance(pushed[1], str):
            pieces.append(pushed[1])
    stream = "".join(pieces).encode("utf-8", "replace")[:_MAX_CHARS]
    texts: dict[str, str] = {}
    values: list[str] = []
    at = 0
    while at < len(stream) and (row := _ROW.match(stream, at)):
        at = row.end()
        if row["length"]:
            end = at + int(row["length"], 16)
            texts[row["id"].decode()] = stream[at:end].decode("utf-8", "replace")
            at = end
        elif row["json"]:
            values.append(row["json"].decode("utf-8", "replace"))
    left = _MAX_CHARS
    for value in values:
        whole = _with_texts(value, texts, left) if texts else value
        left -= len(whole) - len(value)
        if (state := _decoded(whole, 0)) is not _NO_JSON:
            yield state


def _with_texts(value: str, texts: dict[str, str], left: int) -> str:
    """A row with the strings that it refers to, up to so many characters: it may name one a thousand times."""

    def text(match: re.Match[str]) -> str:
        nonlocal left
        found = texts.get(match["id"], "")
        left -= len(found)
        return json.dumps(found if left >= 0 else "")

    return _REFERENCE.sub(text, value)


def _placed(flat: list[Any]) -> Any:
    """The first value of a list in which all inner values are numbers of places in the list itself."""
    if len(flat) > _MAX_PLACES:
        return None
    made: dict[int, Any] = {}

    def at(place: Any, depth: int) -> Any:
        if not isinstance(place, int) or not 0 <= place < len(flat) or depth > _MAX_DEPTH:
            return None
        if place not in made:
            value = flat[place]
            made[place] = None if isinstance(value, dict | list) else value
            if isinstance(value, dict):
                made[place] = {key: at(inner, depth + 1) for key, inner in value.items()}
            elif isinstance(value, list):
                # ["Reactive", 7] wraps the value of another place.
                is_wrapped = len(value) == _WRAPPED and isinstance(value[0], str)
                made[place] = at(value[1], depth + 1) if is_wrapped else [at(inner, depth + 1) for inner in value]
        return made[place]

    return at(0, 0)


_WRAPPED = 2
