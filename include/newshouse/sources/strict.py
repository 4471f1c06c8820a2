"""Read a YAML text as a record, strictly: every key must be a field, every value of its type and rule.

Nothing is guessed and nothing stops at the first mistake: all problems are found in one pass, each with its line.
Plain values are read by the type of their field and not by their looks, so that `country: NO` is Norway, not false.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Generic, TypeVar

import yaml

from newshouse.sources.codes import nearest
from newshouse.sources.rules import Rule

T = TypeVar("T")

_YAML = "tag:yaml.org,2002:"
_TEXT_TAGS = {_YAML + name for name in ("str", "int", "float", "bool", "timestamp", "value", "merge")}
_EXPECTED = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
_WRONG: Any = object()  # stands for a value that has been reported
_SHOWN_CHARACTERS = 80  # of a wrong value


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake: the line (from 1), the dotted key (empty for the whole text), and what to do."""

    line: int
    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.line}: {self.key}: {self.text}" if self.key else f"{self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Found:
    """A right value and its line (from 1)."""

    value: Any
    line: int


@dataclass(slots=True)
class Reading(Generic[T]):
    """What came of a text.

    Attributes:
        record: None when there are problems.
        found: what was read, by dotted key, for checks that come after; items of a list as `feeds[0]`.
    """

    record: T | None = None
    problems: list[Problem] = field(default_factory=list)
    found: dict[str, Found] = field(default_factory=dict)


def read_record(text: str, record: type[T]) -> Reading[T]:
    """Read a YAML text as a dataclass whose fields are typed `str`, `int`, `float`, `bool`, `tuple[…, ...]`,
    another such dataclass, or one of these `| None`, and may carry a `Rule` by `Annotated`.

    A field with the metadata `in_file=False` is not a key.
    """
    reader = _Reader()
    node = reader.compose(text)
    value = reader.value(node, record, "") if node is not None else _WRONG
    return Reading(None if reader.problems else value, sorted(reader.problems), reader.found)


@cache
def keys_of(record: type) -> dict[str, Any]:
    """The keys that a record is read from, and their types."""
    hints = typing.get_type_hints(record, include_extras=True)
    return {f.name: hints[f.name] for f in dataclasses.fields(record) if f.metadata.get("in_file", True)}


class _Reader:
    """Walks the nodes of one text and gathers problems."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.found: dict[str, Found] = {}

    def wrong(self, line: int, key: str, text: str) -> Any:
        self.problems.append(Problem(line, key, text))
        return _WRONG

    def compose(self, text: str) -> yaml.Node | None:
        try:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.reader.ReaderError as error:
            line, what = text.count("\n", 0, error.position) + 1, error.reason
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, what = mark.line + 1 if mark else 1, ", ".join(filter(None, (error.context, error.problem)))
        except RecursionError:
            line, what = 1, "it is nested too deeply"
        except (ValueError, OverflowError) as error:  # PyYAML lets these through for escapes beyond Unicode
            line, what = 1, str(error)
        else:
            if node is not None:
                return node
            line, what = 1, "it is empty"
        self.wrong(line, "", f"not readable as YAML: {what}.")
        return None

    def value(self, node: yaml.Node, hint: Any, key: str) -> Any:
        value = self._read(node, hint, key)
        if value is not _WRONG:
            self.found[key] = Found(value, _line(node))
        return value

    def _read(self, node: yaml.Node, hint: Any, key: str) -> Any:
        hint, rule, optional = _unwrap(hint)
        if _is_null(node) and optional:
            return None
        if typing.get_origin(hint) is tuple:
            return self._items(node, typing.get_args(hint)[0], key)
        if dataclasses.is_dataclass(hint):
            return self._record(node, typing.cast(type, hint), key)
        value = _scalar(node, hint)
        if value is _WRONG or (rule and not rule.accepts(value)):
            near = rule.nearest(node.value) if rule and isinstance(node, yaml.ScalarNode) else None
            expected = rule.expected if rule else _EXPECTED[hint]
            return self._unexpected(node, key, expected + (f" (did you mean {near!r}?)" if near else ""))
        return value

    def _unexpected(self, node: yaml.Node, key: str, expected: str) -> Any:
        return self.wrong(_line(node), key, f"expected {expected}, got {_shown(node)}.")

    def _items(self, node: yaml.Node, hint: Any, key: str) -> Any:
        if not isinstance(node, yaml.SequenceNode):
            return self._unexpected(node, key, "a list, each item on a line of its own after '- '")
        values = []
        for number, item in enumerate(node.value):
            place = f"{key}[{number}]"
            value = self.value(item, hint, place)
            if value is not _WRONG and value in values:
                self.wrong(_line(item), place, f"{value!r} is listed twice.")
            values.append(value)
        return tuple(values)

    def _record(self, node: yaml.Node, record: type, key: str) -> Any:
        hints = keys_of(record)
        if not isinstance(node, yaml.MappingNode):
            return self._unexpected(node, key, f"a block of keys ({', '.join(hints)})")
        before = len(self.problems)
        values = {}
        for name, value_node in self._pairs(node, record, key):
            values[name] = self.value(value_node, hints[name], _dotted(key, name))
        for name in _required(record) - values.keys():
            expected = _unwrap(hints[name])[1]
            what = f": expected {expected.expected}" if expected else ""
            self.wrong(_line(node), _dotted(key, name), f"missing{what}.")
        if len(self.problems) > before:
            return _WRONG
        try:
            return record(**values)
        except ValueError as error:  # the record's own rule, over several of its fields
            return self.wrong(_line(node), key, str(error))

    def _pairs(self, node: yaml.MappingNode, record: type, key: str) -> typing.Iterator[tuple[str, yaml.Node]]:
        """The pairs whose key is a field, each key once."""
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            name = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else _shown(key_node)
            line = _line(key_node)
            place = _dotted(key, name)
            if name in seen:
                self.wrong(line, place, f"given twice; the first is in line {seen[name]}.")
            elif name not in keys_of(record):
                self.wrong(line, place, f"no such key. {_advice(name, record)}")
            else:
                yield name, value_node
            seen.setdefault(name, line)


def _advice(name: str, record: type) -> str:
    """Names the nearest valid key, also where it belongs one level down."""
    places = {name: name for name in keys_of(record)}
    for outer, hint in keys_of(record).items():
        if dataclasses.is_dataclass(hint):
            places |= {inner: f"{outer}.{inner}" for inner in keys_of(typing.cast(type, hint))}
    near = nearest(name, places, likeness=0.5)
    return f"Nearest valid key: {places[near]}." if near else f"Valid keys: {', '.join(places.values())}."


def _required(record: type) -> set[str]:
    nothing = dataclasses.MISSING
    return {f.name for f in dataclasses.fields(record) if f.default is nothing and f.default_factory is nothing}


def _unwrap(hint: Any) -> tuple[Any, Rule | None, bool]:
    """The bare type, its rule, and whether None is allowed."""
    optional = False
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        (hint,) = (arm for arm in typing.get_args(hint) if arm is not type(None))
        optional = True
    if typing.get_origin(hint) is typing.Annotated:
        return hint.__origin__, hint.__metadata__[0], optional
    return hint, None, optional


def _scalar(node: yaml.Node, kind: type) -> Any:
    """The value of a scalar node as `kind`, or `_WRONG`. Numbers and switches must stand without quotes."""
    if not isinstance(node, yaml.ScalarNode) or node.tag not in _TEXT_TAGS:
        return _WRONG
    text: str = node.value
    if kind is str:
        return text
    if node.style is not None:
        return _WRONG
    if kind is bool:
        return text.lower() in {"true", "yes", "on"} if node.tag == _YAML + "bool" else _WRONG
    # Decimals of at most 15 digits: exact as float, and none of YAML's octal or base-60 surprises.
    number = r"[-+]?[0-9]{1,15}" + (r"(\.[0-9]{1,15})?" if kind is float else "")
    return kind(text) if re.fullmatch(number, text) else _WRONG


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == _YAML + "null"


def _shown(node: yaml.Node) -> str:
    """A node as a message shows it."""
    if _is_null(node):
        return "nothing"
    if isinstance(node, yaml.ScalarNode):
        text = node.value if len(node.value) <= _SHOWN_CHARACTERS else node.value[:_SHOWN_CHARACTERS] + "…"
        return repr(text)
    return "a list" if isinstance(node, yaml.SequenceNode) else "a block of keys"


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _dotted(outer: str, name: str) -> str:
    return f"{outer}.{name}" if outer else name
