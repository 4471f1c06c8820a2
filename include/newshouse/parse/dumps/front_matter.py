"""The front matter of a text dump: YAML between lines of `---`, or TOML between lines of `+++`.

Values stay the text that stood there, so that a date keeps the precision that it was written with. What is no YAML
(most often a headline with a colon that nobody quoted) is read line by line: exporters write more of that than of YAML.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from newshouse.parse.words import tidy

_FENCED = re.compile(r"\A(---|\+\+\+)[ \t]*\n(?P<inside>.{0,20000}?)\n\1[ \t]*(?:\n|\Z)", re.DOTALL)
_LINE = re.compile(r"(?P<key>[A-Za-z][\w-]{0,40})\s*:(?:\s+(?P<value>.*))?")
_NOTHING = ("null", "none", "~")


class _Plain(yaml.BaseLoader):
    """Makes only str, list and dict, and no node twice: a few aliases of aliases could fill the memory."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias")
        return super().compose_node(parent, index)


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """What stands before a dump's text, by lower-case key, and the text below it. Never raises."""
    match = _FENCED.match(text.lstrip("\ufeff"))
    if not match:
        return {}, text
    values = _toml(match["inside"]) if match[1] == "+++" else _yaml(match["inside"])
    if not values:
        return {}, text
    return {str(key).lower(): value for key, value in values.items()}, text.lstrip("\ufeff")[match.end() :]


def _toml(inside: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(inside)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return {}


def _yaml(inside: str) -> Mapping[str, Any]:
    try:
        values = yaml.load(inside, Loader=_Plain)  # noqa: S506 - makes only str, list, dict
    except (yaml.YAMLError, RecursionError, ValueError):
        return _lines(inside)
    return values if isinstance(values, dict) else {}


def _lines(inside: str) -> Mapping[str, Any]:
    """`key: value` of each line that is so written; the others say nothing."""
    matches = (_LINE.fullmatch(line.rstrip()) for line in inside.split("\n"))
    return {match["key"]: _unquoted(match["value"] or "") for match in matches if match}


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value


def texts(front: Mapping[str, Any], *names: str) -> tuple[str, ...]:
    """The values of the first of these keys that has any: a text, the items of a list, or the names of its items."""
    for name in names:
        value = front.get(name)
        items = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        found = tuple(text for item in items if (text := _text(item)))
        if found:
            return found
    return ()


def _text(value: Any) -> str | None:
    if isinstance(value, Mapping):
        value = next((value[key] for key in ("name", "title", "label") if key in value), None)
    if value is None or (isinstance(value, Mapping | Sequence) and not isinstance(value, str)):
        return None
    text = tidy(value if isinstance(value, str) else _written(value))
    return text if text.lower() not in ("", *_NOTHING) else None


def _written(value: Any) -> str:
    """TOML has dates and numbers."""
    return str(value.isoformat() if hasattr(value, "isoformat") else value)
